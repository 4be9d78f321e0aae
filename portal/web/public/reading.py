"""A released record as a reader sees it: each value in its form, each redaction with its note."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.exports.resource import public_notes
from portal.publications.fields import Field
from portal.publications.kinds import KINDS
from portal.publications.models import Release
from portal.publications.prior import found_a_problem
from portal.web.public.layouts import LAYOUTS, Column
from portal.web.public.wording import Words
from portal.web.rendering import day, in_english, marked, named, thousands

Row = Mapping[str, Any]
UNGROUPED = {"plan_year"}


@dataclass(frozen=True)
class Note:
    """Why one part is withheld: 注n."""

    number: int
    path: str
    ground: str
    label: str
    basis: str


@dataclass(frozen=True)
class File:
    """An attachment: counted from one, its title, its size in bytes, its digest; or that it is withheld whole."""

    n: int
    title: str
    pages: int
    size: int
    sha256: str
    withheld: bool
    notes: Sequence[Mapping[str, str]]


class Reading:
    """The public fields of one release, ready for a template."""

    def __init__(self, release: Release, words: Words) -> None:
        record = json.loads(release.body or "{}")
        self.kind = KINDS[release.kind]
        self.version = release.version
        self.words = words
        self.fields: dict[str, Any] = record.get("fields", {})
        self.notes = [
            Note(at, note["path"], note["ground"], note["label"], note["basis"])
            for at, note in enumerate(public_notes(self.kind, record.get("notes", [])), start=1)
        ]

        self.files = [
            File(
                each["n"], each["title"], each.get("pages", 0), each.get("size", 0), each.get("sha256", ""),
                each.get("withheld", False), each["notes"],
            )
            for each in record.get("attachments", [])
        ]  # fmt: skip

    # ── one value ────────────────────────────────────────────

    def __getitem__(self, name: str) -> Any:
        return self.fields.get(name)

    def field(self, name: str) -> Field:
        return self.kind.by_name[name]

    def show(self, name: str) -> Markup:
        """A field's value."""
        return self._shown(self.field(name), self.fields.get(name), name)

    def cell(self, table: str, at: int, name: str) -> Markup:
        """A value of a table's row; rows count from 0."""
        field = next(each for each in self.field(table).rows if each.name == name)
        return self._shown(field, self.fields[table][at].get(name), f"{table}/{at}/{name}")

    def _shown(self, field: Field, value: Any, path: str) -> Markup:
        numbers = [note.number for note in self.notes if note.path == path]
        return value_of(field, value, self.words, numbers)

    def facts(self, *names: str) -> list[tuple[str, Markup]]:
        """Label and value of those fields that have one."""
        shown = ((named(self.field(name)), self.show(name)) for name in names)
        return [(label, value) for label, value in shown if value]

    # ── tables ───────────────────────────────────────────────

    def rows(self, table: str) -> Sequence[Row]:
        return self.fields.get(table) or []

    def withheld(self, name: str) -> Note | None:
        """The note of a field or table that is withheld whole."""
        return next((note for note in self.notes if note.path == name), None)

    def columns(self, table: str) -> list[Column]:
        """The columns in which any row has something."""
        return [
            column
            for column in LAYOUTS[self.kind.name, table].columns
            if any(self.any_in(table, name) for name in (column.field, *column.beneath))
        ]

    def any_in(self, table: str, name: str) -> bool:
        return any(row.get(name) is not None for row in self.rows(table))

    def beneath(self, table: str, at: int, column: Column) -> list[tuple[str, Markup]]:
        """The small print under a cell."""
        return self._labelled(table, at, column.beneath)

    def details(self, table: str, at: int) -> list[tuple[str, Markup]]:
        """What a row says beyond the columns."""
        placed = LAYOUTS[self.kind.name, table].placed
        rest = [each.name for each in self.field(table).rows if each.public and each.name not in placed]
        return self._labelled(table, at, rest)

    def _labelled(self, table: str, at: int, names: Sequence[str]) -> list[tuple[str, Markup]]:
        shown = ((self.heading(table, name), self.cell(table, at, name)) for name in names)
        return [(label, value) for label, value in shown if value]

    def heading(self, table: str, name: str) -> str:
        return named(next(each for each in self.field(table).rows if each.name == name))

    # ── results ──────────────────────────────────────────────

    def found(self) -> list[tuple[str, int]]:
        """Each outcome of a result with the number of items that have it, in order."""
        counts: Counter[str] = Counter()
        for row in self.rows("items"):
            outcomes = row.get("outcomes")
            for label in (
                [self.words.code(each) for each in outcomes] if isinstance(outcomes, list) else [outcomes]
            ):
                if label:
                    counts[label] += 1
        return list(counts.items())

    @property
    def found_a_problem(self) -> bool:
        """Whether an outcome that is shown says more than 未发现问题 or 合格."""
        shown = [row for row in self.rows("items") if isinstance(row.get("outcomes"), list)]
        return found_a_problem({"items": shown})


def value_of(field: Field, value: Any, words: Words, notes: Sequence[int] = ()) -> Markup:
    """One released value in the reader's language; text is shown as it was published.

    :param notes: the numbers of its redaction notes.
    """
    if value is None:
        return Markup("")
    if isinstance(value, bool):
        return escape(_("是") if value else _("否"))
    if isinstance(value, int):
        return escape(str(value) if field.name in UNGROUPED else thousands(value))
    if isinstance(value, Mapping):
        return escape(_coded(field, value, words))
    if isinstance(value, list):
        comma = "; " if in_english() else "；" if field.type == "texts" else "、"
        return Markup(comma).join(value_of(field, each, words) for each in value)
    if field.type == "date" and not notes:
        return escape(day(value))
    return marked(str(value), notes)


def _coded(field: Field, value: Mapping[str, Any], words: Words) -> str:
    if field.type in ("department", "departments"):
        return words.department(value.get("code", ""), value.get("label", ""))
    return words.code(value)
