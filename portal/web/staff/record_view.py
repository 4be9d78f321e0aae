"""A record as staff read it: every field, marks shown in place; and as the public will read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.publications.fields import Field, Kind
from portal.publications.findings import Found
from portal.publications.remarking import Mark
from portal.web.staff.labels import as_text

Content = Mapping[str, Any]
MOST_READ = 200  # texts on one page


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and what was decided about it.

    :param mark: its number among the marks, the kept or the proposed ones, each counted from one.
    :param state: ``hidden`` by a mark, ``kept`` by a decision, ``open`` when a proposal waits; empty otherwise.
    """

    text: str
    mark: int | None = None
    state: str = ""


@dataclass(frozen=True)
class Cell:
    """One value of a record."""

    field: Field
    path: str
    pieces: Sequence[Piece]

    @property
    def is_marked(self) -> bool:
        return any(piece.state == "hidden" for piece in self.pieces)

    @property
    def is_to_be_read(self) -> bool:
        return bool(self.pieces) and (self.field.type == "prose" or any(piece.state for piece in self.pieces))


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

    @property
    def texts(self) -> list[Cell]:
        """What is to be read word by word: running text, and whatever holds a mark or a proposal."""
        rows = [cell for table in self.tables for row in table.rows for cell in row]
        return [each for each in [*self.cells, *rows] if each.field.public and each.is_to_be_read][:MOST_READ]


Span = tuple[str, int, int | None, int | None, str]  # path, number, start, end, state


def record_view(
    kind: Kind,
    content: Content,
    marks: Sequence[Mark] = (),
    *,
    kept: Sequence[Mark] = (),
    found: Sequence[Found] = (),
) -> RecordView:
    """Lay a record out for reading. Marks are numbered from one in the order in which they are kept.

    :param kept: proposals that somebody decided to show.
    :param found: proposals that wait for a decision.
    """
    spans = [
        *((mark["path"], number, mark["start"], mark["end"], "hidden") for number, mark in _numbered(marks)),
        *((mark["path"], number, mark["start"], mark["end"], "kept") for number, mark in _numbered(kept)),
        *((each.path, number, each.start, each.end, "open") for number, each in enumerate(found, start=1)),
    ]
    cells = [
        _cell(field, field.name, content.get(field.name), spans)
        for field in kind.fields
        if field.type != "rows" and content.get(field.name) not in (None, "", [])
    ]
    tables = [_table(field, content.get(field.name), spans) for field in kind.tables]
    return RecordView(cells, [table for table in tables if table.rows])


def _numbered(marks: Sequence[Mark]) -> list[tuple[int, Mark]]:
    return list(enumerate(marks, start=1))


def _table(table: Field, value: Any, spans: Sequence[Span]) -> Table:
    rows = value if isinstance(value, list) else []
    columns = [each for each in table.rows if any(row.get(each.name) not in (None, "", []) for row in rows)]
    here = [each for each in spans if each[0].startswith(table.name)]
    laid_out = [
        [_cell(each, f"{table.name}/{at}/{each.name}", row.get(each.name), here) for each in columns]
        for at, row in enumerate(rows)
    ]
    return Table(table, columns, laid_out)


def _cell(field: Field, path: str, value: Any, spans: Sequence[Span]) -> Cell:
    return Cell(field, path, pieces(as_text(field, value), [each for each in spans if each[0] == path]))


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """A text cut at what was decided about it; of spans that overlap the earlier one shows, a mark before all.

    >>> pieces("甲乙丙", [("problem", 1, 1, 2, "hidden")])
    [Piece(text='甲', mark=None, state=''), Piece(text='乙', mark=1, state='hidden'), Piece(text='丙', mark=None, state='')]
    """
    cut, at = [], 0
    for _path, number, start, end, state in sorted(
        spans, key=lambda each: (each[2] or 0, each[4] != "hidden")
    ):
        start, end = max(start or 0, at), len(text) if end is None else end
        if start > at:
            cut.append(Piece(text[at:start]))
        if end > start:
            cut.append(Piece(text[start:end], number, state))
        at = max(at, end)
    return cut + ([Piece(text[at:])] if at < len(text) else [])
