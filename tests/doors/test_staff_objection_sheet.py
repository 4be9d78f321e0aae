"""更正审批表: one sheet, signed by the head with the password given again, and printed as it was signed."""

from datetime import datetime

from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from portal import clock
from portal.objections import deciding
from portal.objections.models import Objection
from portal.people import acts
from portal.publications.models import Face, Publication
from tests import objecting
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to

WRONG = "不是这个密码 123456"


def drafted(session: Session, cast: Cast, result: Publication, outcome: str = "corrected") -> Objection:
    """A case that waits for the signature."""
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case) if outcome != "maintained" else None
    deciding.draft_decision(session, case, outcome, "进货查验记录齐全。", by=cast.shen, revision=revision)
    deciding.opine(session, case, "程序合法。", by=cast.song)
    session.commit()
    return case


def sheet_of(case: Objection) -> str:
    return f"/staff/objections/{case.id}/sheet"


def signature_of(case: Objection) -> str:
    return f"/staff/objections/{case.id}/signature"


def test_the_sheet_holds_everything_the_head_signs_for(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = drafted(session, cast, result)
    sheet = room("lin").page(sheet_of(case)).select_one(".sheetform")
    for words in (
        "进货查验记录缺2个批次",
        objecting.WRONG,
        "缺的2个批次有记录",
        "程序合法。",
        "沈亦衡、陆行舟",
    ):
        assert words in sheet.text, words
    assert "缺2个批次" in sheet.select_one("del").text and "记录齐全" in sheet.select_one("ins").text


def test_the_signature_publishes_the_correction_and_the_sheet_has_its_number(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    assert lin.send(sheet_of(case), signature_of(case), password=PASSWORD).status_code == 302
    assert session.get_one(Face, result.number).corrected
    sheet = lin.page(sheet_of(case))
    assert "示市监更审〔" in sheet.text and "林望舒" in sheet.select_one(".signhere").text
    assert "缺2个批次" in sheet.select_one("del").text
    assert sheet.select_one("input[name=password]") is None
    notice = lin.page(f"/staff/objections/{case.id}/papers/correction")
    assert "示市监更告〔" in notice.text and "记录齐全" in notice.select_one("ins").text


def test_nothing_wrong_is_signed_on_the_same_sheet_without_a_proposal(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result, "maintained"), room("lin")
    page = lin.page(sheet_of(case))
    assert "原结果无误，不予更正" in page.text and page.select_one(".ba") is None
    assert lin.send(sheet_of(case), signature_of(case), password=PASSWORD).status_code == 302
    assert "不予更正，不另编号" in lin.get(sheet_of(case)).text


def test_a_wrong_password_signs_nothing_and_counts_towards_the_lock(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    for _ in range(acts.FAILURES_BEFORE_LOCK):
        answer = lin.send(sheet_of(case), signature_of(case), password=WRONG)
        assert answer.status_code == 422 and "密码不正确" in answer.text
    locked = lin.send(sheet_of(case), signature_of(case), password=PASSWORD)
    assert locked.status_code == 422 and "账号已锁定" in locked.text
    assert case.state == "decision_drafted" and not session.get_one(Face, result.number).corrected
    assert isinstance(cast.lin.locked_until, datetime) and cast.lin.locked_until > clock.now()


def test_who_may_not_sign_is_told_before_any_password_is_looked_at(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = drafted(session, cast, result)
    for who in ("shen", "song", "he"):
        page = room(who).page(sheet_of(case))
        assert page.select_one("button[disabled][aria-describedby=why-sign]") is not None, who
        answer = room(who).send("/staff/password", signature_of(case), password=WRONG)
        assert answer.status_code == 422, who
        assert getattr(cast, who).failures == 0, who
    assert room("qin").send("/staff/password", signature_of(case), password=PASSWORD).status_code == 404
    assert case.state == "decision_drafted"


def test_the_sheet_that_changed_meanwhile_is_not_signed(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    page = lin.page(sheet_of(case))
    seen = str(page.select_one("input[name=seen]")["value"])
    deciding.opine(session, case, "还要核对两处。", by=cast.song)
    session.commit()
    answer = lin.send(sheet_of(case), signature_of(case), password=PASSWORD, seen=seen)
    assert answer.status_code == 409 and "宋清和刚刚办理" in answer.text
    assert case.state == "decision_drafted"


def test_the_head_sends_it_back_from_the_sheet(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    answer = lin.send(sheet_of(case), f"/staff/objections/{case.id}/return", note="请补充依据。")
    assert answer.status_code == 302 and case.state == "rechecking"
    assert "请补充依据。" in BeautifulSoup(lin.get(sheet_of(case)).text, "html.parser").text


def test_what_lies_on_the_sheet_is_signed_there_and_not_from_the_drafts_own_page(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    own = f"/staff/revisions/{case.decision.revision_id}"  # type: ignore[union-attr]
    page = lin.page(own)
    assert "更正审批表" in page.text and page.select_one(f"form[action$='{own}/approval'] button") is None
    for act in ("approval", "publication"):
        answer = lin.send(own, f"{own}/{act}")
        assert answer.status_code == 422 and "一并签署" in answer.text, act
    assert not session.get_one(Face, result.number).corrected


def test_who_does_not_say_which_sheet_was_read_signs_none(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = drafted(session, cast, result), room("lin")
    answer = lin.send(sheet_of(case), signature_of(case), password=PASSWORD, seen="")
    assert answer.status_code == 422 and "看过现在的更正审批表" in answer.text
    assert case.state == "decision_drafted"


def test_a_correction_that_another_answer_carried_out_is_shown_as_it_was(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    second = object_to(session, result, key="another form's key, unguessable")
    first, lin = drafted(session, cast, result), room("lin")
    assert lin.send(sheet_of(first), signature_of(first), password=PASSWORD).status_code == 302
    objecting.recheck(session, cast, second)
    shen = room("shen")
    assert (
        "已公示" in shen.page(f"/staff/objections/{second.id}/decision").select_one("#decision-revision").text
    )
    chosen = str(first.decision.revision_id)  # type: ignore[union-attr]
    at = f"/staff/objections/{second.id}/decision"
    assert shen.send(at, at, outcome="corrected", reasons="记录有误。", revision=chosen).status_code == 302
    sheet = lin.page(sheet_of(second))
    assert "缺2个批次" in sheet.select_one("del").text and "记录齐全" in sheet.select_one("ins").text
    assert lin.send(sheet_of(second), signature_of(second), password=PASSWORD).status_code == 302
    assert second.state == "signed" and session.get_one(Face, result.number).version == 2
    assert "不予更正" not in lin.get(sheet_of(second)).text
