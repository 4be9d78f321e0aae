"""Following the ledger: each number in a new entry is looked at as it is now, and put or dropped.

Nothing is ever lost by being killed: the position moves in the same commit as the documents, and doing a
chunk twice changes nothing. Every function reads at the public door and ends no transaction; a caller that
loops begins a new one for each chunk.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import is_copy
from portal.ledger.models import Entry
from portal.publications.models import Face, Release
from portal.search.documents import Document, document
from portal.search.engine import START, Damaged, Engine, NotReady, Position
from portal.search.folder import IndexFolder

log = logging.getLogger(__name__)

CHUNK = 300
REBUILD_CHUNK = 5_000  # few large commits make few segments
AT_ONCE = 300  # bodies read by one query


class Chunk(NamedTuple):
    """What some entries ask of an index."""

    documents: Sequence[Document]
    drop: Collection[str]
    position: Position
    erases: bool
    entries: int


def catch_up(session: Session, folder: IndexFolder, limit: int = CHUNK) -> int:
    """Follow at most ``limit`` entries and say how many; 0 means that the index is up to date.

    An index that is missing, damaged or of another ledger is thrown away and built anew by the calls that
    follow; readers meanwhile see it grow.

    :raises Followed: when another follower is at work.
    """
    with folder.following():
        engine = _sound(session, folder)
        try:
            return _follow(session, engine, limit)
        except Exception:
            folder.checked = ""  # whatever it was: the next call looks at the index again
            raise


def rebuild(
    session: Session,
    folder: IndexFolder,
    *,
    limit: int = REBUILD_CHUNK,
    progress: Callable[[int], None] = lambda position: None,
) -> int:
    """Build a new index beside the current one, then swap; the number of entries that it followed.

    Killed, it is gone on with where it stopped by the next rebuild. Readers keep the old one until the swap.
    Begins a new transaction for each chunk, so it must be given a session that nobody else uses.

    :raises Followed: when another follower is at work.
    """
    with folder.following():
        name, engine = folder.build()
        if not (_readable(engine) and _of_this_ledger(session, engine)):
            engine.close()
            folder.discard(name)
            name, engine = folder.build()
        followed = 0
        while done := _follow(session, engine, limit):
            followed += done
            progress(engine.position().entry)
            session.rollback()  # a reading session: the next chunk sees what was committed meanwhile
        engine.close()
        folder.swap(name)
        return followed


def _sound(session: Session, folder: IndexFolder) -> Engine:
    """The current engine if it can be gone on with, else a new one in its place."""
    if folder.current:
        engine = folder.engine()
        is_readable = folder.current == folder.checked or _readable(engine)
        if is_readable and _of_this_ledger(session, engine):
            folder.checked = folder.current
            return engine
        log.warning("the search index is damaged or of another ledger; it is built anew")
    name, _ = folder.build()
    folder.discard(name)
    (folder.root / name).mkdir(parents=True)
    folder.swap(name)
    return folder.engine()


def _readable(engine: Engine) -> bool:
    try:
        engine.check()
    except Damaged:
        return False
    return True


def _of_this_ledger(session: Session, engine: Engine) -> bool:
    """Whether the last entry that an index followed is the one that stands there in this ledger."""
    try:
        position = engine.position()
    except NotReady:
        return False
    if position == START:
        return True
    leaf_hash = session.scalar(sa.select(Entry.leaf_hash).where(Entry.index == position.entry))
    if leaf_hash is None:  # a copy may be behind the one that was read before; a ledger of its own is never
        return is_copy(session)
    return leaf_hash.hex() == position.leaf_hash


def _follow(session: Session, engine: Engine, limit: int) -> int:
    chunk = _chunk(session, engine.position(), limit)
    if chunk is None:
        return 0
    engine.put(chunk.documents, chunk.drop, chunk.position, purge=chunk.erases)
    return chunk.entries


def _chunk(session: Session, position: Position, limit: int) -> Chunk | None:
    entries = session.execute(
        sa.select(Entry.index.label("at"), Entry.number, Entry.type, Entry.leaf_hash)
        .where(Entry.index > position.entry)
        .order_by(Entry.index)
        .limit(limit)
    ).all()
    if not entries:
        return None
    numbers = {entry.number for entry in entries if entry.number}
    documents = list(_documents(session, sorted(numbers)))
    return Chunk(
        documents,
        numbers - {each.number for each in documents},
        Position(entries[-1].at, entries[-1].leaf_hash.hex()),
        any(entry.type == "erase" for entry in entries),
        len(entries),
    )


def _documents(session: Session, numbers: Sequence[str]) -> Iterator[Document]:
    """The documents of those numbers whose face is live now and whose body is there."""
    for start in range(0, len(numbers), AT_ONCE):
        query = (
            sa.select(Face, Release.body)
            .join(Release, Release.id == Face.release_id)
            .where(Face.number.in_(numbers[start : start + AT_ONCE]), Face.live, Release.body.is_not(None))
        )
        for face, body in session.execute(query):
            yield document(face, body or "")
