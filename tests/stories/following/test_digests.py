"""A reader follows a search by mail and is told of what is new, corrected and withdrawn, and of nothing else."""

from functools import partial
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from portal import work
from portal.following import digests
from portal.following.models import Subscription
from portal.sessions import session_at
from tests import examples
from tests.cast import Cast
from tests.following import DAY, WANG, Reader, count, link
from tests.office import correct, disclose, withdraw


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


def is_told_of_a_withdrawal(reader: Reader, session: Session, cast: Cast, followed: str) -> None:
    """Of a result that was public before somebody followed."""
    published = disclose(session, cast, "result", examples.result())
    work.index_step(reader.app)
    reader.follows(followed)
    withdraw(session, cast, published, "录入错误。")
    (mail,) = reader.waits()
    assert "已撤下 1" in mail["Subject"] and published.number in mail.get_content()
    assert "录入错误。" in mail.get_content()


@pytest.mark.usefixtures("listed")
def test_what_was_found_when_it_was_confirmed_is_known_and_its_withdrawal_told(
    reader: Reader, session: Session, cast: Cast
) -> None:
    is_told_of_a_withdrawal(reader, session, cast, "/subscriptions/new?what=entity&entity=9133990075TNM5LB3J")


@pytest.mark.usefixtures("listed")
def test_who_follows_a_kind_is_told_of_a_withdrawal_of_what_was_published_before(
    reader: Reader, session: Session, cast: Cast
) -> None:
    """Its kind is still known, and so nothing has to be remembered of what was found."""
    is_told_of_a_withdrawal(reader, session, cast, "/subscriptions/new?kind=result")


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
