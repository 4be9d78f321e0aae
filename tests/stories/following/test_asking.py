"""Asking to follow, confirming, leaving; and who would have others get mail."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from portal import timers
from portal.following import subscribing
from portal.following.models import Subscription, SubscriptionAsk
from portal.following.subject import Subject
from portal.following.subscribing import Asked
from portal.notices.rounds import Rounds
from portal.outbox.models import Message
from portal.search.engine import Query
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.following import DAY, WANG, Reader, count, link
from tests.office import disclose


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
def test_many_requests_at_once_are_not_all_under_the_limit(reader: Reader, session: Session) -> None:
    session.commit()
    settings = reader.app.extensions["portal_settings"]

    def ask(year: int) -> None:
        subject = Subject("search", Query(filters={"year": str(year)}), f"/search?year={year}", "查找")
        with session_at(reader.app, "write") as own:
            subscribing.ask(own, Asked(subject, WANG, "daily", "zh", "192.0.2.1"), settings)
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, [2020, 2021, 2022, 2023, 2020, 2021, 2022, 2023]))
    assert count(session, SubscriptionAsk) == 8
    assert len(reader.mails()) == subscribing.MOST_MAILS


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
    assert count(session, Subscription) == 1  # it may be a fault of our own server's
    disclose(session, cast, "result", examples.result(entity_name="示例西丰盛机械厂"))
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
    assert "从别的网站发来" in answer.text and "在本页填写邮箱" in answer.text


@pytest.mark.parametrize("form", [{}, {"email": WANG}, {"frequency": "daily"}])
def test_a_field_that_is_missing_is_asked_for(reader: Reader, form: dict[str, str]) -> None:
    answer = reader.browser.post("/subscriptions/new?kind=result", data=form)
    said = BeautifulSoup(answer.text, "html.parser").select_one("[role=alert]")
    assert answer.status_code == 400 and said is not None and ("请写成" in said.text or "请选择" in said.text)


def test_a_proxy_that_hands_on_another_host_keeps_nobody_out(reader: Reader, settings: Settings) -> None:
    answer = reader.browser.post(
        "/subscriptions/new?kind=result",
        data={"email": WANG, "frequency": "daily"},
        headers={"Origin": settings.base_url, "Host": "upstream:9000"},
    )
    assert answer.status_code == 303 and len(reader.mails()) == 1


@pytest.mark.usefixtures("listed")
def test_pages_of_subscriptions_set_no_cookie_and_are_kept_by_nobody(reader: Reader) -> None:
    for address in ("/subscriptions/new?kind=result", "/subscriptions/sent"):
        answer = reader.browser.get(address)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert BeautifulSoup(answer.text, "html.parser").find("meta", content="noindex")
    assert reader.browser.get("/subscriptions/" + "x" * 49).status_code == 404
