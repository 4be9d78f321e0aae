"""Who looked at a batch when: so that a second look shows what changed since the first. Internal."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal import clock
from portal.db import Base
from portal.people.models import Person
from portal.publications.models import Batch, Revision, Step


class BatchLook(Base):
    """How far one person had seen one batch: the newest step that stood on the page."""

    __tablename__ = "batch_looks"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("batches.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    step_id: Mapped[int]
    at: Mapped[datetime]


@dataclass(frozen=True)
class LastLook:
    """Up to which step a person knows a batch, and since when."""

    step_id: int
    at: datetime


def newest_step(session: Session, batch: Batch) -> int:
    """The newest step of any row of a batch; 0 while it has none."""
    wanted = sa.select(sa.func.max(Revision.step_id)).where(Revision.batch_id == batch.id)
    return session.scalar(wanted) or 0


def last_look(session: Session, batch: Batch, person: Person) -> LastLook | None:
    """What the person noted; else the newest step that the person took in the batch; None: never been here."""
    noted = session.get(BatchLook, (batch.id, person.id))
    if noted is not None:
        return LastLook(noted.step_id, noted.at)
    took = (
        sa.select(Step.id, Step.at)
        .join(Revision, Revision.id == Step.revision_id)
        .where(Revision.batch_id == batch.id, Step.by_id == person.id)
        .order_by(Step.id.desc())
        .limit(1)
    )
    own = session.execute(took).first()
    return LastLook(own.id, own.at) if own is not None else None


def note(session: Session, batch: Batch, *, by: Person, seen: int) -> None:
    """The person has seen the batch up to a step; an older page that is sent later takes nothing back.

    :param seen: the newest step that stood on the page.
    """
    session.execute(sa.select(Batch.id).where(Batch.id == batch.id).with_for_update())  # two windows at once
    known = min(seen, newest_step(session, batch))
    found = session.get(BatchLook, (batch.id, by.id), populate_existing=True)
    if found is None:
        session.add(BatchLook(batch_id=batch.id, person_id=by.id, step_id=known, at=clock.now()))
    elif known > found.step_id:
        found.step_id, found.at = known, clock.now()
    session.flush()
