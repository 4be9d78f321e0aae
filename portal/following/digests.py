"""Telling readers what changed: what is due, one digest after the other, and what nobody needs any more.

A digest is asked for in the transaction that moves its subscription on: killed before, it is made again; killed
after, it stands in the outbox. Of two workers at the same subscription one moves it and the other does nothing.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Door
from portal.errors import Refused
from portal.following import letters, news
from portal.following.models import Subscription, SubscriptionAsk, SubscriptionRefusal
from portal.following.news import News
from portal.following.rhythm import next_digest
from portal.following.subject import Subject, from_data
from portal.following.subscribing import CONFIRM_WITHIN, DAY, MOST_SEEN, forget
from portal.outbox.carriers import Undeliverable
from portal.outbox.models import Message, in_state
from portal.search.engine import NotReady
from portal.search.folder import IndexFolder
from portal.settings import Settings

log = logging.getLogger(__name__)

AT_ONCE = 100  # subscriptions of one round
LATER = timedelta(minutes=5)  # until one whose search has no index is looked at again
TWICE = 2  # refusals
GONE = ("withdrawn", "erased", "expired")

Sessions = Callable[[Door], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Digesting:
    """What digests are made with.

    :param sessions: opens a session at a door.
    """

    sessions: Sessions
    folder: IndexFolder
    settings: Settings


def due(session: Session) -> Sequence[int]:
    """The subscriptions whose next digest is to be looked at now, the longest waiting first."""
    query = sa.select(Subscription.id).where(Subscription.next_at <= clock.now())
    return session.scalars(query.order_by(Subscription.next_at, Subscription.id).limit(AT_ONCE)).all()


def tell(this: Digesting, subscription_id: int) -> bool:
    """Make one digest and move the subscription on; whether there was anything to tell."""
    with this.sessions("reads") as session:
        subscription = session.get(Subscription, subscription_id)
        if subscription is None or subscription.next_at is None:
            return False
        session.expunge(subscription)
    with this.sessions("public") as session:
        found = _news(session, this.folder, subscription)
        if found is None:
            return _put_off(this, subscription)
        body = letters.digest_of(session, subscription, found, this.settings) if found.events else ""
    return _move_on(this, subscription, found, body)


def _news(session: Session, folder: IndexFolder, subscription: Subscription) -> News | None:
    subject = subject_of(subscription)
    try:
        return news.since(
            session, folder, subject, position=subscription.position, seen=frozenset(subscription.seen)
        )
    except NotReady:
        return None
    except Refused:  # a condition that no longer exists: a department's code, say
        return News([], subscription.position)


def subject_of(subscription: Subscription) -> Subject:
    """What is followed, as it was asked for."""
    what: Any = subscription.what
    return Subject(what, from_data(subscription.query), subscription.address, subscription.title)


def put_off(this: Digesting, subscription_id: int) -> None:
    """Look at a subscription again later: something in it failed, and the others must not wait."""
    with this.sessions("write") as session:
        later = {"next_at": clock.now() + LATER}
        session.execute(sa.update(Subscription).where(Subscription.id == subscription_id).values(**later))
        session.commit()


def _put_off(this: Digesting, subscription: Subscription) -> bool:
    with this.sessions("write") as session:
        _swap(session, subscription, {"next_at": clock.now() + LATER})
        session.commit()
    return False


def _move_on(this: Digesting, subscription: Subscription, found: News, body: str) -> bool:
    now = clock.now()
    moved: dict[str, Any] = {
        "next_at": next_digest(now, subscription.frequency, this.settings.digest_hour),
        "position": found.position,
        "seen": _seen(subscription, found),
    }
    if found.events:
        moved["told_at"] = now
    with this.sessions("write") as session:
        if not _swap(session, subscription, moved):
            return False  # it was left, changed or told meanwhile
        if found.events:
            subscription.position = found.position
            subject = letters.subject_of(subscription, found)
            letters.post_digest(session, subscription, subject, body, this.settings)
        session.commit()
    return bool(found.events)


def _swap(session: Session, subscription: Subscription, values: dict[str, Any]) -> bool:
    moved = session.execute(
        sa.update(Subscription)
        .where(
            Subscription.id == subscription.id,
            Subscription.position == subscription.position,
            Subscription.next_at == subscription.next_at,
        )
        .values(**values)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _seen(subscription: Subscription, found: News) -> list[str]:
    """The numbers that the reader knows of; what is off for good and was told needs no place any more."""
    if subject_of(subscription).lasting is not None:
        return []
    told = {each.face.number for each in found.events if each.change in GONE}
    numbers = dict.fromkeys([*sorted(found.found, reverse=True), *subscription.seen])
    return [number for number in numbers if number not in told][:MOST_SEEN]


# ── what nobody needs any more ───────────────────────────────


def tidy(session: Session) -> int:
    """Forget what nobody confirmed, whom no mail reaches, messages that arrived, and what the limits no longer
    count; how many of all.
    """
    now = clock.now()
    stale = sa.and_(Subscription.confirmed_at.is_(None), Subscription.asked_at <= now - CONFIRM_WITHIN)
    wanted = sa.select(Subscription).where(sa.or_(stale, Subscription.id.in_(_unreachable(session))))
    forgotten = session.scalars(wanted.limit(AT_ONCE)).all()
    for each in forgotten:
        forget(session, each)
    gone = (
        sa.delete(Message).where(Message.topic.in_(letters.TOPICS), _is_done(now)),
        sa.delete(SubscriptionAsk).where(SubscriptionAsk.at <= now - DAY),
        sa.delete(SubscriptionRefusal).where(SubscriptionRefusal.until <= now),
    )
    return len(forgotten) + sum(session.execute(each).rowcount for each in gone)  # type: ignore[attr-defined]


def _unreachable(session: Session) -> Sequence[int]:
    """The subscriptions whose mail was refused for good more than once; once it may be a fault of our own server's."""
    refused = sa.and_(in_state("failed"), Message.last_error.startswith(Undeliverable.__name__))
    which = sa.select(Message.about).where(Message.topic.in_(letters.TOPICS), refused)
    often = which.group_by(Message.about).having(sa.func.count() >= TWICE).limit(AT_ONCE)
    return [int(each.rpartition("/")[2]) for each in session.scalars(often)]


def _is_done(now: datetime) -> sa.ColumnElement[bool]:
    """Sent, or lying for three days where nobody was to send it."""
    old = Message.created_at <= now - CONFIRM_WITHIN
    return sa.or_(in_state("sent"), sa.and_(in_state("kept"), old))
