"""The password once more, before what can not be taken back; and the signing passphrase, at the act alone."""

from datetime import timedelta

from flask import session

from portal.clock import now
from portal.db import db, open_at
from portal.errors import Overtaken, Refused
from portal.people import acts, signing_keys
from portal.people.wrapping import Opened
from portal.web.staff.room import let_go, person
from portal.words import Sentence, say

FRESH = timedelta(minutes=15)
PROVEN_AT = "proven_at"  # when the password was last given in this session, seconds since 1970


def proven() -> None:
    """The password was given just now."""
    session[PROVEN_AT] = int(now().timestamp())


def is_fresh() -> bool:
    """Whether the password was given in this session less than fifteen minutes ago."""
    age = now().timestamp() - float(session.get(PROVEN_AT, 0))
    return 0 <= age + 1 < FRESH.total_seconds()


def why_not_fresh(password: str) -> list[Sentence]:
    """Why nobody can sign in this session yet: the sign-in is old, and the password was not given again."""
    if is_fresh():
        return []
    if not password:
        return [say("登录已经超过15分钟，签名前请再输入一次登录密码。")]
    return why_not_known(password)


def why_not_known(password: str) -> list[Sentence]:
    """Why the password does not prove who is here; the counter of failures is committed although nothing is signed."""
    username = person().username
    let_go()
    open_at("reads")
    fits = acts.password_fits(db.session(), username, password)
    open_at("write")
    try:
        acts.sign_in(db.session(), username, fits)
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.commit()
        return list(refusal.reasons)
    proven()
    return []


def unlocked(passphrase: str) -> tuple[Opened | None, list[Sentence]]:
    """One's own signing key, opened; or why not. The counter of failures is committed although nothing is signed."""
    person_id = person().id
    let_go()
    open_at("reads")
    found = signing_keys.opened(db.session(), person_id, passphrase)
    open_at("write")
    try:
        return signing_keys.given(db.session(), person(), found), []
    except Refused as refusal:
        db.session.commit()
        return None, list(refusal.reasons)
