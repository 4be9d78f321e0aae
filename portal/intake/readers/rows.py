"""What every reader gives: sheets of numbered rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from portal.errors import Refused
from portal.words import say

MAX_COLUMNS = 500
MAX_ROWS = 1_048_576  # what a spreadsheet holds


@dataclass(frozen=True)
class Formula:
    """A cell that works something out. It is never taken: what it shows depends on who opens the file."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class CellError:
    """A cell that shows an error such as ``#N/A``."""

    text: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | bool | date | datetime | Formula | CellError | None


class Row(NamedTuple):
    """One row as the file has it; ``number`` counts from 1, as the spreadsheet shows it."""

    number: int
    cells: list[Cell]


class Sheet(NamedTuple):
    """A named sheet. Its rows are read once, before the next sheet is asked for."""

    name: str
    rows: Iterator[Row]


def bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, without blank ones and blank ends, up to the size a spreadsheet may have.

    :raises Refused: when a file claims more rows or columns than a spreadsheet holds.
    """
    for row in rows:
        if row.number > MAX_ROWS:
            raise Refused(say("文件超过{limit}行，请拆成几个文件后分别导入。", limit=MAX_ROWS))
        cells = row.cells
        while cells and is_blank(cells[-1]):
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise Refused(
                say("第{row}行超过{limit}列，请删除多余的列后重新上传。", row=row.number, limit=MAX_COLUMNS)
            )
        if cells:
            yield Row(row.number, cells)


def is_blank(cell: Cell) -> bool:
    """Whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
