"""确认身份 from outside: the notice's code, a sign-in at a real provider, and what each says when it fails."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.objections import notice_codes
from portal.objections.models import Guess, Objection, ObjectionStep
from portal.publications.models import Publication
from portal.settings import Settings
from tests.cast import Cast
from tests.conftest import Visit
from tests.doors.objectors_room import Shopkeeper, soup_of
from tests.doors.public_room import words
from tests.identity_provider import FIRM, OTHER, Provider, liar, provider

CLIENT = {"oidc_client_id": "portal", "oidc_client_secret": "a secret", "oidc_label": "示例省统一认证"}


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def shopkeeper(session: Session, result: Publication, visitor: FlaskClient) -> Shopkeeper:
    session.commit()
    return Shopkeeper(visitor, session, str(result.number))


@pytest.fixture
def settings(settings: Settings, there: Provider, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider of the tests speaks plain http
    return replace(settings, oidc_issuer=there.issuer, **CLIENT)


def opened(shopkeeper: Shopkeeper) -> str:
    """A filed case, open on this phone; its address."""
    receipt, code = shopkeeper.file()
    assert shopkeeper.open(receipt, code).status_code == 303
    return f"/objections/{receipt}"


def case(session: Session) -> Objection:
    session.rollback()
    session.expire_all()
    return session.query(Objection).one()


def codes(session: Session, cast: Cast) -> dict[str, str]:
    task = notice_codes.tasks(session, "scjg")[0]
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    notice_codes.issue_codes(session, task, slips, by=cast.song)
    session.commit()
    return {each.entity_code: each.code for each in slips}


def off(shopkeeper: Shopkeeper, address: str, language: str = "") -> str:
    """Press the button for signing in elsewhere; where the browser is sent."""
    answer = shopkeeper.get(f"{address}/identity/sign-in{language}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def landed(shopkeeper: Shopkeeper, back: str) -> str:
    """Come back from the provider and follow on; the words of the page."""
    shopkeeper.session.commit()
    answer = shopkeeper.client.get(back, follow_redirects=True)
    assert answer.status_code in (200, 422), answer.text
    return words(soup_of(answer).select_one("main"))  # type: ignore[arg-type]


def test_the_code_of_the_notice_confirms_and_the_case_says_how(shopkeeper: Shopkeeper, session: Session, cast: Cast) -> None:  # fmt: skip
    printed = codes(session, cast)
    address = opened(shopkeeper)
    page = soup_of(shopkeeper.get(address))
    assert page.select_one(f'a[href="{address}/identity"]') is not None
    answer = shopkeeper.press(f"{address}/identity", f"{address}/identity", code=printed[FIRM].lower())
    assert answer.status_code == 303
    assert case(session).identity == "notice_code"
    after = shopkeeper.get(address).text
    assert "检查通知书上的核验码" in after
    assert printed[FIRM] not in after
    assert 'name="code"' not in shopkeeper.get(f"{address}/identity").text


def test_wrong_codes_are_counted_although_refused_and_locked_after_five(shopkeeper: Shopkeeper, session: Session, cast: Cast) -> None:  # fmt: skip
    address = opened(shopkeeper)
    seen = set()
    for at in range(5):
        if at == 1:
            printed = codes(session, cast)
        wrong = "ABCDE-FGHJK" if at < 2 else printed[OTHER]
        answer = shopkeeper.press(f"{address}/identity", f"{address}/identity", code=wrong)
        assert answer.status_code == 422
        seen.add(words(soup_of(answer).select_one("[role=alert]")))  # type: ignore[arg-type]
    assert len(seen) == 1
    session.rollback()
    assert session.query(Guess).filter(Guess.key.like("identity%")).count() == 2
    answer = shopkeeper.press(f"{address}/identity", f"{address}/identity", code=printed[FIRM])
    assert "试错次数过多" in answer.text
    assert case(session).identity == ""


def test_who_has_not_shown_the_following_code_gets_no_further(shopkeeper: Shopkeeper, session: Session, app: Flask) -> None:  # fmt: skip
    address = opened(shopkeeper)
    shopkeeper.client.get("/objections/")
    stranger = Shopkeeper(app.test_client(), session, shopkeeper.number)
    for path in (f"{address}/identity", f"{address}/identity/sign-in"):
        page = stranger.get(path)
        assert page.status_code == 200
        assert 'name="receipt"' in page.text
        assert "示例北顺达" not in page.text
    receipt, unknown = address.rpartition("/")[2], "YY-2026-9999"
    there, nowhere = (stranger.get(f"/objections/{each}/identity") for each in (receipt, unknown))
    said = words(soup_of(there).select_one("main"))  # type: ignore[arg-type]
    assert said == words(soup_of(nowhere).select_one("main"))  # type: ignore[arg-type]


def test_signing_in_elsewhere_confirms_the_inspected_entity(shopkeeper: Shopkeeper, session: Session, there: Provider) -> None:  # fmt: skip
    address = opened(shopkeeper)
    assert "用示例省统一认证确认" in shopkeeper.get(f"{address}/identity").text
    asked = off(shopkeeper, address)
    given = parse_qs(urlsplit(asked).query)
    assert asked.startswith(there.issuer)
    assert given["code_challenge_method"] == ["S256"]
    assert given["scope"] == ["openid"]
    assert given["state"] and given["nonce"] and given["code_challenge"]
    assert given["redirect_uri"] == ["http://127.0.0.1:8000/objections/identity/callback"]
    answer = shopkeeper.client.get(there.sign_in(asked, "beishunda"))
    assert answer.headers["Location"] == address
    found = case(session)
    assert (found.identity, found.steps[-1].act, found.steps[-1].by) == ("oidc", "identify", None)
    assert "统一身份认证" in shopkeeper.get(address).text


def test_nothing_of_the_sign_in_is_kept(shopkeeper: Shopkeeper, session: Session, there: Provider) -> None:
    address = opened(shopkeeper)
    shopkeeper.client.get(there.sign_in(off(shopkeeper, address), "beishunda"))
    with shopkeeper.client.session_transaction("/objections/") as kept:
        assert not [key for key in kept if "oidc" in key]
        assert "token" not in "".join(str(key) for key in kept if key != "csrf_token")
    notes = [each.note for each in case(session).steps]
    assert notes == ["", "统一身份认证相符"]
    assert shopkeeper.client.get_cookie("portal_objection", path="/objections") is not None
    assert shopkeeper.client.get_cookie("portal_objection", path="/") is None


@pytest.mark.parametrize("user", ["xifengsheng", "somebody", "list"])
def test_another_entitys_account_confirms_nothing(shopkeeper: Shopkeeper, session: Session, there: Provider, user: str) -> None:  # fmt: skip
    address = opened(shopkeeper)
    page = landed(shopkeeper, there.sign_in(off(shopkeeper, address), user))
    assert "登录的账号不是“示例北顺达商贸有限公司”的" in page
    assert "到窗口确认" in page
    assert case(session).identity == ""


def test_an_answer_is_good_for_one_return(shopkeeper: Shopkeeper, session: Session, there: Provider) -> None:
    address = opened(shopkeeper)
    back = there.sign_in(off(shopkeeper, address), "xifengsheng")
    landed(shopkeeper, back)
    assert "已经用过" in landed(shopkeeper, back)
    right = there.sign_in(off(shopkeeper, address), "beishunda")
    state = parse_qs(urlsplit(right).query)["state"][0]
    assert "已经过期" in landed(shopkeeper, right.replace(state, "guessed"))
    assert "已经过期" in landed(shopkeeper, "/objections/identity/callback")
    assert case(session).identity == ""
    landed(shopkeeper, right)
    landed(shopkeeper, right)
    assert case(session).identity == "oidc"
    assert session.query(ObjectionStep).filter_by(act="identify").count() == 1


def test_an_answer_brought_to_another_browser_is_not_known_there(shopkeeper: Shopkeeper, session: Session, there: Provider, app: Flask) -> None:  # fmt: skip
    address = opened(shopkeeper)
    back = there.sign_in(off(shopkeeper, address), "beishunda")
    answer = app.test_client().get(back)
    assert answer.status_code == 422
    assert "已经过期" in answer.text
    assert case(session).identity == ""


def test_a_code_of_one_sign_in_does_not_go_with_the_state_of_another(shopkeeper: Shopkeeper, session: Session, there: Provider, app: Flask) -> None:  # fmt: skip
    address = opened(shopkeeper)
    theirs = parse_qs(urlsplit(there.sign_in(off(shopkeeper, address), "beishunda")).query)["code"][0]
    mine = there.sign_in(off(shopkeeper, address), "xifengsheng")
    own = parse_qs(urlsplit(mine).query)["code"][0]
    assert "没有给出可以采信的答复" in landed(shopkeeper, mine.replace(own, theirs))
    assert case(session).identity == ""


def test_who_cancels_is_told_of_the_other_ways(
    shopkeeper: Shopkeeper, session: Session, there: Provider
) -> None:
    address = opened(shopkeeper)
    asked = off(shopkeeper, address)
    state = parse_qs(urlsplit(asked).query)["state"][0]
    back = there.cancel(asked)
    back = back if "state=" in back else f"{back}&state={state}"
    page = landed(shopkeeper, back)
    assert "您取消了登录" in page
    assert "到窗口" in page
    assert case(session).identity == ""


def test_english_is_kept_on_the_way_there_and_back(
    shopkeeper: Shopkeeper, session: Session, there: Provider
) -> None:
    address = opened(shopkeeper)
    back = there.sign_in(off(shopkeeper, address, "?lang=en"), "xifengsheng")
    assert shopkeeper.client.get(back).headers["Location"] == f"{address}/identity?lang=en&told=other_entity"


def test_a_second_attempt_forgets_the_first(
    shopkeeper: Shopkeeper, there: Provider, session: Session
) -> None:
    address = opened(shopkeeper)
    for _each in range(30):
        off(shopkeeper, address)
    cookie = shopkeeper.client.get_cookie("portal_objection", path="/objections")
    assert cookie is not None and len(cookie.value) < 2000


def of_another_portal(shopkeeper: Shopkeeper, settings: Settings) -> tuple[Shopkeeper, str]:
    """The same case open in a portal with other settings."""
    receipt, code = shopkeeper.file()
    portal = create_app(settings)
    portal.test_client_class = Visit
    there = Shopkeeper(portal.test_client(), shopkeeper.session, shopkeeper.number)
    assert there.open(receipt, code).status_code == 303
    return there, f"/objections/{receipt}"


def test_a_provider_that_is_down_is_said_to_be_down(shopkeeper: Shopkeeper, session: Session, settings: Settings) -> None:  # fmt: skip
    with provider() as dying:
        phone, address = of_another_portal(shopkeeper, replace(settings, oidc_issuer=dying.issuer))
        back = dying.sign_in(off(phone, address), "beishunda")
    assert "连不上统一身份认证" in landed(phone, back)
    assert "连不上统一身份认证" in landed(phone, f"{address}/identity/sign-in")
    assert "核验码" in phone.get(f"{address}/identity").text
    assert case(session).identity == ""


def test_a_provider_that_calls_itself_otherwise_is_not_believed(shopkeeper: Shopkeeper, settings: Settings, there: Provider) -> None:  # fmt: skip
    portal = replace(settings, oidc_issuer=there.issuer.replace("localhost", "LOCALHOST"))
    phone, address = of_another_portal(shopkeeper, portal)
    assert "没有给出可以采信的答复" in landed(phone, f"{address}/identity/sign-in")


def test_a_token_that_is_not_for_us_now_confirms_nothing(shopkeeper: Shopkeeper, session: Session, settings: Settings) -> None:  # fmt: skip
    with liar() as lying:
        phone, address = of_another_portal(shopkeeper, replace(settings, oidc_issuer=lying.issuer))
        honest = lying.claims
        lies: list[dict[str, Any]] = [
            {"aud": "another site"}, {"iss": "http://elsewhere.example"}, {"nonce": "another"}, {"nonce": None},
            {"exp": 1_000_000_000}, {"aud": None}, {"azp": "another site"}, {"aud": "another site", "azp": "portal"},
        ]  # fmt: skip
        for lie in lies:
            lying.claims = honest | lie
            assert "没有给出可以采信的答复" in landed(phone, lying.answer(off(phone, address))), lie
        for way in ("unsigned", "another key", "shared secret", "no token"):
            lying.claims, lying.way = honest, way
            assert "没有给出可以采信的答复" in landed(phone, lying.answer(off(phone, address))), way
        assert case(session).identity == ""
        lying.claims, lying.way = honest | {"aud": ["portal"]}, "honest"
        landed(phone, lying.answer(off(phone, address)))
        assert case(session).identity == "oidc"


def test_where_no_provider_is_set_up_the_button_is_not_there(
    shopkeeper: Shopkeeper, settings: Settings
) -> None:
    phone, address = of_another_portal(shopkeeper, replace(settings, oidc_issuer=""))
    assert "用单位账号登录" not in phone.get(f"{address}/identity").text
    assert phone.get(f"{address}/identity/sign-in").headers["Location"] == f"{address}/identity"
    assert "已经过期" in landed(phone, "/objections/identity/callback?code=1&state=1")
