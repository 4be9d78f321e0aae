"""Reading what is live, chunk by chunk, at the public door: nothing that is not released can be in an export."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.exports.resource import Resource, resources
from portal.publications.models import Face

CHUNK = 200  # publications in memory at a time

Doors = Callable[[], AbstractContextManager[Session]]


def read_live(session: Session, numbers: Sequence[str]) -> list[Resource]:
    """Those of some publications that are live now, in the given order."""
    return [each for each in resources(session, numbers) if each["state"] == "live"]


def in_chunks(doors: Doors, numbers: Sequence[str]) -> Iterator[list[Resource]]:
    """Those of some publications that are live when their turn comes, a few at a time.

    :param doors: a session of its own at the public door each time: none stays open while a slow reader reads.
    """
    for start in range(0, len(numbers), CHUNK):
        with doors() as session:
            found = read_live(session, numbers[start : start + CHUNK])
        yield found


def every(doors: Doors, kind: str) -> Iterator[list[Resource]]:
    """Everything live of a kind by number, a few at a time; each as it is when its turn comes."""
    last = ""
    while True:
        with doors() as session:
            wanted = sa.select(Face.number).where(Face.kind == kind, Face.live, Face.number > last)
            numbers = session.scalars(wanted.order_by(Face.number).limit(CHUNK)).all()
            found = read_live(session, numbers)
        if not numbers:
            return
        last = numbers[-1]
        yield found
