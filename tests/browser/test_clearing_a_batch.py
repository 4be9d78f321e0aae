"""A reviewer clears a batch of three hundred results by keyboard, in a real Chromium."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from tests import examples
from tests.batches import IDENTITIES, PHONES, batch_of, standing
from tests.browser.people import Someone, at_work
from tests.cast import Cast
from tests.office import disclose

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = 300


def on_row(page: Page) -> str:
    """The name of the row that has the focus."""
    return str(
        page.evaluate("document.activeElement.closest('[data-row]')?.querySelector('a').textContent ?? ''")
    )


def tab_to(page: Page, words: str) -> None:
    """Go to a control by Tab alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in str(page.evaluate("document.activeElement.textContent")):
            return
    raise AssertionError(f"{words!r} can not be reached by Tab")


def go(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for it."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def decides(bai: Someone, address: str) -> None:
    """All phone numbers at once, the rest one by one."""
    page = bai.open(address)
    page.keyboard.press("?")
    assert page.locator(".keylist").is_visible()
    page.keyboard.press("?")
    # one decision for all phone numbers, then the rest one by one
    page.locator("#f-phone > summary").focus()
    page.keyboard.press("Enter")
    tab_to(page, "对勾选的电话号码一起决定")
    go(page, "Enter")
    bai.says(f"已隐去{PHONES}行。")
    assert page.evaluate("document.activeElement.textContent") == "回到这一批"
    go(page, "Enter")
    for left in range(IDENTITIES, 0, -1):
        assert on_row(page), "the focus is on the next row that waits for a decision"
        assert page.locator("#odd + table tbody tr").count() == left
        go(page, "a")
    bai.says("没有要单独看的行。")


def agrees(song: Someone, address: str) -> None:
    """Picks one out with a reason, opens one and goes on from it, then agrees to the rest."""
    page = song.open(address)
    # picks a row out, with a reason, without a key being taken from the typing
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.keyboard.press("x")
    given_back = on_row(page)
    page.keyboard.press("r")
    page.keyboard.type("jakxo 请核对名称。")
    assert page.input_value("#note") == "jakxo 请核对名称。"
    page.keyboard.press("Tab")
    go(page, "Enter")
    song.says("已退回1行。")
    go(page, "Enter")
    # opens one, agrees on its page, goes on to the next; then the rest at once
    page.keyboard.press("j")
    go(page, "o")
    assert "/revisions/" in page.url
    before = page.url
    go(page, "a")
    assert "/revisions/" in page.url and page.url != before
    page = song.open(address)
    tab_to(page, "整批同意公示")
    go(page, "Enter")
    song.says(f"已同意公示{ROWS - 2}行。")
    assert given_back


def test_a_reviewer_clears_a_batch_of_three_hundred_results_by_keyboard(
    app: Flask, session: Session, cast: Cast, browser: Browser, site: str
) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = batch_of(session, ROWS, by=cast.he)
    address = f"/staff/batches/{batch.id}"
    with at_work(browser, site, "bai") as bai:
        decides(bai, address)
    with at_work(browser, site, "song") as song:
        agrees(song, address)
    assert standing(session, batch) == {"approved": ROWS - 1, "sent_back": 1}
