"""A reader on a phone without scripts finds a firm by its pinyin and follows it by mail, cookies refused."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from portal import work
from portal.publications.models import Publication
from tests.browser.conftest import Visit
from tests.carrying import SENDER, Sink, mail_server

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """The reader's mailbox."""
    before, sink = app.extensions["portal_settings"], Sink()
    with mail_server(sink) as port:
        app.extensions["portal_settings"] = replace(
            before, mail_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER
        )
        yield sink
    app.extensions["portal_settings"] = before


def test_from_the_pinyin_to_the_confirmed_subscription(
    app: Flask, session: Session, result: Publication, sink: Sink, browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport=NARROW, java_script_enabled=False, locale="zh-CN")  # type: ignore[arg-type]
    phone = Visit(context.new_page(), site)
    page = phone.open("/")
    page.fill("input[name=q] >> nth=0", "beishunda")
    page.click("form[role=search] button >> nth=0")
    page.click("main a:has-text('用邮箱订阅')")
    assert not phone.is_wider_than_the_window
    page.fill("#email", "wang@example.com")
    page.check("input[value=weekly]")
    page.click("main form button")
    assert "请查收确认邮件" in page.inner_text("h1")
    work.outbox_step(app)
    (mail,) = sink.mails
    link = re.search(r"https?://\S*/confirmations/\S*", mail.get_content())
    assert link is not None
    page = phone.open(urlsplit(link.group()).path)
    page.click("main form button")
    assert "订阅成功" in page.inner_text("main") and "beishunda" in page.inner_text("main")
    page.click("main form button:has-text('退订这一项')")
    assert "已经退订" in page.inner_text("h1")
    assert not phone.is_wider_than_the_window
    assert not context.cookies() and not phone.complaints and not phone.strangers
    context.close()
