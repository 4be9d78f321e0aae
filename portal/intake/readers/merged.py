"""Merged cells: each of the cells they cover gets what the first one says."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from portal.intake.readers.rows import MAX_COLUMNS, Cell, Row


class Merge(NamedTuple):
    """A merged range; rows count from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def fill_merged(rows: Iterable[Row], merges: Iterable[Merge]) -> Iterator[Row]:
    """The rows with ranges filled that are known beforehand."""
    starting: dict[int, list[Merge]] = {}
    for merge in merges:
        starting.setdefault(merge.top, []).append(merge)
    if not starting:
        return iter(rows)
    return fill_as_they_come((row, starting.pop(row.number, [])) for row in rows)


def fill_as_they_come(rows: Iterable[tuple[Row, list[Merge]]]) -> Iterator[Row]:
    """The rows with ranges filled, where each row brings the ranges that start in it."""
    covering: list[tuple[Merge, Cell]] = []
    for row, starting in rows:
        covering = [(merge, value) for merge, value in covering if merge.bottom >= row.number]
        for merge in starting:
            covering.append((merge, row.cells[merge.left] if merge.left < len(row.cells) else None))
        for merge, value in covering:
            _write(row, merge, value)
        yield row


def _write(row: Row, merge: Merge, value: Cell) -> None:
    right = min(merge.right, MAX_COLUMNS - 1)
    row.cells.extend([None] * (right + 1 - len(row.cells)))
    for column in range(merge.left, right + 1):
        row.cells[column] = value
