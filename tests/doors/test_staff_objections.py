"""复查待办 and one case: what is due first stands first, filters live in the address, every act has its form."""

from sqlalchemy.orm import Session

from portal.objections.models import Objection
from portal.publications.models import Publication
from tests import objecting
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room, Visit
from tests.objecting import object_to


def page_of(case: Objection) -> str:
    return f"/staff/objections/{case.id}"


def act(visit: Visit, case: Objection, noun: str, **form: object) -> int:
    """Send one of the case's forms; the status."""
    return visit.send(page_of(case), f"{page_of(case)}/{noun}", **form).status_code


def test_a_case_goes_all_the_way_on_the_pages(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    lin, shen = room("lin"), room("shen")
    assert act(shen, case, "identity", note="营业执照原件") == 302
    assert act(lin, case, "assignment", person=[cast.shen.id, cast.lu.id]) == 302
    found = {"done_on": case.received_on.isoformat(), "findings": "调取进货查验记录，缺的2个批次有记录。"}
    assert act(shen, case, "recheck", on_the_spot="yes", there=[cast.shen.id, cast.lu.id], **found) == 302
    revision = objecting.correction(session, cast, case)
    decided = {"outcome": "corrected", "reasons": "进货查验记录齐全。", "revision": revision.id}
    assert act(shen, case, "decision", **decided) == 302
    assert act(room("song"), case, "opinion", opinion="程序合法。") == 302
    sheet = lin.page(f"{page_of(case)}/sheet")
    assert "程序合法。" in sheet.text and "进货查验记录齐全。" in sheet.select_one("ins").text
    signed = lin.send(f"{page_of(case)}/sheet", f"{page_of(case)}/signature", password=PASSWORD)
    assert signed.status_code == 302
    assert act(shen, case, "dispatch", method="post", evidence="XA00000000000") == 302
    assert act(shen, case, "delivery", on=case.received_on.isoformat(), evidence="本人签收") == 302
    assert act(shen, case, "closing") == 302
    session.expire_all()
    assert case.state == "closed"
    page = shen.page(page_of(case))
    assert "按期" in page.text and "没有要办的事项" in page.text
    for kind in ("receipt", "decision", "approval", "correction"):
        assert shen.get(f"{page_of(case)}/papers/{kind}").status_code == 200, kind
