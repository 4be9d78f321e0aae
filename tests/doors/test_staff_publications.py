"""What is public already: corrected, taken down, brought back and held, each by whom the rules name."""

from sqlalchemy.orm import Session

from portal.publications.models import Face
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.office import disclose


def published(session: Session, cast: Cast, kind: str = "result") -> str:
    disclose(session, cast, "list", examples.item_list())
    content = {"result": examples.result, "plan": examples.plan}[kind]()
    number = disclose(session, cast, kind, content).number
    assert number is not None
    return number


def face(session: Session, number: str) -> Face:
    session.expire_all()
    return session.get_one(Face, number)


def test_a_correction_shows_before_and_after_and_needs_the_head(
    session: Session, cast: Cast, room: Room
) -> None:
    number = published(session, cast)
    he, lin, song = room("he"), room("lin"), room("song")
    page = f"/staff/publications/{number}/correction"
    typed = {"f-entity_name": "示例北顺达百货有限公司", "reason": "企业名称录入有误。", "basis": "第二十九条"}
    revision = he.fill_in(page, typed).location
    assert he.send(revision, f"{revision}/submission").status_code == 302
    refused = song.send(revision, f"{revision}/approval")
    assert "请交由主要负责人办理。" in refused.text
    signing = lin.page(revision)
    assert signing.select_one(".ba del").text == "示例北顺达商贸有限公司"
    assert signing.select_one(".ba ins").text == "示例北顺达百货有限公司"
    assert lin.send(revision, f"{revision}/approval").status_code == 302
    song.send(revision, f"{revision}/publication")
    now = face(session, number)
    assert (now.title, now.version, now.corrected) == ("示例北顺达百货有限公司", 2, True)


def test_a_correction_without_a_public_reason_is_not_submitted(
    session: Session, cast: Cast, room: Room
) -> None:
    number = published(session, cast)
    he = room("he")
    revision = he.fill_in(f"/staff/publications/{number}/correction", {}).location
    refused = he.send(revision, f"{revision}/submission")
    assert refused.status_code == 422
    assert "都要写明公开的理由" in refused.text


def test_a_withdrawal_is_signed_and_can_be_undone_by_a_signed_restoration(
    session: Session, cast: Cast, room: Room
) -> None:
    number = published(session, cast)
    he, lin, song, page = room("he"), room("lin"), room("song"), f"/staff/publications/{number}"
    for proposal, expected in (("withdrawal", "withdrawn"), ("restoration", "live")):
        revision = he.send(page, f"{page}/{proposal}", reason="经核实不应公示。", basis="第三条").location
        he.send(revision, f"{revision}/submission")
        lin.send(revision, f"{revision}/approval")
        song.send(revision, f"{revision}/publication")
        assert face(session, number).face == expected


def test_the_duty_officer_holds_at_once_and_the_head_confirms(
    session: Session, cast: Cast, room: Room
) -> None:
    number = published(session, cast)
    page = f"/staff/publications/{number}"
    zhou, lin = room("zhou"), room("lin")
    assert zhou.send(page, f"{page}/hold", reason="含个人电话").status_code == 302
    assert face(session, number).face == "held"
    assert number in lin.page("/staff/").select_one("main").text
    assert lin.send(page, f"{page}/hold/confirmation").status_code == 302
    assert number not in lin.page("/staff/").select_one("main").text


def test_a_drafter_can_not_hold_and_reads_who_can(session: Session, cast: Cast, room: Room) -> None:
    number = published(session, cast)
    page = f"/staff/publications/{number}"
    refused = room("he").send(page, f"{page}/hold", reason="含个人电话")
    assert refused.status_code == 422
    assert "请交由值班人员办理。" in refused.text
    assert face(session, number).live


def test_a_plan_is_adjusted_and_a_result_can_not_be(session: Session, cast: Cast, room: Room) -> None:
    plan, he = published(session, cast, "plan"), room("he")
    revision = he.fill_in(
        f"/staff/publications/{plan}/adjustment", {"f-title": "示例市2026年度抽查工作计划（调整）"}
    ).location
    he.send(revision, f"{revision}/submission")
    song = room("song")
    song.send(revision, f"{revision}/approval")
    song.send(revision, f"{revision}/publication")
    assert face(session, plan).version == 2


def test_another_departments_publication_is_not_for_these_pages(
    session: Session, cast: Cast, room: Room
) -> None:
    number = published(session, cast)
    assert room("fang").get(f"/staff/publications/{number}").status_code == 404
