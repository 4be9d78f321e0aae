"""The life of a concern, in order: record, answer on the spot, pass on, take over, answer, call back, reopen, close.

第四十七条 of Gui'an (GA47): what can not be solved on the spot is answered within 7 working days **of bringing it back to
one's own department**; what is another department's is collected, passed on, and kept on record to call back.

Hence, where the source is silent (ours): a department's clock runs from the day the concern came to *it*. For the
one that collected it that is the day of bringing back; passing on ends its clock. For the one that receives it that is
the day of passing on, not of taking over: leaving it untouched stops no clock. Each clock is a row of its own
(:class:`~portal.concerns.models.ConcernTerm`) with both its dates and its basis. The collecting department calls back.

Each act says who does it (``by=``), refuses in sentences and never commits; of two people acting at once, one
succeeds and the other is told (:class:`~portal.errors.Overtaken`).
"""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from portal import clock
from portal.concerns import requirements
from portal.concerns.models import BROUGHT_BACK_ON, TO_ANSWER, Concern, ConcernStep, ConcernTerm, Told
from portal.deadlines.terms import due_by
from portal.deadlines.working_days import Due
from portal.errors import Overtaken, refuse_if
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.publications.entity_codes import read_entity_code
from portal.stepping import take
from portal.words import Sentence, say

TERM = "answer_request"  # O7
MOST = 300  # concerns per transaction of the worker


def record(session: Session, told: Told, *, by: Person, terms: Terms) -> Concern:
    """Enter what a firm voiced; the clock of one's own department runs from the day of bringing back."""
    refuse_if(requirements.why_not_record(session, told, by))
    assert told.inspected_on is not None and told.brought_back_on is not None
    concern = Concern(
        department_code=by.department_code, holder_code=by.department_code,
        entity_name=told.entity_name, entity_code=read_entity_code(told.entity_code)[0] or "" if told.entity_code else "",
        task_no=told.task_no, inspected_on=told.inspected_on, taken_by=told.taken_by or by.name,
        asked=told.asked, category=told.category, contact=told.contact,
        state="recorded", created_at=clock.now(),
    )  # fmt: skip
    session.add(concern)
    session.flush()
    step = ConcernStep(concern_id=concern.id, state="recorded", by_id=by.id, at=clock.now())
    session.add(step)
    session.flush()
    concern.step_id = step.id
    _start(session, concern, by.department_code, "collected", told.brought_back_on, terms)
    return concern


def answer_on_the_spot(
    session: Session, concern: Concern, *, by: Person, answer: str, seen: int | None = None
) -> None:
    """Enter that it was answered during the inspection: it was never brought back, and is in time."""
    reasons = requirements.why_not_answer_on_the_spot(concern, by)
    refuse_if(reasons or requirements.why_not_written(answer, say("请写明当场怎样答复的。")))
    step = _step(session, concern, "answered_on_the_spot", by, answer, seen)
    _end(concern, concern.inspected_on, step)


def pass_on(
    session: Session,
    concern: Concern,
    *,
    by: Person,
    to: str,
    note: str,
    terms: Terms,
    seen: int | None = None,
) -> None:
    """Hand it to the competent department: one's own clock ends, its clock starts, both today.

    :param to: the department's code.
    """
    refuse_if(
        requirements.why_not_pass_on(concern, by)
        or requirements.why_not_to(session, concern, to)
        + requirements.why_not_written(note, say("请写明转办的理由，接办的部门和企业都要知道为什么。"))
    )
    step = _step(session, concern, "passed_on", by, note, seen, to=to)
    _end(concern, clock.today(), step)
    concern.holder_code = to
    _start(session, concern, to, "passed_on", clock.today(), terms)


def take_over(
    session: Session, concern: Concern, *, by: Person, note: str = "", seen: int | None = None
) -> None:
    """Accept what was passed on. The clock has been running since it was."""
    refuse_if(requirements.why_not_take_over(concern, by) or requirements.why_not_noted(note))
    _step(session, concern, "taken_over", by, note, seen)


def answer(
    session: Session,
    concern: Concern,
    *,
    by: Person,
    answer: str,
    on: date | None = None,
    seen: int | None = None,
) -> None:
    """Enter the answer, which ends the clock on the day the firm was told.

    :param on: that day; today when nobody says. The day of entering stays on the step beside it.
    """
    day = on or clock.today()
    refuse_if(
        requirements.why_not_answer(concern, by)
        or requirements.why_not_answered_on(concern, day)
        + requirements.why_not_written(answer, say("请写明答复的内容。"))
    )
    step = _step(session, concern, "answered", by, answer, seen)
    _end(concern, day, step)


def call_back(
    session: Session, concern: Concern, *, by: Person, satisfied: bool, note: str, seen: int | None = None
) -> None:
    """Enter what the firm said when it was asked afterwards (回访). A satisfied firm closes the concern."""
    refuse_if(
        requirements.why_not_call_back(concern, by)
        or requirements.why_not_written(note, say("请写明回访的情况：何时、问了谁、怎么说的。"))
    )
    _step(session, concern, "satisfied" if satisfied else "unsatisfied", by, note, seen)
    concern.satisfied = satisfied
    if satisfied:
        _step(session, concern, "closed", by, "")


