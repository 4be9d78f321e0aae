"""推送接口: the system administrator registers a platform; its key is shown once and nowhere again."""

import re

from sqlalchemy.orm import Session

from portal.intake import clients
from portal.intake.models import PushClient
from tests.cast import Cast
from tests.doors.staff_room import Room

PAGE = "/staff/push-clients/"


def test_a_platform_is_registered_and_its_key_shown_once(session: Session, cast: Cast, room: Room) -> None:
    jiang, he = room("jiang"), cast.he.id
    answer = jiang.send(PAGE, PAGE, name="示例省平台", acts_as=str(he))
    key = re.search(r"push_[\w-]{43}", answer.text)
    assert answer.status_code == 200 and key
    assert answer.headers["Cache-Control"] == "no-store"
    client = clients.client_of(session, key.group())
    assert client and client.acts_as_id == he and client.created_by_id == cast.jiang.id
    again = jiang.get(PAGE).text
    assert "示例省平台" in again and key.group() not in again


def test_a_key_is_replaced_and_a_client_ended(session: Session, cast: Cast, room: Room) -> None:
    client, old = clients.add(session, "示例省平台", cast.he, by=cast.jiang)
    number, jiang = client.id, room("jiang")
    assert jiang.page(PAGE).select_one(f"details form[action='{PAGE}{number}/end'] .note")  # not at one click
    answer = jiang.send(PAGE, f"{PAGE}{number}/key")
    key = re.search(r"push_[\w-]{43}", answer.text)
    assert key and key.group() != old and "原来的密钥到" in answer.text
    assert jiang.send(PAGE, f"{PAGE}{number}/end").status_code == 302
    assert clients.client_of(session, key.group()) is None
    assert jiang.send(PAGE, f"{PAGE}{number}/key").status_code == 422
    assert jiang.send(PAGE, f"{PAGE}99/end").status_code == 404


def test_what_is_left_out_is_said_and_what_was_typed_stays(session: Session, cast: Cast, room: Room) -> None:
    answer = room("jiang").send(PAGE, PAGE, name="示例省平台", acts_as="x")
    assert answer.status_code == 422 and "由谁经办" in answer.text and 'value="示例省平台"' in answer.text
    assert session.query(PushClient).count() == 0


def test_others_look_on_or_stay_out(session: Session, cast: Cast, room: Room) -> None:
    clients.add(session, "示例省平台", cast.he, by=cast.jiang)
    session.commit()
    assert room("he").get(PAGE).status_code == 200
    assert "更换密钥" not in room("qiao").get(PAGE).text
    assert room("song").get(PAGE).status_code == 403
    assert room("he").send("/staff/", PAGE, name="x", acts_as="1").status_code == 403
