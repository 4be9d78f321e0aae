"""A year's holidays as a notice tells them: from when to when, and which weekends are worked for it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal.deadlines.calendar import Calendar, DayState, Kind
from portal.words import Label

DAY = timedelta(days=1)


class Holiday(NamedTuple):
    """One holiday with the weekends that are worked in lieu of it."""

    name: Label
    first: date
    last: date
    make_up: tuple[date, ...]

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def holidays(states: Iterable[DayState]) -> list[Holiday]:
    """The holidays among days that are given in order; every worked weekend stands with one of them."""
    given = list(states)
    found = [Holiday(run[0].name, run[0].day, run[-1].day, ()) for run in _runs(given)]
    owners = [(_owner(each, found), each.day) for each in given if each.kind is Kind.MAKE_UP and found]
    return [each._replace(make_up=tuple(day for owner, day in owners if owner is each)) for each in found]


def holidays_of(calendar: Calendar, year: int) -> list[Holiday]:
    """What a year's notice announced; of a year whose notice is not known, the days that the law makes holidays."""
    if calendar.knows(year):
        return holidays(calendar.announced(year))
    return holidays(state for state in calendar.year_of(year) if state.kind is Kind.HOLIDAY)


def _runs(given: Sequence[DayState]) -> Iterator[list[DayState]]:
    run: list[DayState] = []
    for state in given:
        if state.working:
            continue
        if run and (state.day - run[-1].day != DAY or state.name != run[-1].name):
            yield run
            run = []
        run.append(state)
    if run:
        yield run


def _owner(worked: DayState, found: Sequence[Holiday]) -> Holiday:
    """The nearest holiday of the same name; the nearest of any where a table gives another name."""
    return min(found, key=lambda each: (each.name != worked.name, abs((each.first - worked.day).days)))
