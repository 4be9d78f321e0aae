"""公示前告知: owed by profile, told, answered, decided; the publication waits for it as long as it must, no longer."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.errors import Overtaken, Refused
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.prior_notice import answering, keys, opening, queries, telling
from portal.publications import bulk, pipeline, requirements
from portal.publications.models import Batch, Revision
from portal.publications.prior import PriorNotice, notice_of
from portal.publications.proposing import Proposal
from tests import examples
from tests.cast import Cast
from tests.telling import PHONE, agreed, listed, notice_for, says, tell, terms

# 4 November 2026 is a Wednesday; the example must be public by Friday, 20 November
WEDNESDAY = datetime(2026, 11, 4, 2, tzinfo=UTC)
MONDAY_AFTER = datetime(2026, 11, 9, 2, tzinfo=UTC)
TUESDAY_AFTER = datetime(2026, 11, 10, 2, tzinfo=UTC)
LAST_DAY = datetime(2026, 11, 20, 2, tzinfo=UTC)
At = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def at(session: Session) -> Iterator[At]:
    """10:00 in Beijing on the Wednesday, and what moves the clock; the cast has long held its roles."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller.move_to


def refusals(session: Session, revision: Revision, cast: Cast) -> str:
    return "".join(requirements.why_not_carry_out(session, revision, cast.song))


def test_nothing_goes_out_before_the_entity_was_told_and_had_its_days(
    at: At, session: Session, cast: Cast
) -> None:
    revision = agreed(session, cast)
    with pytest.raises(Refused, match="还没有告知"):
        pipeline.carry_out(session, revision, by=cast.song)
    notice = notice_for(session, revision)
    tell(session, cast, notice)
    assert notice.due == date(2026, 11, 9)  # Thursday, Friday, Monday
    assert "答复期到2026-11-09为止" in refusals(session, revision, cast)
    at(MONDAY_AFTER)
    assert "答复期到" in refusals(session, revision, cast)
    at(TUESDAY_AFTER)
    assert pipeline.carry_out(session, revision, by=cast.song) is not None


def test_no_opinion_ends_the_waiting(at: At, session: Session, cast: Cast) -> None:
    revision = agreed(session, cast)
    notice = notice_for(session, revision)
    tell(session, cast, notice)
    says(session, notice, "none")
    assert pipeline.carry_out(session, revision, by=cast.song) is not None


def test_an_answer_must_be_decided_even_on_the_last_day(at: At, session: Session, cast: Cast) -> None:
    at(LAST_DAY)
    revision = agreed(session, cast)
    notice = notice_for(session, revision)
    assert "还没有告知" in refusals(session, revision, cast)
    tell(session, cast, notice)
    assert notice.due == date(2026, 11, 20)  # never after the last day of D11
    assert refusals(session, revision, cast) == ""  # an open window holds nothing up on that day
    answer = says(session, notice, "wrong", "不是我家。")
    assert "请先决定是否采纳" in refusals(session, revision, cast)
    answering.decide(session, answer, by=cast.song, accepted=False, reasons="核对过执照。")
    assert pipeline.carry_out(session, revision, by=cast.song) is not None
    with pytest.raises(Refused, match="已经公示"):
        says(session, notice, "wrong", "还是不对。", key="n" * 43)


def test_what_was_accepted_goes_back_and_the_notice_counts_for_what_it_becomes(
    at: At, session: Session, cast: Cast
) -> None:
    revision = agreed(session, cast)
    notice = notice_for(session, revision)
    tell(session, cast, notice)
    answer = says(session, notice, "secret", "配方。", path="items/0/problem", phone=PHONE)
    with pytest.raises(Refused, match="写明"):
        answering.decide(session, answer, by=cast.song, accepted=True, reasons=" ")
    with pytest.raises(Refused, match="没有“决定检查对象"):
        answering.decide(session, answer, by=cast.he, accepted=True, reasons="隐去配方。")
    answering.decide(session, answer, by=cast.song, accepted=True, reasons="隐去配方。")
    session.refresh(revision)
    assert revision.state == "sent_back"
    assert "采纳检查对象对公示前告知的意见" in revision.steps[-1].note
    told = session.scalars(sa.select(Message).where(Message.topic == "prior_notice_decided")).one()
    assert told.to_address == PHONE
    assert "配方" not in told.body
    changed = pipeline.revise(session, revision, by=cast.he, content=revision.content | {"phone": ""})
    pipeline.submit(session, changed, by=cast.he)
    pipeline.approve(session, changed, by=cast.song, rules=load_profile("shili"))
    at(TUESDAY_AFTER)
    assert pipeline.carry_out(session, changed, by=cast.song) is not None
    assert session.scalar(sa.select(sa.func.count()).select_from(PriorNotice)) == 1


def test_a_result_that_found_nothing_owes_nobody_a_notice(session: Session, cast: Cast) -> None:
    clean = [{"seq": "1", "item_code": "A01", "item": "公示信息抽查", "outcomes": [examples.FOUND_NOTHING]}]
    revision = agreed(session, cast, items=clean)
    assert notice_of(session, revision.publication_id) is None
    assert pipeline.carry_out(session, revision, by=cast.song) is not None


