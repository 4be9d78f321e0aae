"""What waits in the life of an objection: who it is, who re-checks, the answer, its signature, its delivery."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from portal.objections.models import BEFORE_RECHECK, BEFORE_SIGNING, Objection, ObjectionTerm
from portal.objections.proceedings import Decision, RecheckOfficer
from portal.objections.queries import ANSWERED, assigned_to
from portal.people.models import Person
from portal.waiting.source import Asked, Condition, Question, Source, Where, here, rows, source
from portal.words import say


def _officers() -> sa.ScalarSelect[str]:
    """The names of who re-checks a case."""
    return (
        sa.select(sa.func.aggregate_strings(Person.name, "、"))
        .join(RecheckOfficer, RecheckOfficer.person_id == Person.id)
        .where(RecheckOfficer.objection_id == Objection.id, RecheckOfficer.relieved_at.is_(None))
        .correlate(Objection)
        .scalar_subquery()
    )


def _cases(term: str, *, named: bool = False) -> Callable[[], sa.Select[Any]]:
    """Cases with the term that runs."""

    def asked() -> sa.Select[Any]:
        runs = sa.and_(
            ObjectionTerm.objection_id == Objection.id,
            ObjectionTerm.name == term,
            ObjectionTerm.replaced_at.is_(None),
            ObjectionTerm.met_on.is_(None),
        )
        return (
            rows(
                Objection.id,
                Objection.entity_name,
                Objection.department_code,
                Objection.filed_at,
                note=Objection.receipt,
                due=ObjectionTerm.due,
                days=sa.func.coalesce(ObjectionTerm.days, 0),
                provisional=ObjectionTerm.provisional,
                holder=sa.func.coalesce(_officers(), "") if named else "",
            )
            .select_from(Objection)
            .outerjoin(ObjectionTerm, runs)
        )

    return asked


def _in(*states: str) -> Where:
    return lambda asked: Objection.state.in_(states)


def _assigned_to_me(asked: Asked) -> Condition:
    return assigned_to(asked.person.id)


def _unidentified(asked: Asked) -> Condition:
    return sa.and_(Objection.identity == "", Objection.state.in_(BEFORE_SIGNING))


def _unopined(asked: Asked) -> Condition:
    """A drafted answer on which the legal office has not spoken."""
    silent = sa.exists().where(
        Decision.objection_id == Objection.id, Decision.legal_opinion == "", Decision.sent_back_at.is_(None)
    )
    return sa.and_(Objection.state == "decision_drafted", silent)


def _not_drafted_by_me(asked: Asked) -> Condition:
    mine = sa.exists().where(
        Decision.objection_id == Objection.id,
        Decision.sent_back_at.is_(None),
        Decision.drafted_by_id == asked.person.id,
    )
    return sa.and_(here(Objection.department_code, asked), sa.not_(mine))


SOURCES: tuple[Source, ...] = (
    source(
        "identify",
        say("待确认申请人身份"),
        say("核对申请人是不是被检查对象或者其代理人。"),
        "take_objection",
        Question("objection", _cases("recheck"), _unidentified, Objection.department_code),
    ),
    source(
        "assign",
        say("待指派复查人员"),
        say("指派没有参加过这次检查的两个人复查；材料不全的一次告知补正；不符合条件的作出不予受理。"),
        "handle_objection refuse_objection dispense",
        Question("objection", _cases("recheck"), _in(*BEFORE_RECHECK), Objection.department_code),
    ),
    source(
        "recheck",
        say("待我复查"),
        say("复查、记录情况，拟出复查结果；有错误的，一并起草更正稿。"),
        "recheck draft_correction",
        Question(
            "objection", _cases("recheck", named=True), _in("rechecking"), Objection.department_code, _assigned_to_me
        ),
    ),
    source(
        "legal",
        say("待我出具法制意见"),
        say("复查结果签署以前，由没有参加拟稿的人出具法制意见。"),
        "give_legal_opinion",
        Question("objection", _cases("recheck"), _unopined, Objection.department_code, _not_drafted_by_me),
    ),
    source(
        "decide",
        say("复查结果待我签署"),
        say("签署之日复查期限届满以前有效；不同意的，写明理由退回复查人员。"),
        "sign_decision sign_maintained",
        Question("objection", _cases("recheck"), _in("decision_drafted"), Objection.department_code),
    ),
    source(
        "deliver",
        say("待送达、待办结"),
        say("把复查结果送达申请人，登记送达的日期，然后办结。"),
        "deliver_objection",
        Question("objection", _cases("feedback"), _in(*ANSWERED), Objection.department_code),
    ),
)  # fmt: skip
