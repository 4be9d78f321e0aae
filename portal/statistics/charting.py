"""What a chart is made of: rows and columns of counts, and what of them is drawn. Pure.

The table is the chart's truth: what is drawn is sums of its columns, what is taken away is its rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from portal.words import Sentence, say

Form = Literal["columns", "bars", "sets", "multiples"]
Unit = Literal["count", "share", "days"]
Where = Mapping[str, str]

TOTAL = say("合计")


@dataclass(frozen=True)
class Cell:
    """One number of a table.

    :param value: None where there is nothing to count or to divide by.
    :param where: the conditions of the search that finds exactly these records; None where none does.
    :param upto: the far end of a range that begins at ``value``.
    """

    value: float | None
    where: Where | None = None
    upto: float | None = None


@dataclass(frozen=True)
class Column:
    """One column of a table.

    :param unit: a count of things, a share from 0 to 1, or working days.
    """

    name: str
    label: Sentence
    unit: Unit = "count"


@dataclass(frozen=True)
class Row:
    """One row: a month, an outcome, a department.

    :param label: as a table says it; ``short`` as an axis does, or who it is of.
    :param is_plan: whether ``key`` is the number of a plan, which has a page of its own.
    """

    key: str
    label: Sentence
    cells: tuple[Cell, ...]
    short: str = ""
    is_plan: bool = False

    def value(self, at: int) -> float:
        """What a column holds, nothing as nought."""
        return self.cells[at].value or 0


@dataclass(frozen=True)
class Series:
    """What is drawn in one fill.

    :param fill: a class of the style sheet: solid, hollow, hatched or grey; never told by hue alone.
    :param of: names of the columns that are added up.
    """

    label: Sentence
    fill: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with its table.

    :param name: its address: ``/statistics/<name>.csv``.
    :param counts: what is counted, in a sentence.
    :param live: whether it is counted from what is public at this moment, or from the dated figures.
    :param unlinked: why some of its numbers lead to no list of records.
    """

    name: str
    form: Form
    title: Sentence
    counts: Sentence
    head: Sentence
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    series: tuple[Series, ...]
    live: bool = True
    total: Row | None = None
    unlinked: Sentence | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for row in self.rows for value in self.drawn(row))

    def drawn(self, row: Row) -> list[float]:
        """What each series draws of one row."""
        at = {column.name: place for place, column in enumerate(self.columns)}
        return [sum(row.value(at[name]) for name in series.of) for series in self.series]


def summed(rows: Sequence[Row], columns: Sequence[Column], where: Sequence[Where | None] = ()) -> Row:
    """The row under a table: sums of the counts; what can not be added up stays empty.

    :param where: the search that finds everything of a column.
    """
    links = [*where, *[None] * len(columns)]
    cells = (
        _sum([row.cells[at] for row in rows], links[at]) if column.unit == "count" else Cell(None)
        for at, column in enumerate(columns)
    )
    return Row("total", TOTAL, tuple(cells))


def _sum(cells: Sequence[Cell], where: Where | None) -> Cell:
    low = sum(cell.value or 0 for cell in cells)
    high = sum(cell.upto if cell.upto is not None else cell.value or 0 for cell in cells)
    return Cell(low, where, high if high != low else None)


def share(part: float, whole: float) -> Cell:
    """A part of a whole, from 0 to 1; nothing of nothing.

    >>> share(1, 4).value, share(0, 0).value
    (0.25, None)
    """
    return Cell(part / whole if whole else None)


def pooled(counts: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Counts by name, the small ones together under no name, so that none below ``fewest`` points at anybody.

    Where all that is pooled is still fewer, the next smallest joins: a lone small one can not be told by subtraction.

    >>> pooled({"a": 9, "b": 6, "c": 2}, 5)
    {'a': 9, '': 8}
    >>> pooled({"a": 9, "b": 3, "c": 4}, 5)
    {'a': 9, '': 7}
    >>> pooled({"a": 3}, 5), pooled({"a": 5}, 5)
    ({'': 3}, {'a': 5})
    """
    told = dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    pool = 0
    while told and (min(told.values()) < fewest or 0 < pool < fewest):
        pool += told.popitem()[1]
    return {**told, "": pool} if pool else told


def several(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows that hold anything."""
    return tuple(row for row in rows if any(cell.value for cell in row.cells))