def test_a_notice_nobody_was_told_of_is_forgotten_when_no_problem_is_left(
    session: Session, cast: Cast
) -> None:
    revision = agreed(session, cast)
    pipeline.send_back(session, revision, by=cast.song, note="写错了结果。")
    clean = [{"seq": "1", "item_code": "A01", "item": "公示信息抽查", "outcomes": [examples.FOUND_NOTHING]}]
    changed = pipeline.revise(session, revision, by=cast.he, content=revision.content | {"items": clean})
    pipeline.submit(session, changed, by=cast.he)
    pipeline.approve(session, changed, by=cast.song, rules=load_profile("shili"))
    assert notice_of(session, changed.publication_id) is None


def test_the_message_holds_the_link_and_nothing_of_the_result(session: Session, cast: Cast) -> None:
    notice = notice_for(session, agreed(session, cast))
    key = tell(session, cast, notice)
    message = session.scalars(sa.select(Message).where(Message.topic == "prior_notice_told")).one()
    assert message.to_address == PHONE
    assert message.body.count(key.token) == 1
    assert "示例北顺达" not in message.body and "进货" not in message.body
    assert notice.token_hash not in (None, key.token)
    found = answering.by_token(session, key.token)
    assert found is not None and found.id == notice.id


def test_telling_again_ends_the_earlier_link(session: Session, cast: Cast) -> None:
    notice = notice_for(session, agreed(session, cast))
    first = tell(session, cast, notice)
    second = tell(session, cast, notice, "paper")
    session.commit()
    assert answering.by_token(session, first.token) is None
    assert answering.by_token(session, second.token) is not None
    assert [each.channel for each in notice.tellings] == ["sms", "paper"]
    assert opening.by_code(session, "9133990075TNM5LB3J", second.code.lower()).notices == [notice.id]
    assert not opening.by_code(session, "9133990075TNM5LB3J", "AAAAA-AAAAA")
    assert not opening.by_code(session, "91339900QD7612PLT6", second.code)
    assert first.code == ""


def test_of_two_who_tell_at_once_the_second_is_told(session: Session, cast: Cast) -> None:
    notice = notice_for(session, agreed(session, cast))
    (key,) = keys.new_keys(1, with_code=False)
    how = {"by": cast.he, "channel": "sms", "terms": terms(session), "key": key, "link": str, "seen": 0}
    telling.tell(session, notice, **how)  # type: ignore[arg-type]
    with pytest.raises(Overtaken):
        telling.tell(session, notice, **how)  # type: ignore[arg-type]


def test_the_same_form_sent_twice_is_one_answer(session: Session, cast: Cast) -> None:
    notice = notice_for(session, agreed(session, cast))
    tell(session, cast, notice)
    assert says(session, notice, "wrong", "数字错了。").id == says(session, notice, "wrong", "数字错了。").id
    assert (
        says(session, notice, "wrong", "数字错了。 ", key="n" * 43).id == notice.answers[0].id
    )  # after going back
    assert len(notice.answers) == 1
    says(session, notice, "wrong", "名称也错了。", key="m" * 43)
    assert len(notice.answers) == 2


def test_a_batch_is_told_in_one_go_and_who_has_no_telephone_is_named(
    at: At, session: Session, cast: Cast
) -> None:
    listed(session, cast)
    batch = Batch(
        kind="result", label="批次", department_code="scjg", created_by_id=cast.he.id, created_at=WEDNESDAY
    )
    session.add(batch)
    phones = [PHONE, "", PHONE]
    proposals = [
        Proposal(examples.result(phone=phone, source_number=str(at))) for at, phone in enumerate(phones)
    ]
    pipeline.draft_many(session, "result", proposals, by=cast.he, batch=batch)
    bulk.act_on_batch(session, batch, "submit", by=cast.he)
    bulk.act_on_batch(
        session, session.get_one(Batch, batch.id), "approve", by=cast.song, rules=load_profile("shili")
    )
    made = keys.new_keys(3, with_code=False)
    told = telling.tell_batch(
        session, batch.id, by=cast.he, channel="sms", terms=terms(session), keys=made, link=str
    )
    assert told.done == 2
    assert "没有可以发短信的联系电话" in told.refused[0][2][0]
    assert queries.counts(session, cast.he)["untold"] == 1
    assert queries.counts(session, cast.he)["waiting"] == 2
    assert queries.counts(session, cast.fang) == {"untold": 0, "waiting": 0, "answered": 0, "over": 0}
    refused = bulk.act_on_batch(session, session.get_one(Batch, batch.id), "publish", by=cast.song).refused
    assert len(refused) == 3


def test_no_opinion_on_one_text_is_none_on_another(at: At, session: Session, cast: Cast) -> None:
    revision = agreed(session, cast)
    notice = notice_for(session, revision)
    tell(session, cast, notice)
    says(session, notice, "none")
    at(WEDNESDAY + timedelta(hours=2))
    pipeline.send_back(session, revision, by=cast.song, note="再改。")
    rows = [revision.content["items"][0] | {"problem": "查出假货三百箱。"}, *revision.content["items"][1:]]
    changed = pipeline.revise(session, revision, by=cast.he, content=revision.content | {"items": rows})
    pipeline.submit(session, changed, by=cast.he)
    pipeline.approve(session, changed, by=cast.song, rules=load_profile("shili"))
    assert "又改过；请再次告知" in refusals(session, changed, cast)
    tell(session, cast, notice)
    says(session, notice, "none", key="m" * 43)
    assert refusals(session, changed, cast) == ""
