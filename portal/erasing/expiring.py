"""公示期满: after the profile's term a kind is taken down, by nobody. The words stay inside, for good (T1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.profiles import Expiry, Profile
from portal.ledger import book
from portal.objections.models import Objection
from portal.objections.queries import is_open
from portal.publications import publishing
from portal.publications.models import Face, Publication

ENDS = ("live", "held")  # what is withdrawn is off already, and says why


class Ending(NamedTuple):
    """A record whose last day is over."""

    number: str
    kind: str


def last_day(published_on: date, years: int) -> date:
    """The last day on which a record is public: the same day of the year, or the end of its month (29 February).

    The day of publication is not counted.

    >>> last_day(date(2024, 2, 29), 3), last_day(date(2024, 2, 29), 4)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    """
    try:
        return published_on.replace(year=published_on.year + years)
    except ValueError:
        return date(published_on.year + years, 2, 28)


def published_at_latest(today: date, years: int) -> date:
    """The newest day of publication whose last day is over today.

    >>> published_at_latest(date(2027, 3, 1), 3), published_at_latest(date(2027, 2, 28), 3)
    (datetime.date(2024, 2, 29), datetime.date(2024, 2, 27))
    """
    day = last_day(today, -years)
    while last_day(day, years) >= today:
        day -= timedelta(days=1)
    return day


def ending(session: Session, profile: Profile, today: date) -> Sequence[Ending]:
    """What is over, the oldest first. While an objection is re-checked its result stays (O3)."""
    over = [
        sa.and_(Face.kind == kind, Face.published_on <= published_at_latest(today, expiry.years))
        for kind, expiry in profile.expiry.items()
    ]
    contested = sa.exists().where(Objection.result_number == Face.number, is_open())
    query = sa.select(Face.number, Face.kind).where(
        sa.or_(sa.false(), *over), Face.face.in_(ENDS), ~contested
    )
    return [Ending(*row) for row in session.execute(query.order_by(Face.published_on, Face.number))]


def expire(session: Session, endings: Sequence[Ending], profile: Profile, today: date) -> int:
    """Take records down whose term is over: entry, marked gap, body kept inside. Of nobody.

    :param endings: as :func:`ending` found them a moment ago; each is looked at again.
    """
    book.lock(session)  # first: an objection is received under it too
    still = {*ending(session, profile, today)}
    count = 0
    for one in endings:
        if one in still:
            face = session.get_one(Face, one.number, populate_existing=True)
            _take_down(session, face, profile.expiry[one.kind])
            count += 1
    return count


def _take_down(session: Session, face: Face, expiry: Expiry) -> None:
    publication = session.scalars(sa.select(Publication).where(Publication.number == face.number)).one()
    over = last_day(face.published_on, expiry.years)
    extra = {"published": face.published_on.isoformat(), "years": expiry.years, "until": over.isoformat()}
    publishing.take_down(session, publication, "expire", words(expiry, over), extra)


def words(expiry: Expiry, over: date) -> str:
    """The public words that stay, in the language of the record."""
    day = f"{over.year}年{over.month}月{over.day}日"
    return f"公示期{expiry.years}年（{expiry.basis}），到{day}届满。"
