"""Reminders of concerns (诉求): the department that has to answer now, then its head, then upward."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import lazyload

from portal.concerns.models import TO_ANSWER, Concern, ConcernStep, ConcernTerm
from portal.notices.reminder import About, Reminder, Round, words
from portal.notices.stages import Stage, horizon
from portal.notices.whom import reached
from portal.people.models import Person
from portal.words import say


def reminders(round: Round) -> Iterator[Reminder]:
    """Everything that is true today."""
    last = horizon(round.on, round.terms.profile.reminder_days, round.calendar)
    near = (
        sa.select(ConcernTerm, Concern)
        .join(Concern, Concern.term_id == ConcernTerm.id)
        .where(Concern.state.in_(("passed_on", *TO_ANSWER)))
        .where(ConcernTerm.ended_on.is_(None), ConcernTerm.due_on <= last)
        .order_by(ConcernTerm.due_on, ConcernTerm.id)
        .options(lazyload("*"))
    )
    for term, concern in round.session.execute(near):
        if term.due_on is not None:
            yield from _of_term(round, term, concern, term.due_on)


def _of_term(round: Round, term: ConcernTerm, concern: Concern, last: date) -> Iterator[Reminder]:
    name = say("第{n}号诉求", n=concern.id)
    day = last.isoformat()
    due = say("{day}（暂定，放假安排公布后重新计算）", day=day) if term.provisional else say("{day}", day=day)
    about = About(f"concern-{concern.id}", f"/staff/concerns/{concern.id}", concern.holder_code)
    for stage in round.stages(last, term.days):
        department = round.roll.department(concern.holder_code)
        subject, body = words(stage, name, due, say("答复"), department)
        yield from about.tell(
            _told(round, concern, stage), f"concern_{stage}", f"{term.id}/{day}", subject, body
        )


def _told(round: Round, concern: Concern, stage: Stage) -> list[Person]:
    department = concern.holder_code
    heads, coordinators = round.roll.holders("head", department), round.roll.holders("coordinator")
    if stage is Stage.ESCALATED:
        return reached(coordinators)
    doers = _at_work(round, concern) or round.roll.who_may("answer_concern", department)
    return reached([*doers, *heads] if stage is Stage.OVERDUE else doers, heads, coordinators)


def _at_work(round: Round, concern: Concern) -> list[Person]:
    """Who of the department that has it now has entered or taken it over."""
    acted = (
        sa.select(Person)
        .join(ConcernStep, ConcernStep.by_id == Person.id)
        .where(ConcernStep.concern_id == concern.id, Person.department_code == concern.holder_code)
        .where(Person.active)
    )
    return list({each.id: each for each in round.session.scalars(acted.order_by(Person.id))}.values())
