"""How near a last day is, in working days. Pure: the calendar and the day are given."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from portal.deadlines.working_days import WorkingCalendar, between, count

SHORT = 10  # a term of fewer working days
AHEAD_OF_SHORT = 2  # would be announced as soon as it starts, five days ahead
ESCALATED = 3  # working days overdue


class Stage(StrEnum):
    """What can be said of a term on a day; the values stand in keys of messages and never change."""

    AHEAD = "due_soon"
    LAST_DAY = "due_today"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


def stages(
    due: date, on: date, calendar: WorkingCalendar, *, ahead: int, escalated: int = ESCALATED
) -> Iterator[Stage]:
    """What is true of a last day on a day: nothing that was true before and is no longer.

    :param ahead: working days before the last day from which on it is near.
    :param escalated: working days after it from which on it goes up once more.
    """
    if on < due:
        if due <= horizon(on, ahead, calendar):
            yield Stage.AHEAD
    elif on == due:
        yield Stage.LAST_DAY
    else:
        late = between(due, on, calendar)
        if late >= 1:
            yield Stage.OVERDUE
        if late >= escalated:
            yield Stage.ESCALATED


def horizon(on: date, ahead: int, calendar: WorkingCalendar) -> date:
    """The latest last day that is near on a day."""
    return count(on, ahead, calendar).due


def ahead_of(days: int | None, wanted: int) -> int:
    """How many working days ahead a term of so many days is announced, where the profile wants ``wanted``.

    >>> ahead_of(20, 5), ahead_of(7, 5)
    (5, 2)
    """
    return min(wanted, AHEAD_OF_SHORT) if days is not None and days < SHORT else wanted
