"""Erasure (依法删除), its steps, and the places that it has to reach. Internal; what is public stands in the ledger."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person
from portal.publications.models import Publication

STATES = ("proposed", "refused", "agreed", "done")
STANDING = ("proposed", "agreed")  # one of these at a time on one publication


class ErasureStep(Base):
    """One state that one erasure held. ``done`` is of nobody: the worker reached the last place."""

    __tablename__ = "erasure_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    erasure_id: Mapped[int] = mapped_column(sa.ForeignKey("erasures.id"), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    by: Mapped[Person | None] = relationship(lazy="joined")


class ErasurePlace(Base):
    """One place that an erasure has to reach; ``count`` is what was erased there (kept, for case files)."""

    __tablename__ = "erasure_places"
    __table_args__ = (sa.UniqueConstraint("erasure_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    erasure_id: Mapped[int] = mapped_column(sa.ForeignKey("erasures.id"))
    name: Mapped[str] = mapped_column(sa.String(20))  # of places.py, in its order
    count: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]


class Erasure(Base):
    """依法删除: words that should never have been shown leave every place. It holds none of them itself.

    ``paths`` are those of the standing version, as ``items/0/problem``; none means the whole record.
    ``state`` and ``step_id`` move together, by compare-and-swap.
    """

    __tablename__ = "erasures"
    __table_args__ = (sa.Index("ix_erasures_queue", "state", "department_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publications.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(32))
    department_code: Mapped[str] = mapped_column(sa.String(32))
    paths: Mapped[list[Any]]
    ground: Mapped[str] = mapped_column(sa.String(40))
    basis: Mapped[str] = mapped_column(sa.String(200))
    reason: Mapped[str] = mapped_column(sa.Text)  # public
    entry_index: Mapped[int | None]  # the ledger's line
    state: Mapped[str] = mapped_column(sa.String(12))
    step_id: Mapped[int | None]
    publication: Mapped[Publication] = relationship()
    steps: Mapped[list[ErasureStep]] = relationship(order_by=ErasureStep.id)
    places: Mapped[list[ErasurePlace]] = relationship(order_by=ErasurePlace.id)

    @property
    def is_whole(self) -> bool:
        return not self.paths

    def step(self, state: str) -> ErasureStep | None:
        """The step into a state; None when it was never in it."""
        return next((each for each in self.steps if each.state == state), None)
