"""A job: what was asked for, by whom, how far it is. Internal; gone some days after its end."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.people.models import Person

MOST_TRIES = 3


class Job(Base):
    """One act on a whole batch, or one file to take in.

    What it has done is committed turn by turn, and what is left is asked of the records themselves: a job that was
    killed is begun again and does the rest.
    """

    __tablename__ = "jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))  # batch, import
    act: Mapped[str] = mapped_column(sa.String(12), default="")  # of a batch: see publications/bulk.py
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("batches.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("imports.id"))
    file: Mapped[str] = mapped_column(sa.String(40), default="")  # under var/incoming; empty once taken in
    told: Mapped[dict[str, Any]]  # how: note and newest step seen, or the options of an import
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    department_code: Mapped[str] = mapped_column(sa.String(32))
    at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    total: Mapped[int] = mapped_column(default=0)  # rows
    done: Mapped[int] = mapped_column(default=0)  # rows looked at, as far as was noted
    refused: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # that ended in an error of the site's own
    tell: Mapped[list[Any]]  # the first rows that were refused, each with why
    reasons: Mapped[list[Any]]  # why nothing was done, or no more
    stop_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who wants it stopped
    by: Mapped[Person] = relationship(lazy="joined", foreign_keys=by_id)
    stop_by: Mapped[Person | None] = relationship(lazy="joined", foreign_keys=stop_by_id)

    @property
    def is_given_up(self) -> bool:
        """It was tried as often as the worker tries, and each time ended in an error of the site's own."""
        return self.ended_at is not None and self.tries >= MOST_TRIES

    @property
    def is_stopped(self) -> bool:
        """It ended because somebody stopped it, with what it had done until then."""
        return self.ended_at is not None and self.stop_by_id is not None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None
