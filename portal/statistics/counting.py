"""Counting what is public now, for charts: from the counts that are kept, whatever the site holds.

Counted live and not out of the dated figures, so that a number and the search behind it never differ.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.counted import counted
from portal.publications.models import Face, Tally
from portal.publications.totals import Counts, how_many, live
from portal.statistics.charting import Where
from portal.words import Label

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to: a year of publication, and a department where one is asked for."""

    year: int
    department: str = ""

    @property
    def where(self) -> dict[str, str]:
        """The same as conditions of a search for results."""
        narrowed = {"kind": "result", "year": str(self.year), "department": self.department}
        return {name: value for name, value in narrowed.items() if value}


@dataclass(frozen=True)
class Counted:
    """So many live results of one month, department and combination of outcomes."""

    month: int
    department: str
    outcomes: tuple[str, ...]
    count: int


def results(session: Session, asked: Asked) -> Sequence[Counted]:
    """The live results of a year."""
    columns = (Tally.month, Tally.department_code, Tally.outcomes)
    in_months = Tally.month.in_(range(1, 13))  # each of them: found by the beginning of the key
    query = sa.select(*columns, Tally.records).where(in_months, *_narrowed(Tally, asked, "result"))
    return [
        Counted(month, department, tuple(filter(None, outcomes.split("|"))), count)
        for month, department, outcomes, count in session.execute(query.order_by(*columns))
    ]


def items(session: Session, asked: Asked) -> Counter[str]:
    """Live results of a year by each item that they are about."""
    query = sa.select(Face.items, sa.func.count()).where(Face.live, *_narrowed(Face, asked, "result"))
    query = query.group_by(Face.items)
    counts: Counter[str] = Counter()
    for names, count in counted(session, ("items", asked), lambda: session.execute(query).all()):
        counts.update(dict.fromkeys(filter(None, names.split("\n")), count))
    return counts


def regions(session: Session, asked: Asked) -> Counter[str]:
    """Live results of a year by the region of the inspected object; those without one under no name."""
    query = sa.select(Tally.region, how_many(Tally)).where(live(Tally), *_narrowed(Tally, asked, "result"))
    return Counter(dict(session.execute(query.group_by(Tally.region)).all()))


def tasks(session: Session, asked: Asked) -> Sequence[tuple[int, bool, int]]:
    """Live announcements of a year by month, and whether they stand outside any plan (D8)."""
    month = sa.extract("month", Face.published_on).label("month")
    query = (
        sa.select(month, Face.ad_hoc, sa.func.count())
        .where(Face.live, *_narrowed(Face, asked, "task"))
        .group_by(sa.text("month"), Face.ad_hoc)
        .order_by(sa.text("month"), Face.ad_hoc)
    )
    rows = counted(session, ("tasks by month", asked), lambda: session.execute(query).all())
    return [(int(when), bool(ad_hoc), count) for when, ad_hoc, count in rows]


def by_year(session: Session, department: str = "") -> Counter[tuple[str, str, int]]:
    """Everything live by department, kind and year."""
    columns = (Tally.department_code, Tally.kind, Tally.year)
    query = sa.select(*columns, how_many(Tally)).where(live(Tally)).group_by(*columns)
    if department:
        query = query.where(Tally.department_code == department)
    rows = counted(session, ("by year", department), lambda: session.execute(query).all())
    return Counter({(code, kind, year): count for code, kind, year, count in rows})


def month_label(month: int) -> Label:
    """A month by its name, 1 to 12."""
    return Label(f"{month}月", MONTHS[month - 1])


def month_of(year: int, month: int) -> Where:
    """The conditions that find what was published in a month.

    >>> month_of(2026, 12)
    {'published_from': '2026-12-01', 'published_to': '2026-12-31'}
    """
    first = date(year, month, 1)
    last = date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
    return {"published_from": first.isoformat(), "published_to": last.isoformat()}


def _narrowed(of: Counts, asked: Asked, kind: str) -> list[sa.ColumnElement[bool]]:
    narrowed = [of.kind == kind, of.year == asked.year]
    return [*narrowed, of.department_code == asked.department] if asked.department else narrowed
