"""The one gate between what an office knows and what the public may read (W1–W3).

``release`` takes an allow-list per kind: a field nobody listed is withheld, a marked part is replaced by a
marker of fixed form, and both the released and the withheld values are committed to, so that the record can
be checked later without showing more of it.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import rfc8785

from portal.ledger.commitments import Commitments, TableFields, commit_record
from portal.publications.fields import Field, Kind
from portal.redaction.masking import marker, mask

Content = Mapping[str, Any]
Mark = Mapping[str, Any]


@dataclass(frozen=True)
class Released:
    """The public version of a revision, before it has a number.

    :param body: ``record.json``, RFC 8785 canonical text.
    :param record_hash: SHA-256 of the body in UTF-8, hex.
    :param commitments: the digests that go into the ledger entry.
    :param withheld: salts of what is not released; internal.
    """

    fields: dict[str, Any]
    notes: list[dict[str, str]]
    body: str
    record_hash: str
    commitments: list[str]
    withheld: dict[str, Any]


def release(
    kind: Kind, content: Content, marks: Sequence[Mark], grounds: Mapping[str, str], *, version: int, act: str
) -> Released:
    """Make the public version of a record.

    :param grounds: label of each redaction ground by its code.
    """
    fields = public_fields(kind, content, marks, grounds)
    notes = list(_notes(kind, marks, grounds))
    commitments = _commitments(kind, content, fields)
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
    body = rfc8785.dumps(record)
    return Released(
        fields,
        notes,
        body.decode(),
        sha256(body).hexdigest(),
        list(commitments.digests),
        commitments.withheld_salts,
    )


def public_fields(
    kind: Kind, content: Content, marks: Sequence[Mark], grounds: Mapping[str, str]
) -> dict[str, Any]:
    """The allow-listed fields with every mark carried out; absent ones are null."""
    masked = _Masked(marks, grounds)
    fields = {
        field.name: _public_value(field, content.get(field.name), masked) for field in kind.public_fields()
    }
    if kind.name == "task" and content.get("names_shown") is False:
        fields["drawn"] = None  # 不宜告知 (A15, L12): the ground is in names_withheld_ground
    return fields


class _Masked:
    """The marks of one record by the path they stand on."""

    def __init__(self, marks: Sequence[Mark], grounds: Mapping[str, str]) -> None:
        self.grounds = grounds
        self.by_path: dict[str, list[Mark]] = {}
        for mark in marks:
            self.by_path.setdefault(mark["path"], []).append(mark)

    def __call__(self, path: str, value: Any) -> Any:
        marks = self.by_path.get(path)
        if not marks or value is None:
            return value
        for mark in marks:
            if mark["start"] is None or not isinstance(value, str):
                return marker(mark["ground"], self.grounds[mark["ground"]])
        spans = [(m["start"], m["end"], marker(m["ground"], self.grounds[m["ground"]])) for m in marks]
        return mask(value, spans)


def _public_value(field: Field, value: Any, masked: _Masked) -> Any:
    if field.type != "rows":
        return masked(field.name, _or_null(value))
    if field.name in masked.by_path:
        return None
    return [
        {each.name: masked(f"{field.name}/{at}/{each.name}", _or_null(row.get(each.name)))
         for each in field.rows if each.public}
        for at, row in enumerate(value or [])
    ]  # fmt: skip


def _or_null(value: Any) -> Any:
    return None if value in ("", []) else value


def _notes(kind: Kind, marks: Sequence[Mark], grounds: Mapping[str, str]) -> Iterator[dict[str, str]]:
    order = {field.name: at for at, field in enumerate(kind.fields)}

    def reading_order(mark: Mark) -> tuple[int, int, int, int]:
        name, _, rest = mark["path"].partition("/")
        row, _, column = rest.partition("/")
        columns = [each.name for each in kind.by_name[name].rows]
        at = columns.index(column) if column in columns else 0
        return order[name], int(row or 0), at, mark["start"] or 0

    for mark in sorted(marks, key=reading_order):
        ground = mark["ground"]
        yield {"path": mark["path"], "ground": ground, "label": grounds[ground], "basis": mark["basis"]}


def _commitments(kind: Kind, content: Content, fields: Mapping[str, Any]) -> Commitments:
    tables = {
        field.name: TableFields(
            released=tuple(each.name for each in field.rows if each.public),
            withheld=tuple(each.name for each in field.rows if not each.public),
        )
        for field in kind.tables
    }
    return commit_record(
        key=secrets.token_bytes(32),
        names=[field.name for field in kind.fields],
        originals=content,
        released=fields,
        tables=tables,
    )
