"""A shopkeeper follows the link of a message on an old phone, reads what will be public, and says what is secret."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal.publications.prior import PriorAnswer
from tests.browser.conftest import Visit
from tests.cast import Cast
from tests.telling import agreed, notice_for, tell

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


def test_from_the_message_to_the_receipt_without_scripts(
    session: Session, cast: Cast, browser: Browser, site: str
) -> None:
    notice = notice_for(session, agreed(session, cast, publish_by="2099-11-20"))
    key = tell(session, cast, notice)
    session.commit()
    context = browser.new_context(viewport=NARROW, java_script_enabled=False, locale="zh-CN")  # type: ignore[arg-type]
    phone = Visit(context.new_page(), site)
    page = phone.open(f"/objections/prior/{key.token}")
    assert "进货查验记录缺2个批次。" in page.inner_text("main")
    page.check("input[value=secret]")
    page.select_option("#path", "items/0/problem")
    page.fill("#text", "批次数是商业秘密。")
    page.click("form[action$=answers] button")
    assert "已收到您的答复：涉及商业秘密" in page.inner_text("h1")
    page.go_back()
    page.click("form[action$=answers] button")  # sent twice, it is one answer
    assert not phone.complaints and not phone.strangers
    context.close()
    assert session.query(PriorAnswer).count() == 1
