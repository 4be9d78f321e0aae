"""The terms that a rule profile sets, counted. Each function names the rule it carries out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.codes.profiles import Profile, Term
from portal.deadlines.working_days import Due, WorkingCalendar, between, count

LONGEST = timedelta(days=366)  # farther apart than this, two days of a record are a slip of the pen


@dataclass(frozen=True)
class Disclosure:
    """How one result kept the term of D11.

    :param due: the last day, as the record says it.
    :param on: the day it was disclosed on the channel that stops the clock (D18).
    :param ran_from: name of the date that the term ran from; empty when none is known.
    :param days: working days of the term; 0 when they can not be told.
    :param nth: working days from the start up to ``on``; 0 when it was disclosed before the clock ran.
    :param rested: whether ``on`` is a day off, so that it lies after the nth working day.
    """

    due: date
    on: date
    ran_from: str = ""
    start: date | None = None
    days: int = 0
    nth: int = 0
    rested: bool = False

    @property
    def in_time(self) -> bool:
        """Whether it was disclosed on the last day or before."""
        return self.on <= self.due


def disclosure(
    fields: Mapping[str, Any], published_on: date, profile: Profile, calendar: WorkingCalendar
) -> Disclosure | None:
    """How a result kept its term, from its released fields; None when they name no last day.

    :param published_on: the day it was first public here; the platform's own day goes before it where the
        profile stops the clock there and the record has one.
    """
    due = _day(fields.get("publish_by"))
    if due is None:
        return None
    platform = _day(fields.get("platform_published_on")) if profile.stops_the_clock != "site" else None
    on, term = platform or published_on, profile.terms["publish"]
    ran_from = next((name for name in term.starts if _day(fields.get(name))), "")
    start = _day(fields.get(ran_from))
    if term.unit != "working" or start is None or not start < due <= start + LONGEST or on > start + LONGEST:
        return Disclosure(due, on)
    nth = max(between(start, on, calendar), 0)
    return Disclosure(
        due, on, ran_from, start, between(start, due, calendar), nth, not calendar.is_working(on)
    )


def _day(value: object) -> date | None:
    """A date as a record keeps it; None where it keeps none, or a redaction marker stands in its place."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def publish_by(content: Mapping[str, Any], profile: Profile, calendar: WorkingCalendar) -> Due | None:
    """D11: 在本次抽查任务完成后20个工作日内……公示 (G28.4). None while no day is known that it could start from."""
    return due_by("publish", content, profile, calendar)


def due_by(name: str, dates: Mapping[str, Any], profile: Profile, calendar: WorkingCalendar) -> Due | None:
    """The last day of a term of the profile, from the first of its starting dates that is known.

    :param dates: names to dates, or to texts as a record's content keeps them.
    :return: None when the profile has no such term or no date is known.
    """
    term = profile.terms.get(name)
    start = start_of(term, dates) if term else None
    return due_of(term, start, calendar) if term and start else None


def due_of(term: Term, start: date, calendar: WorkingCalendar) -> Due:
    """The last day of a term that starts on a day, which is day zero and is not counted."""
    if term.unit == "calendar":
        return _calendar_days(start, term.days, calendar)
    return count(start, term.days, calendar)


def start_of(term: Term, dates: Mapping[str, Any]) -> date | None:
    """The first of a term's starting dates that is known.

    :param dates: names to dates, or to texts as a record's content keeps them.
    """
    given = (dates.get(name) for name in term.starts)
    known = next((each for each in given if each), None)
    return date.fromisoformat(known) if isinstance(known, str) else known


def _calendar_days(start: date, days: int, calendar: WorkingCalendar) -> Due:
    """民法典第二百零三条: when the last day is a day off, the next working day is the last."""
    due = start + timedelta(days=days)
    while not calendar.is_working(due):
        due += timedelta(days=1)
    counted = tuple(start + timedelta(days=each + 1) for each in range((due - start).days))
    return Due(due, due > calendar.known_through, counted, ())
