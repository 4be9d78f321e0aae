"""What waits beside publications and objections: notices beforehand, opinions, declarations, erasures, concerns,
own draws, messages that did not arrive, next year's calendar."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.concerns.models import TO_ANSWER, TO_CALL_BACK, Concern, ConcernTerm
from portal.draws.models import Draw, DrawStep
from portal.erasing.models import Erasure, ErasureStep
from portal.outbox.models import Message, in_state
from portal.prior_notice.models import Opinion
from portal.prior_notice.queries import PILES
from portal.publications.declared import Declaration
from portal.publications.models import Publication, Revision
from portal.publications.prior import PriorNotice
from portal.waiting.source import (
    Asked,
    Condition,
    Item,
    Pile,
    Question,
    Source,
    here,
    nobody,
    pile,
    rows,
    source,
)
from portal.words import say

_PRIOR = {each.name: each for each in PILES}
CALENDAR_FROM_MONTH = 11  # the State Council's notice for a year comes out in the autumn before


# ── told and asked before disclosure ─────────────────────────


def _notices() -> sa.Select[Any]:
    under_way = Revision.state.in_(("draft", "submitted", "approved", "sent_back"))
    return (
        rows(PriorNotice.id, Revision.title, PriorNotice.department_code, PriorNotice.wanted_at)
        .select_from(PriorNotice)
        .join(Publication, Publication.id == PriorNotice.publication_id)
        .join(Revision, Revision.publication_id == Publication.id)
        .where(Publication.number.is_(None), under_way, Revision.withheld_ground.is_(None))
    )


def _untold(asked: Asked) -> Condition:
    return sa.and_(_PRIOR["untold"].holds(asked.on), Revision.state == "approved")


def _opinions() -> sa.Select[Any]:
    return rows(
        Opinion.id, Opinion.asked_name, Opinion.department_code, Opinion.asked_at, due=Opinion.due,
        provisional=Opinion.provisional,
    )  # fmt: skip


def _answered_or_silent(asked: Asked) -> Condition:
    return sa.and_(
        Opinion.decided_at.is_(None), sa.or_(Opinion.answered_at.is_not(None), Opinion.due < asked.on)
    )


def _declarations() -> sa.Select[Any]:
    return rows(
        Declaration.id, Declaration.entity_name, Declaration.department_code, Declaration.declared_at,
        note=Declaration.title,
    )  # fmt: skip


def _unreviewed(asked: Asked) -> Condition:
    return sa.and_(Declaration.reviewed_at.is_(None), Declaration.ended_at.is_(None))


def _not_taken_by_me(asked: Asked) -> Condition:
    by_another = sa.or_(Declaration.taken_by_id.is_(None), Declaration.taken_by_id != asked.person.id)
    return sa.and_(here(Declaration.department_code, asked), by_another)


# ── erasures, concerns, draws ────────────────────────────────


def _erasures() -> sa.Select[Any]:
    return (
        rows(Erasure.id, Erasure.number, Erasure.department_code, ErasureStep.at)
        .select_from(Erasure)
        .outerjoin(ErasureStep, ErasureStep.id == Erasure.step_id)
    )


def _concerns() -> sa.Select[Any]:
    return (
        rows(
            Concern.id, Concern.entity_name, Concern.holder_code, Concern.created_at, due=ConcernTerm.due_on,
            days=sa.func.coalesce(ConcernTerm.days, 0), provisional=ConcernTerm.provisional,
        )
        .select_from(Concern)
        .join(ConcernTerm, ConcernTerm.id == Concern.term_id)
    )  # fmt: skip


def _calls() -> sa.Select[Any]:
    return rows(Concern.id, Concern.entity_name, Concern.department_code, Concern.created_at)


def _draws() -> sa.Select[Any]:
    return (
        rows(Draw.id, Draw.task_no, Draw.department_code, Draw.decides_at)
        .select_from(Draw)
        .outerjoin(DrawStep, DrawStep.id == Draw.step_id)
    )


def _to_run(asked: Asked) -> Condition:
    return sa.and_(Draw.state == "committed", Draw.decides_at <= asked.at)


def _to_reveal(asked: Asked) -> Condition:
    """The announced inspections are over."""
    return sa.and_(Draw.state == "locked", Draw.task["ends_on"].as_string() < asked.on.isoformat())


# ── messages, the calendar ───────────────────────────────────


def _failed() -> sa.Select[Any]:
    return rows(Message.id, Message.subject, Message.department_code, Message.failed_at, note=Message.to_name)


def _calendar(asked: Asked) -> Pile:
    """Next year's days off, once they can be known: until then terms that reach into it are provisional."""
    last = date(asked.on.year + 1, 12, 31)
    known = asked.terms.calendar.known_through
    if asked.on.month < CALENDAR_FROM_MONTH or known >= last:
        return Pile()
    return pile([Item("calendar", "", "", str(last.year), asked.person.department_code, None)], asked.on)


