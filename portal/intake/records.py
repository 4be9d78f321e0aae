"""From rows to records: one sheet of one object, or one list, plan or task."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.intake.cells import Taken, shown, take
from portal.intake.columns import ROWS, Columns, is_joined, known_fields
from portal.intake.heading import Head, is_record
from portal.intake.readers.rows import Cell, Row
from portal.intake.staging import Staged
from portal.words import Sentence

# what makes one publication of the rows of one file
ONE_BY = {
    "result": ("task_no", "department", "entity_code", "entity_name", "inspected_on", "rectifies"),
    "task": ("source_number",),
    "list": ("title", "source_number", "department", "edition", "effective_from"),
    "plan": ("title", "source_number", "department", "plan_year", "region"),
}


@dataclass(frozen=True)
class Complaint:
    """Why one value of one row can not be taken."""

    column: str
    value: str
    sentence: Sentence


@dataclass
class SourceRow:
    """One row of the file, read for its kind."""

    sheet: str
    number: int
    cells: Sequence[Cell]
    values: Mapping[str, Taken]  # by field: task_no, items.outcomes …
    complaints: list[Complaint] = field(default_factory=list)


@dataclass
class Record:
    """The rows that together propose one publication."""

    kind: str
    head: Head
    rows: list[SourceRow]
    key: tuple[str, ...]

    def value(self, path: str) -> Taken:
        """The first thing that any row says for a field."""
        return next((row.values[path] for row in self.rows if row.values.get(path) is not None), None)

    def raw(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What :func:`portal.publications.content.read_content` reads.

        :param given: said for the whole file by whoever imports it; what a row says goes before.
        """
        raw: dict[str, Any] = {**self.head.labelled, **given}
        for row in reversed(self.rows):  # the first that says anything has the last word
            raw |= {path: value for path, value in row.values.items() if "." not in path}
        raw[ROWS[self.kind]] = [_nested(row, ROWS[self.kind]) for row in self.rows]
        return raw


def _nested(row: SourceRow, table: str) -> dict[str, Taken]:
    prefix = table + "."
    return {path[len(prefix) :]: value for path, value in row.values.items() if path.startswith(prefix)}


@dataclass
class Table:
    """A staged file whose heads are found. Counts what it left out while it is read."""

    kind: str
    staged: Staged
    heads: Mapping[str, Head]  # by sheet
    skipped: int = 0

    def records(self) -> Iterator[Record]:
        """The records in order, from the beginning. Streams results; the other kinds come whole."""
        self.skipped = 0
        for sheet, head in self.heads.items():
            rows = self._rows(sheet, head)
            yield from _adjacent(head, rows) if self.kind == "result" else _gathered(self.kind, head, rows)

    def _rows(self, sheet: str, head: Head) -> Iterator[SourceRow]:
        for row in self.staged.rows(sheet):
            if row.number <= head.row:
                continue
            if is_record(row, head.columns):
                yield read_row(self.kind, sheet, head.columns, row)
            else:
                self.skipped += 1


def read_row(kind: str, sheet: str, columns: Columns, row: Row) -> SourceRow:
    """Take every cell that belongs to a field."""
    fields, values = known_fields(kind), dict[str, Taken]()
    cells, complaints = row.cells, []
    for at, path in columns.fields.items():
        if at >= len(cells):
            continue
        value, sentence = take(cells[at], fields[path])
        if value is not None:
            values[path] = _beside(path, values.get(path), value)
        elif sentence is not None:
            complaints.append(Complaint(columns.names[at], shown(cells[at]), sentence))
    return SourceRow(sheet, row.number, cells, values, complaints)


def _beside(path: str, earlier: Taken, value: Taken) -> Taken:
    """What several columns say for one field."""
    if earlier is None:
        return value
    return f"{earlier}、{value}" if is_joined(path) else earlier


def _key(kind: str, row: SourceRow) -> tuple[str, ...]:
    return tuple(str(row.values.get(path) or "").strip() for path in ONE_BY[kind])


def _adjacent(head: Head, rows: Iterable[SourceRow]) -> Iterator[Record]:
    """Rows below each other with the same task, department, object and day are one sheet (D15)."""
    record: Record | None = None
    for row in rows:
        key = _key("result", row)
        if record is not None and record.key == key and any(key[2:4]):
            record.rows.append(row)
            continue
        if record is not None:
            yield record
        record = Record("result", head, [row], key)
    if record is not None:
        yield record


def _gathered(kind: str, head: Head, rows: Iterable[SourceRow]) -> Iterator[Record]:
    found: dict[tuple[str, ...], Record] = {}
    for row in rows:
        key = _key(kind, row)
        found.setdefault(key, Record(kind, head, [], key)).rows.append(row)
    yield from found.values()
