"""The life of a subscription: asked for, confirmed, changed, left. Who acts is whoever holds the link from the mail.

Whoever asks is answered the same whatever the address already follows: that somebody follows something is theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.following import letters
from portal.following.links import (
    address_hash,
    handle_of,
    hash_of,
    mailbox_hash,
    new_seed,
    new_token,
    source_hash,
)
from portal.following.models import (
    FREQUENCIES,
    Subscription,
    SubscriptionAsk,
    SubscriptionRefusal,
)
from portal.following.rhythm import next_digest
from portal.following.subject import Subject, as_data
from portal.outbox.addresses import email_problems
from portal.outbox.models import Message
from portal.settings import Settings
from portal.turns import number_of
from portal.words import Sentence, say

CONFIRM_WITHIN = timedelta(days=3)
REFUSED_FOR = timedelta(days=180)
DAY = timedelta(days=1)
MOST_MAILS = 3  # of confirmation to one address in a day
MOST_ASKS = 20  # from one source in a day
MOST_FOLLOWED = 30  # subjects of one address
MOST_SEEN = 2000  # numbers of which a subscription can be told that they are off


class TooMany(Refused):
    """A limit of asking is reached."""


@dataclass(frozen=True)
class Asked:
    """What somebody filled in.

    :param source: what tells one visitor from another.
    """

    subject: Subject
    email: str
    frequency: str
    language: str
    source: str


def why_not_ask(asked: Asked) -> list[Sentence]:
    """Why this can not be subscribed to; empty means it can."""
    reasons = email_problems(asked.email)
    if asked.frequency not in FREQUENCIES:
        reasons.append(say("请选择多久收一次邮件：每天或者每周。"))
    return reasons


def ask(session: Session, asked: Asked, settings: Settings) -> None:
    """Send a mail of confirmation, unless the address has had enough of them or wants none.

    :raises Refused: when the form is not right; :class:`TooMany` when one source asks too often.
    """
    refuse_if(why_not_ask(asked))
    now = clock.now()
    mine = address_hash(settings.secret_key, asked.email)
    mailbox = mailbox_hash(settings.secret_key, asked.email)
    source = source_hash(settings.secret_key, asked.source)
    _one_at_a_time(session, mailbox, source)
    if _asks(session, SubscriptionAsk.source_hash == source, now) >= MOST_ASKS:
        raise TooMany(
            say("从您这里今天已经申请了{most}次订阅，请明天再试，或者使用订阅阅读器。", most=MOST_ASKS)
        )
    had_enough = _asks(session, SubscriptionAsk.mailbox_hash == mailbox, now) >= MOST_MAILS
    session.add(SubscriptionAsk(mailbox_hash=mailbox, source_hash=source, at=now))
    session.flush()
    if not had_enough and not _is_refused(session, mine, now):
        _invite(session, asked, mine, settings)


def _one_at_a_time(session: Session, *keys: str) -> None:
    """Requests that count against the same limit wait for each other, or many at once would all be under it.

    On SQLite whoever writes does so alone anyway. The mailbox comes before the source, so that nobody waits in a ring.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in keys:
            session.execute(sa.select(sa.func.pg_advisory_xact_lock(number_of(f"asking {key}"))))


def _asks(session: Session, which: sa.ColumnElement[bool], now: datetime) -> int:
    counted = sa.select(sa.func.count()).select_from(SubscriptionAsk)
    return session.scalar(counted.where(which, SubscriptionAsk.at > now - DAY)) or 0


def _is_refused(session: Session, mine: str, now: datetime) -> bool:
    refusal = session.get(SubscriptionRefusal, mine)
    return refusal is not None and refusal.until > now


def _invite(session: Session, asked: Asked, mine: str, settings: Settings) -> None:
    of_address = sa.select(Subscription).where(Subscription.address_hash == mine)
    known = session.scalars(of_address).all()
    there = next((each for each in known if each.subject_hash == asked.subject.digest), None)
    if there is not None and there.confirmed_at is not None:
        letters.post_known(session, there, settings)
        return
    if there is None and len(known) >= MOST_FOLLOWED:
        letters.post_full(session, known[0], settings, most=MOST_FOLLOWED)
        return
    token = new_token()
    subscription = there or Subscription(seed=new_seed(), address_hash=mine, seen=[])
    _fill_in(subscription, asked)
    subscription.confirm_hash = hash_of(token)
    session.add(subscription)
    session.flush()
    letters.post_confirmation(session, subscription, token, settings)


