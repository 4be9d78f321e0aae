"""The State Council announces next year's holidays: the office loads them, once, on record, and terms are certain."""

import json
from datetime import date

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, open_at
from portal.deadlines.calendar import load_calendar
from portal.deadlines.models import CalendarDay, CalendarLoad, CalendarNotice
from portal.deadlines.notice_files import read_notice
from portal.deadlines.notices import current_notices, load_notice
from portal.deadlines.working_days import count
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.models import Entry
from portal.people.models import Person
from tests.cast import Cast
from tests.notices import TITLE, as_csv, days_2027, notice_2027
from tests.stories.test_acting_at_once import at_once

NEXT = "f" * 64  # the digest of another file


@pytest.fixture(autouse=True)
def in_november() -> object:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=True):
        yield


def load(session: Session, by: Person | None = None, **more: object) -> CalendarNotice:
    file = notice_2027()
    given: dict[str, object] = {"year": 2027, "title": TITLE, "digest": file.digest} | more
    days = given.pop("days", file.days)
    return load_notice(session, days, by=by, **given)  # type: ignore[arg-type]


def test_a_provisional_term_becomes_certain_and_the_ledger_says_why(session: Session, cast: Cast) -> None:
    start = date(2026, 12, 25)
    assert count(start, 20, load_calendar(session)).provisional
    notice = load(session, cast.jiang)
    session.commit()

    known = load_calendar(session)
    assert known.known_through == date(2027, 12, 31)
    assert not count(start, 20, known).provisional
    entry = session.get_one(Entry, notice.entry_index)
    body = json.loads(entry.body)
    assert (entry.type, entry.reason) == ("calendar_update", TITLE)
    assert (body["year"], body["file"], body["off"], body["working"]) == (2027, notice_2027().digest, 27, 6)
    assert book.check(session) == []
    assert session.get_one(CalendarLoad, notice.id).by_id == cast.jiang.id


def test_the_public_counts_with_the_same_calendar_and_learns_nobodys_name(
    app: Flask, session: Session
) -> None:
    load(session)
    session.commit()
    with app.app_context():
        open_at("public")
        assert load_calendar(db.session()).known_through == date(2027, 12, 31)
        assert current_notices(db.session())[2027].title == TITLE
    columns = {column.name for table in (CalendarNotice, CalendarDay) for column in table.__table__.columns}
    assert not any(name.endswith("by_id") for name in columns)


def test_the_same_file_twice_changes_nothing(session: Session, cast: Cast) -> None:
    first = load(session, cast.jiang)
    session.commit()
    again = load(session, cast.gu, title="另一个标题")
    session.commit()
    assert again is first and again.title == TITLE
    assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(CalendarNotice)) == 1


def test_a_second_notice_replaces_the_first_wholly_and_only_when_that_is_said(session: Session) -> None:
    first = load(session)
    session.commit()
    shorter = days_2027(d2027_02_11=None, d2027_02_14=None)
    with pytest.raises(Refused, match="已经有了"):
        load(session, days=shorter, digest=NEXT)
    session.rollback()
    second = load(session, days=shorter, digest=NEXT, replacing=True)
    session.commit()

    known = load_calendar(session)
    assert known.is_working(date(2027, 2, 11)) and not known.is_working(date(2027, 2, 14))
    assert current_notices(session) == {2027: second}
    assert json.loads(session.get_one(Entry, second.entry_index).body)["replaces"] == first.entry_index
    assert load(session, replacing=True).id not in (first.id, second.id)  # the first file again, after all


def test_a_refused_file_leaves_no_line_behind(session: Session) -> None:
    with pytest.raises(Refused):
        load(session, days=days_2027(d2027_10_01=None))
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 0
    assert load_calendar(session).known_through == date(2026, 12, 31)


def test_a_bridge_in_the_december_before_is_taken_in_and_marked(session: Session) -> None:
    days = days_2027(d2026_12_31=False)
    load(session, days=days, digest=read_notice(as_csv(days).encode()).digest)
    known = load_calendar(session)
    assert not known.is_working(date(2026, 12, 31)) and known.holiday(date(2026, 12, 31)) == "元旦"
    assert known.announced(2027)[0].day == date(2026, 12, 31)
    assert known.is_working(date(2026, 12, 30))


def test_two_people_with_one_notice_write_one_line(app: Flask, session: Session) -> None:
    session.rollback()
    told: list[str] = []

    def loading(digest: str) -> None:
        try:
            load(db.session(), digest=digest)
            db.session.commit()
            told.append("loaded")
        except Refused as refusal:
            db.session.rollback()
            told.append(str(refusal))

    at_once(app, lambda: loading(notice_2027().digest), lambda: loading(NEXT))
    session.expire_all()
    assert told.count("loaded") == 1 and sum("已经有了" in each for each in told) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(CalendarNotice)) == 1
