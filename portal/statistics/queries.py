"""Public reading of the figures: what the site shows with its 「截至」."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.statistics.models import Figure


def figures(session: Session, names: Collection[str] = ()) -> Sequence[Figure]:
    """The figures of the newest snapshot, all of them or some by name."""
    query = sa.select(Figure).order_by(Figure.name, Figure.year.desc(), Figure.department_code, Figure.detail)
    return session.scalars(query.where(Figure.name.in_(names)) if names else query).all()


def counted_at(session: Session) -> datetime | None:
    """When the figures were counted, all of them at once; None before the first count."""
    return session.scalar(sa.select(Figure.as_of).limit(1))


def total(found: Collection[Figure], name: str, **equal: str | int) -> int:
    """The sum of the figures of one name whose columns equal what is given."""
    return sum(
        each.value
        for each in found
        if each.name == name and all(getattr(each, column) == value for column, value in equal.items())
    )


def middle(found: Collection[Figure], clock: str, year: int, department: str = "") -> float | None:
    """The median of the working days that one clock took in a year; None when nothing ended.

    :param clock: disclosed, decided, delivered.
    """
    twice = (
        each.value
        for each in found
        if (each.name, each.detail, each.year, each.department_code) == ("median", clock, year, department)
    )
    return next((value / 2 for value in twice), None)
