"""A reader follows a search by mail: asked, confirmed, told of what is new, corrected and withdrawn, and left."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import timers, work
from portal.following import digests, subscribing
from portal.following.models import Subscription, SubscriptionAsk
from portal.notices.rounds import Rounds
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.carrying import SENDER, Sink, mail_server
from tests.cast import Cast
from tests.office import correct, disclose, withdraw

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


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def reader(app: Flask, visitor: FlaskClient, sink: Sink) -> Iterator[Reader]:
    before: Settings = app.extensions["portal_settings"]
    with mail_server(sink) as port, time_machine.travel(THURSDAY, tick=False) as time:
        app.extensions["portal_settings"] = replace(
            before, mail_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER
        )
        yield Reader(app, visitor, sink, time)
    app.extensions["portal_settings"] = before


@pytest.fixture
def listed(session: Session, cast: Cast, reader: Reader) -> None:
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    disclose(session, cast, "list", examples.item_list())
    work.index_step(reader.app)


def count(session: Session, model: type) -> int:
    session.rollback()
    found = session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    session.rollback()
    return found


@pytest.mark.usefixtures("listed")
def test_three_digests_say_what_became_of_a_result_and_one_click_ends_them(
    reader: Reader, session: Session, cast: Cast
) -> None:
    reader.follows("/subscriptions/new?q=北顺达&kind=result")
    assert reader.waits() == []  # nothing happened: no mail
    published = disclose(session, cast, "result", examples.result())
    (first,) = reader.waits()
    assert first["To"] == WANG
    assert "查找：北顺达" in first["Subject"] and "新公示 1" in first["Subject"]
    assert "示例北顺达商贸有限公司" in first.get_content()
    assert f"/results/{published.number}" in first.get_content()
    correct(session, cast, published, "原记录有误。", registration_authority="示例市市场监督管理局")
    (second,) = reader.waits()
    assert "更正 1" in second["Subject"] and "理由：原记录有误。" in second.get_content()
    withdraw(session, cast, published, "录入错误。")
    (third,) = reader.waits()
    said = third.get_content()
    assert "已撤下 1" in third["Subject"] and published.number in said and "理由：录入错误。" in said
    assert "示例北顺达商贸有限公司" not in said
    assert third["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    one_click = urlsplit(third["List-Unsubscribe"].strip("<>")).path
    answer = reader.browser.post(one_click, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    disclose(session, cast, "result", examples.result(entity_name="示例北顺达二店"))
    assert reader.waits(7) == []
    assert count(session, Subscription) == 0


@pytest.mark.usefixtures("listed")
def test_leaving_erases_the_address_everywhere(reader: Reader, session: Session, cast: Cast) -> None:
    reader.follows("/subscriptions/new?kind=result")
    disclose(session, cast, "result", examples.result())
    (mail,) = reader.waits()
    path = link(mail, "/cancellation")
    assert "退订这一项" in reader.browser.get(path).text and count(session, Subscription) == 1
    for _twice in range(2):
        assert "已经退订" in reader.browser.post(path).text
    assert "已经退订" in reader.browser.get(path.removesuffix("/cancellation")).text
    session.rollback()
    assert not session.scalars(sa.select(Message).where(Message.to_address == WANG)).all()


@pytest.mark.usefixtures("listed")
def test_what_was_found_when_it_was_confirmed_is_known_and_its_withdrawal_told(
    reader: Reader, session: Session, cast: Cast
) -> None:
    published = disclose(session, cast, "result", examples.result())
    work.index_step(reader.app)
    reader.follows("/subscriptions/new?what=entity&entity=9133990075TNM5LB3J")
    withdraw(session, cast, published, "录入错误。")
    (mail,) = reader.waits()
    assert "已撤下 1" in mail["Subject"] and published.number in mail.get_content()
    assert "录入错误。" in mail.get_content()


@pytest.mark.usefixtures("listed")
def test_a_withdrawal_is_told_to_nobody_who_could_not_have_known_the_record(
    reader: Reader, session: Session, cast: Cast
) -> None:
    """Followed after it was off, its name finds nothing: not by mail either."""
    published = disclose(session, cast, "result", examples.result())
    withdraw(session, cast, published, "录入错误。")
    work.index_step(reader.app)
    reader.follows("/subscriptions/new?q=北顺达")
    assert reader.waits() == []
    reader.follows("/subscriptions/new?what=acts")
    other = disclose(session, cast, "result", examples.result(entity_name="示例西丰盛机械厂"))
    withdraw(session, cast, other, "重复录入。")
    (mail,) = reader.waits()
    assert "更正与撤下" in mail["Subject"] and "重复录入。" in mail.get_content()


@pytest.mark.usefixtures("listed")
def test_a_weekly_digest_comes_on_monday_and_the_rhythm_can_be_changed(
    reader: Reader, session: Session, cast: Cast
) -> None:
    reader.follows("/subscriptions/new?department=scjg", "weekly")
    disclose(session, cast, "result", examples.result())
    assert reader.waits() == reader.waits() == reader.waits() == []  # Friday, Saturday, Sunday
    (mail,) = reader.waits()
    own = link(mail, "/cancellation").removesuffix("/cancellation")
    changed = reader.browser.post(f"{own}/frequency", data={"frequency": "daily"}, follow_redirects=True)
    assert "已经改好" in changed.text
    disclose(session, cast, "result", examples.result(entity_name="示例西丰盛机械厂"))
    assert len(reader.waits()) == 1
    refused = reader.browser.post(f"{own}/frequency", data={"frequency": "hourly"})
    assert refused.status_code == 400 and "每天或者每周" in refused.text


@pytest.mark.usefixtures("listed")
def test_the_answer_is_the_same_whatever_the_address_follows(reader: Reader, session: Session) -> None:
    first = reader.asks("/subscriptions/new?kind=result")
    (invitation,) = reader.mails()
    reader.confirms(invitation)
    again = reader.asks("/subscriptions/new?kind=result")
    assert (first.status_code, first.data, first.headers["Location"]) == (
        again.status_code, again.data, again.headers["Location"],
    )  # fmt: skip
    (known,) = reader.mails()
    assert "您已经订阅" in known["Subject"] and count(session, Subscription) == 1


@pytest.mark.usefixtures("listed")
def test_nobody_is_bombed_with_mails_of_confirmation(reader: Reader, session: Session) -> None:
    for nth in range(6):
        answer = reader.asks(f"/subscriptions/new?year={2020 + nth}", email=f"wang+{nth}@example.com")
        assert answer.status_code == 303
    assert len(reader.mails()) == subscribing.MOST_MAILS
    for nth in range(subscribing.MOST_ASKS - 6):
        assert reader.asks("/subscriptions/new?kind=task", email=f"li{nth}@example.com").status_code == 303
    refused = reader.asks("/subscriptions/new?kind=task", email="zhao@example.com")
    assert refused.status_code == 429 and "请明天再试" in refused.text
    reader.time.shift(DAY + 1)
    timers.forgetting(reader.app, Rounds())
    assert count(session, SubscriptionAsk) == 0
    assert reader.asks("/subscriptions/new?kind=task", email="zhao@example.com").status_code == 303


@pytest.mark.usefixtures("listed")
def test_somebody_who_did_not_ask_can_say_so_and_hears_no_more(reader: Reader, session: Session) -> None:
    reader.asks("/subscriptions/new?q=加微信中大奖")
    (mail,) = reader.mails()
    assert "中大奖" not in mail["Subject"] + mail.get_content()  # nobody's words are carried to a stranger
    reader.browser.post(link(mail, "/cancellation"))
    assert reader.asks("/subscriptions/new?kind=result").status_code == 303
    assert reader.mails() == [] and count(session, Subscription) == 0


@pytest.mark.usefixtures("listed")
def test_what_nobody_confirms_is_forgotten_after_three_days(reader: Reader, session: Session) -> None:
    reader.asks("/subscriptions/new?kind=result")
    (mail,) = reader.mails()
    reader.time.shift(3 * DAY)
    late = reader.browser.post(link(mail, "/subscriptions/confirmations/"))
    assert late.status_code == 400 and "重新申请" in late.text
    timers.forgetting(reader.app, Rounds())
    assert count(session, Subscription) == count(session, Message) == 0


@pytest.mark.usefixtures("listed")
def test_an_address_that_is_no_more_is_forgotten(reader: Reader, session: Session, cast: Cast) -> None:
    reader.follows("/subscriptions/new?kind=result")
    disclose(session, cast, "result", examples.result())
    reader.sink.refusals = {WANG: "550 no such mailbox"}
    assert reader.waits() == []
    timers.forgetting(reader.app, Rounds())
    assert count(session, Subscription) == count(session, Message) == 0


@pytest.mark.usefixtures("listed")
def test_leaving_everything_leaves_what_others_follow(reader: Reader, session: Session) -> None:
    for address in ("/subscriptions/new?kind=result", "/subscriptions/new?kind=task"):
        reader.follows(address)
    reader.asks("/subscriptions/new?kind=result", email="wang+other@example.com")
    (mail,) = reader.mails()
    reader.confirms(mail)
    session.rollback()
    mine = session.scalars(sa.select(Subscription).where(Subscription.email == WANG)).first()
    assert mine is not None
    own = "/subscriptions/" + subscribing.handle(mine, reader.app.extensions["portal_settings"])
    session.rollback()
    assert "退订全部2项" in reader.browser.get(own).text
    assert "全部订阅都取消了" in reader.browser.post(f"{own}/cancellation", data={"all": "yes"}).text
    session.rollback()
    assert [each.email for each in session.scalars(sa.select(Subscription))] == ["wang+other@example.com"]


@pytest.mark.usefixtures("listed")
def test_a_readers_address_is_in_no_log(
    reader: Reader, session: Session, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    reader.follows("/subscriptions/new?kind=result")
    disclose(session, cast, "result", examples.result())
    reader.sink.refusals = {WANG: "452 mailbox full"}
    assert reader.waits() == []
    said = "\n".join(
        str(record.getMessage()) for record in caplog.records if record.name.startswith("portal")
    )
    assert "was not delivered" in said and WANG not in said


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("address", "email", "status"),
    [
        ("/subscriptions/new?kind=x", WANG, 400), ("/subscriptions/new?kind=result", "wang", 400),
        ("/subscriptions/new?what=entity&entity=X", WANG, 404), ("/subscriptions/new?from=x", WANG, 400),
        ("/subscriptions/new?kind=result", "a@example.com\nBcc: b@example.com", 400),
    ],
)  # fmt: skip
def test_what_can_not_be_followed_is_refused(reader: Reader, address: str, email: str, status: int) -> None:
    assert reader.asks(address, email=email).status_code == status
    assert reader.mails() == []


def test_another_sites_page_uses_up_nobodys_limit(reader: Reader) -> None:
    form = {"email": WANG, "frequency": "daily"}
    answer = reader.browser.post(
        "/subscriptions/new?kind=result", data=form, headers={"Origin": "https://example.net"}
    )
    assert answer.status_code == 400 and reader.mails() == []


@pytest.mark.usefixtures("listed")
def test_a_digest_is_made_once_by_two_workers_and_again_by_nobody(
    reader: Reader, session: Session, cast: Cast
) -> None:
    reader.follows("/subscriptions/new?kind=result")
    disclose(session, cast, "result", examples.result())
    reader.time.shift(DAY)
    this = digests.Digesting(
        partial(session_at, reader.app),
        work.index_folder(reader.app),
        reader.app.extensions["portal_settings"],
    )
    with session_at(reader.app, "reads") as reading:
        (due,) = digests.due(reading)
        stale = reading.get(Subscription, due)
        reading.expunge(stale)
    assert digests.tell(this, due)
    assert not digests._swap(session, stale, {"position": 99})  # type: ignore[arg-type]
    session.rollback()
    assert not work.following_step(reader.app)
    assert len(reader.mails()) == 1


@pytest.mark.usefixtures("listed")
def test_pages_of_subscriptions_set_no_cookie_and_are_kept_by_nobody(reader: Reader) -> None:
    for address in ("/subscriptions/new?kind=result", "/subscriptions/sent"):
        answer = reader.browser.get(address)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert BeautifulSoup(answer.text, "html.parser").find("meta", content="noindex")
    assert reader.browser.get("/subscriptions/" + "x" * 49).status_code == 404
