"""Every door of the staff's room, tried without a token, unknown, from another department, after dismissal."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.ledger.models import Entry, LedgerHead
from portal.people import acts
from portal.publications import pipeline
from portal.publications.models import Batch, Publication, Revision, Step
from portal.web.staff.objection_case import NOUNS
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to
from tests.office import disclose

OPEN = {"staff.sign_in", "staff.sign_in_now", "staff.objection_calendar_feed"}


def addresses(app: Flask, method: str, **given: object) -> list[str]:
    """Every address of the room that takes a method, its places filled in."""
    words: dict[str, object] = {
        "act": "approval",
        "change": "correction",
        "proposal": "withdrawal",
        "noun": "identity",
        "kind": "receipt",
        "form": "csv",
        "task_number": "RW-2026-0001",
    }
    places = words | given
    with app.test_request_context():
        urls = app.url_map.bind("localhost")
        return [
            urls.build(
                rule.endpoint,
                {
                    name: 1 if name == "number" and "revision_id" in rule.arguments else places.get(name, 1)
                    for name in rule.arguments
                },
                method=method,
            )
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith("staff.")
            and rule.endpoint not in OPEN
            and method in (rule.methods or ())
        ]


def counts(session: Session) -> list[int]:
    session.rollback()
    return [session.query(table).count() for table in (Revision, Step, Entry, Batch)]


def test_nothing_is_sent_without_the_forms_token(app: Flask, session: Session, room: Room) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for name in ("he", "lin", "zhong"):
        visit = room(name)
        for address in addresses(app, "POST"):
            assert visit.client.post(address, data={}).status_code in (400, 404), address


def test_nobody_unknown_gets_into_the_room(app: Flask, session: Session, visitor: FlaskClient) -> None:
    session.commit()
    for address in addresses(app, "GET"):
        assert visitor.get(address).status_code == 302, address
    for address in addresses(app, "POST"):
        assert visitor.post(address).status_code in (400, 401), address


def test_another_departments_work_is_not_there(app: Flask, session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    number = disclose(session, cast, "result", examples.result()).number
    batch = Batch(kind="result", label="批", department_code="scjg", created_by_id=cast.he.id,
                  created_at=cast.he.grants[0].given_at)  # fmt: skip
    session.add(batch)
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he, batch=batch)
    session.commit()
    theirs = {"revision_id": revision.id, "batch_id": batch.id, "number": number}
    parts = (f"/revisions/{revision.id}", f"/batches/{batch.id}", str(number))
    every = {each for method in ("GET", "POST") for each in addresses(app, method, **theirs)}
    mine = [each for each in every if any(part in each for part in parts)]
    assert len(mine) > 15
    before = counts(session)
    for name in ("fang", "qi", "qin"):
        visit = room(name)
        token = visit.page("/staff/").select_one("input[name=csrf_token]")["value"]
        for address in mine:
            if not any(
                part in address for part in (f"/revisions/{revision.id}", f"/batches/{batch.id}", str(number))
            ):
                continue
            for answer in (visit.client.get(address), visit.client.post(address, data={"csrf_token": token})):
                assert answer.status_code in (404, 405), (name, address)
    assert counts(session) == before


def test_another_departments_case_is_not_there(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    every = {each for method in ("GET", "POST") for each in addresses(app, method, objection_id=case.id)}
    mine = [each for each in every if f"/objections/{case.id}" in each]
    mine += [f"/staff/objections/{case.id}/{noun}" for noun in NOUNS]
    assert len(mine) > 25
    before = (case.step_id, *counts(session))
    for name in ("fang", "qin", "tang", "jiang"):
        visit = room(name)
        token = visit.page("/staff/password").select_one("input[name=csrf_token]")["value"]
        for address in mine:
            for answer in (visit.client.get(address), visit.client.post(address, data={"csrf_token": token})):
                assert answer.status_code in (404, 405), (name, address)
    session.expire_all()
    assert (case.step_id, *counts(session)) == before


def test_looking_changes_nothing(app: Flask, session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    number = disclose(session, cast, "result", examples.result()).number
    before = counts(session)
    visits = [room(name) for name in ("he", "song", "lin", "zhong", "qiao")]
    for visit in visits:
        for address in addresses(app, "GET", number=number, revision_id=2):
            assert visit.get(address).status_code < 500, address
    assert counts(session) == before


def test_who_is_dismissed_or_loses_a_role_is_stopped_in_the_open_session(
    session: Session, cast: Cast, room: Room
) -> None:
    he, song = room("he"), room("song")
    assert he.get("/staff/").status_code == 200
    acts.deactivate(session, cast.he, by=cast.zhong)
    acts.end_role(session, cast.song.grants[0], by=cast.zhong)
    session.commit()
    assert he.get("/staff/").status_code == 302
    assert "没有" in song.get("/staff/").text


def test_an_act_that_is_not_committed_takes_no_number_and_no_line(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    pipeline.approve(session, revision, by=cast.song)
    session.commit()
    first = pipeline.carry_out(session, revision, by=cast.song)
    assert first is not None
    index, number = first.index, first.number
    session.rollback()
    again = pipeline.carry_out(session, session.get_one(Revision, revision.id), by=cast.song)
    assert again is not None
    assert (again.index, again.number) == (index, number)
    assert session.get_one(LedgerHead, 1).size == index + 1
