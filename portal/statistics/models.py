"""Dated public figures: what comes from unpublished rows or from time alone is counted here, never live."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Figure(Base):
    """One count as of one moment; the worker replaces a whole snapshot at once.

    Public, and so without the departments of clocks that the profile keeps inside; see ``snapshot.py``.
    """

    __tablename__ = "figures"
    __table_args__ = (sa.UniqueConstraint("name", "department_code", "kind", "year", "detail", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), index=True)
    department_code: Mapped[str] = mapped_column(sa.String(32), default="")
    kind: Mapped[str] = mapped_column(sa.String(10), default="")
    year: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(sa.String(40), default="")  # a ground, an outcome, on_time or late
    month: Mapped[int] = mapped_column(default=0)  # of the year, where it is counted by month
    value: Mapped[int]  # a count; of a median, twice the working days, so that halves stay whole
    as_of: Mapped[datetime]
