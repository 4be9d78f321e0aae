"""How many are public, and what there is to choose among them: summed from few rows, however many records there are.

Remembered for each head besides, see counted.py. Only tables of ``PUBLIC_TABLES``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.counted import counted
from portal.publications.models import Face, Tally
from portal.publications.queries import Filters, narrowed
from portal.publications.tallying import WHOLE_YEAR

Counts = type[Face] | type[Tally]  # what can be counted: one by one, or as kept


@dataclass(frozen=True)
class Section:
    """One of the four sections: how many are public, and when the newest came."""

    count: int
    newest: date | None


def live(counts: Counts) -> sa.ColumnElement[bool]:
    """The condition under which what is public is counted once."""
    return Tally.month == WHOLE_YEAR if counts is Tally else Face.live.is_(True)


def how_many(counts: Counts) -> sa.ColumnElement[int]:
    """The number of records behind some rows."""
    return sa.func.coalesce(sa.func.sum(Tally.records), 0) if counts is Tally else sa.func.count()


def has_outcome(counts: Counts, code: str) -> sa.ColumnElement[bool]:
    """The condition that an outcome is among those of a record."""
    return counts.outcomes.contains(f"|{code}|", autoescape=True)


def sections(session: Session) -> dict[str, Section]:
    """Count and newest day of each kind."""
    query = sa.select(Tally.kind, how_many(Tally)).where(live(Tally)).group_by(Tally.kind)

    def look() -> dict[str, Section]:
        rows = session.execute(query).all()
        return {kind: Section(count, _newest(session, kind)) for kind, count in rows}

    return counted(session, ("sections",), look)


def _newest(session: Session, kind: str) -> date | None:
    """The end of an index."""
    return session.scalar(sa.select(sa.func.max(Face.published_on)).where(Face.kind == kind, Face.live))


def count(session: Session, kind: str, filters: Filters) -> int:
    """How many a browse page would show in all."""
    if filters.task or filters.plan or filters.item:
        query = sa.select(how_many(Face)).where(*narrowed(kind, filters))
    else:
        query = sa.select(how_many(Tally)).where(*_in_tallies(kind, filters))
    return counted(session, ("count", kind, filters), lambda: session.scalar(query) or 0)


def _in_tallies(kind: str, filters: Filters) -> list[sa.ColumnElement[bool]]:
    asked: list[tuple[Any, Any]] = [
        (Tally.department_code, filters.department),
        (Tally.year, filters.year),
        (Tally.region, filters.region),
    ]
    conditions = [live(Tally), Tally.kind == kind, *(column == value for column, value in asked if value)]
    return [*conditions, has_outcome(Tally, filters.outcome)] if filters.outcome else conditions


def choices(session: Session, kind: str) -> tuple[set[str], set[int], set[str]]:
    """Departments, years and regions that occur among what is live of a kind."""
    query = sa.select(Tally.department_code, Tally.year, Tally.region).where(live(Tally), Tally.kind == kind)
    rows = counted(session, ("choices", kind), lambda: session.execute(query.distinct()).all())
    return {row[0] for row in rows}, {row[1] for row in rows if row[1]}, {row[2] for row in rows if row[2]}
