"""Putting a message into the outbox, in the transaction of the act that it tells of; and once more by hand."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import refuse_if
from portal.outbox.models import CHANNELS, LONGEST_SUBJECT, Channel, Message
from portal.words import Sentence, say


def post(
    session: Session,
    *,
    key: str,
    topic: str,
    channel: Channel,
    to_address: str,
    subject: str,
    body: str,
    about: str = "",
    department_code: str = "",
    to_name: str = "",
    leave_address: str = "",
    not_before: datetime | None = None,
) -> Message | None:
    """Ask for a message, sent after the caller's commit; None when one with this key is there already.

    An address that can not be written to does not undo the act: the message fails, and staff see it.

    :param key: names the occasion and whom it is told, ``objection_received:YY-2026-0001:email``.
    :param about: the path of the staff's page about it, ``/staff/objections/12``, or a number.
    :param leave_address: where one click ends mail of this sort (RFC 8058); for mail that somebody subscribed to.
    :param not_before: when it may be sent at the earliest; at once if left out.
    :raises ValueError: when the channel is unknown, or there is no address to write to.
    """
    if channel not in CHANNELS or not to_address.strip():
        raise ValueError(f"nobody is reached by {channel!r} without an address")
    row = {
        "key": key, "topic": topic,
        "channel": channel,
        "to_address": to_address.strip(),
        "to_name": to_name,
        "subject": " ".join(subject.split())[:LONGEST_SUBJECT],
        "body": body,
        "about": about,
        "department_code": department_code,
        "leave_address": leave_address,
        "created_at": clock.now(), "not_before": not_before or clock.now(),
    }  # fmt: skip
    return _add_unless_there(session, row)


def _add_unless_there(session: Session, row: dict[str, Any]) -> Message | None:
    """In one statement: two acts that first looked and then added would both find nothing."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = insert(Message).values(row).on_conflict_do_nothing(index_elements=["key"])
    return session.scalar(added.returning(Message))


def why_not_requeue(message: Message) -> list[Sentence]:
    """Why a message is not sent once more; empty means it can be."""
    if message.state == "failed":
        return []
    return [say("这条消息不是发送失败的，不用重新发送。请刷新页面查看现在的状态。")]


def requeue(session: Session, message: Message, *, by: str) -> None:
    """Try a failed message again, from the first try on.

    :param by: the name of who asks for it; the door knows whether they may.
    """
    session.refresh(message, with_for_update=True)
    refuse_if(why_not_requeue(message))
    message.failed_at = None
    message.tries = 0
    message.not_before = message.requeued_at = clock.now()
    message.requeued_by = by
    session.flush()
