"""Which column is which field: by a source's saved mapping, our names and labels, then the synonyms (data)."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from portal.intake.registry_fields import REGISTRY_KINDS
from portal.publications.fields import Field
from portal.publications.kinds import KINDS

READABLE = {**KINDS, **REGISTRY_KINDS}  # what a file may hold

ROWS = {"result": "items", "list": "items", "plan": "items", "task": "drawn"}
KEY = {
    "result": "entity_name", "list": "items.item", "plan": "items.item", "task": "drawn.entity_name",
    "object": "entity_name", "inspector": "inspector_name",
}  # fmt: skip
# a file without these is another kind of file: each must have a column, or be said for the whole file
NEEDED: Mapping[str, Sequence[tuple[str, ...]]] = {
    "result": (("task_no",), ("items.item", "items.item_code"), ("inspected_on",), ("items.outcomes",)),
    "inspector": (("identity_number",),),
}
_BESIDE = {"task.starts_on": KINDS["task"].by_name["starts_on"]}  # in a results file, for its task
_JOINED = frozenset({"items.inspecting_body", "items.remark", "items.supporting"})  # from several columns
_HINT = re.compile(r"\(.*?\)$")


@dataclass(frozen=True)
class Columns:
    """The columns of one head that are fields, by position, and the names of those that are not."""

    names: Sequence[str]
    fields: Mapping[int, str]
    unknown: Sequence[str] = field(default=())

    def of(self, path: str) -> int | None:
        """The first column that gives a field."""
        return next((at for at, name in self.fields.items() if name == path), None)

    def name_of(self, path: str) -> str:
        """What the file calls a field; the field's label when the file has no such column."""
        at = self.of(path)
        return self.names[at] if at is not None else path


def fold(name: str) -> str:
    """What counts when column names are compared: letters and digits.

    >>> fold("*统一社会信用代码 ／ 注册号") == fold("统一社会信用代码/注册号")
    True
    """
    normal = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in normal if character.isalnum())


def is_joined(path: str) -> bool:
    """Whether several columns of one field are written one after another; else the first that says anything."""
    return path in _JOINED


@cache
def known_fields(kind: str) -> Mapping[str, Field]:
    """Every field a column may give, internal ones too: ``task_no``, ``items.outcomes`` …"""
    found: dict[str, Field] = {}
    for each in READABLE[kind].fields:
        if each.name == ROWS.get(kind):
            found |= {f"{each.name}.{row.name}": row for row in each.rows}
        elif each.type != "rows":
            found[each.name] = each
    return found | (_BESIDE if kind == "result" else {})


@cache
def synonyms(kind: str) -> Mapping[str, str]:
    """Folded column name -> field. The synonyms of a kind outrank common ones; ours outrank none of them."""
    names: dict[str, str] = {}
    fields = known_fields(kind)
    for path, each in _rows_last(fields):
        for name in (path, each.name, each.label):
            names.setdefault(fold(name), path)
    for wanted in ("*", kind):
        for row in _synonym_rows():
            if row["kind"] == wanted and row["field"] in fields:
                names |= {fold(name): row["field"] for name in row["name"].split("|")}
    return names | {fold(path): path for path in fields}


def _rows_last(fields: Mapping[str, Field]) -> list[tuple[str, Field]]:
    return sorted(fields.items(), key=lambda item: "." in item[0])


@cache
def _synonym_rows() -> tuple[dict[str, str], ...]:
    text = files("portal.intake").joinpath("synonyms.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def match(kind: str, names: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Match the names of a head.

    :param names: one per column; the parts of a head of two lines with a line break between them.
    :param mapping: a source's own column name -> field, or an empty text for a column to leave out.
    """
    own = {fold(name): path for name, path in mapping.items()}
    fields: dict[int, str] = {}
    unknown = []
    for at, name in enumerate(names):
        path = _field_of(kind, name, own)
        if path:
            fields[at] = path
        elif path is None and name.strip():
            unknown.append(name.replace("\n", " "))
    return Columns([name.replace("\n", " ") for name in names], fields, unknown)


def _field_of(kind: str, name: str, own: Mapping[str, str]) -> str | None:
    table = synonyms(kind)
    for each in _readings(name):
        if each in own:
            return own[each]
    return next((table[each] for each in _readings(name) if each in table), None)


def _readings(name: str) -> list[str]:
    """The whole name, the whole without its hint in brackets, the lower line, the upper line."""
    parts = [part for part in dict.fromkeys(name.split("\n")) if part.strip()]
    whole = unicodedata.normalize("NFKC", "".join(parts)).strip()
    readings = [whole, _HINT.sub("", whole), *reversed(parts)]
    return [folded for folded in map(fold, readings) if folded]
