"""The working-day calendar: what the State Council announced, and beyond that what the law alone fixes.

The base comes with the program (chinesecalendar) and covers whole years; a notice that the office loaded
replaces its year in the base wholly. A notice can name days of the December before its year (the New Year's
bridge): those belong to it, not to the notice of the year they lie in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from chinese_calendar import constants
from sqlalchemy.orm import Session

from portal.deadlines.festivals import NEW_YEAR, festival, is_statutory_holiday, statutory_name
from portal.deadlines.models import CalendarDay, CalendarNotice
from portal.words import Label

__all__ = ["Calendar", "DayState", "Kind", "is_statutory_holiday", "load_calendar"]

_FRIDAY = 4
_DECEMBER = 12


class Kind(StrEnum):
    """What a day is; the values stand in the API."""

    WORK = "work"
    MAKE_UP = "make_up"  # a weekend that is worked in lieu (调休上班)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class DayState(NamedTuple):
    """One day with what makes it so.

    :param name: of the holiday that it is off for or worked in lieu of; empty for plain days.
    """

    day: date
    kind: Kind
    name: Label

    @property
    def working(self) -> bool:
        return self.kind in (Kind.WORK, Kind.MAKE_UP)


class _Announced(NamedTuple):
    working: bool
    name: str
    year: int  # of the notice


@dataclass(frozen=True)
class Calendar:
    """Which days are worked.

    :param known_through: the last day of the last year in the unbroken run of years whose notice is known.
    :param notices: days that a notice loaded by the office decides, over the base; True is worked.
    :param names: the holidays that those days belong to, in Chinese.
    :param years: the years of these notices; the base has no say in them.
    """

    known_through: date
    notices: Mapping[date, bool] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether a day is worked. In a year without a notice: Monday to Friday less the statutory holidays;
        make-up days are not guessed."""
        if day in self.notices:
            return self.notices[day]
        if (announced := self._in_base(day)) is not None:
            return announced.working
        return day.weekday() <= _FRIDAY and (self.knows(day.year) or not is_statutory_holiday(day))

    def is_make_up_day(self, day: date) -> bool:
        """A weekend that is worked in lieu (调休上班)."""
        return day.weekday() > _FRIDAY and self.is_working(day)

    def knows(self, year: int) -> bool:
        """Whether a year's notice is known."""
        return year in self.years or year in base_years()

    def holiday(self, day: date) -> Label:
        """The holiday that a day is off for, or worked in lieu of; empty when there is none."""
        return festival(self._name(day))

    def state(self, day: date) -> DayState:
        """What a day is, and why."""
        working, weekend = self.is_working(day), day.weekday() > _FRIDAY
        name = self.holiday(day)
        if working:
            return DayState(day, Kind.MAKE_UP, name) if weekend else DayState(day, Kind.WORK, festival(""))
        return DayState(day, Kind.WEEKEND if weekend and not name else Kind.HOLIDAY, name)

    def announced(self, year: int) -> list[DayState]:
        """The days that a year's notice names, its days in the December before included; in order.

        Empty when the notice is not known.
        """
        wanted = self.notices if year in self.years else _base_days()
        around = (day for day in wanted if day.year == year or (day.year, day.month) == (year - 1, _DECEMBER))
        return [self.state(day) for day in sorted(around) if self._notice_of(day) == year]

    def year_of(self, year: int) -> Iterator[DayState]:
        """Every day of a year."""
        day = date(year, 1, 1)
        while day.year == year:
            yield self.state(day)
            day += timedelta(days=1)

    def _name(self, day: date) -> str:
        if day in self.notices:
            return self.names.get(day, "")
        if (announced := self._in_base(day)) is not None:
            return announced.name
        return "" if self.knows(day.year) else statutory_name(day)

    def _in_base(self, day: date) -> _Announced | None:
        announced = _base_days().get(day)
        return None if announced is None or announced.year in self.years else announced

    def _notice_of(self, day: date) -> int:
        if day in self.notices:
            return notice_year(day, self.names.get(day, ""))
        announced = self._in_base(day)
        return announced.year if announced else day.year


def load_calendar(session: Session | None = None) -> Calendar:
    """The calendar in use: the base, and over it the newest notice of each year that the office loaded.

    One query; without a session the base alone.
    """
    found = _newest(session) if session else {}
    notices = {day: working for rows in found.values() for day, working, _name in rows}
    names = {day: name for rows in found.values() for day, _working, name in rows}
    return Calendar(_known_through(frozenset(found)), notices, names, frozenset(found))


def notice_year(day: date, name: str) -> int:
    """The year of the notice that names a day: New Year's days in December belong to the coming year's."""
    return day.year + (day.month == _DECEMBER and name == NEW_YEAR)


@lru_cache(maxsize=1)
def base_years() -> range:
    """The years that the program brings along."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


def _newest(session: Session) -> dict[int, list[tuple[date, bool, str]]]:
    """The days of the newest notice of each year, the oldest year first."""
    wanted = (
        sa.select(
            CalendarNotice.year, CalendarNotice.id, CalendarDay.day, CalendarDay.working, CalendarDay.name
        )
        .join(CalendarDay, CalendarDay.notice_id == CalendarNotice.id)
        .order_by(CalendarNotice.year, CalendarNotice.id)
    )
    newest: dict[int, int] = {}
    days: dict[int, list[tuple[date, bool, str]]] = {}
    for year, notice, day, working, name in session.execute(wanted):
        if newest.get(year) != notice:
            newest[year], days[year] = notice, []
        days[year].append((day, working, name))
    return days


def _known_through(loaded: frozenset[int]) -> date:
    year = base_years()[-1]
    while year + 1 in loaded:
        year += 1
    return date(year, 12, 31)


@lru_cache(maxsize=1)
def _base_days() -> Mapping[date, _Announced]:
    days = {}
    for working, table in ((True, constants.workdays), (False, constants.holidays)):
        for day, english in table.items():
            name = str(festival(english))
            days[day] = _Announced(working, name, notice_year(day, name))
    return days
