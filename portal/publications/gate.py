"""The one gate between what an office knows and what the public may read (W1–W3).

``release`` takes an allow-list per kind: a field nobody listed is withheld, a marked part is replaced by a
marker of fixed form, and both the released and the withheld values are committed to, so that the record can
be checked later without showing more of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from portal.ledger.canonical import canonical
from portal.ledger.commitments import Commitments, commit_record, new_key
from portal.publications import ordering
from portal.publications.fields import Field, Kind
from portal.publications.remarking import path_after
from portal.redaction.masking import GROUNDS, markers, mask

BY_RISK = ("pool_size", "ratio")  # of a draw narrowed to a risk class they tell how many are in it (W2)

Content = Mapping[str, Any]
Mark = Mapping[str, Any]


@dataclass(frozen=True)
class Released:
    """The public version of a revision, before it has a number.

    :param body: ``record.json``, RFC 8785 canonical text.
    :param record_hash: SHA-256 of the body in UTF-8, hex.
    :param commitments: the digests that go into the ledger entry.
    :param salt_key: the key of every salt of this version; internal, destroyed by an erasure.
    """

    fields: dict[str, Any]
    notes: list[dict[str, str]]
    body: str
    record_hash: str
    commitments: list[str]
    salt_key: str


def release(
    kind: Kind,
    content: Content,
    marks: Sequence[Mark],
    *,
    version: int,
    act: str,
    attachments: Sequence[Mapping[str, Any]] = (),
) -> Released:
    """Make the public version of a record.

    :param attachments: what is public of its files, their digests included.
    """
    known = _known(kind, content)
    fields = public_fields(kind, known, marks)
    known, fields, marks = _in_public_order(known, fields, marks)
    notes = list(_notes(kind, [mark_ for mark_ in marks if _is_shown(kind, fields, mark_["path"])]))
    key = new_key()
    commitments = _commitments(key, kind, known, fields)
    record = {
        "schema": "portal.record/1",
        "kind": kind.name,
        "version": version,
        "act": act,
        "fields": fields,
        "notes": notes,
        "salts": commitments.salts,
        "rows": commitments.rows,
        "withheld": commitments.withheld,
    }
    if attachments:
        record["attachments"] = list(attachments)
    body = canonical(record)
    return Released(
        fields, notes, body.decode(), sha256(body).hexdigest(), list(commitments.digests), key.hex()
    )


def public_fields(kind: Kind, content: Content, marks: Sequence[Mark]) -> dict[str, Any]:
    """The allow-listed fields with every mark carried out; absent ones are null."""
    by_path: dict[str, list[Mark]] = {}
    for mark_ in marks:
        by_path.setdefault(mark_["path"], []).append(mark_)
    known = _known(kind, content)
    fields = {field.name: _public_value(field, known[field.name], by_path) for field in kind.public_fields()}
    if kind.name == "task" and content.get("names_shown") is False:
        fields["drawn"] = None  # 不宜告知 (A15, L12): the ground is in names_withheld_ground
    if kind.name == "task" and content.get("risk_filter"):
        fields |= dict.fromkeys(BY_RISK)
    return fields


def _known(kind: Kind, content: Content) -> dict[str, Any]:
    """The content over the kind's fixed field list: what is empty is null, what nobody listed is not there."""

    def row(field: Field, values: Mapping[str, Any]) -> dict[str, Any]:
        return {each.name: _or_null(values.get(each.name)) for each in field.rows}

    return {
        field.name: [row(field, values) for values in content.get(field.name) or []] or None
        if field.type == "rows"
        else _or_null(content.get(field.name))
        for field in kind.fields
    }


def _public_value(field: Field, value: Any, marks: Mapping[str, list[Mark]]) -> Any:
    if value is None or field.type != "rows":
        return _masked(value, marks.get(field.name))
    if field.name in marks:
        return None
    return [
        {
            each.name: _masked(row[each.name], marks.get(f"{field.name}/{at}/{each.name}"))
            for each in field.rows
            if each.public
        }
        for at, row in enumerate(value)
    ]


def _masked(value: Any, marks: Sequence[Mark] | None) -> Any:
    """A value with its marks carried out; what is no text can only be withheld as a whole."""
    if not marks or value is None:
        return value
    if isinstance(value, str):
        return mask(value, marks)
    return markers(mark_["ground"] for mark_ in marks)


def _or_null(value: Any) -> Any:
    return None if value in ("", []) else value


def _in_public_order(
    content: dict[str, Any], fields: dict[str, Any], marks: Sequence[Mark]
) -> tuple[dict[str, Any], dict[str, Any], Sequence[Mark]]:
    """The same with the rows of drawn lists where their released values put them; marks follow their rows."""
    for name in ordering.REORDERED:
        if isinstance(fields.get(name), list):
            places = ordering.moves(fields[name])
            content = content | {name: ordering.moved(content[name], places)}
            fields = fields | {name: ordering.moved(fields[name], places)}
            paths = {mark_["path"]: path_after(mark_["path"], {name: places}) for mark_ in marks}
            marks = [{**mark_, "path": paths[mark_["path"]]} for mark_ in marks]
    return content, fields, marks


def _is_shown(kind: Kind, fields: Mapping[str, Any], path: str) -> bool:
    """Whether a reader may know of a mark: not where the field is internal, or its whole table is not shown."""
    name, _, rest = path.partition("/")
    if not rest:
        return name in fields
    column = rest.partition("/")[2]
    shown = {each.name for each in kind.by_name[name].rows if each.public}
    return column in shown and isinstance(fields.get(name), list)


def _notes(kind: Kind, marks: Sequence[Mark]) -> Iterator[dict[str, str]]:
    order = {field.name: at for at, field in enumerate(kind.fields)}

    def reading_order(mark_: Mark) -> tuple[int, int, int, int]:
        name, _, rest = mark_["path"].partition("/")
        row, _, column = rest.partition("/")
        columns = [each.name for each in kind.by_name[name].rows]
        at = columns.index(column) if column in columns else 0
        return order[name], int(row or 0), at, mark_["start"] or 0

    for mark_ in sorted(marks, key=reading_order):
        ground = mark_["ground"]
        yield {"path": mark_["path"], "ground": ground, "label": GROUNDS[ground], "basis": mark_["basis"]}


def _commitments(
    key: bytes, kind: Kind, content: Mapping[str, Any], fields: Mapping[str, Any]
) -> Commitments:
    return commit_record(
        key=key,
        names=[field.name for field in kind.fields],
        content=content,
        released=fields,
        tables={field.name: [each.name for each in field.rows if not each.public] for field in kind.tables},
    )
