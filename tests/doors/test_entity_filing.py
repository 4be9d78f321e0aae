"""A shopkeeper files an objection: the form, what survives its errors, the receipt."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.objections.models import Objection, ObjectionDraft, ObjectionFile
from portal.people.models import Person
from portal.publications import duty
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.doors.objectors_room import (
    LICENCE,
    MINIMAL,
    SAID,
    Shopkeeper,
    chinese_left,
    form_of,
    number_and_code,
    soup_of,
)
from tests.doors.public_room import words
from tests.evidence_files import PROGRAM, pdf
from tests.office import disclose


@pytest.fixture
def shopkeeper(session: Session, result: Publication, visitor: FlaskClient) -> Shopkeeper:
    session.commit()
    return Shopkeeper(visitor, session, str(result.number))


def test_phone_and_licence_photo_are_enough(shopkeeper: Shopkeeper, session: Session) -> None:
    answer = shopkeeper.send(MINIMAL, [("licence", "执照.jpg", LICENCE)])
    assert answer.status_code == 201
    receipt, code = number_and_code(answer)
    case = session.query(Objection).one()
    assert case.receipt == receipt and len(code) == 9
    assert [each.purpose for each in case.files] == ["licence"]
    page = soup_of(answer)
    assert words(page.select_one("h1")) == "异议申请收件回执"  # type: ignore[arg-type]
    assert "受理通知书" not in answer.text
    assert session.query(ObjectionDraft).count() == 0


def test_the_receipt_says_day_clock_and_phone(shopkeeper: Shopkeeper, session: Session) -> None:
    page = words(soup_of(shopkeeper.send(MINIMAL | {"text": SAID})))
    case = session.query(Objection).one()
    due = case.terms[0].due
    for said in (
        f"最迟 {due.year}年{due.month}月{due.day}日 作出复查结果",
        "收到当日不计",
        "15个工作日内送达",
        "电话： 0000-1234567",
        "提出异议不影响您依法申请行政复议",
        f"公示存证序号{case.entry_index}，",
        case.document("receipt").number,  # type: ignore[union-attr]
        "记录与事实不符",
    ):
        assert said in page, said


def test_the_form_shows_released_words_of_the_result(shopkeeper: Shopkeeper) -> None:
    page = words(soup_of(shopkeeper.get(shopkeeper.address)))
    assert "示例北顺达商贸有限公司" in page and "获证食品经营单位监督检查" in page
    assert "发现问题已责令改正" in page and "2026" in page


def test_a_result_that_is_not_there_is_said(shopkeeper: Shopkeeper) -> None:
    answer = shopkeeper.get("/objections/new?result=JG-2026-999999")
    assert answer.status_code == 404 and "没有公示编号是“JG-2026-999999”的检查结果" in answer.text
    for number in ("RW-2026-0001", "x" * 300, "'", "%00"):
        assert shopkeeper.get(f"/objections/new?result={number}").status_code in (400, 404)


def test_without_a_number_one_finds_the_result_or_follows(shopkeeper: Shopkeeper) -> None:
    page = soup_of(shopkeeper.get("/objections/new"))
    assert page.select_one("input[name=receipt]") and page.select_one("input[name=q]")


def test_a_result_on_hold_can_be_objected_to_and_shows_no_words(
    shopkeeper: Shopkeeper, session: Session, cast: Cast, result: Publication
) -> None:
    duty.hold(session, result, by=cast.zhou, reason="待核实。")
    session.commit()
    page = words(soup_of(shopkeeper.get(shopkeeper.address)))
    assert "现在不显示内容" in page
    assert "北顺达" not in page and "进货查验" not in page
    answer = shopkeeper.send(MINIMAL | {"text": SAID, "entity_name": "示例北顺达商贸有限公司"})
    assert answer.status_code == 201


def test_a_laboratory_finding_is_warned_about_and_received(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    disclose(session, cast, "list", examples.item_list())
    items = [examples.result()["items"][0] | {"methods": [examples.code("method", "sampling", "检验检测")]}]
    tested = disclose(session, cast, "result", examples.result(items=items))
    shopkeeper = Shopkeeper(visitor, session, str(tested.number))
    assert "另有复检期限" in shopkeeper.get(shopkeeper.address).text
    assert shopkeeper.send(MINIMAL | {"text": SAID}).status_code == 201


def test_no_warning_where_nothing_was_tested(shopkeeper: Shopkeeper) -> None:
    assert "另有复检期限" not in shopkeeper.get(shopkeeper.address).text


def test_errors_keep_what_was_typed_and_what_was_handed_in(shopkeeper: Shopkeeper, session: Session) -> None:
    typed = {"text": SAID, "phone": "12", "objector_name": "示例经营者", "party": "agent", "items": ["1"]}
    answer = shopkeeper.send(typed, [("evidence", "进货单.jpg", LICENCE)])
    assert answer.status_code == 422 and session.query(Objection).count() == 0
    page = soup_of(answer)
    again = form_of(page)
    assert again["text"] == SAID and again["objector_name"] == "示例经营者"
    assert again["party"] == ["agent"] and again["items"] == ["1"]
    assert "请至少选一项哪里不对" in words(page.select_one("#e-grounds"))  # type: ignore[arg-type]
    assert "电话号码不完整" in words(page.select_one("#e-phone"))  # type: ignore[arg-type]
    assert "进货单.jpg" in words(page.select_one(".filelist"))  # type: ignore[arg-type]
    assert shopkeeper.send(MINIMAL, form=again).status_code == 201
    case = session.query(Objection).one()
    assert (case.text, case.party, case.items) == (SAID, "agent", [1])
    assert [each.name for each in case.files] == ["进货单.jpg"]


def test_a_hostile_file_is_kept_out_and_the_rest_stays(shopkeeper: Shopkeeper, session: Session) -> None:
    files = [
        ("evidence", "进货单.jpg", LICENCE),
        ("evidence", "照片.jpg", PROGRAM),
        ("licence", "执照.pdf", pdf()),
    ]
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, files)
    assert answer.status_code == 422
    page = soup_of(answer)
    assert "“照片.jpg”：这是程序，不能收" in words(page.select_one("#e-evidence"))  # type: ignore[arg-type]
    assert {each.name for each in session.query(ObjectionFile)} == {"进货单.jpg", "执照.pdf"}
    assert shopkeeper.send({}, form=form_of(page)).status_code == 201
    assert {each.purpose for each in session.query(Objection).one().files} == {"evidence", "licence"}


def test_too_many_files_are_told_and_what_fits_is_kept(shopkeeper: Shopkeeper, session: Session) -> None:
    files = [("evidence", f"{n}.txt", f"第{n}张进货单".encode()) for n in range(12)]
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, files)
    assert answer.status_code == 422 and "最多上传10个文件" in answer.text
    assert session.query(ObjectionFile).count() == 10


def test_a_file_can_be_taken_away_again(shopkeeper: Shopkeeper, session: Session, settings: Settings) -> None:
    page = soup_of(shopkeeper.send({"text": SAID}, [("evidence", "不要了.jpg", LICENCE)], act="save"))
    assert len(stored(settings)) == 2  # as received, and made anew
    button = page.select_one("button[name=remove]")
    assert button is not None
    answer = shopkeeper.send({"remove": str(button["value"])}, form=form_of(page))
    assert answer.status_code == 200 and "不要了.jpg" not in answer.text and SAID in answer.text
    assert session.query(ObjectionFile).count() == 0 and stored(settings) == []


def test_nobody_takes_away_anothers_file(shopkeeper: Shopkeeper, session: Session, app: Flask) -> None:
    shopkeeper.send({"text": SAID}, [("evidence", "我的.jpg", LICENCE)], act="save")
    mine = session.query(ObjectionFile).one()
    other = Shopkeeper(app.test_client(), session, shopkeeper.number)
    other.send({"remove": str(mine.id), "text": "别人"})
    assert session.query(ObjectionFile).one().id == mine.id


def test_the_same_form_twice_is_one_receipt(shopkeeper: Shopkeeper, session: Session) -> None:
    form = shopkeeper.form()
    first = number_and_code(shopkeeper.send(MINIMAL | {"text": SAID}, form=form))
    again = shopkeeper.send(MINIMAL | {"text": "又按了一次。"}, [("evidence", "a.jpg", LICENCE)], form=form)
    assert number_and_code(again) == first
    assert session.query(Objection).count() == 1 and session.query(ObjectionFile).count() == 0


def test_a_receipt_that_got_lost_on_the_way_is_shown_again(shopkeeper: Shopkeeper, app: Flask) -> None:
    form = shopkeeper.form()
    lost = app.test_client()  # the answer and its cookie never came
    for cookie in shopkeeper.client._cookies.values():  # type: ignore[attr-defined]
        lost._cookies[cookie._storage_key] = cookie  # type: ignore[attr-defined]
    first = number_and_code(shopkeeper.send(MINIMAL | {"text": SAID}, form=form))
    assert number_and_code(lost.get(shopkeeper.address)) == first
    assert form_of(soup_of(lost.get(f"{shopkeeper.address}&another=1")))["text"] == ""


def test_another_objection_to_the_same_result_is_another_receipt(shopkeeper: Shopkeeper) -> None:
    assert shopkeeper.file() != shopkeeper.file(text="还有一件事。")


def test_english_is_complete(shopkeeper: Shopkeeper) -> None:
    pages = [shopkeeper.get("/objections/?lang=en"), shopkeeper.get(f"{shopkeeper.address}&lang=en")]
    shopkeeper.number += "&lang=en"
    form = form_of(soup_of(pages[1]))
    pages.append(shopkeeper.send({"text": "It was not so."}, form=form))
    pages.append(shopkeeper.send(MINIMAL | {"text": "It was not so."}, form=form))
    assert [each.status_code for each in pages] == [200, 200, 422, 201]
    for each in pages:
        assert chinese_left(each) == []


def test_the_cookie_stays_in_this_room(shopkeeper: Shopkeeper) -> None:
    said = shopkeeper.get(shopkeeper.address).headers.getlist("Set-Cookie")
    assert len(said) == 1 and said[0].startswith("portal_objection=")
    assert "Path=/objections;" in said[0] + ";" and "HttpOnly" in said[0] and "SameSite=Lax" in said[0]
    for address in ("/", "/results/", "/objectionsx"):
        assert "Set-Cookie" not in shopkeeper.get(address).headers
    assert shopkeeper.get(shopkeeper.address).headers["Cache-Control"] == "no-store"


def test_the_staffs_cookie_says_nothing_here(
    shopkeeper: Shopkeeper, app: Flask, cast: Cast, sign_in: Callable[[Person], FlaskClient]
) -> None:
    he = cast.he
    shopkeeper.session.commit()
    staff = sign_in(he)
    cookie = staff.get_cookie("portal_staff", path="/staff")
    assert cookie is not None
    shopkeeper.client.set_cookie("portal_objection", cookie.value, path="/objections")
    assert "何知远" not in shopkeeper.get(shopkeeper.address).text
    shopkeeper.form()
    mine = shopkeeper.client.get_cookie("portal_objection", path="/objections")
    assert mine is not None
    shopkeeper.client.set_cookie("portal_staff", mine.value, path="/staff")
    assert shopkeeper.get("/staff/").status_code == 302


def stored(settings: Settings) -> list[Path]:
    return [each for each in settings.evidence_dir.rglob("*") if each.is_file()]
