"""Quarters of a year, by which concerns are summarised for the joint-conference office (O7). Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from portal.words import Sentence, say

_WRITTEN = re.compile(r"(20\d\d)Q([1-4])")
_NUMBERS = (
    say("{year}年第一季度"),
    say("{year}年第二季度"),
    say("{year}年第三季度"),
    say("{year}年第四季度"),
)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, ``number`` from 1 to 4.

    >>> q = Quarter(2026, 3)
    >>> str(q), str(q.first), str(q.last), str(q.label)
    ('2026Q3', '2026-07-01', '2026-09-30', '2026年第三季度')
    """

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """A quarter as addresses write it, ``2026Q3``; None for whatever else was typed."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def label(self) -> Sentence:
        return say(_NUMBERS[self.number - 1].template, year=self.year)
