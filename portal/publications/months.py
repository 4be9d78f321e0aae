"""What is live by the month in which it was first published: for the maps of the site."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.counted import counted
from portal.publications.models import Face, Tally
from portal.publications.tallying import WHOLE_YEAR

Month = tuple[int, int]


def live_months(session: Session) -> Sequence[tuple[int, int, int, datetime]]:
    """Year and month of first publication, how much of it is live, and when that last changed."""
    in_month = (Tally.year, Tally.month)
    query = sa.select(*in_month, sa.func.sum(Tally.records)).where(Tally.month != WHOLE_YEAR)

    def look() -> Sequence[tuple[int, int, int, datetime]]:
        counts = session.execute(query.group_by(*in_month).order_by(*in_month)).all()
        changed = _last_changes(session, [(year, month) for year, month, _count in counts])
        return [(*row, changed[row[:2]]) for row in counts if row[:2] in changed]

    return counted(session, ("months",), look)


def _last_changes(session: Session, months: Sequence[Month]) -> dict[Month, datetime]:
    """When something that was first published in a month last changed: for each day the end of an index."""
    if not months:
        return {}
    days = [date(*month, day) for month in months for day in range(1, monthrange(*month)[1] + 1)]
    given = sa.values(sa.column("day", sa.Date()), name="days").data([(day,) for day in days]).cte()
    newest = sa.select(sa.func.max(Face.changed_at)).where(Face.live, Face.published_on == given.c.day)
    found: dict[Month, datetime] = {}
    for day, changed in session.execute(sa.select(given.c.day, newest.scalar_subquery())):
        if changed:
            month = (day.year, day.month)
            found[month] = max(changed, found.get(month, changed))
    return found


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
