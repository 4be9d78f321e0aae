"""What changed between two versions, field by field and row by row: pure, from released values alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.publications.fields import Field, Kind

Row = Mapping[str, Any]

# what makes a row the same row in the next version, the strongest first
ROW_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "items": (("item_code", "item", "sub_item"), ("item_code",), ("plan_item_name", "item"), ("item",)),
    "drawn": (("entity_code",), ("entity_name",)),
}
RENUMBERED = "seq"  # a row that only moved is not a changed row


@dataclass(frozen=True)
class FieldChange:
    """One value before and after."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """One row that came, went, or changed; ``fields`` only for changed ones."""

    how: Literal["added", "removed", "changed"]
    row: Row
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that differs; ``rows`` by the table's field, tables without a difference left out."""

    fields: tuple[FieldChange, ...]
    rows: tuple[tuple[Field, tuple[RowChange, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.rows)


def compare(kind: Kind, before: Row, after: Row) -> Changes:
    """What differs between the released fields of two versions of one publication."""
    scalars = [field for field in kind.public_fields() if field.type != "rows"]
    tables = [field for field in kind.tables if field.public]
    rows = [(table, tuple(_rows(table, before.get(table.name), after.get(table.name)))) for table in tables]
    return Changes(
        tuple(_fields(scalars, before, after)), tuple((table, found) for table, found in rows if found)
    )


def _fields(fields: Sequence[Field], before: Row, after: Row) -> Iterator[FieldChange]:
    for field in fields:
        old, new = before.get(field.name), after.get(field.name)
        if _bare(old) != _bare(new):
            yield FieldChange(field, old, new)


def _bare(value: Any) -> Any:
    """A value without what a reader can not see: a code's table version, emptiness of one form or another."""
    if isinstance(value, Mapping):
        return value.get("label", value)
    if isinstance(value, list):
        return [_bare(each) for each in value] or None
    return None if value == "" else value


def _rows(table: Field, before: Sequence[Row] | None, after: Sequence[Row] | None) -> Iterator[RowChange]:
    columns = [field for field in table.rows if field.public and field.name != RENUMBERED]
    pairs = _paired(table, columns, before or [], after or [])
    for old, new in pairs:
        if old is None and new is not None:
            yield RowChange("added", new)
        elif new is None and old is not None:
            yield RowChange("removed", old)
        elif old is not None and new is not None and (found := tuple(_fields(columns, old, new))):
            yield RowChange("changed", new, found)


def _paired(
    table: Field, columns: Sequence[Field], before: Sequence[Row], after: Sequence[Row]
) -> list[tuple[Row | None, Row | None]]:
    """Each row with its counterpart: first the identical ones, then by the keys of :data:`ROW_KEYS`."""
    whole = tuple(field.name for field in columns)
    known = {field.name for field in columns}
    keys = [whole, *(key for key in ROW_KEYS.get(table.name, ()) if set(key) <= known)]
    counterpart: dict[int, int] = {}
    free = set(range(len(before)))
    for key in keys:
        _match(key, before, after, free, counterpart)
    pairs: list[tuple[Row | None, Row | None]] = [
        (before[counterpart[at]] if at in counterpart else None, row) for at, row in enumerate(after)
    ]
    return pairs + [(before[at], None) for at in sorted(free)]


def _match(
    key: Sequence[str],
    before: Sequence[Row],
    after: Sequence[Row],
    free: set[int],
    counterpart: dict[int, int],
) -> None:
    waiting: dict[str, list[int]] = defaultdict(list)
    for at in sorted(free, reverse=True):
        waiting[_key(key, before[at])].append(at)
    for at, row in enumerate(after):
        name = _key(key, row)
        if at not in counterpart and name and waiting.get(name):
            counterpart[at] = waiting[name].pop()
            free.discard(counterpart[at])


def _key(key: Sequence[str], row: Row) -> str:
    """The row's words under a key; empty when it has none of them, so that blanks never meet."""
    values = [_bare(row.get(name)) for name in key]
    return repr(values) if any(value is not None for value in values) else ""
