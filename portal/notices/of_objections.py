"""Reminders of objections: their terms, cases that nobody was assigned to, answers that nobody has opened."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, lazyload

from portal.deadlines.terms import due_by
from portal.deadlines.working_days import between
from portal.notices.reminder import About, Reminder, Round, words
from portal.notices.stages import Stage, horizon
from portal.notices.whom import reached
from portal.objections.models import Delivery, Objection, ObjectionTerm, RecheckOfficer, running
from portal.objections.telling import CLOCKS, day_of
from portal.outbox.models import Channel
from portal.people.models import Person
from portal.words import say

UNASSIGNED_DAYS = 2  # working days in which the head names re-checkers; ours
UNASSIGNED = ("received", "supplemented", "not_supplemented")

Rows = Sequence[sa.Row[ObjectionTerm, Objection]]
Officers = dict[int, list[Person]]


def reminders(round: Round) -> Iterator[Reminder]:
    """Everything that is true today."""
    near = _near(round)
    unassigned, unread = _unassigned(round), _unread(round)
    officers = _officers(round, {case.id for _, case in (*near, *unread)})
    for term, case in near:
        yield from _of_term(round, term, case, officers.get(case.id, []))
    for term, case in unassigned:
        yield from _of_unassigned(round, term, case)
    for delivery, case in unread:
        yield from _of_unread(round, delivery, case, officers.get(case.id, []))


def _near(round: Round) -> Rows:
    """Running terms that are near, due or overdue: one range of the index of running terms."""
    last = horizon(round.on, round.terms.profile.reminder_days, round.calendar)
    wanted = _running_with_case().where(ObjectionTerm.due <= last)
    return round.session.execute(wanted.order_by(ObjectionTerm.due, ObjectionTerm.id)).all()


def _unassigned(round: Round) -> Rows:
    wanted = _running_with_case().where(
        ObjectionTerm.name == "recheck",
        Objection.state.in_(UNASSIGNED),
        Objection.received_on < round.on - timedelta(days=UNASSIGNED_DAYS),
    )
    return round.session.execute(wanted.order_by(ObjectionTerm.id)).all()


def _running_with_case() -> sa.Select[ObjectionTerm, Objection]:
    return (
        sa.select(ObjectionTerm, Objection)
        .join(Objection, Objection.id == ObjectionTerm.objection_id)
        .where(running())
        .options(lazyload("*"))
    )


def _unread(round: Round) -> Sequence[sa.Row[Delivery, Objection]]:
    """Answers on their way electronically and by no other way since."""
    later = aliased(Delivery)
    wanted = (
        sa.select(Delivery, Objection)
        .join(Objection, Objection.id == Delivery.objection_id)
        .join(ObjectionTerm, ObjectionTerm.objection_id == Objection.id)
        .where(running(), ObjectionTerm.name == "feedback", Objection.state == "signed")
        .where(Delivery.method == "electronic", Delivery.delivered_on.is_(None), Delivery.sent_on < round.on)
        .where(~sa.exists().where(later.objection_id == Delivery.objection_id, later.id > Delivery.id))
        .options(lazyload("*"))
    )
    return round.session.execute(wanted.order_by(Delivery.id)).all()


def _officers(round: Round, cases: set[int]) -> Officers:
    """Who re-checks each case now."""
    found: Officers = {}
    wanted = sa.select(RecheckOfficer).where(
        RecheckOfficer.objection_id.in_(cases), RecheckOfficer.relieved_at.is_(None)
    )
    for each in round.session.scalars(wanted.order_by(RecheckOfficer.id)) if cases else ():
        if each.person.active:
            found.setdefault(each.objection_id, []).append(each.person)
    return found


def _of_term(
    round: Round, term: ObjectionTerm, case: Objection, officers: list[Person]
) -> Iterator[Reminder]:
    reached_stages = round.stages(term.due, term.days)
    if term.name == "supplement_reply":
        for stage in reached_stages:
            yield from _of_supplement(round, term, case, officers, stage)
        return
    about = _about(case)
    for stage in reached_stages:
        people = _told(round, term, case, officers, stage)
        department = round.roll.department(case.department_code)
        subject, body = words(stage, case.receipt, day_of(term), CLOCKS[term.name], department)
        yield from about.tell(people, stage, term.id, subject, body)


def _told(
    round: Round, term: ObjectionTerm, case: Objection, officers: list[Person], stage: Stage
) -> list[Person]:
    roll, department = round.roll, case.department_code
    heads, coordinators = roll.holders("head", department), roll.holders("coordinator")
    if stage is Stage.ESCALATED:
        return reached(coordinators)
    doers = _deliverers(round, case, officers) if term.name == "feedback" else officers or roll.holders("recheck", department)  # fmt: skip
    if stage is Stage.OVERDUE or case.state == "decision_drafted":  # it is the head's to sign
        doers = [*doers, *heads]
    return reached(doers, heads, coordinators)


def _deliverers(round: Round, case: Objection, officers: list[Person]) -> list[Person]:
    """Who brings the answer: people of the department alone, also where a neighbour re-checked."""
    own = [each for each in officers if each.department_code == case.department_code]
    return (
        own
        or round.roll.holders("recheck", case.department_code)
        or round.roll.who_may("deliver_objection", case.department_code)
    )


def _of_supplement(
    round: Round, term: ObjectionTerm, case: Objection, officers: list[Person], stage: Stage
) -> Iterator[Reminder]:
    """The objector near the end, once; the office when nothing came."""
    if stage in (Stage.AHEAD, Stage.LAST_DAY):
        yield from _to_objector(case, term)
    elif stage is Stage.OVERDUE:
        department = case.department_code
        people = reached(
            officers or round.roll.holders("recheck", department), round.roll.holders("head", department)
        )
        yield from _about(case).tell(
            people, "not_supplemented", term.id, say("补正期满：{receipt}", receipt=case.receipt),
            say("{receipt}的补正期限（最迟{due}）已满，申请人没有补正。请登记未补正，继续复查。", receipt=case.receipt, due=day_of(term)),
        )  # fmt: skip


def _to_objector(case: Objection, term: ObjectionTerm) -> Iterator[Reminder]:
    subject = say("补正期限临近：{receipt}", receipt=case.receipt)
    body = say("您的异议申请{receipt}还需要补充材料，最迟{due}。请凭回执号和查询码在本站提交，也可以送到窗口；期满没有提交的，按现有材料继续复查。", receipt=case.receipt, due=day_of(term))  # fmt: skip
    addresses: tuple[tuple[Channel, str], ...] = (("email", case.email), ("sms", case.phone))
    for channel, to in addresses:
        if to.strip():
            yield Reminder(
                f"{case.receipt}/supplement_due/{term.id}/{channel}", "supplement_due", channel, to,
                case.objector_name, subject, body, f"/objections/{case.receipt}", case.department_code,
            )  # fmt: skip


def _of_unassigned(round: Round, term: ObjectionTerm, case: Objection) -> Iterator[Reminder]:
    since = _waits_since(case)
    if between(since, round.on, round.calendar) <= UNASSIGNED_DAYS:
        return
    heads = round.roll.holders("head", case.department_code)
    yield from _about(case).tell(
        reached(heads, round.roll.holders("coordinator")), "unassigned", since.isoformat(),
        say("还没有指派复查人员：{receipt}", receipt=case.receipt),
        say("{receipt}自{since}起已过{n}个工作日，还没有指派复查人员。最迟{due}作出复查结果，请尽快指派。", receipt=case.receipt, since=since.isoformat(), n=UNASSIGNED_DAYS, due=day_of(term)),
    )  # fmt: skip


def _waits_since(case: Objection) -> date:
    """The day of receipt, or the end of the time in which the objector was waited for."""
    asked = case.term("supplement_reply")
    ended = (asked.met_on or asked.void_on) if asked is not None else None
    return max(case.received_on, ended) if ended else case.received_on


def _of_unread(
    round: Round, delivery: Delivery, case: Objection, officers: list[Person]
) -> Iterator[Reminder]:
    due = due_by("unread", {"sent_on": delivery.sent_on}, round.terms.profile, round.calendar)
    if due is None or round.on <= due.due:
        return
    yield from _about(case).tell(
        reached(_deliverers(round, case, officers), round.roll.holders("head", case.department_code)),
        "unread", delivery.id, say("复查结果没有被查看：{receipt}", receipt=case.receipt),
        say("{receipt}的复查结果于{day}电子送达，到{due}还没有被查看。请改为邮寄或者直接送达。", receipt=case.receipt, day=delivery.sent_on.isoformat(), due=due.due.isoformat()),
    )  # fmt: skip


def _about(case: Objection) -> About:
    return About(case.receipt, f"/staff/objections/{case.id}", case.department_code)
