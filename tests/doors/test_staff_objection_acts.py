"""Every act on a case from its page: done by who may, refused in a sentence, what was typed kept; two at once."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import clock
from portal.objections import deciding, handling
from portal.objections.models import Objection
from portal.publications import pipeline
from portal.publications.models import Publication, Revision
from portal.web.staff.objection_case import NOUNS
from tests import objecting
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room, Visit, form_of
from tests.objecting import object_to


def page_of(case: Objection) -> str:
    return f"/staff/objections/{case.id}"


def act(visit: Visit, case: Objection, noun: str, **form: Any) -> TestResponse:
    """Send one of the case's forms, as looked at just now."""
    return visit.send(page_of(case), f"{page_of(case)}/{noun}", **form)


def test_a_case_goes_all_the_way_on_the_pages(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    lin, shen, today = room("lin"), room("shen"), case.received_on.isoformat()
    both = [cast.shen.id, cast.lu.id]
    assert act(shen, case, "identity", note="营业执照原件").status_code == 302
    assert act(lin, case, "assignment", person=both).status_code == 302
    found = {"done_on": today, "findings": "缺的2个批次有记录。", "on_the_spot": "yes", "there": both}
    assert act(shen, case, "recheck", **found).status_code == 302
    revision = objecting.correction(session, cast, case)
    decided = {"outcome": "corrected", "reasons": "进货查验记录齐全。", "revision": revision.id}
    assert act(shen, case, "decision", **decided).status_code == 302
    assert act(room("song"), case, "opinion", opinion="程序合法。").status_code == 302
    signed = lin.send(f"{page_of(case)}/sheet", f"{page_of(case)}/signature", password=PASSWORD)
    assert signed.status_code == 302
    assert act(shen, case, "dispatch", method="post", evidence="XA00000000000").status_code == 302
    assert act(shen, case, "delivery", on=today, evidence="本人签收").status_code == 302
    assert act(shen, case, "closing").status_code == 302
    session.expire_all()
    assert case.state == "closed"
    text = shen.page(page_of(case)).text
    assert text.count("按时") == 2 and "没有要办的事项" in text


def test_a_case_is_sent_back_asked_for_supplements_and_goes_on_without(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin, shen = object_to(session, result), room("lin"), room("shen")
    assert act(shen, case, "supplement", wanted="营业执照照片\n\n进货单").status_code == 302
    page = shen.page(page_of(case))
    assert [each.text for each in page.select("ol.ruled li")] == ["营业执照照片", "进货单"]
    early = act(shen, case, "continuation")
    assert early.status_code == 422 and "还没有届满" in early.text
    session.expire_all()
    case.term("supplement_reply").due = clock.today() - timedelta(days=1)  # type: ignore[union-attr]
    session.commit()
    assert act(shen, case, "continuation").status_code == 302
    assert act(lin, case, "assignment", person=[cast.shen.id, cast.lu.id]).status_code == 302
    found = {"done_on": case.received_on.isoformat(), "findings": "查了。"}
    assert act(shen, case, "recheck", **found).status_code == 302
    assert act(shen, case, "decision", outcome="maintained", reasons="属实。").status_code == 302
    assert act(lin, case, "return", note="请写明依据。").status_code == 302
    page = shen.page(page_of(case))
    assert "请写明依据。" in page.text and "复查中" in page.select_one(".rec-state").text


def test_not_accepting_takes_a_ground_and_whom_it_is_passed_to(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, lin = object_to(session, result), room("lin")
    given = {"ground": "other_body", "reason": "消防检查由消防救援机构作出。"}
    refused = act(lin, case, "refusal", **given)
    assert refused.status_code == 422 and "写明转送哪个机关" in refused.text
    kept = BeautifulSoup(refused.text, "html.parser")
    assert kept.select_one("#refusal-reason").text == given["reason"]
    assert kept.select_one("input[name=ground][value=other_body]").has_attr("checked")
    assert act(lin, case, "refusal", **given, passed_to="示例市消防救援支队").status_code == 302
    assert lin.get(f"{page_of(case)}/papers/passed_on").status_code == 200
    assert "没有要办的事项" in lin.get(page_of(case)).text


def test_who_must_stand_aside_is_shown_with_the_reason_and_can_not_be_ticked(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    result.revisions[0].content = result.revisions[0].content | {"inspectors": "沈亦衡、何知远"}
    session.commit()
    page = room("lin").page(page_of(case))
    aside = page.select_one(".choice.aside")
    assert aside is not None and "沈亦衡参加了这次检查，应当回避" in aside.text
    ticks = page.select("input[name=person]")
    assert [str(each["value"]) for each in ticks] == [str(cast.lu.id)]
    forced = act(room("lin"), case, "assignment", person=[cast.shen.id, cast.lu.id])
    assert forced.status_code == 422 and "应当回避" in forced.text
    assert act(room("lin"), case, "dispensation", kind="neighbour", reason="只剩一人。").status_code == 302
    assert act(room("lin"), case, "assignment", person=[cast.tang.id, cast.lu.id]).status_code == 302
    assert act(room("tang"), case, "recusal", reason="与经营者是亲属。").status_code == 302
    session.expire_all()
    assert [each.name for each in case.rechecking] == ["陆行舟"]


def test_a_button_that_is_not_for_somebody_is_grey_with_the_reason(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    page = room("he").page(page_of(case))
    grey = page.select_one("button[disabled][aria-describedby=why-assignment]")
    assert grey is not None and "没有" in page.select_one("#why-assignment").text
    assert page.select_one("form[action$=identity] textarea[name=note]") is not None
    assert room("gu").page(page_of(case)).select("#act form") == []


def test_what_was_refused_comes_back_with_what_was_typed(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    later = (clock.today() + timedelta(days=3)).isoformat()
    typed = "调取了三个月的进货台账。\n第二行"
    answer = act(room("shen"), case, "recheck", done_on=later, findings=typed, there=[cast.shen.id])
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422 and "复查日期" in page.select_one("#refused").text
    assert page.select_one("#recheck-findings").text == typed
    assert page.select_one("#recheck-done_on")["value"] == later
    assert page.select_one(f"input[name=there][value='{cast.shen.id}']").has_attr("checked")


@pytest.mark.parametrize("noun", NOUNS)
def test_an_empty_form_is_refused_in_sentences_and_changes_nothing(
    session: Session, cast: Cast, room: Room, result: Publication, noun: str
) -> None:
    case, step = object_to(session, result), 0
    step = case.step_id or 0
    answer = act(room("lin"), case, noun)
    assert answer.status_code == 422, noun
    assert BeautifulSoup(answer.text, "html.parser").select_one("#refused li").text.endswith("。")
    assert case.step_id == step


def test_of_two_people_on_one_case_one_is_told(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    lin, shen = room("lin"), room("shen")
    looked_at = form_of(lin.page(page_of(case)).select_one("form[action$=assignment]"))
    assert act(shen, case, "identity", note="营业执照原件").status_code == 302
    address, chosen = f"{page_of(case)}/assignment", [cast.shen.id, cast.lu.id]
    session.commit()
    late = lin.client.post(address, data=looked_at | {"person": chosen})
    assert late.status_code == 409 and "沈亦衡刚刚办理了这件异议" in late.text
    session.expire_all()
    assert case.state == "received"


def test_every_form_says_which_step_was_looked_at(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    for who in ("lin", "shen"):
        for form in room(who).page(page_of(case)).select("#act form:not([enctype])"):
            assert form.select_one("input[name=seen]")["value"] == str(case.step_id), form["action"]


def test_a_rechecker_drafts_the_correction_on_the_drafts_page_and_comes_back(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, shen = object_to(session, result), room("shen")
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    link = shen.page(page_of(case)).find("a", string="起草更正稿")
    assert link is not None
    made = shen.fill_in(str(link["href"]), {"reason": "经异议复查有误。", "r-items-0-problem": "记录齐全。"})
    assert made.status_code == 302
    draft = shen.page(made.headers["Location"])
    back = draft.find("a", string=case.receipt)
    assert back is not None and back["href"] == page_of(case)
    revision = session.query(Revision).order_by(Revision.id.desc()).first()
    assert revision is not None and (revision.act, revision.author_id) == ("correct", cast.shen.id)
    pipeline.submit(session, revision, by=cast.shen)
    handling.record(session, case, "查了", by=cast.shen, done_on=clock.today())
    session.commit()
    assert shen.page(page_of(case)).select_one(f"option[value='{revision.id}']") is not None


def test_what_was_put_right_is_entered_a_second_time_beside_the_first(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result, grounds=("put_right",))
    assert "整改后再次录入" in room("shen").get(page_of(case)).text
    link = room("he").page(page_of(case)).find("a", string="录入整改后的结果")
    assert link is not None
    form = form_of(room("he").page(str(link["href"])).select_one("form.contentform"))
    assert (form["f-rectifies"], form["f-entity_name"]) == (result.number, "示例北顺达商贸有限公司")
    assert (form["f-inspected_on"], form["r-items-0-problem"]) == ("", "")
    typed = {
        "f-inspected_on": "2026-11-20",
        "r-items-0-outcomes": "未发现问题",
        "r-items-1-outcomes": "未发现问题",
    }
    made = room("he").fill_in(str(link["href"]), typed)
    assert made.status_code == 302
    second = session.query(Revision).order_by(Revision.id.desc()).first()
    assert second is not None and second.content["rectifies"] == result.number
    assert case.receipt in room("he").get(f"/staff/revisions/{second.id}").text
    plain = object_to(session, result, key="another", grounds=("not_so",))
    assert "整改后再次录入" not in room("he").page(page_of(plain)).select_one("#act").text


def test_the_words_of_strangers_are_words_and_nothing_else(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    case = object_to(session, result, text=hostile, objector_name=hostile, entity_name=hostile)
    for address in (
        page_of(case),
        f"{page_of(case)}/sheet",
        "/staff/objections/",
        f"{page_of(case)}/papers/receipt",
    ):
        text = room("shen").get(address).text
        assert "<script>alert" not in text and "49" not in text.split("<main", 1)[1].split("<dd", 1)[0], (
            address
        )


def test_sending_electronically_needs_consent(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    page = room("shen").page(page_of(case))
    assert page.select_one("input[name=method][value=electronic]") is None
    answer = act(room("shen"), case, "dispatch", method="electronic")
    assert answer.status_code == 422 and "没有同意电子送达" in answer.text
    too_early = (clock.today() - timedelta(days=9)).isoformat()
    deciding.send(session, case, "hand", by=cast.shen)
    session.commit()
    assert "送达日期应在签署之后" in act(room("shen"), case, "delivery", on=too_early, evidence="x").text
