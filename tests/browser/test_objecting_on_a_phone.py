"""A shopkeeper with an old phone: fills in the form, sends a photo, keeps the receipt, follows the case."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from portal.objections.models import Objection, ObjectionDraft
from portal.publications.models import Publication
from tests.browser.conftest import Visit
from tests.evidence_files import PROGRAM, photo

pytestmark = pytest.mark.browser

SAID = "10月22日检查时进货查验记录都在。"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}  # fmt: skip
SUBMIT = "button[value=file]"
PICTURE = {"name": "进货单.jpg", "mimeType": "image/jpeg", "buffer": photo()}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, session: Session, result: Publication, site: str) -> Iterator[Visit]:  # fmt: skip
    session.commit()
    context = browser.new_context(**PHONE, java_script_enabled=request.param)
    yield Visit(context.new_page(), site)
    context.close()


def form_of(visit: Visit, result: Publication) -> Page:
    return visit.open(f"/objections/new?result={result.number}")


def test_from_the_form_to_the_receipt_and_the_case(phone: Visit, result: Publication) -> None:
    page = form_of(phone, result)
    page.check("input[value=not_so]")
    page.fill("#text", SAID)
    page.fill("#phone", "15400000000")
    page.set_input_files("#evidence", [PICTURE])
    page.click(SUBMIT)
    receipt, code = page.locator(".keep dd").all_inner_texts()
    assert page.locator("h1").inner_text() == "异议申请收件回执"
    page.click("text=查看进度")
    assert SAID in page.locator("main").inner_text()
    page.context.clear_cookies()
    page = phone.open("/objections/")
    page.fill("#receipt", receipt)
    page.fill("#code", code)
    page.click("button.btn-primary")
    assert "进货单.jpg" in page.locator("main").inner_text()
    assert not phone.complaints and not phone.strangers


def test_a_refused_file_and_a_slip_lose_nothing(phone: Visit, result: Publication) -> None:
    page = form_of(phone, result)
    page.fill("#text", SAID)
    program = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": PROGRAM}
    page.set_input_files("#evidence", [PICTURE, program])
    page.click(SUBMIT)
    assert "这是程序，不能收" in page.locator("#e-evidence").inner_text()
    assert page.input_value("#text") == SAID and "进货单.jpg" in page.locator(".filelist").inner_text()
    page.check("input[value=not_so]")
    page.fill("#phone", "15400000000")
    page.click(SUBMIT)
    assert "进货单.jpg" in page.locator(".doc").inner_text()


def test_the_enter_key_saves_and_removes_nothing(phone: Visit, result: Publication, session: Session) -> None:
    page = form_of(phone, result)
    page.set_input_files("#evidence", [PICTURE])
    page.fill("#objector_name", "示例经营者")
    page.press("#objector_name", "Enter")
    page.wait_for_selector(".filelist")
    page.press("#objector_name", "Enter")
    page.wait_for_load_state()
    assert page.input_value("#objector_name") == "示例经营者"
    assert "进货单.jpg" in page.locator(".filelist").inner_text()
    session.rollback()
    assert session.query(Objection).count() == 0


def test_nothing_is_wider_than_the_phone(phone: Visit, result: Publication) -> None:
    page = form_of(phone, result)
    if page.evaluate("typeof window") != "object":  # pragma: no cover
        return
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        assert not phone.is_wider_than_the_window


def test_words_come_back_after_a_closed_window(browser: Browser, session: Session, result: Publication, site: str) -> None:  # fmt: skip
    session.commit()
    context = browser.new_context(**PHONE)
    page = form_of(Visit(context.new_page(), site), result)
    page.fill("#text", SAID)
    page.close()  # at once: the server has heard nothing
    page = form_of(Visit(context.new_page(), site), result)
    with page.expect_response(lambda answer: "/new/draft" in answer.url) as saved:
        page.fill("#text", SAID)
    assert saved.value.status == 204
    session.rollback()
    assert session.query(ObjectionDraft).one().typed["text"] == SAID
    page.close()
    page = form_of(Visit(context.new_page(), site), result)
    assert page.input_value("#text") == SAID
    context.close()


def test_the_phone_itself_keeps_what_the_server_did_not_hear(
    browser: Browser, session: Session, result: Publication, site: str
) -> None:
    session.commit()
    context = browser.new_context(**PHONE)
    context.route("**/new/draft*", lambda route: route.abort())
    page = form_of(Visit(context.new_page(), site), result)
    with page.expect_request(lambda asked: "/new/draft" in asked.url):
        page.fill("#text", SAID)
    context.clear_cookies()
    page = form_of(Visit(context.new_page(), site), result)
    assert (
        page.input_value("#text") == SAID and "已经填回来了" in page.locator("form[data-draft]").inner_text()
    )
    page.check("input[value=not_so]")
    page.fill("#phone", "15400000000")
    page.click(SUBMIT)
    page.wait_for_selector(".keep dd")
    assert page.locator(".keep dd").count() == 2
    page = form_of(Visit(context.new_page(), site), result)
    assert page.input_value("#text") == ""
    context.close()
