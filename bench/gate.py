"""What ``portal.publications.gate.release`` makes, twenty times as fast, for records that nobody's rights hang on.

Where many records share most fields it pays to work out each field's digest once: all records of one task have
one salt key, which no real record may have. ``tests/rules/test_bench.py`` holds it against the real gate.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.ledger.commitments import masked_originals, original_disclosure
from portal.publications.fields import Kind
from portal.publications.gate import public_fields
from portal.redaction.masking import GROUNDS


@dataclass(frozen=True)
class Bytes:
    """What goes out and what the entry holds of it; as :class:`portal.publications.gate.Released`."""

    fields: dict[str, Any]
    body: str
    record_hash: str
    commitments: list[str]


def canonical(value: object) -> str:
    """RFC 8785 for what records hold: names in ASCII, no floats."""
    return _encode(value)


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class Gate:
    """One kind's gate under one salt key."""

    def __init__(self, kind: Kind, key: bytes) -> None:
        self.kind, self.key = kind, key
        self._digests: dict[tuple[str, str], str] = {}
        self._again: dict[tuple[str, int], tuple[Any, str]] = {}  # the very same object in many records
        self._salts: dict[str, str] = {}
        self._nothing_masked = digest(original_disclosure(key, {}))
        self._rows = {field.name: field.rows for field in kind.tables}

    def release(
        self, content: Mapping[str, Any], marks: Sequence[Mapping[str, Any]] = (), *, version: int, act: str
    ) -> Bytes:
        """The public version of a record; rows of drawn lists must stand in public order already."""
        known = {field.name: self._known(field.name, content.get(field.name)) for field in self.kind.fields}
        fields = public_fields(self.kind, content, marks) if marks else self._public(known)
        tables = [name for name in self._rows if isinstance(fields.get(name), list)]
        rows = {name: self._table(name, known[name]) for name in tables}
        withheld = [self._hidden(name, known[name]) for name in known if name not in fields]
        withheld.append(self._original(known, fields, tables) if marks else self._nothing_masked)
        shown = [
            self._rows_digest(name, value, rows[name]) if name in rows else self._field(name, value)
            for name, value in fields.items()
        ]
        record = {
            "schema": "portal.record/1",
            "kind": self.kind.name,
            "version": version,
            "act": act,
            "fields": fields,
            "notes": [_note(each) for each in marks],
            "salts": {name: self.salt(name) for name in fields if name not in rows},
            "rows": rows,
            "withheld": sorted(withheld),
        }
        body = canonical(record)
        return Bytes(fields, body, hashlib.sha256(body.encode()).hexdigest(), sorted(shown + withheld))

    def salt(self, path: str) -> str:
        """As :func:`portal.ledger.commitments.salt`."""
        found = self._salts.get(path)
        if found is None:
            found = self._salts[path] = _base64url(hmac.digest(self.key, path.encode(), "sha256")[:16])
        return found

    def _known(self, name: str, value: Any) -> Any:
        if name in self._rows and value:
            return [{each.name: _or_null(row.get(each.name)) for each in self._rows[name]} for row in value]
        return _or_null(value)

    def _public(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """The allow-list where nothing is marked."""
        return {field.name: self._shown(field.name, known[field.name]) for field in self.kind.public_fields()}

    def _shown(self, name: str, value: Any) -> Any:
        if name not in self._rows or value is None:
            return value
        columns = [each.name for each in self._rows[name] if each.public]
        return [{column: row[column] for column in columns} for row in value]

    def _field(self, name: str, value: Any) -> str:
        seen = self._again.get((name, id(value)))
        if seen is not None:
            return seen[1]
        found = self._field_by_text(name, canonical(value))
        self._again[name, id(value)] = (value, found)  # kept, so that no other object gets its id
        return found

    def _field_by_text(self, name: str, text: str) -> str:
        found = self._digests.get((name, text))
        if found is None:
            disclosure = f'["{self.salt(name)}","{name}",{text}]'
            found = self._digests[name, text] = digest(_base64url(disclosure.encode()))
        return found

    def _hidden(self, name: str, value: Any) -> str:
        """The digest of a field that is not released; a table that is shown to nobody has none here."""
        assert name not in self._rows or value is None
        return self._field(name, value)

    def _table(self, name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        hidden = [each.name for each in self._rows[name] if not each.public]
        return {
            "salt": self.salt(name),
            "rows": [
                {
                    "salt": self.salt(f"{name}/{at}"),
                    "sd": sorted(self._cell(f"{name}/{at}/{each}", each, row[each]) for each in hidden),
                }
                for at, row in enumerate(rows)
            ],
        }

    def _cell(self, path: str, name: str, value: Any) -> str:
        return digest(_base64url(f'["{self.salt(path)}","{name}",{canonical(value)}]'.encode()))

    def _rows_digest(self, name: str, rows: Sequence[Mapping[str, Any]], kept: Mapping[str, Any]) -> str:
        elements = [{"...": self._row(row, salted)} for row, salted in zip(rows, kept["rows"], strict=True)]
        return digest(_base64url(f'["{self.salt(name)}","{name}",{canonical(elements)}]'.encode()))

    def _row(self, row: Mapping[str, Any], salted: Mapping[str, Any]) -> str:
        text = canonical({**row, "_sd": salted["sd"]})
        found = self._digests.get((salted["salt"], text))
        if found is None:
            found = digest(_base64url(f'["{salted["salt"]}",{text}]'.encode()))
            self._digests[salted["salt"], text] = found
        return found

    def _original(self, known: Mapping[str, Any], fields: Mapping[str, Any], tables: Sequence[str]) -> str:
        return digest(original_disclosure(self.key, masked_originals(known, fields, tables)))


def digest(disclosure: str) -> str:
    """As :func:`portal.ledger.commitments.digest`."""
    return _base64url(hashlib.sha256(disclosure.encode("ascii")).digest())


def _note(mark: Mapping[str, Any]) -> dict[str, str]:
    ground = mark["ground"]
    return {"path": mark["path"], "ground": ground, "label": GROUNDS[ground], "basis": mark["basis"]}


def _or_null(value: Any) -> Any:
    return None if value in ("", []) else value


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
