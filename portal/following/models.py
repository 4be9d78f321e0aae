"""Who follows what by mail. Internal, and personal: an address stands here and in the outbox, nowhere else."""

from datetime import datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

Frequency = Literal["daily", "weekly"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)


class Subscription(Base):
    """One subject that one mail address follows. Leaving deletes the row."""

    __tablename__ = "subscriptions"
    __table_args__ = (sa.UniqueConstraint("address_hash", "subject_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[str] = mapped_column(sa.String(32), unique=True)  # half of its link, see links.py
    email: Mapped[str] = mapped_column(sa.Text)
    address_hash: Mapped[str] = mapped_column(sa.String(64))  # keyed, see links.py
    subject_hash: Mapped[str] = mapped_column(sa.String(64))
    what: Mapped[str] = mapped_column(sa.String(10))
    query: Mapped[dict[str, Any]]
    address: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(2))
    frequency: Mapped[str] = mapped_column(sa.String(10))
    asked_at: Mapped[datetime]
    confirm_hash: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    confirmed_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=-1)  # the last ledger line that was told of
    seen: Mapped[list[Any]] = mapped_column(
        default=list
    )  # numbers that it found: that one is off can be told
    told_at: Mapped[datetime | None]  # since when the next digest tells
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when the next digest is looked at


class SubscriptionAsk(Base):
    """That somebody asked for a mail of confirmation: what the limits count, for a day."""

    __tablename__ = "subscription_asks"

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    source_hash: Mapped[str] = mapped_column(sa.String(64), index=True)  # where it came from
    at: Mapped[datetime] = mapped_column(index=True)


class SubscriptionRefusal(Base):
    """An address whose owner wants no more mail of confirmation: a keyed hash, until a day."""

    __tablename__ = "subscription_refusals"

    address_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    until: Mapped[datetime]


class FeedPing(Base):
    """How far the WebSub hub was told: one row."""

    __tablename__ = "feed_pings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
