"""Counting: one dated snapshot of every public figure, made daily and on demand by the worker."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.deadlines.calendar import load_calendar
from portal.deadlines.terms import disclosure
from portal.ledger.models import Entry
from portal.publications.facing import read
from portal.publications.models import Face, Publication, Release
from portal.statistics.models import Figure

Key = tuple[str, str, str, int, str]  # name, department, kind, year, detail


def take(session: Session, profile: Profile) -> int:
    """Replace the figures by today's; returns how many there are.

    :param profile: says on which channel the clock of D11 stops, and what it runs from.
    """
    counts: Counter[Key] = Counter()
    for counted in (
        _live(session),
        _outcomes(session),
        _acts(session),
        _withheld(session),
        _on_time(session, profile),
    ):
        for key, value in counted:
            counts[key] += value
    session.execute(sa.delete(Figure))
    as_of = clock.now()
    session.add_all(
        Figure(
            name=name,
            department_code=department,
            kind=kind,
            year=year,
            detail=detail,
            value=value,
            as_of=as_of,
        )
        for (name, department, kind, year, detail), value in counts.items()
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
    rows = session.execute(
        sa.select(Face.department_code, Face.kind, Face.year, sa.func.count())
        .where(Face.live)
        .group_by(Face.department_code, Face.kind, Face.year)
    )
    return ((("live", department, kind, year, ""), count) for department, kind, year, count in rows)


def _outcomes(session: Session) -> Iterator[tuple[Key, int]]:
    rows = session.execute(
        sa.select(Face.department_code, Face.year, Face.outcomes, sa.func.count())
        .where(Face.live, Face.kind == "result")
        .group_by(Face.department_code, Face.year, Face.outcomes)
    )
    for department, year, outcomes, count in rows:
        for outcome in filter(None, outcomes.split("|")):
            yield ("outcome", department, "result", year, outcome), count


def _acts(session: Session) -> Iterator[tuple[Key, int]]:
    rows = session.execute(
        sa.select(Entry.type, Entry.department_code, Entry.number, Entry.at).where(
            Entry.type.in_(("correct", "withdraw", "adjust"))
        )
    )
    for type_, department, _, at in rows:
        yield (type_, department, "", clock.shanghai_date(at).year, ""), 1


def _withheld(session: Session) -> Iterator[tuple[Key, int]]:
    """Whole records withheld: absent from every list, but counted per department, kind and ground (W1)."""
    rows = session.execute(
        sa.select(Publication.department_code, Publication.kind, Publication.withheld_ground, sa.func.count())
        .where(Publication.withheld_ground.is_not(None))
        .group_by(Publication.department_code, Publication.kind, Publication.withheld_ground)
    )
    return (
        (("withheld", department, kind, 0, ground or ""), count) for department, kind, ground, count in rows
    )


def _on_time(session: Session, profile: Profile) -> Iterator[tuple[Key, int]]:
    """Results disclosed within the term of D11, and late ones, by the year of disclosure.

    ``term`` sums the working days that it took, over the results of which they can be told.
    """
    calendar = load_calendar(session)
    rows = session.execute(
        sa.select(Face.department_code, Face.published_on, Release.body)
        .join(Release, Release.id == Face.release_id)
        .where(Face.live, Face.kind == "result")
        .execution_options(yield_per=500)
    )
    for department, published_on, body in rows:
        kept = disclosure(read(body)["fields"], published_on, profile, calendar) if body else None
        if kept is None:
            continue
        place = (department, "result", kept.on.year)
        yield ("disclosed", *place, "on_time" if kept.in_time else "late"), 1
        if kept.days:
            yield ("term", *place, "results"), 1
            yield ("term", *place, "working_days"), kept.nth
