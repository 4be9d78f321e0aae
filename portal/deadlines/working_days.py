"""Counting working days. Pure: the calendar is given, today is not asked.

民法典第二百零一条: 按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。 The day on which an event happens
is **day zero** and is not counted; the term ends at the end of its last working day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class WorkingCalendar(Protocol):
    """Says which days are worked, and how far that is known."""

    @property
    def known_through(self) -> date:
        """The last day whose state the State Council has announced."""

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day, in-lieu weekends (调休上班) included."""


@dataclass(frozen=True)
class Due:
    """The last day of a term, with the counting that led to it.

    :param due: the last day on which the act is in time; a term of no days ends on day zero.
    :param provisional: the term reaches past the known calendar and is worked out again when the next
        notice is loaded.
    :param counted: the working days in order; the n-th is ``counted[n - 1]``.
    :param skipped: the days between that are not worked.
    """

    due: date
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[date, ...]


def count(start: date, days: int, calendar: WorkingCalendar) -> Due:
    """The term of so many working days after ``start``, which is day zero and is not counted.

    :raises ValueError: when ``days`` is negative.
    """
    if days < 0:
        raise ValueError("a term can not have fewer than no days")
    day, counted, skipped = start, list[date](), list[date]()
    while len(counted) < days:
        day += timedelta(days=1)
        (counted if calendar.is_working(day) else skipped).append(day)
    return Due(day, day > calendar.known_through, tuple(counted), tuple(skipped))


def between(start: date, end: date, calendar: WorkingCalendar) -> int:
    """How many working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -between(end, start, calendar)
    days = (start + timedelta(days=each) for each in range(1, (end - start).days + 1))
    return sum(1 for day in days if calendar.is_working(day))
