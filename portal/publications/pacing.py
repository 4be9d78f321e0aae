"""A batch act turn by turn: read and make beside everybody, then write and commit, no longer than others can wait."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.codes.profiles import Profile
from portal.db import reading
from portal.errors import Overtaken
from portal.one_writer import ASK_AGAIN
from portal.people.models import Person
from portal.publications import together
from portal.publications.models import Revision
from portal.publications.together import Looked, Ready

CHUNK = 300  # the most rows of a turn
FIRST, FEWEST = 100, 100  # a commit costs the same for one row as for a hundred
WRITING = 0.08  # seconds that a turn may keep whoever files waiting
GIVE_WAY = 5 * ASK_AGAIN  # so that whoever waits comes back while nobody writes


LOOK: dict[str, Callable[[Session, Sequence[Revision], Person], Looked]] = {
    "submit": together.look_to_submit,
    "approve": together.look_to_approve,
    "publish": together.look_to_publish,
}


@dataclass(frozen=True)
class Doing:
    """What is done to every row, by whom."""

    act: str
    by_id: int
    note: str
    rules: Profile | None
    seen: int | None


@dataclass
class Pace:
    """How many rows a turn takes, so that whoever files meanwhile waits no longer than :data:`WRITING`."""

    rows: int = field(default_factory=lambda: FIRST)
    began: float = 0.0

    def turns(self, ids: Sequence[int]) -> Iterator[Sequence[int]]:
        """The ids, so many at a time as the turn before suggests."""
        at = 0
        while at < len(ids):
            taken = ids[at : at + self.rows]
            at += len(taken)
            yield taken

    def begin(self) -> None:
        self.began = time.monotonic()

    def end(self, rows: int) -> None:
        """A turn of so many rows is committed."""
        fitting = int(rows * WRITING / max(time.monotonic() - self.began, 0.001))
        self.rows = max(FEWEST, min(CHUNK, fitting, 2 * self.rows))


def turn(session: Session, ids: Sequence[int], doing: Doing, pace: Pace) -> Looked:
    """One turn, committed: what went along is ``ready``; what must go one by one, ``alone``."""
    began = time.monotonic()
    with reading(session):
        by = session.get_one(Person, doing.by_id)
        plain = [each for each in _rows(session, ids) if together.is_plain(each, doing.seen)]
        looked = LOOK[doing.act](session, plain, by)
    among = {each.id for each in plain}
    looked.alone += [each for each in ids if each not in among]
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(max(0.0, GIVE_WAY - (time.monotonic() - began)))
    if looked.ready:
        pace.begin()
        if not _write(session, looked.ready, doing):
            looked.alone += [each.revision.id for each in looked.ready]
            looked.ready = []
        pace.end(len(looked.ready))
    return looked


def _rows(session: Session, ids: Sequence[int]) -> list[Revision]:
    """In the given order."""
    found = {each.id: each for each in session.scalars(sa.select(Revision).where(Revision.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def _write(session: Session, ready: Sequence[Ready], doing: Doing) -> bool:
    """Whether all of them went along; none when somebody moved one meanwhile."""
    try:
        if doing.act == "submit":
            together.submit(session, ready, doing.by_id, doing.note)
        elif doing.act == "approve":
            together.approve(session, ready, doing.by_id, doing.note, doing.rules)
        else:
            together.publish(session, ready, doing.by_id)
        session.commit()
    except (Overtaken, IntegrityError):
        session.rollback()
        return False
    finally:
        session.expunge_all()
    return True
