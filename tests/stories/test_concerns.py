"""A firm voices something during a joint inspection: it is recorded, answered or passed on, and called back (O7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.concerns import handling, queries
from portal.concerns.models import Concern, ConcernStep, ConcernTerm, Told
from portal.db import db
from portal.deadlines.calendar import load_calendar
from portal.errors import Overtaken, Refused
from portal.people.models import Grant
from portal.publications.dating import Terms
from tests.cast import Cast
from tests.stories.test_acting_at_once import at_once, person

TERMS = Terms(load_profile("shili"), load_calendar())
FIRM = "示例北顺达商贸有限公司"


@pytest.fixture(autouse=True)
def in_november(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Monday, 9 November 2026; the cast has long held its roles."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 11, 9, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def told(**more: object) -> Told:
    given = Told(
        FIRM, "门口修路，货车进不来。", "site", date(2026, 11, 6), date(2026, 11, 9), contact="店主 0000-1"
    )
    return replace(given, **more)  # type: ignore[arg-type]


def recorded(session: Session, cast: Cast, **more: object) -> Concern:
    return handling.record(session, told(**more), by=cast.he, terms=TERMS)


def on(traveller: time_machine.Traveller, day: date) -> None:
    traveller.move_to(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))


def states(concern: Concern) -> list[str]:
    return [step.state for step in concern.steps]


def test_it_is_answered_in_time_and_a_satisfied_firm_closes_it(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    assert (concern.term.due_on, concern.term.kind, concern.term.days) == (date(2026, 11, 18), "promise", 7)
    on(in_november, date(2026, 11, 18))
    handling.answer(session, concern, by=cast.song, answer="已协调临时通道。")
    assert concern.term.ended_on == date(2026, 11, 18) and not concern.term.is_late(date(2026, 12, 1))
    handling.call_back(session, concern, by=cast.he, satisfied=True, note="电话问店主，通道已开。")
    assert states(concern) == ["recorded", "answered", "satisfied", "closed"]
    assert (concern.state, concern.satisfied) == ("closed", True)
    assert [step.by.name for step in concern.steps if step.by] == ["何知远", "宋清和", "何知远", "何知远"]


def test_it_is_answered_on_the_spot_only_on_the_day_it_is_recorded(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    later = recorded(session, cast, asked="许可证怎么变更？")
    handling.answer_on_the_spot(session, concern, by=cast.he, answer="当场告知绕行路线。")
    assert (concern.state, concern.term.ended_on) == ("answered_on_the_spot", date(2026, 11, 6))
    on(in_november, date(2026, 11, 30))
    with pytest.raises(Refused, match="当场答复只能在登记的当天补记"):
        handling.answer_on_the_spot(session, later, by=cast.he, answer="当场告知。")


def test_an_answer_says_when_the_firm_was_told_and_when_it_was_entered(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    on(in_november, date(2026, 11, 20))
    for day, sentence in ((date(2026, 11, 21), "不能晚于今天"), (date(2026, 11, 8), "不能早于带回")):
        with pytest.raises(Refused, match=sentence):
            handling.answer(session, concern, by=cast.song, answer="已协调。", on=day)
    handling.answer(session, concern, by=cast.song, answer="已协调。", on=date(2026, 11, 18))
    assert concern.term.ended_on == date(2026, 11, 18)
    assert concern.term.ended_by is not None and concern.term.ended_by.at.date() == date(2026, 11, 20)


def test_the_competent_department_has_a_clock_of_its_own_from_the_day_it_was_passed_on(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    on(in_november, date(2026, 11, 12))
    handling.pass_on(session, concern, by=cast.song, to="yjgl", note="属应急部门职能。", terms=TERMS)
    ours, theirs = concern.terms
    assert (ours.due_on, ours.ended_on, ours.outcome) == (date(2026, 11, 18), date(2026, 11, 12), "passed_on")
    assert (theirs.brought_back_on, theirs.due_on, theirs.ended_on) == (
        date(2026, 11, 12), date(2026, 11, 23), None,
    )  # fmt: skip
    on(in_november, date(2026, 11, 20))
    with pytest.raises(Refused, match="请先接办"):
        handling.answer(session, concern, by=cast.fang, answer="已处理。")
    handling.take_over(session, concern, by=cast.fang)
    assert theirs.due_on == date(2026, 11, 23)  # taking over moves nothing
    handling.answer(session, concern, by=cast.qin, answer="已处理。")
    with pytest.raises(Refused, match="属于其他部门"):
        handling.call_back(session, concern, by=cast.fang, satisfied=True, note="满意。")
    handling.call_back(session, concern, by=cast.song, satisfied=True, note="满意。")
    assert states(concern) == ["recorded", "passed_on", "taken_over", "answered", "satisfied", "closed"]


def test_a_department_that_is_not_competent_passes_it_on_or_back(session: Session, cast: Cast) -> None:
    concern = recorded(session, cast)
    handling.pass_on(session, concern, by=cast.he, to="yjgl", note="属应急部门职能。", terms=TERMS)
    for to, sentence in (
        ("yjgl", "不能转给本部门"),
        ("", "请选择转给哪个部门"),
        ("nobody", "请选择转给哪个部门"),
        ("lxb", "转过去无人接办"),
    ):
        with pytest.raises(Refused, match=sentence):
            handling.pass_on(session, concern, by=cast.fang, to=to, note="不是我们。", terms=TERMS)
    handling.pass_on(session, concern, by=cast.fang, to="scjg", note="属市场监管职能。", terms=TERMS)
    assert (concern.holder_code, concern.state, len(concern.terms)) == ("scjg", "passed_on", 3)
    handling.take_over(session, concern, by=cast.he)
    handling.answer(session, concern, by=cast.he, answer="已处理。")


def test_an_unsatisfied_firm_may_have_it_handled_once_more_and_not_twice(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    handling.answer(session, concern, by=cast.he, answer="请绕行。")
    handling.call_back(session, concern, by=cast.he, satisfied=False, note="绕行太远。")
    on(in_november, date(2026, 11, 16))
    handling.reopen(session, concern, by=cast.song, note="再协调临时通道。", terms=TERMS)
    assert (concern.term.came, concern.term.brought_back_on, concern.term.due_on) == (
        "reopened", date(2026, 11, 16), date(2026, 11, 25),
    )  # fmt: skip
    assert concern.satisfied is None
    handling.answer(session, concern, by=cast.he, answer="通道已开半天。")
    handling.call_back(session, concern, by=cast.he, satisfied=False, note="仍不满意。")
    with pytest.raises(Refused, match="已经重新办理过一次"):
        handling.reopen(session, concern, by=cast.song, note="再来一次。", terms=TERMS)
    handling.close(session, concern, by=cast.song, note="已向企业说明，无法再办。")
    assert (concern.state, concern.satisfied) == ("closed", False)


def test_a_firm_that_can_not_be_reached_does_not_keep_it_open_for_ever(session: Session, cast: Cast) -> None:
    concern = recorded(session, cast)
    with pytest.raises(Refused, match="还没有答复"):
        handling.close(session, concern, by=cast.he, note="算了。")
    handling.answer(session, concern, by=cast.he, answer="请绕行。")
    with pytest.raises(Refused, match="请写明办结的理由"):
        handling.close(session, concern, by=cast.he, note=" ")
    handling.close(session, concern, by=cast.he, note="三次联系不上。")
    assert (concern.state, concern.satisfied) == ("closed", None)


def test_what_is_typed_wrong_comes_back_in_sentences(session: Session, cast: Cast) -> None:
    wrong = Told("", "", "nonsense", None, None)
    with pytest.raises(Refused) as refused:
        handling.record(session, wrong, by=cast.he, terms=TERMS)
    assert len(refused.value.reasons) == 5
    for more, sentence in (
        ({"inspected_on": date(2026, 11, 10), "brought_back_on": date(2026, 11, 10)}, "检查日期不能晚于今天"),
        ({"inspected_on": date(1026, 11, 6)}, "早于2007年"),
        ({"brought_back_on": date(2026, 11, 5)}, "不能早于检查日期"),
        ({"brought_back_on": date(2026, 11, 10)}, "带回本部门的日期不能晚于今天"),
        ({"entity_code": "91370000MA3C0000XX"}, "校验位"),
        ({"entity_code": "330101199001011237"}, "身份证"),
        ({"asked": "长" * 2001}, "“诉求内容”最多2000个字"),
    ):
        with pytest.raises(Refused, match=sentence):
            recorded(session, cast, **more)


def test_a_form_that_is_sent_twice_makes_one_concern(session: Session, cast: Cast) -> None:
    first = recorded(session, cast)
    with pytest.raises(Refused, match=f"第{first.id}号"):
        recorded(session, cast)
    handling.record(session, told(), by=cast.fang, terms=TERMS)  # each department for its own sheet


def test_nobody_acts_for_another_department_and_who_is_not_concerned_sees_nothing(
    session: Session, cast: Cast
) -> None:
    concern = recorded(session, cast)
    for who in (cast.fang, cast.qin, cast.gu, cast.zhong, cast.qiao):
        with pytest.raises(Refused):
            handling.answer(session, concern, by=who, answer="越权。")
        with pytest.raises(Refused):
            handling.pass_on(session, concern, by=who, to="yjgl", note="越权。", terms=TERMS)
    with pytest.raises(Refused, match="没有“办理诉求”的权限"):
        handling.answer(session, concern, by=cast.zhou, answer="值班人员只登记。")
    sees = {name for name in ("he", "lin", "zhou", "fang", "qin", "gu", "zhong") if queries.sees(getattr(cast, name), concern)}  # fmt: skip
    assert sees == {"he", "lin", "zhou", "gu"}
    handling.pass_on(session, concern, by=cast.he, to="yjgl", note="属应急部门职能。", terms=TERMS)
    assert queries.sees(cast.fang, concern) and queries.sees(cast.he, concern)
    assert [queries.reads_contact(who, concern) for who in (cast.he, cast.fang, cast.gu)] == [
        True,
        True,
        False,
    ]


def test_the_queue_begins_with_what_is_due_next(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    on(in_november, date(2026, 11, 20))
    later = recorded(session, cast, asked="后到期。", brought_back_on=date(2026, 11, 18))
    answered = recorded(session, cast, asked="已答复。", brought_back_on=date(2026, 11, 6))
    handling.answer(session, answered, by=cast.he, answer="好。")
    overdue = recorded(session, cast, asked="已逾期。", brought_back_on=date(2026, 11, 9))
    foreign = handling.record(session, told(brought_back_on=date(2026, 11, 6)), by=cast.fang, terms=TERMS)
    piles = {pile.name: pile for pile in queries.PILES}

    def queue(who: str, name: str) -> list[int]:
        found = queries.lines(session, piles[name], getattr(cast, who), page=1, size=50)
        return [line.concern.id for line in found]

    assert queue("he", "all") == [overdue.id, later.id, answered.id]
    assert queue("gu", "all") == [foreign.id, overdue.id, later.id, answered.id]
    assert (queue("he", "answer"), queue("he", "call_back")) == ([overdue.id, later.id], [answered.id])
    assert queue("fang", "all") == [foreign.id]
    counts = {"all": 3, "take_over": 0, "answer": 2, "call_back": 1, "closed": 0}
    assert queries.counts(session, cast.he) == counts
    assert (queries.overdue(session, cast.he), queries.overdue(session, cast.gu)) == (1, 2)


def test_of_two_people_at_once_one_succeeds_and_the_other_is_told(session: Session, cast: Cast) -> None:
    concern = recorded(session, cast)
    seen = concern.step_id
    handling.pass_on(session, concern, by=cast.song, to="yjgl", note="属应急部门职能。", terms=TERMS)
    handling.take_over(session, concern, by=cast.fang)
    with pytest.raises(Overtaken, match="方若谷刚刚办理了这件诉求"):
        handling.answer(session, concern, by=cast.fang, answer="慢了一步。", seen=seen)


def test_two_connections_at_once_leave_one_answer(app: Flask, session: Session, cast: Cast) -> None:
    concern_id = recorded(session, cast).id
    session.commit()
    told_no: list[Refused] = []

    def answering(name: str) -> None:
        found = db.session.get_one(Concern, concern_id)
        try:
            handling.answer(
                db.session(), found, by=person(name), answer=f"{name}的答复。", seen=found.step_id
            )
            db.session.commit()
        except Refused as refusal:
            db.session.rollback()
            told_no.append(refusal)

    at_once(app, lambda: answering("he"), lambda: answering("song"), lambda: answering("bai"))
    session.expire_all()
    assert states(session.get_one(Concern, concern_id)) == ["recorded", "answered"]
    assert len(told_no) == 2


def test_a_place_without_the_term_counts_no_days(session: Session, cast: Cast) -> None:
    kept = {name: term for name, term in TERMS.profile.terms.items() if name != handling.TERM}
    without = Terms(replace(TERMS.profile, terms=kept), TERMS.calendar)
    concern = handling.record(session, told(), by=cast.he, terms=without)
    assert concern.term.due_on is None and not concern.term.is_late(date(2030, 1, 1))
    handling.answer(session, concern, by=cast.he, answer="好。")


def test_every_state_has_its_step_and_every_clock_but_the_newest_has_ended(
    session: Session, cast: Cast, in_november: time_machine.Traveller
) -> None:
    concern = recorded(session, cast)
    handling.pass_on(session, concern, by=cast.he, to="yjgl", note="属应急部门职能。", terms=TERMS)
    on(in_november, date(2026, 11, 9) + timedelta(days=1))
    handling.take_over(session, concern, by=cast.fang, note="收到。")
    session.commit()
    session.expire_all()
    found = session.get_one(Concern, concern.id)
    newest = session.scalar(sa.select(ConcernStep).where(ConcernStep.id == found.step_id))
    assert newest is not None and newest.state == found.state == states(found)[-1]
    assert found.term_id == found.term.id
    running = session.scalars(sa.select(ConcernTerm.id).where(ConcernTerm.ended_on.is_(None))).all()
    assert running == [found.term_id]
