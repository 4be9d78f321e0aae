"""A signing key's life: made, guessed at, announced for another role, ended; and since when all must sign."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.ledger.models import Entry
from portal.people import acts, signing_keys
from portal.people.locking import FAILURES_BEFORE_LOCK
from portal.publications import signing_rule
from tests.cast import PASSWORD, Cast
from tests.officers import (
    PASSPHRASE,
    give_key,
    give_keys,
)

REASON = "检查日期录入有误。"


def test_wrong_passphrases_lock_the_key_for_a_while(session: Session, cast: Cast) -> None:
    opened = give_keys(session, cast, "he")["he"]
    wrong = signing_keys.opened(session, cast.he.id, "不是这个口令 2026")
    for _ in range(FAILURES_BEFORE_LOCK):
        with pytest.raises(Refused, match="签名口令不正确"):
            signing_keys.given(session, cast.he, wrong)
    with pytest.raises(Refused, match="密钥已锁定"):
        signing_keys.given(session, cast.he, opened)
    with clock.at(clock.now() + timedelta(minutes=16)):
        session.commit()
        right = signing_keys.opened(session, cast.he.id, PASSPHRASE)
        assert signing_keys.given(session, cast.he, right).key == opened.key


def test_a_passphrase_is_long_and_not_the_password(session: Session, cast: Cast) -> None:
    for bad in ("短口令", "aaaaaaaaaaaa", "hezhiyuan 2026!", PASSWORD, "长" * 201):
        assert signing_keys.passphrase_problems(bad, cast.he) != []
    assert signing_keys.passphrase_problems(PASSPHRASE, cast.he) == []


def test_nobody_makes_a_key_for_another_and_a_reviewer_has_none(session: Session, cast: Cast) -> None:
    _opened, offered = signing_keys.generated(PASSPHRASE)
    for person, by in ((cast.he, cast.lin), (cast.song, cast.song), (cast.zhong, cast.zhong)):
        with pytest.raises(Refused):
            signing_keys.announce(session, person, offered, by=by)


def test_the_announcement_names_nobody(session: Session, cast: Cast) -> None:
    give_key(session, cast.he)
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    body = session.get_one(Entry, key.entry_index).body.decode()
    assert cast.he.username not in body
    assert '"department":"scjg"' in body
    assert '"role":"officer"' in body


def acting_head(session: Session, cast: Cast, until: datetime) -> None:
    acts.give_role(session, cast.he, "head", by=cast.zhong, until=until, acting=True)


def test_when_an_acting_heads_days_are_over_the_log_says_so(session: Session, cast: Cast) -> None:
    opened = give_key(session, cast.he)
    acting_head(session, cast, clock.now() + timedelta(days=7))
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    signing_keys.announce_again(session, key, opened, by=cast.he)
    assert key.role == "head"
    with clock.at(clock.now() + timedelta(days=8)):
        assert signing_keys.follow_all(session) == 1
        assert key.role == "officer"


def test_who_leaves_leaves_no_key_behind(session: Session, cast: Cast) -> None:
    give_key(session, cast.he)
    acts.deactivate(session, cast.he, by=cast.zhong)
    assert signing_keys.key_of(session, cast.he) is None


def test_a_head_who_is_none_any_more_keeps_an_officers_key_or_none(session: Session, cast: Cast) -> None:
    opened = give_key(session, cast.he)
    acting_head(session, cast, clock.now() + timedelta(days=7))
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    signing_keys.announce_again(session, key, opened, by=cast.he)
    acts.end_role(session, next(each for each in cast.he.grants if each.role == "head"), by=cast.zhong)
    assert (key.role, key.ended_at) == ("officer", None)
    acts.end_role(session, next(each for each in cast.he.grants if each.role == "drafter"), by=cast.zhong)
    assert key.ended_at is not None


def test_a_department_that_is_closed_keeps_nobody_from_requiring_them(session: Session, cast: Cast) -> None:
    give_keys(session, cast, "he", "lin", "su", "ning")
    for person in (cast.fang, cast.qi, cast.qin, cast.tang):
        acts.deactivate(session, person, by=cast.zhong)
    assert signing_rule.why_not_require(session, cast.gu) == []


def test_signatures_are_required_only_where_every_department_can_sign(session: Session, cast: Cast) -> None:
    give_keys(session, cast, "he", "lin", "fang", "su", "ning")
    (why,) = signing_rule.why_not_require(session, cast.gu)
    assert "示例市应急管理局还不能更正" in why
    assert signing_rule.why_not_require(session, cast.lin) != [why]
    give_keys(session, cast, "qin")
    signing_rule.require(session, by=cast.gu)
    with pytest.raises(Refused, match="不能撤销"):
        signing_rule.require(session, by=cast.gu)
