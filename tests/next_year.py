"""A year whose holiday notice is not out yet, and then is, for tests."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import timers
from portal.deadlines.notice_files import read_notice
from portal.deadlines.notices import load_notice
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.notices.rounds import Rounds
from portal.objections.models import Objection
from portal.outbox.models import Message

FIXTURES = Path(__file__).parent / "fixtures"
LONGER = FIXTURES / "notice_2027_longer_for_tests.csv"  # 4 January is off, Saturday the 9th is worked
PLAIN = FIXTURES / "notice_2027_for_tests.csv"  # 1 to 3 January are off
PROVISIONAL, BY_LONGER, BY_PLAIN = date(2027, 1, 8), date(2027, 1, 9), date(2027, 1, 8)


def load(session: Session, file: Path = LONGER, *, replacing: bool = False) -> int:
    """The notice as somebody at the door loads it; its id."""
    given = read_notice(file.read_bytes())
    notice = load_notice(
        session, given.of(2027), year=2027, digest=given.digest, by=None, replacing=replacing
    )
    session.commit()
    return notice.id


def follow(app: Flask, session: Session) -> int:
    """A worker that has just been started looks; how many clocks it counted again."""
    session.rollback()
    moved = timers.redating(app, Rounds())
    session.expire_all()
    return moved


def redated_lines(session: Session) -> list[dict[str, object]]:
    entries = session.scalars(sa.select(Entry).where(Entry.type == "objection_redated").order_by(Entry.index))
    return [dict(read_entry(each.body)) for each in entries]


def clock_of(case: Objection) -> tuple[date, bool]:
    term = case.term("recheck")
    assert term is not None
    return term.due, term.provisional


def told(session: Session, topic: str) -> list[Message]:
    return list(session.scalars(sa.select(Message).where(Message.topic == topic).order_by(Message.id)))
