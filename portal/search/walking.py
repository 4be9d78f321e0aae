"""Walking through everything that a search finds, a stretch at a time, while the site goes on publishing.

A cursor is a place in the order, not a page number. In the order of publication, and without words in that of
inspection too, it is the last thing given: whatever was there all the time comes once, whatever is taken down
meanwhile does not come any more. Other orders of a text search hang on the index: there the cursor holds until
the index moves on, and says so.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.errors import Overtaken, Refused, refuse_if
from portal.publications import queries
from portal.publications.models import Face
from portal.search import asking, listing
from portal.search.engine import Days, Query
from portal.search.folder import IndexFolder
from portal.words import say

CURSOR = r"^(p|i\.(-|[0-9]{4}-[0-9]{2}-[0-9]{2}))\.[0-9]{4}-[0-9]{2}-[0-9]{2}\.[A-Z]{2}-[0-9]{4}-[0-9]{4,9}$|^r\.[0-9]{1,12}\.[0-9]{1,9}$"


class Stretch(NamedTuple):
    """Some of what was found, in order, how much there is in all, and where to go on; empty at the end."""

    numbers: Sequence[str]
    total: int
    cursor: str


class Place(NamedTuple):
    """The last thing given: its days and its number."""

    inspected: date | None
    published: date
    number: str


def walk(session: Session, folder: IndexFolder, query: Query, cursor: str, limit: int) -> Stretch:
    """The next stretch.

    :param cursor: where the last one ended; empty for the first.
    :raises Refused: at a condition that does not exist; ``Overtaken`` at a cursor that the index has left behind.
    """
    refuse_if(asking.why_not(session, query))
    query = replace(asking.folded(query), facets=(), page=1)
    if not query.text.strip():
        return _listed(session, query, cursor, limit)
    if query.sort == "published":
        return _by_days(session, folder, query, cursor, limit)
    position = folder.position()
    start = _offset(cursor, position) if cursor else 0
    found = asking.first(session, folder, query, start + limit + 1)
    numbers = found.numbers[start:]
    more = f"r.{position + 1}.{start + limit}" if len(numbers) > limit else ""
    return Stretch(numbers[:limit], found.total, more)


# ── by SQL ───────────────────────────────────────────────────


def _listed(session: Session, query: Query, cursor: str, limit: int) -> Stretch:
    order = "i" if query.sort == "inspected" else "p"
    beyond = _beyond(order, _place(cursor, order)) if cursor else None
    numbers = [hit.number for hit in listing.hits(session, replace(query, size=limit + 1), beyond)]
    total = listing.total(session, query)
    more = len(numbers) > limit
    return Stretch(numbers[:limit], total, _cursor(session, order, numbers[:limit]) if more else "")


def _beyond(order: str, place: Place) -> sa.ColumnElement[bool]:
    later = sa.or_(
        Face.published_on < place.published,
        sa.and_(Face.published_on == place.published, Face.number < place.number),
    )
    if order == "p":
        return later
    if place.inspected is None:
        return sa.and_(Face.happened_on.is_(None), later)
    same = sa.and_(Face.happened_on == place.inspected, later)
    return sa.or_(Face.happened_on < place.inspected, Face.happened_on.is_(None), same)


# ── in words ─────────────────────────────────────────────────


def _by_days(session: Session, folder: IndexFolder, query: Query, cursor: str, limit: int) -> Stretch:
    """Newest first. What is newer than the place is not looked for again, so a long walk costs the same at each step."""
    found = asking.first(session, folder, query, 1 if cursor else limit + 1)
    numbers = found.numbers
    if cursor:
        numbers = _beyond_place(session, folder, query, _place(cursor, "p"), limit + 1)
    more = _cursor(session, "p", numbers[:limit]) if len(numbers) > limit else ""
    return Stretch(numbers[:limit], found.total, more)


def _beyond_place(
    session: Session, folder: IndexFolder, query: Query, place: Place, most: int
) -> Sequence[str]:
    """What stands behind a place: the rest of its day, then the days before."""
    day, asked = place.published, query.published
    found: list[str] = []
    if (asked.first or day) <= day <= (asked.last or day):
        of_day = asking.numbers(session, folder, replace(query, published=Days(day, day)))
        at = of_day.index(place.number) + 1 if place.number in of_day else None
        found += of_day[at:] if at is not None else [each for each in of_day if each < place.number]
    if len(found) < most and (asked.first or date.min) < day:
        before = Days(asked.first, min(day - timedelta(days=1), asked.last or day))
        found += asking.first(session, folder, replace(query, published=before), most - len(found)).numbers
    return found[:most]


def _offset(cursor: str, position: int) -> int:
    order, _, rest = cursor.partition(".")
    if order != "r":
        raise _other_order()
    since, _, start = rest.partition(".")
    if int(since) != position + 1:
        raise Overtaken(
            say(
                "从上一页到现在又有新的公示，按这个次序不能接着读。"
                "请从头再读，或者改用 sort=published：那个次序不受影响。"
            )
        )
    return int(start)


# ── cursors ──────────────────────────────────────────────────


def _cursor(session: Session, order: str, numbers: Sequence[str]) -> str:
    face = queries.face(session, numbers[-1]) if numbers else None
    if face is None:
        return ""
    happened = f".{face.happened_on.isoformat() if face.happened_on else '-'}" if order == "i" else ""
    return f"{order}{happened}.{face.published_on.isoformat()}.{face.number}"


def _place(cursor: str, order: str) -> Place:
    parts = cursor.split(".")
    if not re.fullmatch(CURSOR, cursor) or parts[0] != order:
        raise _other_order()
    try:
        happened = date.fromisoformat(parts[1]) if order == "i" and parts[1] != "-" else None
        return Place(happened, date.fromisoformat(parts[-2]), parts[-1])
    except ValueError:
        raise _other_order() from None


def _other_order() -> Refused:
    return Refused(
        say("参数cursor不是这个次序的续读位置。请原样使用上一页next里的地址，或者去掉cursor从头读。")
    )
