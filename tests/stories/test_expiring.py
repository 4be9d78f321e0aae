"""公示期满: after the profile's term a record is taken down by the worker; a marked gap, not a hole."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, timers
from portal.codes.profiles import Expiry, load_profile
from portal.erasing import expiring
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.objections.models import Objection
from portal.publications import duty, pipeline, queries
from portal.publications.models import Publication, TakenDown
from tests import examples, objecting
from tests.cast import Cast
from tests.office import disclose

YEARS = load_profile("shili").expiry["result"].years


def after(publication: Publication, session: Session, days: int) -> datetime:
    """Noon in China, so many days after the last day."""
    face = queries.face(session, publication.number or "")
    assert face is not None
    on = expiring.last_day(face.published_on, YEARS) + timedelta(days=days)
    session.rollback()
    return datetime(on.year, on.month, on.day, 12, tzinfo=clock.SHANGHAI)


def face_of(session: Session, publication: Publication) -> str:
    session.expire_all()
    face = queries.face(session, publication.number or "")
    session.rollback()
    return face.face if face else ""


def on_the_day(app: Flask, moment: datetime) -> int:
    with clock.at(moment):
        return timers.timers_step(app)


def test_it_is_public_to_the_end_of_the_last_day_and_gone_on_the_next(
    app: Flask, session: Session, result: Publication, visitor: FlaskClient
) -> None:
    on_the_day(app, after(result, session, 0))
    assert face_of(session, result) == "live"
    on_the_day(app, after(result, session, 1))
    assert face_of(session, result) == "expired"
    gone = visitor.get(f"/results/{result.number}")
    assert gone.status_code == 410
    assert f"公示期{YEARS}年（本单位服务承诺）" in gone.text
    assert str(result.number) in visitor.get("/withdrawals/").text
    entry = session.scalars(sa.select(Entry).where(Entry.type == "expire")).one()
    assert read_entry(entry.body)["years"] == YEARS
    assert book.check(session) == []


def test_lists_plans_and_tasks_stay_and_so_does_everything_where_the_profile_says_nothing(
    app: Flask, session: Session, result: Publication
) -> None:
    on_the_day(app, after(result, session, 400))
    faces = queries.faces(session, ["QD-2026-0001", "JH-2026-0001", "RW-2026-0001"])
    assert all(face.live for face in faces.values()) and faces
    assert load_profile("common").expiry == load_profile("gaoqing").expiry == {}


def test_the_words_stay_inside_and_nobody_brings_them_back(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    on_the_day(app, after(result, session, 1))
    assert session.scalar(sa.select(sa.func.count()).select_from(TakenDown)) == 1
    with pytest.raises(Refused, match="公示期满"):
        pipeline.draft(session, "result", {}, by=cast.he, act="restore", publication=result, reason="再公示")


def test_what_is_on_hold_expires_and_what_is_contested_waits(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    other = disclose(session, cast, "result", examples.result(entity_code="91339900QD7612PLT6"))
    objecting.object_to(session, result)
    duty.hold(session, other, by=cast.zhou, reason="核实")
    session.commit()
    on_the_day(app, after(result, session, 1))
    assert (face_of(session, result), face_of(session, other)) == ("live", "expired")
    session.execute(sa.update(Objection).values(state="withdrawn"))
    session.commit()
    on_the_day(app, after(result, session, 2))
    assert face_of(session, result) == "expired"


def test_a_worker_that_comes_late_says_the_day_that_was_the_last(
    app: Flask, session: Session, result: Publication
) -> None:
    late = after(result, session, 700)
    last = (late - timedelta(days=700)).date()
    assert on_the_day(app, late) >= 1
    assert on_the_day(app, late) == 0
    entry = session.scalars(sa.select(Entry).where(Entry.type == "expire")).one()
    assert read_entry(entry.body)["until"] == last.isoformat()


def test_more_than_one_chunk(app: Flask, session: Session, cast: Cast, result: Publication) -> None:
    moment = after(result, session, 1)
    for at in range(3):
        disclose(session, cast, "result", examples.result(entity_code=f"示例第{at}号"))
    profile = replace(load_profile("shili"), expiry={"result": Expiry(YEARS, "本单位服务承诺", "promise")})
    over = expiring.ending(session, profile, moment.date())
    assert len(over) == 4
    assert expiring.expire(session, over[:2], profile, moment.date()) == 2
    assert expiring.expire(session, over, profile, moment.date()) == 2


def test_calendar_years_and_the_29th_of_february() -> None:
    for today in (date(2027, 2, 27) + timedelta(days=n) for n in range(800)):
        for years in (1, 3, 4, 5):
            newest = expiring.published_at_latest(today, years)
            assert expiring.last_day(newest, years) < today
            assert expiring.last_day(newest + timedelta(days=1), years) >= today


def test_an_objection_that_came_since_the_worker_looked_is_waited_for(
    session: Session, result: Publication
) -> None:
    profile, moment = load_profile("shili"), after(result, session, 1)
    with clock.at(moment):
        found = expiring.ending(session, profile, clock.today())
        assert [each.number for each in found] == [result.number]
        objecting.object_to(session, result)
        assert expiring.expire(session, found, profile, clock.today()) == 0
