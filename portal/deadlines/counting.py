"""A term shown as it was counted: day by day, each with its number or with the reason why it is skipped. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.deadlines.calendar import Calendar, DayState, Kind
from portal.deadlines.working_days import Due
from portal.words import Label, Sentence, say

NOTHING = Label("", "")


@dataclass(frozen=True)
class CountedDay:
    """One day of a term.

    :param nth: the how many-th day of the term it is; 0 for day zero, None when it is skipped.
    :param known: whether its state was announced; otherwise it is what the law alone says.
    """

    state: DayState
    nth: int | None
    known: bool

    @property
    def day(self) -> date:
        return self.state.day

    @property
    def reason(self) -> Sentence:
        """Why a day counts although it is a weekend, or does not count; empty for a plain working day."""
        return reason_of(self.state)


@dataclass(frozen=True)
class Stretch:
    """Days in a row that are told together: counted ones with the weekends between, or one holiday.

    :param first_nth: number of the first counted day; 0 for a holiday.
    :param make_up: the worked weekends among them.
    """

    first: date
    last: date
    days: int
    first_nth: int
    last_nth: int
    name: Sentence
    make_up: tuple[date, ...]


def reason_of(state: DayState) -> Sentence:
    """Why a day is what it is: 周末, 春节放假, 春节调休上班; empty for a plain working day."""
    if state.kind is Kind.WEEKEND:
        return say("周末")
    if state.kind is Kind.MAKE_UP:
        return say("{name}调休上班", name=state.name) if state.name else say("调休上班")
    if state.kind is Kind.HOLIDAY:
        return say("{name}放假", name=state.name) if state.name else say("放假")
    return NOTHING


def day_by_day(start: date, due: Due, calendar: Calendar) -> list[CountedDay]:
    """Day zero and each day after it to the last day of the term, in order.

    :param due: what ``count`` or ``due_by`` gave for this start; its own counting is shown, not done again.
    """
    numbers = {day: nth for nth, day in enumerate(due.counted, start=1)} | {start: 0}
    last = max((start, *due.counted, *due.skipped))
    days = (start + timedelta(days=each) for each in range((last - start).days + 1))
    return [CountedDay(calendar.state(day), numbers.get(day), calendar.knows(day.year)) for day in days]


def stretches(days: Sequence[CountedDay]) -> list[Stretch]:
    """The counting told in a few lines: what is counted, broken only by holidays; day zero left out."""
    return [each for each in map(_stretch, _runs(days[1:])) if each.days]


def _runs(days: Sequence[CountedDay]) -> Iterator[list[CountedDay]]:
    """Neighbouring days that belong together: a plain weekend goes with what it lies beside."""
    for _same, run in groupby(days, key=lambda each: _holiday(each)):
        yield list(run)


def _holiday(day: CountedDay) -> str:
    return str(day.state.name) or "?" if day.nth is None and day.state.kind is Kind.HOLIDAY else ""


def _stretch(run: Sequence[CountedDay]) -> Stretch:
    counted = [each for each in run if each.nth is not None]
    if not _holiday(run[0]) and counted:  # a weekend at either end says nothing
        run = run[run.index(counted[0]) : run.index(counted[-1]) + 1]
    is_holiday = bool(_holiday(run[0]))
    return Stretch(
        first=run[0].day,
        last=run[-1].day,
        days=len(run) if is_holiday else len(counted),
        first_nth=counted[0].nth or 0 if counted else 0,
        last_nth=counted[-1].nth or 0 if counted else 0,
        name=run[0].state.name if is_holiday else NOTHING,
        make_up=tuple(each.day for each in counted if each.state.kind is Kind.MAKE_UP),
    )
