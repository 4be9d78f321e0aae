"""The four displays in a real Chromium: kept without a cookie, large enough, plain enough, carried without scripts."""

import pytest
from playwright.sync_api import Browser, Page

from portal.publications.models import Publication
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = ("/", "/results/", "/search?q=示例", "/help/", "/objections/", "/calendar/?start=2026-11-23&days=20", "/staff/sign-in")  # fmt: skip
BODY, TARGET, LINE = 24, 44, 1.3  # 18 pt in CSS pixels, pixels, times the size

SMALL_TEXT = """size => [...document.querySelectorAll("main p, main li, main dd, main td, main label")]
  .filter(e => e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < size && !e.closest("svg, .cal, .visually-hidden"))
  .map(e => getComputedStyle(e).fontSize + " " + e.outerHTML.slice(0, 90))"""
TIGHT = """ratio => [...document.querySelectorAll("main p, main li, main dd, main td, main h1, main h2, main a")]
  .filter(e => e.offsetParent && e.textContent.trim() && !e.closest("svg, .cal, .inscription, .visually-hidden"))
  .filter(e => parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize) < ratio)
  .map(e => e.outerHTML.slice(0, 90))"""
LOW = """low => [...document.querySelectorAll(".btn, .form-control, .form-select, .mainnav a, .modes a, .foot a, .linkrow a, .pager a, .chips a, .sections a, summary")]
  .filter(e => e.offsetParent && e.getBoundingClientRect().height < low).map(e => e.getBoundingClientRect().height + " " + e.outerHTML.slice(0, 90))"""


def mode_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("data-display")


def chosen(page: Page) -> str:
    return str(page.locator(".modes [data-mode][aria-current]").get_attribute("data-mode"))


def test_a_display_once_chosen_stays_on_the_next_visit(visit: Visit) -> None:
    page = visit.open("/")
    assert mode_of(page) is None and chosen(page) == "standard"
    page.click(".modes [data-mode=large]")
    assert mode_of(page) == "large" and "display=large" in page.url
    page = visit.open("/results/")  # typed anew, without the choice in the address
    assert mode_of(page) == "large" and chosen(page) == "large"
    page.click(".modes [data-mode=standard]")
    assert mode_of(visit.open("/")) is None
    assert visit.page.context.cookies() == []
    assert not visit.complaints


def test_an_address_that_names_a_display_wins_over_what_was_kept(visit: Visit) -> None:
    visit.open("/?display=contrast")
    assert mode_of(visit.open("/lists/?display=plain")) == "plain"
    assert mode_of(visit.open("/lists/?display=nonsense")) == "plain"


def test_without_scripts_the_address_carries_it(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/?display=large")
    page.click("nav.mainnav a >> nth=4")
    assert mode_of(page) == "large" and "display=large" in page.url
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_large_print_is_large(visit: Visit, result: Publication, path: str) -> None:
    mark = "&" if "?" in path else "?"
    for width in (1280, 390, 320):
        visit.page.set_viewport_size({"width": width, "height": 800})
        page = visit.open(f"{path}{mark}display=large")
        assert page.evaluate(SMALL_TEXT, BODY) == []
        assert page.evaluate(TIGHT, LINE) == []
        assert page.evaluate(LOW, TARGET) == []
        assert not visit.is_wider_than_the_window


def test_plain_shows_words_and_nothing_else(visit: Visit, session: object, result: Publication) -> None:
    page = visit.open(f"/results/{result.number}?display=plain")
    assert page.locator("main svg:visible, main .seal:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).borderTopWidth") == "0px"
    assert page.evaluate("getComputedStyle(document.querySelector('.split')).display") == "block"
    for word in ("一、查了谁", "二、查了什么", "公示存证"):
        assert word in page.inner_text("main")


def test_who_wants_no_motion_sees_none(browser: Browser, site: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(site)
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    assert page.evaluate(moving) == 0
    context.close()


def test_in_the_colours_of_the_system_it_is_still_seen_where_one_is(browser: Browser, site: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{site}/results/")
    width = "parseFloat(getComputedStyle(document.querySelector('.mainnav [aria-current]')).borderTopWidth)"
    assert page.evaluate(width) >= 2
    context.close()
