"""A reader who follows something by mail: what they do, and what they get."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import work
from tests.carrying import Sink

THURSDAY = "2026-11-26T01:00:00Z"  # nine in the morning in China, after that day's digests
DAY = 24 * 3600
WANG = "wang@example.com"


@dataclass
class Reader:
    """Somebody with a mailbox and a browser that keeps nothing."""

    app: Flask
    browser: FlaskClient
    sink: Sink
    time: time_machine.Traveller

    def asks(self, address: str, email: str = WANG, frequency: str = "daily") -> TestResponse:
        form = {"email": email, "frequency": frequency}
        return self.browser.post(address, data=form, headers={"Origin": "http://localhost"})

    def mails(self) -> list[EmailMessage]:
        """What came since the last look."""
        for _ in range(5):
            work.outbox_step(self.app)
        new, self.sink.envelopes[:] = self.sink.mails, []
        return new

    def confirms(self, mail: EmailMessage) -> TestResponse:
        path = link(mail, "/subscriptions/confirmations/")
        assert self.browser.get(path).status_code == 200
        return self.browser.post(path, follow_redirects=True)

    def follows(self, address: str, frequency: str = "daily") -> None:
        assert self.asks(address, frequency=frequency).status_code == 303
        (mail,) = self.mails()
        assert "订阅成功" in self.confirms(mail).text

    def waits(self, days: int = 1) -> list[EmailMessage]:
        """Let days pass and the worker do its round; what came."""
        self.time.shift(days * DAY)
        work.index_step(self.app)
        work.following_step(self.app)
        return self.mails()


def link(mail: EmailMessage, part: str) -> str:
    """The path of a link in a letter."""
    found = re.search(rf"https?://\S*{part}\S*", mail.get_content())
    assert found, mail.get_content()
    return urlsplit(found.group()).path


def count(session: Session, model: type) -> int:
    session.rollback()
    found = session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    session.rollback()
    return found
