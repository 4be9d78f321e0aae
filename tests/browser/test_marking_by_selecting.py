"""Marking words by selecting them in a real Chromium: with the mouse and with the keyboard."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Revision
from tests import examples
from tests.browser.people import Someone, at_work
from tests.cast import Cast

pytestmark = pytest.mark.browser

# the first letter takes two units in a browser and is one code point; the recipe stands twice
PROBLEM = "𠮷记使用样品三号，台账缺页；样品三号未登记。"
FIRST, SECOND = (4, 8), (14, 18)


@pytest.fixture
def draft(session: Session, cast: Cast) -> int:
    rows = examples.result()["items"]
    content = examples.result(items=[rows[0] | {"problem": PROBLEM}, *rows[1:]])
    revision = pipeline.draft(session, "result", content, by=cast.he)
    session.commit()
    return revision.id


def spans(session: Session) -> list[tuple[int, int]]:
    newest = session.scalars(sa.select(Revision).order_by(Revision.id.desc()).limit(1)).one()
    found = [(each["start"], each["end"]) for each in newest.marks]
    session.rollback()
    return found


def say_why(someone: Someone, *, only_here: bool) -> None:
    form = someone.page.locator("form#add")
    if only_here:
        form.locator("input[name=only]").check()
    form.locator("select[name=ground]").select_option("trade_secret")
    assert form.locator("select[name=basis]").input_value() == "《中华人民共和国政府信息公开条例》第十五条"
    form.locator("button.btn-primary").click()
    someone.page.wait_for_load_state()


def test_words_are_marked_with_the_mouse_and_with_the_keyboard(
    browser: Browser, site: str, session: Session, draft: int
) -> None:
    with at_work(browser, site, "he") as he:
        page = he.open(f"/staff/revisions/{draft}/marks")
        drag(he, "样品三号", 1)
        assert "已选中：样品三号" in page.inner_text(".selectbar")
        page.click(".selectbar a")
        assert page.evaluate("document.activeElement.name") == "ground"
        assert page.input_value("form#add [name=row]") == "1"
        say_why(he, only_here=True)
        assert spans(session) == [SECOND]

        # the other one by keys alone: the field's own link, its text in a box, Shift and the arrows
        page.locator("h3", has_text="发现的问题").locator("a.markit").first.press("Enter")
        page.wait_for_load_state()
        box = page.locator("#i-original")
        assert box.input_value() == PROBLEM
        box.focus()
        page.keyboard.press("Control+Home")
        for _ in range(FIRST[0]):
            page.keyboard.press("ArrowRight")
        for _ in range(4):
            page.keyboard.press("Shift+ArrowRight")
        assert page.input_value("form#add [name=words]") == "样品三号"
        say_why(he, only_here=True)
        assert spans(session) == [SECOND, FIRST]
        assert page.locator(".src .pm-on").all_inner_texts() == ["样品三号2", "样品三号1"]


def drag(someone: Someone, words: str, nth: int) -> None:
    """Press at the front of some words in the text, let go behind them."""
    box = someone.page.evaluate(
        """([words, nth]) => {
          const node = [...document.querySelectorAll('.src .words')].find((each) => each.textContent.includes(words)).firstChild;
          const at = nth ? node.data.lastIndexOf(words) : node.data.indexOf(words);
          const range = document.createRange();
          range.setStart(node, at); range.setEnd(node, at + words.length);
          const {left, right, top, height} = range.getBoundingClientRect();
          return [left, right, top + height / 2];
        }""",
        [words, nth],
    )
    mouse = someone.page.mouse
    mouse.move(box[0] + 1, box[2])
    mouse.down()
    mouse.move(box[1] - 1, box[2], steps=4)
    mouse.up()
    someone.page.wait_for_selector(".selectbar:not([hidden])")
