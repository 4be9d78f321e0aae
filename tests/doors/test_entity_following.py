"""Following a case by number and code: who gets in, what the page says, what its objector may do."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.objections import deciding, handling
from portal.objections.models import Objection, ObjectionFile
from portal.publications.models import Publication
from tests import objecting
from tests.cast import Cast
from tests.doors.objectors_room import (  # fmt: skip  # fmt: skip
    LICENCE,
    MINIMAL,
    SAID,
    Shopkeeper,
    chinese_left,
    number_and_code,
    soup_of,
)
from tests.doors.public_room import words
from tests.evidence_files import PROGRAM, pdf
from tests.objecting import terms

Case = tuple[Shopkeeper, Objection, str]
Anybody = Callable[[], Shopkeeper]


@pytest.fixture
def case(session: Session, result: Publication, visitor: FlaskClient) -> Case:
    """A filing with one photo, on the phone it was filed with."""
    shopkeeper = Shopkeeper(visitor, session, str(result.number))
    receipt, code = number_and_code(
        shopkeeper.send(MINIMAL | {"text": SAID}, [("evidence", "进货单.jpg", LICENCE)])
    )
    return shopkeeper, session.query(Objection).filter_by(receipt=receipt).one(), code


@pytest.fixture
def anybody(app: Flask, session: Session, result: Publication) -> Anybody:
    """Another phone."""
    return lambda: Shopkeeper(app.test_client(), session, str(result.number))


def test_who_filed_sees_where_it_stands(case: Case) -> None:
    shopkeeper, objection, _code = case
    page = words(soup_of(shopkeeper.get(f"/objections/{objection.receipt}")))
    due = objection.terms[0].due
    for said in (
        "正在安排复查",
        SAID,
        "记录与事实不符",
        "进货单.jpg",
        f"最迟 {due.year}年{due.month}月{due.day}日",
        "0000-1234567",
    ):
        assert said in page.replace("最迟", "最迟 ").replace("  ", " "), said


def test_number_and_code_open_it_on_any_phone(case: Case, anybody: Anybody) -> None:
    _mine, objection, code = case
    other = anybody()
    assert SAID not in other.get(f"/objections/{objection.receipt}").text
    answer = other.open(f" {objection.receipt.lower()} ", code.lower().replace("-", " "))
    assert answer.status_code == 303 and answer.headers["Location"] == f"/objections/{objection.receipt}"
    assert SAID in other.get(answer.headers["Location"]).text


def test_one_can_leave_a_shared_phone(case: Case) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}"
    assert shopkeeper.press(at, "/objections/leave").status_code == 303
    assert SAID not in shopkeeper.get(at).text


def test_a_wrong_number_and_a_wrong_code_look_the_same(case: Case, anybody: Anybody) -> None:
    _mine, objection, _code = case
    answers = [anybody().open(number, "AAAA-AAAA") for number in (objection.receipt, "YY-2026-9999")]
    assert {each.status_code for each in answers} == {422}
    assert len({without(each.text, objection.receipt, "YY-2026-9999") for each in answers}) == 1
    pages = [anybody().get(f"/objections/{number}") for number in (objection.receipt, "YY-2026-9999")]
    assert {each.status_code for each in pages} == {200}
    assert len({without(each.text, objection.receipt, "YY-2026-9999") for each in pages}) == 1


def without(html: str, *numbers: str) -> str:
    for number in numbers:
        html = html.replace(number, "")
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


def test_guessing_is_throttled_and_the_right_code_waits_too(case: Case, anybody: Anybody) -> None:
    _mine, objection, code = case
    guesser = anybody()
    said = [guesser.open(objection.receipt, "AAAA-AAAA").text for _ in range(5)]
    assert all("回执号或者查询码不对" in each for each in said)
    answer = guesser.open(objection.receipt, code)
    assert answer.status_code == 422 and "分钟后再试" in answer.text
    unknown = anybody().open("YY-2026-9999", "AAAA-AAAA")
    assert unknown.status_code == 422 and "分钟后再试" in unknown.text  # the visitor is counted too


def test_filing_is_never_refused_for_rate(case: Case) -> None:
    shopkeeper, objection, _code = case
    for _ in range(6):
        shopkeeper.open(objection.receipt, "AAAA-AAAA")
    assert shopkeeper.send(MINIMAL | {"text": "再提一件。"}).status_code == 201


def test_one_objector_can_not_open_anothers_case(case: Case, anybody: Anybody, session: Session) -> None:
    _mine, objection, _code = case
    other = anybody()
    other.file(text="另一家的事。")
    photo = session.query(ObjectionFile).filter_by(objection_id=objection.id).one()
    at = f"/objections/{objection.receipt}"
    for address in (at, f"{at}/receipt", f"{at}/papers/receipt", f"{at}/withdrawal", f"{at}/papers/decision"):
        answer = other.get(address)
        assert SAID not in answer.text and "查询码" in answer.text, address
    assert other.get(f"{at}/files/{photo.id}").status_code == 404
    token = soup_of(other.get("/objections/")).select_one("input[name=csrf_token]")
    for act in ("supplement", "withdrawal", "consent", "acknowledgement"):
        other.client.post(f"{at}/{act}", data={"csrf_token": token["value"], "text": "我的"})  # type: ignore[index]
    session.expire_all()
    assert objection.state == "received" and len(objection.steps) == 1


def test_own_photos_are_shown_made_anew_and_nothing_else_is_served(case: Case, session: Session) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}"
    photo = objection.files[0]
    answer = shopkeeper.get(f"{at}/files/{photo.id}")
    assert answer.status_code == 200 and answer.content_type == "image/jpeg"
    assert answer.data != LICENCE and b"SHILI PHONE" not in answer.data
    shopkeeper.press(at, f"{at}/supplement", [("supplement", "单据.pdf", pdf())], text="补一份。")
    session.expire_all()
    paper = next(each for each in objection.files if each.kind == "pdf")
    assert shopkeeper.get(f"{at}/files/{paper.id}").status_code == 404
    photo.by_id = 1  # handed in by staff
    session.commit()
    assert shopkeeper.get(f"{at}/files/{photo.id}").status_code == 404


def test_what_was_asked_for_is_handed_in(case: Case, session: Session, cast: Cast) -> None:
    shopkeeper, objection, _code = case
    handling.ask_supplement(session, objection, ["进货单原件照片"], by=cast.shen, terms=terms(session))
    at = f"/objections/{objection.receipt}"
    page = words(soup_of(shopkeeper.get(at)))
    assert "请补充下列材料" in page and "进货单原件照片" in page and "补正材料告知书" in page
    paper = words(soup_of(shopkeeper.get(f"{at}/papers/supplement")))
    assert "进货单原件照片" in paper and "补正期间复查期限继续计算" in paper and "异补〔" in paper
    answer = shopkeeper.press(
        at, f"{at}/supplement", [("supplement", "原件.jpg", LICENCE)], text="就是这一张。"
    )
    assert answer.status_code == 303
    assert objection.state == "supplemented"
    page = words(soup_of(shopkeeper.get(at)))
    assert "就是这一张。" in page and "原件.jpg" in page and "补充的材料已经收到" in page
    assert "放入了案卷" in page  # told once, on the page after the act
    assert "放入了案卷" not in words(soup_of(shopkeeper.get(at)))


def test_a_hostile_supplement_keeps_the_words(case: Case, session: Session) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}"
    answer = shopkeeper.press(
        at, f"{at}/supplement", [("supplement", "单据.jpg", PROGRAM)], text="写了很久。"
    )
    assert answer.status_code == 422
    page = soup_of(answer)
    assert "写了很久。" in page.select_one("textarea[name=text]").text  # type: ignore[union-attr]
    assert "这是程序，不能收" in words(page)
    assert shopkeeper.press(at, f"{at}/supplement", text="").status_code == 422
    assert len(objection.files) == 1


def test_words_typed_on_a_case_that_closed_meanwhile_are_carried_along(case: Case) -> None:
    shopkeeper, objection, code = case
    at = f"/objections/{objection.receipt}"
    form = soup_of(shopkeeper.get(at)).select_one(f'form[action="{at}/supplement"] input[name=csrf_token]')
    shopkeeper.client.delete_cookie("portal_objection", path="/objections")
    answer = shopkeeper.client.post(f"{at}/supplement", data={"csrf_token": form["value"], "text": "别丢了"})  # type: ignore[index]
    page = soup_of(answer)
    assert answer.status_code == 400 and page.select_one("input[name=text]")["value"] == "别丢了"  # type: ignore[index]
    hidden = {str(each["name"]): str(each["value"]) for each in page.select("main input[type=hidden]")}
    opened = shopkeeper.client.post(
        "/objections/", data={"receipt": objection.receipt, "code": code} | hidden
    )
    assert "别丢了" in soup_of(opened).select_one("textarea[name=text]").text  # type: ignore[union-attr]


def test_it_is_taken_back_after_one_more_question(case: Case, session: Session) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}/withdrawal"
    assert "撤回后不再复查" in shopkeeper.get(at).text and objection.state == "received"
    assert shopkeeper.press(at, at, text="说清楚了。").status_code == 303
    assert objection.state == "withdrawn"
    assert "您已经撤回这件申请" in shopkeeper.get(f"/objections/{objection.receipt}").text
    assert "现在不能撤回" in shopkeeper.get(at).text


def test_opening_the_answer_is_its_delivery(case: Case, session: Session, cast: Cast) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}"
    objecting.recheck(session, cast, objection)
    page = words(soup_of(shopkeeper.get(at)))
    assert "沈亦衡" not in page and "调取进货查验记录" not in page  # who and how are the office's own
    assert shopkeeper.get(f"{at}/papers/decision").status_code == 404
    objecting.answer(session, cast, objection)
    deciding.send(session, objection, "electronic", by=cast.shen)
    page = words(soup_of(shopkeeper.get(at)))
    assert "原结果无误" not in page and "情况如告知书所述" not in page
    assert shopkeeper.get(f"{at}/papers/decision").status_code == 404  # not before it is acknowledged
    answer = shopkeeper.press(at, f"{at}/acknowledgement")
    assert answer.status_code == 303
    told = words(soup_of(shopkeeper.get(answer.headers["Location"])))
    assert "异议复查结果告知书" in told and "原结果无误，不予更正" in told and "情况如告知书所述" in told
    assert "第二十九条" in told and "行政复议" in told
    feedback = objection.term("feedback")
    assert objection.state == "delivered" and feedback is not None
    page = words(soup_of(shopkeeper.get(at)))
    assert "原结果无误，不予更正" in page and "确认身份" not in page  # nothing to prove any more
    assert (feedback.met_on, feedback.met_by) == (clock.today(), "deliver")


def test_without_consent_the_answer_comes_by_post_until_it_is_given(
    session: Session, cast: Cast, result: Publication, visitor: FlaskClient
) -> None:
    shopkeeper = Shopkeeper(visitor, session, str(result.number))
    receipt, _code = shopkeeper.file(send="post", postal_address="示例路1号")
    objection = session.query(Objection).one()
    objecting.recheck(session, cast, objection)
    objecting.answer(session, cast, objection)
    deciding.send(session, objection, "post", by=cast.shen)
    at = f"/objections/{receipt}"
    page = soup_of(shopkeeper.get(at))
    assert page.select_one(f'form[action="{at}/acknowledgement"]') is None and "邮寄给您" in words(page)
    token = page.select_one("input[name=csrf_token]")
    forged = shopkeeper.client.post(f"{at}/acknowledgement", data={"csrf_token": token["value"]})  # type: ignore[index]
    assert forged.status_code == 404 and shopkeeper.get(f"{at}/papers/decision").status_code == 404
    session.commit()
    assert shopkeeper.press(at, f"{at}/consent", email="shop@example.org").status_code == 303
    assert shopkeeper.press(at, f"{at}/acknowledgement").status_code == 303
    session.expire_all()
    assert [each.method for each in objection.deliveries if each.delivered_on] == ["electronic"]


@pytest.mark.parametrize(
    ("ground", "kind", "said"),
    [("not_party", "not_accepted", "经审查不予受理"), ("other_body", "passed_on", "转送示例市消防救援支队")],
)
def test_papers_come_after_their_act(
    case: Case, session: Session, cast: Cast, ground: str, kind: str, said: str
) -> None:
    shopkeeper, objection, _code = case
    at = f"/objections/{objection.receipt}/papers/{kind}"
    assert shopkeeper.get(at).status_code == 404
    handling.not_accept(
        session, objection, ground, "情况如所述。", by=cast.lin, passed_to="示例市消防救援支队"
    )
    paper = words(soup_of(shopkeeper.get(at)))
    assert (
        said in paper.replace("转送 ", "转送") and "情况如所述。" in paper and "有关期限不因此中止" in paper
    )


def test_internal_papers_have_no_address(case: Case) -> None:
    shopkeeper, objection, _code = case
    for kind in ("approval", "correction", "minutes", ".."):
        assert shopkeeper.get(f"/objections/{objection.receipt}/papers/{kind}").status_code == 404


def test_two_windows_on_one_case(case: Case, session: Session, cast: Cast) -> None:
    shopkeeper, objection, _code = case
    at, seen = f"/objections/{objection.receipt}", objection.step_id
    handling.identify(session, objection, by=cast.shen, note="看了执照原件。")
    session.commit()
    token = soup_of(shopkeeper.get(at)).select_one("input[name=csrf_token]")
    form = {"csrf_token": token["value"], "seen": str(seen), "text": "撤了"}  # type: ignore[index]
    late = shopkeeper.client.post(f"{at}/withdrawal", data=form)
    assert late.status_code == 409 and "没有执行" in late.text


def test_the_receipt_can_be_read_again_without_its_code(case: Case) -> None:
    shopkeeper, objection, code = case
    page = shopkeeper.get(f"/objections/{objection.receipt}/receipt").text
    assert objection.document("receipt").number in page  # type: ignore[union-attr]
    assert code not in page and "本站不保存" in page


def test_following_in_english_is_complete(case: Case, session: Session, cast: Cast) -> None:
    shopkeeper, objection, _code = case
    handling.ask_supplement(session, objection, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    for page in ("", "/receipt", "/withdrawal", "/papers/supplement"):
        assert chinese_left(shopkeeper.get(f"/objections/{objection.receipt}{page}?lang=en")) == [], page
