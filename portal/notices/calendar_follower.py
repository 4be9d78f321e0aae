"""Open cases follow the calendar: when to look, and counting again in chunks until nothing is left.

What a day should be depends on the notices that were loaded and on the base that came with the program. So a
process looks when it has never looked (the base may be a new one), when there is a newer notice than at its
last look, and every hour: an act that read the old calendar just before a notice was loaded may have been
committed just after everything else was counted again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from time import sleep

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.profiles import Profile
from portal.concerns import handling as concerns
from portal.concerns.models import Concern, ConcernStep, ConcernTerm
from portal.deadlines.calendar import load_calendar
from portal.deadlines.models import CalendarNotice
from portal.objections import redating
from portal.objections.models import ObjectionTerm, running
from portal.prior_notice import redating as answers
from portal.publications.dating import Terms

Sessions = Callable[[], AbstractContextManager[Session]]

CHUNK = 20  # cases per transaction, some 20 ms each: on SQLite a filing waits for it
BREATH = 0.05  # seconds between two transactions: SQLite's waiters look only now and then whether it is free


@dataclass(frozen=True)
class OpenCases:
    """How many cases have a clock that runs, and how many of them were counted again since a moment."""

    objections: int
    concerns: int
    redated_objections: int
    redated_concerns: int

    @property
    def redated(self) -> int:
        return self.redated_objections + self.redated_concerns

    @property
    def unchanged(self) -> int:
        return self.objections + self.concerns - self.redated


def newest_notice_id(session: Session) -> int:
    """Which notice was loaded last; 0 when none was."""
    return session.scalar(sa.select(sa.func.max(CalendarNotice.id))) or 0


def is_behind(session: Session, profile: Profile) -> bool:
    """Whether any running clock shows another day than the calendar gives."""
    terms = Terms(profile, load_calendar(session))
    running_terms = (redating.stale, concerns.stale, answers.stale)
    return any(each(session, terms) for each in running_terms)


def follow(
    sessions: Sessions, profile: Profile, progress: Callable[[int], None] = lambda redated: None
) -> int:
    """Count everything again that is behind, a chunk per transaction; how many clocks moved.

    Each chunk reads the calendar anew, and stands when the next one fails.

    :param sessions: opens a session that writes, for one transaction at a time.
    :param progress: told the number so far after each commit.
    """
    total = 0
    while True:
        with sessions() as session:
            terms = Terms(profile, load_calendar(session))
            behind = len(concerns.stale(session, terms))
            moved = redating.redate(session, terms, most=CHUNK)
            concerns.redate(session, terms, most=CHUNK)
            moved += behind - len(concerns.stale(session, terms))
            moved += answers.redate(session, terms)
            session.commit()
        total += moved
        if not moved:
            return total
        progress(total)
        sleep(BREATH)


def open_cases(session: Session, since: datetime) -> OpenCases:
    """The cases with a running clock, and those of them whose clock was counted again since a moment."""
    case = ObjectionTerm.objection_id
    again = sa.case((sa.and_(ObjectionTerm.cause == "calendar", ObjectionTerm.counted_at >= since), case))
    objections, redated = session.execute(
        sa.select(sa.func.count(case.distinct()), sa.func.count(again.distinct())).where(running())
    ).one()
    runs = (
        sa.select(Concern.id)
        .join(ConcernTerm, ConcernTerm.id == Concern.term_id)
        .where(ConcernTerm.ended_on.is_(None))
    )
    moved = sa.select(ConcernStep.concern_id).where(
        ConcernStep.by_id.is_(None), ConcernStep.at >= since, ConcernStep.concern_id.in_(runs)
    )
    return OpenCases(objections, _count(session, runs), redated, _count(session, moved.distinct()))


def _count(session: Session, query: sa.Select[int]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