def _fill_in(subscription: Subscription, asked: Asked) -> None:
    subject = asked.subject
    subscription.email = asked.email.strip()
    subscription.subject_hash, subscription.what = subject.digest, subject.what
    subscription.query, subscription.address = as_data(subject.query), subject.address
    subscription.title = subject.title
    subscription.language = asked.language
    subscription.frequency = asked.frequency
    subscription.asked_at = clock.now()


def unconfirmed(session: Session, token: str) -> Subscription:
    """The subscription that a mail of confirmation was sent for.

    :raises Refused: when the link is too old, or none of ours.
    """
    wanted = sa.select(Subscription).where(Subscription.confirm_hash == hash_of(token))
    found = session.scalars(wanted).first()
    if found is None or (found.confirmed_at is None and is_stale(found)):
        raise Refused(
            say("这个确认网址不能用了：也许已经过了3天，也许已经退订。请回到想订阅的页面重新申请。")
        )
    return found


def is_stale(subscription: Subscription) -> bool:
    """Whether nobody confirmed it in time."""
    return subscription.asked_at <= clock.now() - CONFIRM_WITHIN


def confirm(
    session: Session, subscription: Subscription, *, position: int, found: Sequence[str], settings: Settings
) -> None:
    """Begin to follow; confirmed twice it is confirmed once.

    :param position: the last ledger line that what was found follows; what comes after it is told.
    :param found: the numbers that are found now, newest first.
    """
    session.refresh(subscription, with_for_update=True)
    if subscription.confirmed_at is not None:
        return
    now = clock.now()
    subscription.confirmed_at = subscription.told_at = now
    subscription.position, subscription.seen = position, list(found[:MOST_SEEN])
    subscription.next_at = next_digest(now, subscription.frequency, settings.digest_hour)
    _forget_messages(session, subscription)
    session.flush()


def change(session: Session, subscription: Subscription, frequency: str, settings: Settings) -> None:
    """Have the digests come daily or weekly from now on.

    :raises Refused: when it is neither, or nobody confirmed the subscription yet.
    """
    if frequency not in FREQUENCIES:
        raise Refused(say("请选择多久收一次邮件：每天或者每周。"))
    if subscription.confirmed_at is None:
        raise Refused(say("这个订阅还没有确认。请先点开确认邮件里的网址。"))
    subscription.frequency = frequency
    subscription.next_at = next_digest(clock.now(), frequency, settings.digest_hour)
    session.flush()


def leave(session: Session, subscription: Subscription) -> None:
    """Forget the subscription and every message of it. Of one never confirmed no more mail is sent either:
    whoever leaves it says that it was somebody else who asked.
    """
    if subscription.confirmed_at is None:
        until = clock.now() + REFUSED_FOR
        session.merge(SubscriptionRefusal(address_hash=subscription.address_hash, until=until))
    forget(session, subscription)


def leave_all(session: Session, subscription: Subscription) -> int:
    """Forget everything that this address follows; how many subscriptions."""
    mine = Subscription.address_hash == subscription.address_hash
    all_of_mine = session.scalars(sa.select(Subscription).where(mine)).all()
    for each in all_of_mine:
        forget(session, each)
    return len(all_of_mine)


def forget(session: Session, subscription: Subscription) -> None:
    """Take the row and its messages away, sent or not; with them the address is gone."""
    _forget_messages(session, subscription)
    session.delete(subscription)
    session.flush()


def _forget_messages(session: Session, subscription: Subscription) -> None:
    session.execute(sa.delete(Message).where(Message.about == letters.about(subscription)))


def handle(subscription: Subscription, settings: Settings) -> str:
    """The last part of the subscription's own address."""
    return handle_of(settings.secret_key, subscription.seed)


def by_seed(session: Session, seed: str) -> Subscription | None:
    """The subscription of a link; None when it was left."""
    return session.scalars(sa.select(Subscription).where(Subscription.seed == seed)).one_or_none()


def others(session: Session, subscription: Subscription) -> Sequence[Subscription]:
    """What the same address follows beside, by title."""
    mine = sa.select(Subscription).where(
        Subscription.address_hash == subscription.address_hash,
        Subscription.id != subscription.id,
        Subscription.confirmed_at.is_not(None),
    )
    return session.scalars(mine.order_by(Subscription.title, Subscription.id)).all()
