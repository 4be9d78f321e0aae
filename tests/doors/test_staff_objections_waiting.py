"""What waits for whom on the desk, and 写了不该公开的: one duty officer takes the result off at once."""

from sqlalchemy.orm import Session

from portal import clock
from portal.objections import deciding, handling
from portal.publications.models import Face, Publication
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to

QUEUE = "/staff/objections/"


def test_a_result_on_hold_is_said_in_the_queue(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result, grounds=("undisclosable",))
    assert "立即暂停公示" in room("zhou").page("/staff/").select_one("button.btn-alarm").text
    visit = room("zhou")
    sent = visit.send("/staff/", f"/staff/objections/{case.id}/hold", reason="先停")
    assert sent.status_code == 302
    assert session.get_one(Face, result.number).face == "held"
    assert "已暂停公示" in room("shen").get(QUEUE).text
    assert room("zhou").page("/staff/").select_one("button.btn-alarm") is None
    address = f"/staff/objections/{case.id}"
    assert room("zhou").page(address).select_one("form[action$=confirmation]") is None
    assert room("lin").send(address, f"{address}/hold/confirmation").status_code == 302
    assert "主要负责人已确认" in room("lin").get(address).text
    assert room("lin").send(address, f"{address}/hold/confirmation").status_code == 422


def test_another_offices_duty_officer_holds_nothing(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result, grounds=("undisclosable",))
    ning, page = room("ning"), "/staff/password"
    assert ning.send(page, f"/staff/objections/{case.id}/hold", reason="x").status_code == 404
    assert room("he").send(page, f"/staff/objections/{case.id}/hold", reason="x").status_code == 422
    assert session.get_one(Face, result.number).face == "live"


def test_the_desk_says_what_waits_for_whom(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    assert "待指派复查人员 1" in " ".join(room("lin").page("/staff/").select_one(".panel").text.split())
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    assert "待我复查" in room("shen").get("/staff/").text
    handling.record(session, case, "查了", by=cast.shen, done_on=clock.today())
    deciding.draft_decision(session, case, "maintained", "属实。", by=cast.shen)
    session.commit()
    assert "待我签署 1" in " ".join(room("lin").page("/staff/").select_one(".panel").text.split())
    assert "待送达" not in room("he").get("/staff/").text
