"""Who gets into the staff's room, and what a failed or expired sign-in costs."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import PASSWORD, Cast
from tests.conftest import csrf_token
from tests.doors.staff_room import Room


@pytest.fixture
def people(session: Session, cast: Cast) -> None:
    """The cast is there, and the test's own session holds no lock."""
    session.commit()


def knock(client: FlaskClient, username: str, password: str) -> tuple[int, str]:
    page = client.get("/staff/sign-in").text
    form = {"username": username, "password": password, "csrf_token": csrf_token(page)}
    answer = client.post("/staff/sign-in", data=form)
    return answer.status_code, answer.text


def test_a_stranger_is_asked_who_she_is_and_brought_back_afterwards(visitor: FlaskClient) -> None:
    answer = visitor.get("/staff/batches/?page=2")
    assert answer.status_code == 302
    assert "next=/staff/batches/?page" in answer.location.replace("%3F", "?").replace("%3D", "=").replace(
        "%2F", "/"
    )


def test_the_way_back_never_leads_to_another_site(visitor: FlaskClient) -> None:
    for address in ("https://elsewhere.example/staff/", "//elsewhere.example/staff/", "/staff/\\elsewhere"):
        soup = BeautifulSoup(
            visitor.get("/staff/sign-in", query_string={"next": address}).text, "html.parser"
        )
        led = [str(each[name]) for name in ("href", "action") for each in soup.select(f"main [{name}]")]
        kept = [str(each["value"]) for each in soup.select("input[name=next]")]
        assert kept == ["/staff/"] and not [each for each in led if "elsewhere" in each]


def test_unknown_names_and_wrong_passwords_are_refused_in_the_same_words(
    people: None, visitor: FlaskClient
) -> None:
    known, unknown = knock(visitor, "hezhiyuan", "x" * 14), knock(visitor, "nobody", "x" * 14)
    sentence = "登录名或密码不正确。"
    assert known[0] == unknown[0] == 422
    assert sentence in known[1]
    assert sentence in unknown[1]


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(people: None, visitor: FlaskClient) -> None:
    with time_machine.travel("2026-11-10T01:00:00Z", tick=False) as clock:
        for _ in range(5):
            knock(visitor, "hezhiyuan", "wrong " * 3)
        status, text = knock(visitor, "hezhiyuan", PASSWORD)
        assert status == 422
        assert "账号已锁定。请在15分钟后再试。" in text
        clock.shift(15 * 60 + 1)
        assert knock(visitor, "hezhiyuan", PASSWORD)[0] == 302


def test_a_new_password_ends_every_older_session(cast: Cast, room: Room) -> None:
    here, elsewhere = room("he"), room("he")
    form = {"present": PASSWORD, "password": "another-quiet-morning", "again": "another-quiet-morning"}
    assert here.send("/staff/password", "/staff/password", **form).status_code == 302
    assert here.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 302


def test_somebody_whose_account_is_closed_is_out_at_once(session: Session, cast: Cast, room: Room) -> None:
    he = room("he")
    cast.he.active = False
    session.commit()
    assert he.get("/staff/").status_code == 302


def test_what_was_typed_survives_an_expired_sign_in(people: None, visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/staff/revisions/1/return",
        data={"note": "请核对检查日期", "seen": "7"},
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 401
    assert "请核对检查日期" in answer.text
    kept = '{"note": ["请核对检查日期"], "seen": ["7"]}'
    form = {"username": "hezhiyuan", "password": PASSWORD, "next": "/staff/revisions/1/return", "kept": kept}
    page = visitor.post("/staff/sign-in", data=form | {"csrf_token": csrf_token(answer.text)})
    assert page.status_code == 200
    assert 'value="请核对检查日期"' in page.text
    assert 'action="/staff/revisions/1/return"' in page.text


def test_another_site_can_not_put_words_into_a_form(visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/staff/revisions/1/return",
        data={"note": "混进来的话"},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 401
    assert "混进来的话" not in answer.text


def test_a_form_without_its_token_does_nothing(cast: Cast, room: Room) -> None:
    assert room("he").client.post("/staff/sign-out").status_code == 400


def test_the_staff_cookie_stays_in_the_staffs_room(people: None, visitor: FlaskClient) -> None:
    page = visitor.get("/staff/sign-in")
    assert "Path=/staff" in page.headers["Set-Cookie"]
    assert "no-store" in page.headers["Cache-Control"]
