"""通知: each department sees what it told, in words; failed messages are sent again by those who may."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, work
from portal.outbox import posting
from portal.outbox.models import Message
from tests.cast import Cast
from tests.doors.staff_room import Room

PAGE = "/staff/outbox"


def post(session: Session, key: str, department: str = "scjg", **more: str) -> Message:
    given = {
        "topic": "t",
        "to_address": "wang@example.com",
        "subject": f"异议{key}",
        "body": "收到。\n<b>谢谢</b>",
    }
    message = posting.post(
        session, key=key, channel="email", department_code=department, **(given | more)  # type: ignore[arg-type]
    )  # fmt: skip
    assert message is not None
    return message


@pytest.fixture
def told(session: Session) -> dict[str, int]:
    """A message in each state, and one of another department."""
    every = {state: post(session, state) for state in ("waiting", "failed", "kept", "sent")}
    every["failed"].failed_at = every["kept"].kept_at = every["sent"].sent_at = clock.now()
    every["failed"].last_error, every["failed"].tries = "ConnectionError: 452 full", 9
    every["theirs"] = post(session, "theirs", "yjgl")
    session.commit()
    return {state: message.id for state, message in every.items()}


def test_each_state_is_said_in_words(told: dict[str, int], room: Room) -> None:
    page = room("he").page(PAGE)
    assert [each.text for each in page.select("td .st")] == [
        "已发送", "仅留存（未配置发送方式）", "发送失败", "待发送",
    ]  # fmt: skip
    assert [each.text for each in page.select(".tally b")] == ["4", "1", "1", "1", "1"]
    assert "452 full" in page.text


@pytest.mark.parametrize("state", ["waiting", "failed", "kept", "sent"])
def test_the_list_is_narrowed_to_a_state(told: dict[str, int], room: Room, state: str) -> None:
    page = room("he").page(f"{PAGE}?state={state}")
    assert [each.text for each in page.select("summary")] == [f"异议{state}"]


def test_the_words_are_shown_as_they_were_written(told: dict[str, int], room: Room) -> None:
    page = room("he").page(PAGE)
    assert page.select(".letter")[0].text == "收到。\n<b>谢谢</b>"
    assert page.select(".letter b") == []


def test_the_page_leads_to_what_a_message_is_about_and_nowhere_else(
    session: Session, cast: Cast, room: Room
) -> None:
    for about in (
        "/staff/publications/JG-2026-000001",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "YY-2026-1",
    ):
        post(session, about, about=about)
    links = {str(each["href"]) for each in room("he").page(PAGE).select("tbody a")}
    assert links == {"/staff/publications/JG-2026-000001"}


def test_another_departments_messages_are_not_there(told: dict[str, int], room: Room) -> None:
    for who in ("he", "lin"):
        assert "异议theirs" not in room(who).get(PAGE).text
    assert [each.text for each in room("fang").page(PAGE).select("summary")] == ["异议theirs"]
    for who in ("gu", "qiao", "jiang"):
        assert len(room(who).page(PAGE).select("summary")) == 5


def test_who_gives_rights_does_not_read_what_is_told(told: dict[str, int], room: Room) -> None:
    assert room("zhong").get(PAGE).status_code == 403


def test_a_failed_message_is_sent_again_and_who_asked_is_on_record(
    app: Flask, session: Session, cast: Cast, room: Room, told: dict[str, int]
) -> None:
    he, where = room("he"), f"{PAGE}/{told['failed']}/delivery"
    assert [str(each["action"]) for each in he.page(PAGE).select("tbody form")] == [where]
    assert he.send(PAGE, where).status_code == 302
    again = session.get_one(Message, told["failed"])
    assert (again.state, again.tries, again.requeued_by) == ("waiting", 0, "何知远")
    answer = he.send(PAGE, where)
    assert answer.status_code == 422
    assert "这条消息不是发送失败的" in answer.text
    session.commit()
    assert work.outbox_step(app) == 3
    session.expire_all()
    assert session.get_one(Message, told["failed"]).state == "kept"


def test_nobody_sends_another_departments_message_again(
    session: Session, cast: Cast, room: Room, told: dict[str, int]
) -> None:
    where = f"{PAGE}/{told['failed']}/delivery"
    for who, status in (("fang", 404), ("gu", 403), ("qiao", 403), ("zhong", 403)):
        assert room(who).send("/staff/password", where).status_code == status, who
        assert session.get_one(Message, told["failed"]).state == "failed"
    assert room("gu").page(PAGE).select("tbody form") == []
    assert room("jiang").send(PAGE, where).status_code == 302


def test_what_no_number_and_no_state_is_shows_the_whole_list(told: dict[str, int], room: Room) -> None:
    he = room("he")
    assert len(he.page(f"{PAGE}?state=x&page=x").select("summary")) == 4
    assert "这里没有通知" in he.get(f"{PAGE}?page=99").text
    assert he.send(PAGE, f"{PAGE}/99999/delivery").status_code == 404
