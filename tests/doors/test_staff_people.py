"""人员: the security administrator gives and ends roles; the others do not get in."""

import pytest
from sqlalchemy.orm import Session

from portal.clock import now
from portal.errors import Refused
from portal.people import acts
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


def test_where_somebody_is_told_is_set_by_the_administrator_or_by_themself(
    session: Session, cast: Cast, room: Room
) -> None:
    he = cast.he.id
    page, form = f"/staff/people/{he}", {"email": " he@example.com ", "phone": "139 0000 0000"}
    assert room("zhong").send(page, f"{page}/contact", **form).status_code == 302
    assert (cast.he.email, cast.he.phone) == ("he@example.com", "139 0000 0000")
    mine = room("he")
    assert mine.send("/staff/password", "/staff/contact", email="", phone="").status_code == 302
    assert (cast.he.email, cast.he.phone) == ("", "")
    assert mine.send("/staff/password", f"{page}/contact", **form).status_code == 403


def test_an_address_that_nobody_could_be_told_under_is_refused_beside_the_form(
    session: Session, cast: Cast, room: Room
) -> None:
    wrong = {"email": "he@example.com\nBcc: all@example.com", "phone": "一三九"}
    page = f"/staff/people/{cast.he.id}"
    for answer in (
        room("zhong").send(page, f"{page}/contact", **wrong),
        room("he").send("/staff/password", "/staff/contact", **wrong),
    ):
        assert answer.status_code == 422
        assert "电子邮箱写得不对" in answer.text
        assert "电话写得不对" in answer.text
        assert 'value="一三九"' in answer.text
    assert cast.he.email == ""


def test_only_the_person_makes_the_key_of_their_calendar_feed(session: Session, cast: Cast) -> None:
    first = acts.new_feed_key(session, cast.he, by=cast.he)
    second = acts.new_feed_key(session, cast.he, by=cast.he)
    assert first not in cast.he.feed_key
    assert acts.person_by_feed_key(session, second) is cast.he
    assert acts.person_by_feed_key(session, first) is None
    assert acts.person_by_feed_key(session, "") is None
    with pytest.raises(Refused, match="只能由本人生成"):
        acts.new_feed_key(session, cast.he, by=cast.zhong)
    acts.deactivate(session, cast.he, by=cast.zhong)
    assert acts.person_by_feed_key(session, second) is None
    with pytest.raises(Refused, match="账号已停用"):
        acts.new_feed_key(session, cast.he, by=cast.he)
