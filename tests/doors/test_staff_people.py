"""人员: the security administrator gives and ends roles; the others do not get in."""

import pytest
from sqlalchemy.orm import Session

from portal.clock import now
from portal.people.models import Person
from tests.cast import Cast
from tests.doors.staff_room import Room


def test_a_person_is_added_and_given_a_role_and_who_gave_it_is_on_record(
    session: Session, cast: Cast, room: Room
) -> None:
    zhong = room("zhong")
    form = {"name": "叶知秋", "username": "yezhiqiu", "department": "scjg", "password": "long-enough-words"}
    added = zhong.send("/staff/people/", "/staff/people/", **form)
    assert added.status_code == 302
    zhong.send(added.location, f"{added.location}/roles", role="drafter")
    session.expire_all()
    ye = session.query(Person).filter_by(username="yezhiqiu").one()
    assert ye.has("drafter", now())
    assert ye.grants[0].given_by_id == cast.zhong.id


def test_an_administrator_is_not_made_a_drafter(session: Session, cast: Cast, room: Room) -> None:
    zhong, qiao = room("zhong"), cast.qiao.id
    answer = zhong.send(f"/staff/people/{qiao}", f"/staff/people/{qiao}/roles", role="drafter")
    assert answer.status_code == 422
    assert "此人是审计管理员，不得兼任拟稿人。请另行指定人员。" in answer.text


def test_an_acting_head_is_given_with_a_last_day(session: Session, cast: Cast, room: Room) -> None:
    zhong, song = room("zhong"), cast.song.id
    page, roles = f"/staff/people/{song}", f"/staff/people/{song}/roles"
    refused = zhong.send(page, roles, role="head", acting="yes")
    assert "代行主要负责人职责须写明截止日期。" in refused.text
    assert zhong.send(page, roles, role="head", acting="yes", until="2099-12-31").status_code == 302
    session.expire_all()
    assert cast.song.has("head", now())


def test_an_ended_role_stays_on_record(session: Session, cast: Cast, room: Room) -> None:
    zhong, he, grant = room("zhong"), cast.he.id, cast.he.grants[0].id
    zhong.send(f"/staff/people/{he}", f"/staff/people/{he}/roles/{grant}/end")
    session.expire_all()
    assert not cast.he.has("drafter", now())
    assert len(cast.he.grants) == 1


def test_a_weak_password_is_refused_beside_the_form(cast: Cast, room: Room) -> None:
    form = {"name": "叶知秋", "username": "yezhiqiu", "department": "scjg", "password": "short"}
    answer = room("zhong").send("/staff/people/", "/staff/people/", **form)
    assert answer.status_code == 422
    assert "密码至少12个字符" in answer.text
    assert 'value="叶知秋"' in answer.text


@pytest.mark.parametrize("who", ["he", "song", "lin", "jiang", "qiao", "gu"])
def test_nobody_else_manages_people(cast: Cast, room: Room, who: str) -> None:
    answer = room(who).get("/staff/people/")
    assert answer.status_code == 403
    assert "请交由安全管理员办理。" in answer.text


def test_the_auditor_reads_every_step_and_the_drafter_does_not(cast: Cast, room: Room) -> None:
    assert room("qiao").get("/staff/audit").status_code == 200
    assert room("he").get("/staff/audit").status_code == 403
