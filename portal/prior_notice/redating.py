"""Days to answer worked out again when the calendar changed; how each was first told stays on record."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.deadlines.working_days import count
from portal.prior_notice import telling
from portal.prior_notice.models import Opinion
from portal.publications.dating import Terms
from portal.publications.models import Publication
from portal.publications.prior import PriorNotice

Stale = tuple[PriorNotice | Opinion, date, bool]


def stale(session: Session, terms: Terms) -> list[Stale]:
    """What runs and whose last day or certainty is no longer what the calendar gives, with what it gives."""
    found = [*_opinions(session, terms), *_notices(session, terms)]
    return [each for each in found if (each[0].due, each[0].provisional) != each[1:]]


def redate(session: Session, terms: Terms) -> int:
    """Count again what is stale; how many were. The caller commits."""
    moved = stale(session, terms)
    for row, due, provisional in moved:
        row.due, row.provisional = due, provisional
    session.flush()
    return len(moved)


def _opinions(session: Session, terms: Terms) -> Iterator[Stale]:
    for row in session.scalars(sa.select(Opinion).where(Opinion.decided_at.is_(None)).order_by(Opinion.id)):
        again = count(clock.shanghai_date(row.asked_at), row.days, terms.calendar)
        yield row, again.due, again.provisional


def _notices(session: Session, terms: Terms) -> Iterator[Stale]:
    """Those that may still be answered; of one that is over nothing moves."""
    query = (
        sa.select(PriorNotice)
        .join(Publication, Publication.id == PriorNotice.publication_id)
        .where(Publication.number.is_(None), PriorNotice.due >= clock.today())
        .order_by(PriorNotice.id)
    )
    for row in session.scalars(query):
        revision = telling.approved(session, row)
        if revision is not None and row.told_at is not None:
            due, provisional = telling.last_day(revision, terms, clock.shanghai_date(row.told_at))
            yield row, due, provisional
