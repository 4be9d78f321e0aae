"""One's own signing key, everybody's keys, and since when signatures are required, on their pages."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.people import acts, signing_keys
from portal.publications import signing
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room
from tests.officers import PASSPHRASE, give_keys, require_signatures


def test_an_officer_makes_a_key_and_sees_it(session: Session, cast: Cast, room: Room) -> None:
    he = room("he")
    assert "您还没有签名密钥" in he.get("/staff/signing-key").text
    answer = he.send(
        "/staff/signing-key", "/staff/signing-key", passphrase=PASSPHRASE, passphrase_again=PASSPHRASE
    )
    assert answer.status_code == 302
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    assert key.key in he.page("/staff/signing-key").text


def test_a_mistyped_or_poor_passphrase_makes_no_key(session: Session, cast: Cast, room: Room) -> None:
    he = room("he")
    for passphrase, again in ((PASSPHRASE, "x"), ("短", "短"), (PASSWORD, PASSWORD)):
        answer = he.send(
            "/staff/signing-key", "/staff/signing-key", passphrase=passphrase, passphrase_again=again
        )
        assert answer.status_code == 422
        assert passphrase not in answer.text or len(passphrase) == 1
    assert signing_keys.key_of(session, cast.he) is None


def test_the_security_administrator_sees_all_keys_and_ends_one(
    session: Session, cast: Cast, room: Room
) -> None:
    give_keys(session, cast, "he", "lin")
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    zhong = room("zhong")
    assert key.key in zhong.page("/staff/signing-keys").text
    zhong.send("/staff/signing-keys", f"/staff/signing-keys/{key.id}/end")
    assert key.ended_at is not None
    assert room("he").get("/staff/signing-keys").status_code == 403


def test_the_coordinator_decides_that_signatures_are_required(
    session: Session, cast: Cast, room: Room
) -> None:
    give_keys(session, cast, "he", "lin", "fang", "qin", "su")
    gu = room("gu")
    assert "示例市文化和旅游局还不能更正" in gu.page("/staff/signing-keys").text
    give_keys(session, cast, "ning")
    assert gu.send("/staff/signing-keys", "/staff/signing-keys/requirement").status_code == 302
    assert signing.is_required(session)
    assert "顾南星决定" in gu.page("/staff/signing-keys").text


def test_an_acting_head_announces_the_key_again_on_the_own_page(
    session: Session, cast: Cast, room: Room
) -> None:
    give_keys(session, cast, "he")
    until = clock.now() + timedelta(days=7)
    acts.give_role(session, cast.he, "head", by=cast.zhong, until=until, acting=True)
    session.commit()
    he = room("he")
    assert "密钥的角色和您现在的角色不同" in he.page("/staff/signing-key").text
    he.send("/staff/signing-key", "/staff/signing-key/announcement", passphrase=PASSPHRASE)
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    assert key.role == "head"


def test_a_lost_passphrase_is_ended_on_the_own_page(session: Session, cast: Cast, room: Room) -> None:
    give_keys(session, cast, "he")
    he = room("he")
    assert he.send("/staff/signing-key", "/staff/signing-key/end").status_code == 302
    assert signing_keys.key_of(session, cast.he) is None
    assert "已停用的密钥" in he.page("/staff/signing-key").text


def test_a_key_made_elsewhere_is_registered_with_the_pages_challenge(
    session: Session, cast: Cast, room: Room
) -> None:
    he = room("he")
    challenge = he.get("/staff/signing-key/challenge").data
    opened, _offered = signing_keys.generated(PASSPHRASE)
    form = {"public": opened.key, "signature": opened.sign(challenge)}
    assert he.send("/staff/signing-key", "/staff/signing-key/elsewhere", **form).status_code == 302
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    assert (key.key, key.wrapped) == (opened.key, "")


def test_the_log_says_whose_keys_were_announced_and_names_nobody(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    require_signatures(session, cast)
    log = visitor.get("/log/").text
    assert "示例市市场监督管理局主要负责人的公钥" in log
    assert "自此须有签名" in log
    assert "林望舒" not in log
