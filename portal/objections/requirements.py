"""Why an act on a case may not happen yet, in sentences. Empty means it may. Pages grey their buttons with these."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.ledger.models import Entry
from portal.objections.models import AFTER_SIGNING, BEFORE_RECHECK, BEFORE_SIGNING, ENDED_OTHERWISE, Objection
from portal.objections.proceedings import Decision
from portal.people import roles
from portal.people.models import Person
from portal.publications.lines import IN_LEDGER
from portal.publications.models import Prepared, Revision
from portal.publications.requirements import CORRECTING
from portal.publications.scope import RESCOPE
from portal.words import Sentence, say

Reasons = list[Sentence]

ANSWERING = (*CORRECTING, RESCOPE)  # what an objection that is right may lead to
RECHECKERS = 2  # O6: a re-check on the spot needs two people with their cards
FRESH = timedelta(minutes=10)  # a signature needs the password again, just now


def _may_not(by: Person, act: str, objection: Objection) -> Reasons:
    return roles.why_not(by, act, department=objection.department_code)


def _state(objection: Objection, allowed: tuple[str, ...], sentence: Sentence) -> Reasons:
    return [] if objection.state in allowed else [sentence]


def why_not_identify(objection: Objection, by: Person) -> Reasons:
    """Why this person may not confirm who the objector is."""
    reasons = _may_not(by, "take_objection", objection)
    if objection.identity:
        reasons.append(say("申请人的身份已经确认，不需要再次确认。"))
    elif has_ended(objection):
        reasons.append(say("这件已经办结，不需要再确认身份；要重新提出异议的，请在检查结果的页面办理。"))
    return reasons


def why_not_ask_supplement(objection: Objection, by: Person) -> Reasons:
    """补正: once, everything at once."""
    reasons = _may_not(by, "handle_objection", objection)
    if objection.supplements:
        reasons.append(say("补正材料只能一次告知，这件已经告知过；申请人仍可随时补充，请直接指派复查。"))
    return reasons + _state(objection, ("received",), say("这件已经过了可以要求补正的环节，请继续复查。"))


def why_not_go_on(objection: Objection, by: Person) -> Reasons:
    """Why the case may not go on without the supplement that was asked for."""
    reasons = _may_not(by, "handle_objection", objection)
    reasons += _state(objection, ("supplement_asked",), say("这件现在不在补正中，不需要登记未补正。"))
    term = objection.term("supplement_reply")
    if term is not None and term.runs and clock.today() <= term.due:
        reasons.append(say("补正期限最迟{day}，还没有届满，请等期满后再登记。", day=term.due.isoformat()))
    return reasons


def why_not_refuse(session: Session, objection: Objection, ground: str, by: Person) -> Reasons:
    """Not accepting: three grounds only, never for missing papers."""
    reasons = _may_not(by, "refuse_objection", objection)
    reasons += _state(
        objection, BEFORE_RECHECK, say("复查已经开始或者已经办结，不能再作不予受理；请作出复查结果。")
    )
    if ground == "not_party" and objection.identity:
        reasons.append(say("申请人的身份已经确认是被检查对象或者其代理人，不能以此不予受理。"))
    if ground == "same_grounds" and not _rechecked_before(session, objection):
        reasons.append(say("这些理由以前没有复查过，不能以已经复查过为由不予受理。"))
    return reasons


def _rechecked_before(session: Session, objection: Objection) -> bool:
    """Whether every ground of this objection was one of an earlier objection that was answered."""
    earlier = sa.select(Objection.grounds).where(
        Objection.publication_id == objection.publication_id,
        Objection.id < objection.id,
        Objection.state.in_(AFTER_SIGNING),
    )
    answered = {ground for grounds in session.scalars(earlier) for ground in grounds}
    return set(objection.grounds) <= answered


def why_not_withdraw(objection: Objection) -> Reasons:
    """The objector may take an objection back until the answer is signed."""
    return _state(objection, BEFORE_SIGNING, say("复查结果已经作出或者这件已经办结，不能再撤回。"))


def why_not_add(objection: Objection) -> Reasons:
    """The objector may add papers and words until the answer is signed."""
    return _state(objection, BEFORE_SIGNING, say("复查结果已经作出或者这件已经办结，不能再补充材料；有新的事实，可以重新提出异议。"))  # fmt: skip


def why_not_consent(objection: Objection) -> Reasons:
    """Why the objector may not agree to electronic delivery any more."""
    if has_ended(objection):
        return [say("这件已经办结，不需要再同意电子送达；要重新提出异议的，请在检查结果的页面办理。")]
    return []


def why_not_assign(objection: Objection, by: Person) -> Reasons:
    """Why re-checkers may not be assigned by this person now."""
    reasons = _may_not(by, "handle_objection", objection)
    allowed = ("received", "supplement_asked", "supplemented", "not_supplemented", "rechecking")
    return reasons + _state(objection, allowed, say("这件现在不能指派复查人员，请先看它到了哪一步。"))


def why_not_dispense(objection: Objection, by: Person) -> Reasons:
    """Why this person may not record a small office's way."""
    reasons = _may_not(by, "dispense", objection)
    return reasons + _state(objection, BEFORE_SIGNING, say("复查结果已经作出，不需要再作例外安排。"))


