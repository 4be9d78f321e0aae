"""Suggestions while a reader types, by keyboard; and without scripts, on a phone, by pinyin."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from portal import work
from tests import examples
from tests.browser.conftest import Visit
from tests.cast import Cast
from tests.office import disclose

pytestmark = pytest.mark.browser


@pytest.fixture
def firms(app: Flask, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    for name in ("示例恒昌餐饮店", "示例恒昌超市"):
        disclose(session, cast, "result", examples.result(entity_name=name, task_no=name))
    work.index_step(app)


def test_arrows_choose_escape_gives_back_enter_searches(firms: None, visit: Visit) -> None:
    page = visit.open("/")
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    with page.expect_request("**/search/suggestions?q=hengchang"):
        box.press_sequentially("hengchang", delay=10)
    expect(options).to_have_count(2)
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert chosen.get_attribute("aria-selected") == "true"
    assert box.input_value() == chosen.locator("span").inner_text() == "示例恒昌餐饮店"
    box.press("Escape")
    assert box.input_value() == "hengchang" and not options.count()
    box.press("ArrowDown")
    expect(options).to_have_count(2)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator(".hit-title")).to_have_text(["示例恒昌超市"])
    assert not visit.complaints and not visit.strangers


def test_one_character_is_never_sent(firms: None, visit: Visit) -> None:
    page = visit.open("/search")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_role("combobox").press_sequentially("恒")
    page.wait_for_timeout(400)
    assert not [each for each in sent if "suggestions" in each]


def test_a_reader_on_a_phone_without_scripts_finds_a_firm_by_pinyin(
    firms: None, browser: Browser, site: str
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_role("searchbox").fill("slhccy")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name="示例恒昌餐饮店").click()
        expect(page.locator("h1")).to_contain_text("示例恒昌餐饮店")
