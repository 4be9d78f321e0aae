"""更正须签名: two different people sign a correction, the head among them; whoever reads the log can tell."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.ledger.models import Entry
from portal.people import acts, signing_keys
from portal.publications import pipeline, publishing, signing
from portal.publications.models import Publication
from tests.cast import Cast
from tests.office import correct, propose
from tests.officers import (
    carry_through_signed,
    give_key,
    give_keys,
    require_signatures,
    sign_both,
    signatures_in,
    what_a_reader_finds_wrong,
)

REASON = "检查日期录入有误。"


def newest(session: Session, publication: Publication) -> Entry:
    of_it = sa.select(Entry).where(Entry.number == publication.number).order_by(Entry.index.desc())
    return session.scalars(of_it.limit(1)).one()


def test_a_correction_with_two_signatures_is_public_and_checks_out(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    carry_through_signed(session, cast, revision, keys)
    entry = newest(session, result)
    assert [each["role"] for each in signatures_in(entry)] == ["head", "officer"]
    assert what_a_reader_finds_wrong(session, entry) == []
    assert result.version == 2


def test_a_withdrawal_and_a_restoration_are_signed_too(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    for act, reason in (("withdraw", "先行撤下。"), ("restore", "核实无误。")):
        carry_through_signed(session, cast, propose(session, cast, result, act, reason), keys)
        assert len(signatures_in(newest(session, result))) == 2
        assert what_a_reader_finds_wrong(session, newest(session, result)) == []


def test_without_signatures_nothing_is_corrected_once_they_are_required(
    session: Session, cast: Cast, result: Publication
) -> None:
    require_signatures(session, cast)
    with pytest.raises(Refused) as refused:
        correct(session, cast, result, REASON, follow_up="责令改正")
    assert "没有主要负责人的签名。" in refused.value.reasons
    assert "没有另一名经办人的签名。" in refused.value.reasons
    session.rollback()
    assert result.version == 1


def test_the_heads_signature_alone_is_not_enough_nor_the_officers(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    signing.sign(session, revision, keys["lin"], by=cast.lin)
    pipeline.approve(session, revision, by=cast.lin)
    session.commit()
    with pytest.raises(Refused, match="同一人的两个签名只算一个"):
        pipeline.carry_out(session, revision, by=cast.lin)
    session.rollback()
    with pytest.raises(Refused, match="您已经在这一稿上签过名"):
        signing.sign(session, revision, keys["lin"], by=cast.lin)
    session.rollback()
    signing.sign(session, revision, keys["he"], by=cast.he)
    pipeline.carry_out(session, revision, by=cast.lin)
    assert what_a_reader_finds_wrong(session, newest(session, result)) == []


def test_before_they_are_required_signatures_are_put_in_where_there_are_some(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = give_keys(session, cast, "he", "lin")
    correct(session, cast, result, REASON, follow_up="责令改正")
    assert signatures_in(newest(session, result)) == []
    carry_through_signed(session, cast, propose(session, cast, result, "correct", "二次更正。"), keys)
    assert len(signatures_in(newest(session, result))) == 2
    assert what_a_reader_finds_wrong(session, newest(session, result)) == []


def test_what_was_signed_is_what_is_published(session: Session, cast: Cast, result: Publication) -> None:
    keys = give_keys(session, cast, "he", "lin")
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    signing.sign(session, revision, keys["he"], by=cast.he)
    said = signing.statement_of(session, revision)
    pipeline.approve(session, revision, by=cast.lin)  # keeps the bytes and salts that were signed
    assert signing.statement_of(session, revision) == said


def test_a_signature_dies_when_the_draft_goes_back_or_is_replaced(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = give_keys(session, cast, "he", "lin")
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    pipeline.send_back(session, revision, by=cast.lin, note="请核对。")
    assert list(signing.on(session, revision)) == []
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    successor = pipeline.revise(session, revision, by=cast.he, reason="检查日期录入有误，已核对。")
    assert [*signing.on(session, revision), *signing.on(session, successor)] == []


def test_a_key_that_ended_after_signing_signs_nothing(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    pipeline.approve(session, revision, by=cast.lin)
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    signing_keys.end(session, key, by=cast.he)
    with pytest.raises(Refused, match="密钥在此之前已经停用"):
        pipeline.carry_out(session, revision, by=cast.lin)


def test_who_has_a_new_key_signs_again_what_the_old_one_signed(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = dict(require_signatures(session, cast))
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    pipeline.approve(session, revision, by=cast.lin)
    keys["he"] = give_key(session, cast.he)
    assert signing.standing(session, revision) == {cast.lin.id}
    signing.sign(session, revision, keys["he"], by=cast.he)
    entry = pipeline.carry_out(session, revision, by=cast.lin)
    assert entry is not None
    assert what_a_reader_finds_wrong(session, entry) == []


def test_who_lost_the_passphrase_ends_the_key_and_makes_another(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = dict(require_signatures(session, cast))
    lost = signing_keys.key_of(session, cast.he)
    keys["he"] = give_key(session, cast.he)
    assert lost is not None
    assert lost.ended_at is not None
    carry_through_signed(session, cast, propose(session, cast, result, "correct", REASON), keys)
    assert what_a_reader_finds_wrong(session, newest(session, result)) == []


def acting_head(session: Session, cast: Cast, until: datetime) -> None:
    acts.give_role(session, cast.he, "head", by=cast.zhong, until=until, acting=True)


def test_an_acting_head_signs_as_the_head_once_the_key_is_announced_as_the_heads(
    session: Session, cast: Cast, result: Publication
) -> None:
    keys = {**require_signatures(session, cast), "bai": give_key(session, cast.bai)}
    acting_head(session, cast, clock.now() + timedelta(days=7))
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    revision.author_id = cast.bai.id
    pipeline.submit(session, revision, by=cast.bai)
    signing.sign(session, revision, keys["bai"], by=cast.bai)
    with pytest.raises(Refused, match="重新公布"):
        signing.sign(session, revision, keys["he"], by=cast.he)
    key = signing_keys.key_of(session, cast.he)
    assert key is not None
    with pytest.raises(Refused, match="不能证明私钥在您手里"):
        signing_keys.announce_again(session, key, keys["bai"], by=cast.he)
    signing_keys.announce_again(session, key, keys["he"], by=cast.he)
    signing.sign(session, revision, keys["he"], by=cast.he)
    assert signing.still_missing(session, revision) == []


def test_a_statement_that_was_signed_before_is_not_signed_again(
    session: Session, cast: Cast, result: Publication
) -> None:
    """It has neither time nor index: the signatures of the first withdrawal would do for a second."""
    keys = require_signatures(session, cast)
    for act, reason in (("withdraw", "先行撤下。"), ("restore", "核实无误。")):
        carry_through_signed(session, cast, propose(session, cast, result, act, reason), keys)
    again = propose(session, cast, result, "withdraw", "先行撤下。")
    pipeline.submit(session, again, by=cast.he)
    with pytest.raises(Refused, match="以前以完全相同的理由办理过"):
        signing.sign(session, again, keys["he"], by=cast.he)


def test_an_entry_whose_signatures_were_swapped_is_found_by_who_reads_the_log(
    session: Session, cast: Cast, result: Publication
) -> None:
    """Whoever runs the server can write what they like; the log then shows it."""
    keys = require_signatures(session, cast)
    revision = propose(session, cast, result, "correct", REASON, follow_up="责令改正")
    pipeline.submit(session, revision, by=cast.he)
    sign_both(session, cast, revision, keys)
    pipeline.approve(session, revision, by=cast.lin)
    publishing.stand_still(session, result)
    signatures = signing.collected(session, revision)
    revision.reason = "别的理由。"
    entry = publishing.in_public(session, revision, signatures=signatures)
    assert any("内容签名后被改动过" in each for each in what_a_reader_finds_wrong(session, entry))