def why_not_record(objection: Objection, by: Person) -> Reasons:
    """Only who was assigned records a re-check, from whichever office they come."""
    reasons = roles.why_not(by, "recheck")
    if by.id not in [each.id for each in objection.rechecking]:
        reasons.append(say("您不是这件异议的复查人员，请由指派的复查人员记录。"))
    if len(objection.rechecking) < RECHECKERS:
        reasons.append(say("复查人员不足{n}人，请先补足。", n=RECHECKERS))
    return reasons + _state(objection, ("rechecking",), say("这件现在不在复查中，不能记录复查情况。"))


def why_not_draft_decision(objection: Objection, by: Person) -> Reasons:
    """Why a decision may not be drafted: a re-checker drafts it, after the re-check was recorded."""
    reasons = why_not_record(objection, by)
    if objection.recheck is None:
        reasons.append(say("还没有记录复查情况，请先记录。"))
    return reasons


def why_not_opine(objection: Objection, by: Person) -> Reasons:
    """Why this person may not give the legal office's opinion on the drafted decision."""
    reasons = _may_not(by, "give_legal_opinion", objection)
    decision = objection.decision
    if decision is not None and decision.drafted_by_id == by.id:
        reasons.append(say("您拟了这份复查结果，法制意见请由别人出具。"))
    return reasons + _state(objection, ("decision_drafted",), say("复查结果还没有拟好，或者已经签署。"))


def why_not_send_back(objection: Objection, by: Person) -> Reasons:
    """Why a drafted decision may not go back to the re-checkers."""
    reasons = _may_not(by, "sign_decision", objection)
    return reasons + _state(
        objection, ("decision_drafted",), say("复查结果还没有拟好，或者已经签署，不能退回。")
    )


def why_not_sign(
    session: Session, objection: Objection, by: Person, profile: Profile, signed_in_at: datetime | None
) -> Reasons:
    """Why this person may not sign: the head, who neither re-checked nor drafted, with the password given again.

    :param signed_in_at: when the person last proved who they are; None asks for all but that.
    """
    decision = objection.decision
    reasons = _state(
        objection, ("decision_drafted",), say("复查结果还没有拟好，或者已经签署，请刷新页面查看。")
    )
    if decision is None:
        return reasons or [say("复查结果还没有拟好，请先由复查人员拟出。")]
    delegable = decision.outcome == "maintained" and profile.sign_maintained_delegable
    reasons += _may_not(by, "sign_maintained" if delegable else "sign_decision", objection)
    if by.id in {each.person_id for each in objection.officers} | {decision.drafted_by_id}:
        reasons.append(say("您参加了复查，不能签署复查结果，请由主要负责人签署。"))
    reasons += _why_not_carry(session, objection, decision, by)
    if signed_in_at is not None and not clock.now() - FRESH <= signed_in_at <= clock.now():
        reasons.append(say("签署要当场再输入一次密码，请输入后再签署。"))
    return reasons


