"""The terms that a rule profile sets, counted. Each function names the rule it carries out."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.codes.profiles import Profile, Term
from portal.deadlines.working_days import Due, WorkingCalendar, count


def publish_by(content: Mapping[str, Any], profile: Profile, calendar: WorkingCalendar) -> Due | None:
    """D11: 在本次抽查任务完成后20个工作日内……公示 (G28.4). None while no day is known that it could start from."""
    return due_by("publish", content, profile, calendar)


def due_by(name: str, dates: Mapping[str, Any], profile: Profile, calendar: WorkingCalendar) -> Due | None:
    """The last day of a term of the profile, from the first of its starting dates that is known.

    :param dates: names to dates, or to texts as a record's content keeps them.
    :return: None when the profile has no such term (only Gaoqing has an objection procedure) or no date.
    """
    term = profile.terms.get(name)
    start = _start(term, dates) if term else None
    if term is None or start is None:
        return None
    if term.unit == "calendar":
        return _calendar_days(start, term.days, calendar)
    return count(start, term.days, calendar)


def _start(term: Term, dates: Mapping[str, Any]) -> date | None:
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
