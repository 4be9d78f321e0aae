"""Rounds of the worker on days of a November, for tests."""

from datetime import date, datetime

import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal import clock
from portal.notices.reminders import send_reminders
from portal.outbox.models import Message
from tests.objecting import terms

FILED = date(2026, 11, 2)  # a Monday; its last day is Monday, 30 November

Time = time_machine.Traveller


def morning(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)


def november(day: int) -> date:
    return date(2026, 11, day)


def round_on(session: Session, time: Time, day: date) -> list[tuple[str, str]]:
    """One round of the worker on a day; the topics and people of what it posted."""
    time.move_to(morning(day))
    newest = session.scalar(sa.select(sa.func.max(Message.id))) or 0
    while send_reminders(session, terms(session)):
        session.commit()
    return told(session, since=newest)


def told(session: Session, since: int = 0) -> list[tuple[str, str]]:
    wanted = sa.select(Message).where(Message.id > since).order_by(Message.id)
    return [(each.topic, each.to_address.partition("@")[0]) for each in session.scalars(wanted)]


def bodies(session: Session) -> str:
    return "".join(each.subject + each.body for each in session.scalars(sa.select(Message)))