SOURCES: tuple[Source, ...] = (
    source(
        "tell",
        say("公示前待告知"),
        say("公示文本已经固定，先告知检查对象，再办理公示。"),
        "tell_beforehand",
        Question("prior_notice", _notices, _untold, PriorNotice.department_code, dated=False),
    ),
    source(
        "prior_answers",
        say("公示前告知有意见，待决定"),
        say("看检查对象说了什么，决定改不改，写明理由。"),
        "decide_prior_answer",
        Question(
            "prior_notice",
            _notices,
            lambda asked: _PRIOR["answered"].holds(asked.on),
            PriorNotice.department_code, dated=False),
    ),
    source(
        "opinions",
        say("征求意见待决定"),
        say("已经答复或者期限已过的，决定公开还是不公开。"),
        "decide_opinion",
        Question("opinion", _opinions, _answered_or_silent, Opinion.department_code),
    ),
    source(
        "declarations",
        say("商业秘密声明待审查"),
        say("采纳或者不采纳，写明理由；登记的人不能审查自己登记的。"),
        "review_declaration",
        Question("declaration", _declarations, _unreviewed, Declaration.department_code, _not_taken_by_me, dated=False),
    ),
    source(
        "erasures",
        say("依法删除等您决定"),
        say("删除以后任何版本都不能恢复，请逐项核对再决定。"),
        "agree_erasure",
        Question(
            "erasure",
            _erasures,
            lambda asked: Erasure.state == "proposed",
            Erasure.department_code, dated=False),
    ),
    source(
        "concerns",
        say("诉求待接办、待答复"),
        say("带回的诉求要在期限内答复；不归本部门的，转办。"),
        "answer_concern",
        Question(
            "concern",
            _concerns,
            lambda asked: sa.and_(
                Concern.state.in_((*TO_ANSWER, "passed_on")), ConcernTerm.ended_on.is_(None)
            ),
            Concern.holder_code,
        ),
    ),
    source(
        "call_back",
        say("诉求待回访"),
        say("问检查对象满意不满意；不满意的，决定是否重新办理。"),
        "answer_concern",
        Question(
            "concern",
            _calls,
            lambda asked: Concern.state.in_((*TO_CALL_BACK, "unsatisfied")),
            Concern.department_code, dated=False),
    ),
    source(
        "run_draws",
        say("抽查待抽取"),
        say("决定结果的随机数已经产生，可以抽取。"),
        "draw",
        Question("draw", _draws, _to_run, Draw.department_code, dated=False),
    ),
    source(
        "reveal_draws",
        say("抽取的口令待公布"),
        say("检查已经全部结束，公布口令，任何人都可以核对。"),
        "reveal_draw",
        Question("draw", _draws, _to_reveal, Draw.department_code, dated=False),
    ),
    source(
        "failed",
        say("没有送到的通知"),
        say("核对地址或者号码，改正后重新发送；也可以改用其他方式告知。"),
        "resend",
        Question(
            "message",
            _failed,
            lambda asked: in_state("failed"),
            Message.department_code, dated=False),
    ),
    Source(
        "calendar",
        say("下一年度放假安排待载入"),
        say("国务院办公厅的通知公布以后就载入；载入以前，跨年的期限都是暂定的。"),
        ("load_calendar",),
        _calendar,
        nobody,
    ),
)  # fmt: skip