def reopen(
    session: Session, concern: Concern, *, by: Person, note: str, terms: Terms, seen: int | None = None
) -> None:
    """Handle it once more because the firm was not satisfied, by whoever answered, on a new clock from today."""
    refuse_if(
        requirements.why_not_reopen(concern, by)
        or requirements.why_not_written(note, say("请写明企业还有什么要求，需要怎样重新办理。"))
    )
    _step(session, concern, "reopened", by, note, seen)
    concern.satisfied = None
    _start(session, concern, concern.holder_code, "reopened", clock.today(), terms)


def close(session: Session, concern: Concern, *, by: Person, note: str, seen: int | None = None) -> None:
    """Close it although no satisfied firm did: nobody could be reached, or there is nothing more to be done."""
    refuse_if(
        requirements.why_not_close(concern, by)
        or requirements.why_not_written(note, say("请写明办结的理由，例如多次联系不上企业。"))
    )
    _step(session, concern, "closed", by, note, seen)


def redate(session: Session, terms: Terms, *, most: int = MOST) -> list[Concern]:
    """Work the days of open concerns out again after a holiday notice was loaded, at most so many at a time.

    Each change of day is a step of its concern, without a person. What somebody is acting on this moment is
    passed over: it is stale still, and found the next time.

    :return: the concerns whose last day has changed.
    """
    ids = stale(session, terms)[:most]
    wanted = sa.select(Concern).where(Concern.term_id.in_(ids)).order_by(Concern.id)
    wanted = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    changed = []
    for concern in session.scalars(wanted) if ids else ():
        term = session.get_one(ConcernTerm, concern.term_id, populate_existing=True)
        if term.ended_on is not None:
            continue
        before = term.due_on
        _count(term, terms)
        if term.due_on != before:
            note = say("最迟日期由{before}改为{after}：放假安排已公布。", before=before, after=term.due_on)
            _step(session, concern, concern.state, None, note)
            changed.append(concern)
    session.flush()
    return changed


def stale(session: Session, terms: Terms) -> list[int]:
    """Ids of running clocks whose day or certainty is no longer what the calendar gives."""
    wanted = (
        sa.select(ConcernTerm)
        .join(Concern, Concern.term_id == ConcernTerm.id)
        .where(Concern.state.in_(("passed_on", *TO_ANSWER)), ConcernTerm.ended_on.is_(None))
        .order_by(ConcernTerm.id)
        .options(lazyload("*"))
    )
    due = ((each, counted(each, terms)) for each in session.scalars(wanted))
    return [
        each.id for each, now in due if now and (now.due, now.provisional) != (each.due_on, each.provisional)
    ]


# ── clocks ───────────────────────────────────────────────────


def _start(session: Session, concern: Concern, department: str, came: str, on: date, terms: Terms) -> None:
    found = terms.profile.terms.get(TERM)
    term = ConcernTerm(concern_id=concern.id, department_code=department, came=came, brought_back_on=on)
    if found is not None:
        term.days, term.unit, term.basis, term.kind = found.days, found.unit, found.basis, found.kind
        _count(term, terms)
    concern.terms.append(term)
    session.flush()
    concern.term_id = term.id


def _count(term: ConcernTerm, terms: Terms) -> None:
    due = counted(term, terms)
    if due is not None:
        term.due_on, term.provisional = due.due, due.provisional


def counted(term: ConcernTerm, terms: Terms) -> Due | None:
    """How the last day of a clock is counted, by the term it started with; None when it had none."""
    if term.days is None:
        return None
    kept = replace(terms.profile, terms={TERM: term.rule})
    return due_by(TERM, {BROUGHT_BACK_ON: term.brought_back_on}, kept, terms.calendar)


def _end(concern: Concern, on: date, step: ConcernStep) -> None:
    term = concern.term
    term.ended_on, term.ended_by = on, step


# ── steps ────────────────────────────────────────────────────


def _step(
    session: Session,
    concern: Concern,
    state: str,
    by: Person | None,
    note: str,
    seen: int | None = None,
    to: str = "",
) -> ConcernStep:
    """Move to a state, unless somebody moved first: the step that was looked at must still be the latest."""
    step = ConcernStep(
        concern_id=concern.id, state=state, by_id=by.id if by else None, at=clock.now(), note=note, to_code=to
    )
    if not take(session, concern, step, seen):
        raise Overtaken(overtaken(session, concern))
    session.refresh(concern, ["steps"])
    return step


def overtaken(session: Session, concern: Concern) -> Sentence:
    """Who did what first."""
    last = session.scalar(
        sa.select(ConcernStep)
        .join(Concern, Concern.step_id == ConcernStep.id)
        .where(Concern.id == concern.id)
        .execution_options(populate_existing=True)
    )
    if last is None or last.by is None:
        return say("这件诉求刚刚有变动，请刷新页面后再办理。")
    return say("{name}刚刚办理了这件诉求，您的操作没有执行；请刷新页面查看后再办理。", name=last.by.name)
