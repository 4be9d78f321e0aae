"""Counting: one dated snapshot of every public figure, made daily and on demand by the worker."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.deadlines.calendar import load_calendar
from portal.ledger import book
from portal.ledger.models import Entry
from portal.publications.dating import Terms
from portal.publications.models import Face, Publication
from portal.publications.scope import RESCOPE
from portal.statistics import clocks
from portal.statistics.charting import pooled
from portal.statistics.models import Figure
from portal.statistics.unseen import of_announced_tasks

KINDS = {"disclosed": "result"}  # the kind of publication that a clock is about
BY_MONTH = ("disclosed",)  # clocks whose events are counted month by month
FEWEST = 5  # records that are withheld in full on one ground and told with it
Key = tuple[str, str, str, int, str]  # name, department, kind, year, detail
Dated = tuple[str, str, str, int, str, int]  # the same and a month


def take(session: Session, profile: Profile) -> int:
    """Replace the figures by today's; returns how many there are.

    :param profile: says on which channel the clock of D11 stops, and what it runs from.
    """
    counts: Counter[Dated] = Counter()
    for counted in (
        _live(session),
        _acts(session),
        _withheld(session),
        _fates(session, profile),
        of_announced_tasks(session, Terms(profile, load_calendar(session))),
    ):
        for key, value in counted:
            counts[(*key, 0)] += value
    for dated, value in _clocks(session, profile):
        counts[dated] += value
    book.lock(session)  # counted before; of two counts at once the later one replaces the earlier, row by row
    session.execute(sa.delete(Figure))
    as_of = clock.now()
    session.add_all(
        Figure(
            name=name,
            department_code=department,
            kind=kind,
            year=year,
            detail=detail,
            month=month,
            value=value,
            as_of=as_of,
        )
        for (name, department, kind, year, detail, month), value in counts.items()
    )
    session.flush()
    return len(counts)


def is_missing(session: Session) -> bool:
    """Whether no figures were ever taken."""
    return session.scalar(sa.select(Figure.id).limit(1)) is None


def is_stale(session: Session) -> bool:
    """Whether the figures are of another day than today, or there are none."""
    newest = session.scalar(sa.select(sa.func.max(Figure.as_of)))
    return newest is None or clock.shanghai_date(newest) != clock.today()


def _live(session: Session) -> Iterator[tuple[Key, int]]:
    """What was public that day: pages count it live, this dates the snapshot of an office without a clock."""
    rows = session.execute(
        sa.select(Face.department_code, Face.kind, Face.year, sa.func.count())
        .where(Face.live)
        .group_by(Face.department_code, Face.kind, Face.year)
    )
    return ((("live", department, kind, year, ""), count) for department, kind, year, count in rows)


def _acts(session: Session) -> Iterator[tuple[Key, int]]:
    rows = session.execute(
        sa.select(Entry.type, Entry.department_code, Entry.basis, Entry.at).where(
            Entry.type.in_(("correct", "withdraw", "adjust", "expire", "erase"))
        )
    )
    for type_, department, basis, at in rows:
        name = RESCOPE if (type_, basis) == ("adjust", "W1") else type_
        yield (name, department, "", clock.shanghai_date(at).year, ""), 1


def _withheld(session: Session) -> Iterator[tuple[Key, int]]:
    """Whole records withheld: absent from every list, but counted per department, kind and ground (W1).

    Fewer than :data:`FEWEST` on one ground are counted without it: they would point at somebody.
    """
    grounds: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        sa.select(Publication.department_code, Publication.kind, Publication.withheld_ground, sa.func.count())
        .where(Publication.withheld_ground.is_not(None))
        .group_by(Publication.department_code, Publication.kind, Publication.withheld_ground)
    )
    for department, kind, ground, count in rows:
        grounds[department, kind][ground or ""] = count
    for (department, kind), counts in grounds.items():
        for ground, count in pooled(counts, FEWEST).items():
            yield ("withheld", department, kind, 0, ground), count


def _fates(session: Session, profile: Profile) -> Iterator[tuple[Key, int]]:
    """What became of the objections received in a year; those that are not decided are ``open``."""
    for fate in clocks.fates(session):
        place = fate.department_code if profile.department_clocks_public else ""
        yield ("fate", place, "", fate.received_on.year, fate.outcome or "open"), 1


def _clocks(session: Session, profile: Profile) -> Iterator[tuple[Dated, int]]:
    """What the clocks say, by year; what runs today has the year 0.

    Totals stand under no department. The rows per department are public only where the profile says so (T2):
    else they are nowhere that the public can read.
    """
    days: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for event in clocks.events(session, profile, load_calendar(session)):
        place = event.department_code if profile.department_clocks_public else ""
        year = event.on.year if event.on else 0
        month = event.on.month if event.on and event.name in BY_MONTH else 0
        yield (event.name, place, KINDS.get(event.name, ""), year, event.detail, month), 1
        if event.days is not None:
            for where in {"", place}:
                days[event.name, where, year].append(event.days)
    for (name, place, year), taken in days.items():
        yield ("median", place, KINDS.get(name, ""), year, name, 0), round(2 * median(taken))
