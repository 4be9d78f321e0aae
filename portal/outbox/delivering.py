"""Delivering what is due: claim and commit, send outside any transaction, record and commit.

At least once: who is killed between sending and recording leaves a message that is sent again when the claim
has run out, under the same Message-ID. Claims keep two workers from the same message, also when a turn
(``portal/turns.py``) was lost with its connection.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.outbox.carriers import Carrier, Undeliverable
from portal.outbox.models import Message, in_state

log = logging.getLogger(__name__)

Sessions = Callable[[], AbstractContextManager[Session]]

AT_ONCE = 20  # messages of one claim
LEASE = timedelta(minutes=15)
TIME_TO_SEND = timedelta(minutes=2)  # for one message, all its time-outs together
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)  # nearly three days: a mail server that is down over a weekend costs nobody a message
MOST_TRIES = len(PAUSES) + 1
LONGEST_ERROR = 500  # characters


def is_due(session: Session) -> bool:
    """Whether there is anything to deliver now."""
    return session.scalar(sa.select(Message.id).where(_due()).limit(1)) is not None


def claim(session: Session, limit: int, worker: str) -> Sequence[Message]:
    """Take messages that are due, oldest first, for :data:`LEASE`; other workers pass them over.

    A try is counted here, so that a message on which workers die does not go on for ever.
    """
    moment = clock.now()
    due = sa.select(Message).where(_due()).order_by(Message.not_before, Message.id).limit(limit)
    found = session.scalars(due.with_for_update(skip_locked=True)).all()
    for message in found:
        if message.tries >= MOST_TRIES:
            message.failed_at, message.last_error = moment, "stopped while it was being sent"
            continue
        message.claimed_by, message.claimed_until = worker, moment + LEASE
        message.tries += 1
    session.flush()
    return [message for message in found if message.failed_at is None]


def deliver_due(sessions: Sessions, carriers: Mapping[str, Carrier], *, limit: int = AT_ONCE) -> int:
    """Deliver up to ``limit`` messages that are due; how many were sent or kept.

    :param sessions: opens a session that writes, for one transaction at a time.
    :param carriers: who carries each channel.
    """
    worker = uuid4().hex
    with sessions() as session:
        claimed = claim(session, limit, worker)
        session.commit()
    delivered = 0
    for message in claimed:
        if message.claimed_until is None or clock.now() + TIME_TO_SEND > message.claimed_until:
            break  # slow carriers have used the lease up: the rest is claimed again when it has run out
        delivered += _deliver(sessions, carriers, message)
    return delivered


def _deliver(sessions: Sessions, carriers: Mapping[str, Carrier], message: Message) -> bool:
    try:
        outcome = carriers[message.channel].send(message)
    except Exception as error:  # noqa: BLE001 - whatever a carrier meets must not keep the others waiting
        log.warning(
            "message %s was not delivered, try %s: %s", message.id, message.tries, type(error).__name__
        )
        with sessions() as session:
            _record_failure(session, message, error)
            session.commit()
        return False
    with sessions() as session:
        _record_delivery(session, message, outcome)
        session.commit()
    return True


def _record_delivery(session: Session, message: Message, outcome: str) -> None:
    """Whoever holds the claim by now: what was sent was sent."""
    when = {"sent_at" if outcome == "sent" else "kept_at": clock.now()}
    session.execute(
        sa.update(Message)
        .where(Message.id == message.id, Message.sent_at.is_(None), Message.kept_at.is_(None))
        .values(**when, failed_at=None, last_error="", claimed_by="", claimed_until=None)
    )


def _record_failure(session: Session, message: Message, error: Exception) -> None:
    """Only while the claim is ours: another worker may have delivered it since."""
    moment = clock.now()
    given_up = isinstance(error, Undeliverable) or message.tries >= MOST_TRIES
    next_try = {"failed_at": moment} if given_up else {"not_before": moment + PAUSES[message.tries - 1]}
    session.execute(
        sa.update(Message)
        .where(Message.id == message.id, Message.claimed_by == message.claimed_by)
        .values(**next_try, last_error=_in_short(error), claimed_by="", claimed_until=None)
    )


def _in_short(error: Exception) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".replace("\0", " ").split())
    return text[:LONGEST_ERROR]


def _due() -> sa.ColumnElement[bool]:
    moment = clock.now()
    free = sa.or_(Message.claimed_until.is_(None), Message.claimed_until < moment)
    return sa.and_(in_state("waiting"), Message.not_before <= moment, free)
