"""Public reading of objections: from ``contests`` and the ledger alone, so nothing of the objector can come out.

An objection without a mark has no contest: for everything here it does not exist.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import today
from portal.deadlines.working_days import WorkingCalendar, between
from portal.ledger.models import Entry
from portal.objections.models import OUTCOMES, Contest

ENTRY_TYPES = ("objection_received", "objection_redated", "objection_ended")


@dataclass(frozen=True)
class Running:
    """The re-check clock of one contest as it stands today, in working days after the day of receipt.

    :param length: up to the last day; more than ``contest.days`` when the term was counted again.
    :param left: below zero when the last day has passed.
    """

    contest: Contest
    length: int
    passed: int
    left: int

    @property
    def shape(self) -> str:
        """The ending of its ``.ck-…`` class."""
        if self.left < 0:
            return "over"
        if self.contest.due == today():
            return "today"
        return "prov" if self.contest.provisional else "run"

    @property
    def counted_again(self) -> bool:
        return self.length != self.contest.days


_CONTESTS = sa.select(Contest).where(Contest.number == sa.bindparam("number")).order_by(Contest.entry_index)


def contests(session: Session, number: str) -> Sequence[Contest]:
    """Every objection to a result that the public may know of, in order of receipt."""
    return session.scalars(_CONTESTS, {"number": number}).all()


_UNDER_OBJECTION = sa.select(Contest.number).where(
    Contest.number.in_(sa.bindparam("numbers", expanding=True)), Contest.ended_index.is_(None)
)


def under_objection(session: Session, numbers: Collection[str]) -> set[str]:
    """Those of some numbers that say 异议处理中; one question for a whole page, none for no numbers."""
    if not numbers:
        return set()
    return set(session.scalars(_UNDER_OBJECTION, {"numbers": list(numbers)}))


def open_contests(
    session: Session, *, limit: int, numbers: Collection[str] | None = None
) -> Sequence[Contest]:
    """The re-checks whose clock runs, the first to end first; of some results when their numbers are given."""
    wanted = sa.select(Contest).where(Contest.ended_index.is_(None))
    if numbers is not None:
        wanted = wanted.where(Contest.number.in_(numbers))
    return session.scalars(wanted.order_by(Contest.due, Contest.entry_index).limit(limit)).all()


def led_to(session: Session, number: str, version: int) -> Contest | None:
    """The objection whose re-check led to a correction; None when no public one did."""
    wanted = sa.select(Contest).where(Contest.number == number, Contest.version == version)
    return session.scalars(wanted.order_by(Contest.entry_index).limit(1)).first()


def entries(session: Session, number: str) -> Sequence[Entry]:
    """The ledger's lines about objections to a result, in order."""
    wanted = sa.select(Entry).where(Entry.number == number, Entry.type.in_(ENTRY_TYPES))
    return session.scalars(wanted.order_by(Entry.index)).all()


def is_open(contest: Contest) -> bool:
    """Whether the re-check's clock runs."""
    return contest.ended_index is None


def is_answered(contest: Contest) -> bool:
    """Whether the re-check came to an outcome; one that was withdrawn, not accepted or passed on leaves no trace."""
    return contest.outcome in OUTCOMES


def running(contest: Contest, calendar: WorkingCalendar) -> Running:
    """The clock of an open contest. Its last day is the one on record, whatever the calendar says today."""
    now, length = today(), between(contest.received_on, contest.due, calendar)
    left = between(now, contest.due, calendar)
    return Running(
        contest,
        length,
        passed=max(between(contest.received_on, now, calendar), 0),
        # overdue on a day off: no working day has passed yet, and overdue it is all the same
        left=min(left, -1) if contest.due < now else left,
    )
