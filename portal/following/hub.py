"""WebSub: telling a hub which feeds changed, so that readers need not ask. By W3C's recommendation of 2018."""

from collections.abc import Iterator, Mapping, Sequence

import requests
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.following.models import FeedPing
from portal.ledger.models import Entry
from portal.publications import queries
from portal.publications.kinds import KINDS
from portal.publications.lasting import TAKEN_BACK

ONLY_ROW = 1
FORMS = ("atom", "rss", "json")
ENTRIES_AT_ONCE, TOPICS_AT_ONCE = 300, 100
TIME_OUT = 15.0  # seconds


def position(session: Session) -> int | None:
    """The last ledger line that the hub was told of; None before the first time."""
    row = session.get(FeedPing, ONLY_ROW)
    return None if row is None else row.position


def move(session: Session, to: int) -> None:
    """Note how far the hub was told."""
    session.merge(FeedPing(id=ONLY_ROW, position=to))


def last_line(session: Session) -> int:
    """The ledger's last line; −1 before the first."""
    return queries.ledger_size(session) - 1


def changed_feeds(session: Session, since: int) -> tuple[Sequence[str], int]:
    """The paths of the feeds that some lines after one changed, and the last of these lines.

    An entity's feed is known only while a record is live: of one that is off nobody can say whose it was.
    """
    query = sa.select(Entry.index.label("at"), Entry.number, Entry.type).where(Entry.index > since)
    rows = session.execute(query.order_by(Entry.index).limit(ENTRIES_AT_ONCE)).all()
    types: Mapping[str, str] = {row.number: row.type for row in rows if row.number}
    faces = queries.faces(session, [*types]).values()
    stems = {"/feeds/all"} if faces else set[str]()
    for face in faces:
        stems |= {f"/feeds/{KINDS[face.kind].plural}", f"/feeds/departments/{face.department_code}"}
        if face.entity_code:
            stems.add(f"/entities/{face.entity_code}")
    if any(row.type in TAKEN_BACK for row in rows):
        stems.add("/feeds/corrections")
    topics = [f"{stem}.{form}" for stem in sorted(stems) for form in FORMS]
    return topics, rows[-1].at if rows else since


def ping(hub: str, site: str, topics: Sequence[str]) -> None:
    """Tell the hub.

    :param site: the address under which the outside knows this site.
    :raises ConnectionError: when the hub does not take it; it is told again.
    """
    for some in _pieces(topics):
        form = [("hub.mode", "publish"), *(("hub.url", site.rstrip("/") + each) for each in some)]
        answer = requests.post(hub, data=form, timeout=TIME_OUT, allow_redirects=False)
        if not 200 <= answer.status_code < 300:
            raise ConnectionError(f"the hub answered {answer.status_code}")


def _pieces(topics: Sequence[str]) -> Iterator[Sequence[str]]:
    return (topics[at : at + TOPICS_AT_ONCE] for at in range(0, len(topics), TOPICS_AT_ONCE))
