"""The desk shows each person what waits for her, the overdue first; and what the office watches over."""

from datetime import timedelta

from sqlalchemy.orm import Session

from portal import clock
from portal.publications import pipeline
from portal.publications.proposing import Proposal
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.office import disclose


def titles(room: Room, who: str, queue: str) -> list[str]:
    page = room(who).page(f"/staff/?queue={queue}")
    return [each.text for each in page.select("table.queue tbody th a")]


def test_what_is_overdue_stands_first_with_its_due_day(session: Session, cast: Cast, room: Room) -> None:
    he, today = cast.he, clock.today()
    for name, ago in (("示例后到期商店", 3), ("示例已逾期商店", 60)):
        day = str(today - timedelta(days=ago))
        content = examples.result(entity_name=name, inspected_on=day, completed_on=day)
        pipeline.draft(session, "result", content, by=he)
    session.commit()
    assert titles(room, "he", "drafts") == ["示例已逾期商店", "示例后到期商店"]
    page = room("he").page("/staff/?queue=drafts")
    assert "已逾期" in page.select_one("tr.is-over .ck-over").text


def test_a_submitted_draft_waits_for_the_reviewer_and_not_for_its_author(
    session: Session, cast: Cast, room: Room
) -> None:
    disclose(session, cast, "list", examples.item_list())
    bai = cast.bai
    revision = pipeline.draft(session, "result", examples.result(), by=bai)
    pipeline.submit(session, revision, by=bai)
    session.commit()
    assert titles(room, "song", "review") == ["示例北顺达商贸有限公司"]
    assert titles(room, "bai", "review") == []


def test_what_was_sent_back_waits_for_its_author(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    pipeline.send_back(session, revision, by=cast.song, note="请核对检查日期。")
    session.commit()
    assert titles(room, "he", "returned") == ["示例北顺达商贸有限公司"]
    assert "请核对检查日期。" in room("he").get(f"/staff/revisions/{revision.id}").text


def test_a_row_outside_the_list_waits_for_the_head_who_decides_with_a_reason(
    session: Session, cast: Cast, room: Room
) -> None:
    proposal = Proposal(examples.result(), held=["检查事项不在清单内。"])
    (revision,) = pipeline.draft_many(session, "result", [proposal], by=cast.he)
    session.commit()
    page = f"/staff/revisions/{revision.id}"
    assert titles(room, "lin", "outside") == ["示例北顺达商贸有限公司"]
    lin = room("lin")
    assert "请写明同意继续办理的理由" in lin.send(page, f"{page}/admission", note="").text
    assert lin.send(page, f"{page}/admission", note="上级部署。").status_code == 302
    assert titles(room, "lin", "outside") == []


def test_the_coordinator_sees_every_departments_work(session: Session, cast: Cast, room: Room) -> None:
    content = examples.result(department=examples.EMERGENCY)
    pipeline.draft(session, "result", content, by=cast.fang)
    session.commit()
    assert titles(room, "gu", "all") == ["示例北顺达商贸有限公司"]
    assert titles(room, "he", "all") == []


def test_the_items_that_a_plan_leaves_out_are_listed(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "plan", examples.plan())
    text = room("he").page("/staff/coverage?year=2026").select_one("main").text
    assert "清单共3项，有1项没有安排" in text
    assert "定量包装商品销售监督检查" in text


def test_the_third_draw_of_a_year_is_shown(session: Session, cast: Cast, room: Room) -> None:
    for at in range(3):
        disclose(session, cast, "task", examples.task(source_number=f"3399002026101200{at}"))
    text = room("he").page("/staff/draws?year=2026").select_one("main").text
    assert "示例北顺达商贸有限公司" in text
    assert "RW-" in text


def test_an_administrator_has_no_work_on_the_desk(session: Session, cast: Cast, room: Room) -> None:
    assert "您的角色不经办公示业务" in room("zhong").get("/staff/").text


def test_every_page_of_the_room_speaks_english_too(session: Session, cast: Cast, room: Room) -> None:
    he = room("he")
    for page in ("/staff/", "/staff/batches/", "/staff/imports/", "/staff/mappings/", "/staff/coverage"):
        assert he.get(f"{page}?lang=en").status_code == 200
