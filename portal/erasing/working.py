"""The worker's part: place after place, each in a transaction of its own and on record with its time.

Killed, it goes on with the next place that is not done.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.erasing import deciding
from portal.erasing.models import Erasure, ErasurePlace
from portal.erasing.places import DATABASE, EXPORTS, FILES, INDEX, PLACES, TABLES
from portal.erasing.sweeping import sweep_pages
from portal.erasing.taking import taking

Doors = Callable[[], AbstractContextManager[Session]]


class Outside(NamedTuple):
    """What the tables do not hold: up to which entry the index of every node follows; how the files of a publication go; how the
    bulk files go that were begun before an entry, −1 while some are being made.
    """

    index_at: Callable[[], int]
    erase_files: Callable[[Session, int], Sequence[str]]
    remove_exports: Callable[[int], int]


class Left(NamedTuple):
    """A place that an erasure has not reached yet."""

    erasure_id: int
    name: str
    entry_index: int


def left(session: Session) -> Sequence[Left]:
    """What is still to be done, the oldest erasure first, in the order of the places."""
    query = (
        sa.select(Erasure.id, ErasurePlace.name, Erasure.entry_index)
        .join(ErasurePlace, ErasurePlace.erasure_id == Erasure.id)
        .where(Erasure.state == "agreed", ErasurePlace.done_at.is_(None))
        .order_by(Erasure.id, ErasurePlace.id)
    )
    return [Left(erasure_id, name, entry or 0) for erasure_id, name, entry in session.execute(query)]


def awaited_of_indexes(session: Session) -> int:
    """The newest ledger line that erasures wait for indexes to follow; −1 when none waits."""
    return max((one.entry_index for one in left(session) if one.name == INDEX), default=-1)


def reach(doors: Doors, outside: Outside) -> int:
    """Go through all that is left, a transaction for each place; the number of places reached.

    :param doors: a write session of its own each time.
    """
    with doors() as session:
        waiting = left(session)
    done, failed = 0, dict[int, Exception]()
    for one in waiting:
        if one.erasure_id in failed:
            continue  # later places need the words that an earlier one still has to take away
        try:
            done += _reach(doors, one, outside)
        except Exception as error:  # noqa: BLE001 - one that fails must not keep the others waiting
            failed[one.erasure_id] = error
    if failed:
        raise ExceptionGroup("erasing", [*failed.values()])
    return done


def _reach(doors: Doors, one: Left, outside: Outside) -> int:
    """One place; 0 when it can not be reached now and is tried again in the next round."""
    with doors() as session:
        engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    if one.name == INDEX and outside.index_at() < one.entry_index:
        return 0
    if one.name == DATABASE and not sweep_pages(engine, TABLES):
        return 0
    removed = outside.remove_exports(one.entry_index) if one.name == EXPORTS else 0
    if removed < 0:
        return 0
    with doors() as session:
        _record(session, one, removed if one.name == EXPORTS else _clear(session, one, outside))
        session.commit()
    return 1


def _clear(session: Session, one: Left, outside: Outside) -> int:
    if one.name in (INDEX, DATABASE):
        return 1
    erasure = session.get_one(Erasure, one.erasure_id)
    if one.name == FILES:
        return len(outside.erase_files(session, erasure.publication_id)) if erasure.is_whole else 0
    found = taking(session, erasure.publication, erasure.paths)
    assert found is not None  # it was public
    return PLACES[one.name].clear(session, found)


def _record(session: Session, one: Left, count: int) -> None:
    """A place is done; after the last one so is the erasure."""
    erasure = session.get_one(Erasure, one.erasure_id)
    place = next(each for each in erasure.places if each.name == one.name)
    place.count, place.done_at = count, clock.now()
    session.flush()
    if all(each.done_at for each in erasure.places):
        deciding.finish(session, erasure)
