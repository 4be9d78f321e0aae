"""What must be told after a commit. Internal: addresses and words of those concerned, never public."""

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

Channel = Literal["email", "sms"]
CHANNELS: tuple[Channel, ...] = ("email", "sms")

State = Literal["waiting", "sent", "kept", "failed"]
STATES: tuple[State, ...] = ("waiting", "failed", "kept", "sent")

LONGEST_SUBJECT = 200


class Message(Base):
    """One message to one person, from the act that asks for it to its delivery."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)  # asked for twice, it is one message
    topic: Mapped[str] = mapped_column(sa.String(60))
    channel: Mapped[str] = mapped_column(sa.String(10))
    to_address: Mapped[str] = mapped_column(sa.Text)  # a mail address or a phone
    to_name: Mapped[str] = mapped_column(sa.Text, default="")
    subject: Mapped[str] = mapped_column(sa.String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(sa.Text)
    about: Mapped[str] = mapped_column(sa.String(200), default="")  # a page of the staff's room, or a number
    department_code: Mapped[str] = mapped_column(sa.String(32), default="", index=True)
    leave_address: Mapped[str] = mapped_column(sa.Text, default="")  # where one click ends mail of this sort
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    claimed_by: Mapped[str] = mapped_column(sa.String(40), default="")
    claimed_until: Mapped[datetime | None]  # a claim that ran out is nobody's: its worker was killed
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
    requeued_at: Mapped[datetime | None]
    requeued_by: Mapped[str] = mapped_column(sa.String(60), default="")  # this floor knows no people

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.sent_at is not None:
            return "sent"
        if self.kept_at is not None:
            return "kept"
        return "waiting" if self.failed_at is None else "failed"


def in_state(state: State) -> sa.ColumnElement[bool]:
    """:attr:`Message.state` as a condition."""
    if state == "sent":
        return Message.sent_at.is_not(None)
    if state == "kept":
        return sa.and_(Message.sent_at.is_(None), Message.kept_at.is_not(None))
    failed = Message.failed_at.is_(None) if state == "waiting" else Message.failed_at.is_not(None)
    return sa.and_(Message.sent_at.is_(None), Message.kept_at.is_(None), failed)


# asked several times a second: small however many messages were ever sent
sa.Index(
    "ix_outbox_waiting",
    Message.not_before,
    sqlite_where=in_state("waiting"),
    postgresql_where=in_state("waiting"),
)
