"""What happened to what somebody follows since a line of the ledger. Read at the public door: released words alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.following.subject import Subject
from portal.ledger.models import Entry
from portal.publications import facing, queries
from portal.publications.models import Face
from portal.search import asking, listing
from portal.search.folder import IndexFolder

Change = Literal["new", "corrected", "adjusted", "restored", "held", "withdrawn", "expired", "erased"]
CHANGES: tuple[Change, ...] = (
    "new", "corrected", "withdrawn", "held", "restored", "erased", "adjusted", "expired",
)  # fmt: skip
AT_ONCE = 500  # numbers of one question


@dataclass(frozen=True)
class Event:
    """One record that changed, as it is now.

    :param reason: the public reason of the newest act; empty when there is none.
    """

    change: Change
    face: Face
    reason: str = ""


@dataclass(frozen=True)
class News:
    """What is to be told, and up to which line of the ledger that is everything.

    :param found: the numbers among it that are found now.
    """

    events: Sequence[Event]
    position: int
    found: Collection[str] = ()

    def of(self, change: Change) -> list[Event]:
        return [each for each in self.events if each.change == change]


def standing(session: Session, folder: IndexFolder, subject: Subject) -> tuple[int, Sequence[str]]:
    """Where the ledger stands, and what is found there, newest first; nothing where that can be told without."""
    position = _position(session, folder, subject)
    if subject.lasting is not None:
        return position, []
    numbers = list(asking.numbers(session, folder, subject.query))
    if subject.what == "entity":
        numbers += [face.number for face in queries.tasks_that_drew(session, _code(subject))]
    return position, numbers


def since(
    session: Session, folder: IndexFolder, subject: Subject, *, position: int, seen: Collection[str]
) -> News:
    """What happened after a line of the ledger.

    :param seen: numbers that were found before: of a record that is off nothing else tells what it was.
    :raises NotReady: when words are to be found and there is no index.
    """
    upto = _position(session, folder, subject)
    touched = _touched(session, position, upto)
    found = _found(session, folder, subject, touched)
    events = [
        event
        for some in _pieces(touched)
        for face in queries.faces(session, some).values()
        if (event := _event(subject, face, touched[face.number], found, set(seen))) is not None
    ]
    newest_first = sorted(events, key=lambda each: each.face.entry_index, reverse=True)
    return News(newest_first, max(position, upto), found)


def _position(session: Session, folder: IndexFolder, subject: Subject) -> int:
    """The last line that can be told of: words are found only as far as the index follows."""
    last = queries.ledger_size(session) - 1
    return min(last, folder.position()) if subject.query.text.strip() else last


def _touched(session: Session, position: int, upto: int) -> Mapping[str, Sequence[Entry]]:
    query = sa.select(Entry).where(
        Entry.index > position,
        Entry.index <= upto,
        Entry.type.in_(queries.ACT_TYPES),
        Entry.number.is_not(None),
    )
    acts: dict[str, list[Entry]] = defaultdict(list)
    for entry in session.scalars(query.order_by(Entry.index)):
        acts[str(entry.number)].append(entry)
    return acts


def _found(
    session: Session, folder: IndexFolder, subject: Subject, touched: Collection[str]
) -> Collection[str]:
    """Those of some numbers that are found now."""
    if not touched or subject.what == "acts":
        return set(touched)
    if subject.query.text.strip():
        return {*asking.numbers(session, folder, subject.query)} & {*touched}
    found = {number for some in _pieces(touched) for number in _by_conditions(session, subject, some)}
    if subject.what == "entity":
        found |= {face.number for face in queries.tasks_that_drew(session, _code(subject))} & {*touched}
    return found


def _by_conditions(session: Session, subject: Subject, numbers: Sequence[str]) -> Iterator[str]:
    query = replace(subject.query, page=1, size=len(numbers), facets=())
    return (hit.number for hit in listing.hits(session, query, Face.number.in_(numbers)))


def _event(
    subject: Subject, face: Face, acts: Sequence[Entry], found: Collection[str], seen: Collection[str]
) -> Event | None:
    """What to tell of one record; None when it is none of this subject's."""
    within = subject.lasting
    if not face.live:
        concerns = within.holds(face) if within is not None else face.number in seen
    else:
        concerns = face.number in found or face.number in seen
    change = _change(face, {each.type for each in acts}, is_known=face.number in seen)
    if (
        not concerns
        or change is None
        or (subject.what == "acts" and change in ("new", "adjusted", "expired"))
    ):
        return None
    return Event(change, face, facing.reason_of(acts[-1], face))


def _change(face: Face, types: Collection[str], *, is_known: bool) -> Change | None:
    if not face.live:
        return face.face  # type: ignore[return-value]  # held, withdrawn, expired or erased
    if "publish" in types and not is_known:
        return "new"
    for act, change in (("correct", "corrected"), ("restore", "restored"), ("adjust", "adjusted")):
        if act in types:
            return change  # type: ignore[return-value]
    return None


def _code(subject: Subject) -> str:
    return subject.query.filters.get("entity", "")


def _pieces(numbers: Iterable[str]) -> Iterator[list[str]]:
    every = list(numbers)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