def _why_not_carry(session: Session, objection: Objection, decision: Decision, by: Person) -> Reasons:
    """Why the correction that the decision leads to can not be published by the same act (O4)."""
    if decision.outcome == "maintained":
        return []
    revision = decision.revision
    reasons = why_not_correcting(session, objection, revision)
    if revision is not None and revision.author_id == by.id:
        reasons.append(say("更正稿由您拟写，不能由您签署，请由别人拟写。"))
    return reasons


def why_not_correcting(session: Session, objection: Objection, revision: Revision | None) -> Reasons:
    """Why a revision is not the correction that an objection asks for: waiting for the head, or carried out since."""
    if revision is None:
        return [say("复查结果是更正的，要附上更正稿；请先拟好更正稿并提交签署。")]
    if revision.publication_id != objection.publication_id or revision.act not in ANSWERING:
        return [say("所附的稿件不是这条结果的更正稿或者撤下稿，请重新选择。")]
    if revision.state not in ("submitted", "approved") and public_act(session, objection, revision) is None:
        return [say("更正稿还没有提交签署，或者已经办结、退回；请先在稿件页提交。")]
    return []


def public_act(session: Session, objection: Objection, revision: Revision) -> Entry | None:
    """The ledger's line of a correction carried out since an objection came, such as by another's answer."""
    if revision.state != "done":
        return None
    wanted = sa.select(Entry).where(
        Entry.number == objection.result_number,
        Entry.type == IN_LEDGER.get(revision.act, revision.act),
        Entry.index > objection.entry_index,
    )
    prepared = session.get(Prepared, revision.id)
    if prepared is not None:  # a withdrawal has no words of its own
        wanted = wanted.where(Entry.version == prepared.version)
    return session.scalar(wanted.order_by(Entry.index.desc()).limit(1))


def why_not_apart(session: Session, revision: Revision) -> Reasons:
    """Why a correction is not signed or published by itself: it lies before the head with an answer (O4)."""
    waiting = (
        sa.select(Objection.receipt)
        .join(Decision, Decision.objection_id == Objection.id)
        .where(Decision.revision_id == revision.id, Decision.sent_back_at.is_(None))
        .where(Objection.state == "decision_drafted")
    )
    receipt = session.scalar(waiting.order_by(Objection.id).limit(1))
    if receipt is None:
        return []
    return [
        say(
            "这份更正稿附在异议{receipt}的复查结果上，请由主要负责人在更正审批表上一并签署。", receipt=receipt
        )
    ]


def why_not_send(objection: Objection, method: str, by: Person) -> Reasons:
    """Why the answer may not be sent this way: electronically only with consent."""
    reasons = _may_not(by, "deliver_objection", objection)
    if method == "electronic" and not objection.electronic:
        reasons.append(say("申请人没有同意电子送达，请邮寄或者直接送达。"))
    return reasons + _state(objection, ("signed",), say("复查结果还没有签署，或者已经送达。"))


def why_not_deliver(objection: Objection, by: Person | None) -> Reasons:
    """Why delivery may not be recorded; the objector acknowledges it alone."""
    reasons = _may_not(by, "deliver_objection", objection) if by is not None else []
    return reasons + _state(objection, ("signed",), say("复查结果还没有签署，或者已经送达。"))


def why_not_close(objection: Objection, by: Person) -> Reasons:
    """Why a case may not be closed."""
    reasons = _may_not(by, "deliver_objection", objection)
    return reasons + _state(objection, ("delivered",), say("复查结果送达以后才能办结。"))


def has_ended(objection: Objection) -> bool:
    """Whether nothing more happens to a case."""
    return objection.state in ("closed", *ENDED_OTHERWISE)


def why_not_add_file(objection: Objection, by: Person) -> Reasons:
    """Why the office may not add a paper to a case: who handles it, or re-checks it, until it has ended."""
    reasons = [] if by.id in [each.id for each in objection.rechecking] else _may_not(by, "take_objection", objection)  # fmt: skip
    if has_ended(objection):
        reasons.append(say("这件已经结束，案卷不再增加材料。"))
    return reasons
