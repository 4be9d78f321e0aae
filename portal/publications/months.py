"""What is live by the month in which it was first published: for the maps of the site."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.counted import counted as once
from portal.publications.models import Face


def live_months(session: Session) -> Sequence[tuple[int, int, int, datetime]]:
    """Year and month of first publication, how much of it is live, and when that last changed."""
    year, month = sa.extract("year", Face.published_on), sa.extract("month", Face.published_on)
    counted = sa.select(year, month, sa.func.count(), sa.func.max(Face.changed_at)).where(Face.live)
    query = counted.group_by(year, month).order_by(year, month)
    rows = once(session, ("months",), lambda: session.execute(query).all())
    return [(int(row[0]), int(row[1]), row[2], row[3]) for row in rows]


def live_of_month(
    session: Session, month: date, *, limit: int, offset: int
) -> Sequence[tuple[str, datetime]]:
    """Number and time of change of what was first published in a month and is live, by number.

    :param month: any day of it.
    """
    first = month.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    query = sa.select(Face.number, Face.changed_at).where(
        Face.live, Face.published_on >= first, Face.published_on < after
    )
    rows = session.execute(query.order_by(Face.number).limit(limit).offset(offset))
    return [(row[0], row[1]) for row in rows]
