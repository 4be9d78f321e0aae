"""The desk: what is due, what waits for me, what is late and for whom."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.objections import deciding, handling
from portal.publications import duty, pipeline
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.doors.test_staff_objections import statements
from tests.objecting import object_to
from tests.office import disclose

pytestmark = pytest.mark.usefixtures("cast")


def words(room: Room, who: str, where: str = "main") -> str:
    found = room(who).page("/staff/").select_one(where)
    return " ".join(found.text.split()) if found else ""


def test_an_empty_desk_says_so(session: Session, cast: Cast, room: Room) -> None:
    text = words(room, "song")
    assert "现在没有等您办的事项" in text
    assert "今天没有到期的，也没有逾期的。" in text


def late_result(session: Session, cast: Cast, name: str, ago: int = 60) -> int:
    day = str(clock.today() - timedelta(days=ago))
    content = examples.result(entity_name=name, inspected_on=day, completed_on=day)
    revision = pipeline.draft(session, "result", content, by=cast.he)
    session.commit()
    return revision.id


def test_what_is_late_is_said_to_who_has_it_and_to_the_head(session: Session, cast: Cast, room: Room) -> None:
    late_result(session, cast, "示例已逾期商店")
    assert "示例已逾期商店" in words(room, "he", "table.waits")
    assert "您" in words(room, "he", "table.waits tbody td[data-l='在谁手里']")
    head = words(room, "lin", "table.waits")
    assert "示例已逾期商店" in head and "何知远" in head
    assert "我的草稿" in words(room, "lin", "#others + table")
    assert "示例已逾期商店" not in words(room, "song")


def test_the_coordinator_reads_which_department_is_late(session: Session, cast: Cast, room: Room) -> None:
    day = str(clock.today() - timedelta(days=60))
    content = examples.result(department=examples.EMERGENCY, inspected_on=day, completed_on=day)
    pipeline.draft(session, "result", content, by=cast.fang)
    session.commit()
    assert "示例市应急管理局" in words(room, "gu", "#others + table")
    assert "示例市应急管理局" not in words(room, "lin", "#others + table")


def test_a_hold_waits_for_the_head_and_is_late_after_a_working_day(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    duty.hold(session, result, by=cast.zhou, reason="正文里有电话号码")
    session.commit()
    assert "暂停公示待我确认 1" in words(room, "lin", "nav.panel")
    assert "暂停公示待我确认" not in words(room, "zhou")


def test_the_legal_opinion_waits_for_a_reviewer_and_the_signature_for_the_head(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    assert "待确认申请人身份 1" in words(room, "he", "nav.panel")
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    handling.record(session, case, "查了", by=cast.shen, done_on=clock.today())
    deciding.draft_decision(session, case, "maintained", "属实。", by=cast.shen)
    session.commit()
    assert "待我出具法制意见 1" in words(room, "song", "nav.panel")
    assert "复查结果待我签署 1" in words(room, "lin", "nav.panel")
    assert "复查结果待我签署" not in words(room, "song")


def test_a_desk_asks_as_little_for_much_as_for_little(
    app: Flask, session: Session, cast: Cast, room: Room
) -> None:
    disclose(session, cast, "list", examples.item_list())
    visits, lin = {}, room("lin")
    for many in (1, 12):
        for at in range(many):
            late_result(session, cast, f"示例{many}之{at}商店")
        with statements(app) as asked:
            assert lin.get("/staff/").status_code == 200
        visits[many] = len(asked)
    assert visits[12] == visits[1] <= 60, visits


def test_more_than_ten_that_are_due_have_a_page_of_their_own(
    session: Session, cast: Cast, room: Room
) -> None:
    for at in range(12):
        late_result(session, cast, f"示例逾期第{at}商店")
    lin = room("lin")
    desk = lin.page("/staff/")
    assert len(desk.select("table.waits tbody tr")) == 10
    link = desk.select_one("a[href*='show=due']")
    assert link is not None
    assert len(lin.page(link["href"]).select("table.waits tbody tr")) == 12


def test_the_desk_speaks_english(session: Session, cast: Cast, room: Room, result: Publication) -> None:
    object_to(session, result)
    late_result(session, cast, "示例已逾期商店")
    for who in ("he", "song", "lin", "shen", "zhou", "gu"):
        for address in ("/staff/?lang=en", "/staff/?show=due&lang=en", "/staff/?queue=all&lang=en"):
            assert room(who).get(address).status_code == 200
