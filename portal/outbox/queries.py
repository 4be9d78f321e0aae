"""Reading the outbox, for those who see to it that people are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.outbox.models import STATES, Message, State, in_state


def messages(
    session: Session, *, department: str | None, state: State | None, page: int, size: int
) -> tuple[Sequence[Message], int]:
    """A page of messages, newest first, and how many there are in all.

    :param department: None for every department's.
    """
    chosen = sa.select(Message).where(*_of(department))
    if state is not None:
        chosen = chosen.where(in_state(state))
    total = session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    newest = chosen.order_by(Message.id.desc()).limit(size).offset((page - 1) * size)
    return session.scalars(newest).all(), total


def counts(session: Session, *, department: str | None = None) -> Mapping[State, int]:
    """How many messages are in each state."""
    columns = [sa.func.count(sa.case((in_state(state), 1))) for state in STATES]
    row = session.execute(sa.select(*columns).where(*_of(department))).one()
    return dict(zip(STATES, row, strict=True))


def failed(session: Session) -> int:
    """How many messages nobody has got and that are not tried again."""
    return session.scalar(sa.select(sa.func.count(Message.id)).where(in_state("failed"))) or 0


def due_since(session: Session, before: datetime) -> int:
    """How many messages were due before a moment, and nobody has tried to deliver since."""
    free = sa.or_(Message.claimed_until.is_(None), Message.claimed_until < before)
    waits = sa.and_(in_state("waiting"), Message.not_before < before, free)
    return session.scalar(sa.select(sa.func.count(Message.id)).where(waits)) or 0


def _of(department: str | None) -> list[sa.ColumnElement[bool]]:
    return [] if department is None else [Message.department_code == department]
