"""A record as staff read it: every field, marks shown in place; and as the public will read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.publications.fields import Field, Kind
from portal.publications.remarking import Mark
from portal.web.staff.labels import as_text

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``mark`` is the number of the mark that withholds it."""

    text: str
    mark: int | None = None


@dataclass(frozen=True)
class Cell:
    """One value of a record."""

    field: Field
    path: str
    pieces: Sequence[Piece]

    @property
    def is_marked(self) -> bool:
        return any(piece.mark for piece in self.pieces)


@dataclass(frozen=True)
class Table:
    """One table of a record: only columns that hold anything."""

    field: Field
    columns: Sequence[Field]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class RecordView:
    """The scalar fields that hold anything, and the tables."""

    cells: Sequence[Cell]
    tables: Sequence[Table]


def record_view(kind: Kind, content: Content, marks: Sequence[Mark] = ()) -> RecordView:
    """Lay a record out for reading. Marks are numbered from one in the order in which they are kept."""
    cells = [
        _cell(field, field.name, content.get(field.name), marks)
        for field in kind.fields
        if field.type != "rows" and content.get(field.name) not in (None, "", [])
    ]
    tables = [_table(field, content.get(field.name), marks) for field in kind.tables]
    return RecordView(cells, [table for table in tables if table.rows])


def _table(table: Field, value: Any, marks: Sequence[Mark]) -> Table:
    rows = value if isinstance(value, list) else []
    columns = [each for each in table.rows if any(row.get(each.name) not in (None, "", []) for row in rows)]
    laid_out = [
        [_cell(each, f"{table.name}/{at}/{each.name}", row.get(each.name), marks) for each in columns]
        for at, row in enumerate(rows)
    ]
    return Table(table, columns, laid_out)


def _cell(field: Field, path: str, value: Any, marks: Sequence[Mark]) -> Cell:
    text = as_text(field, value)
    here = [(number, mark) for number, mark in enumerate(marks, start=1) if mark["path"] == path]
    return Cell(field, path, pieces(text, here))


def pieces(text: str, marks: Sequence[tuple[int, Mark]]) -> list[Piece]:
    """A text cut at its marks; of marks that overlap the earlier one shows.

    >>> pieces("甲乙丙", [(1, {"start": 1, "end": 2})])
    [Piece(text='甲', mark=None), Piece(text='乙', mark=1), Piece(text='丙', mark=None)]
    """
    cut, at = [], 0
    for number, mark in sorted(marks, key=lambda each: each[1]["start"] or 0):
        start, end = (0, len(text)) if mark["start"] is None else (mark["start"], mark["end"])
        start = max(start, at)
        if start > at:
            cut.append(Piece(text[at:start]))
        if end > start:
            cut.append(Piece(text[start:end], number))
        at = max(at, end)
    return cut + ([Piece(text[at:])] if at < len(text) else [])
