"""Reminders of holds (暂停公示) that the head has not confirmed: the head, then the joint-conference office."""

from collections.abc import Iterator

import sqlalchemy as sa

from portal import clock
from portal.deadlines.terms import due_by
from portal.notices.reminder import About, Reminder, Round
from portal.notices.stages import Stage, stages
from portal.notices.whom import reached
from portal.people.models import Person
from portal.publications.models import Hold
from portal.words import Sentence, say

TERM = "confirm_hold"
ESCALATED = 2  # working days overdue: what is held is out of the public's sight meanwhile


def reminders(round: Round) -> Iterator[Reminder]:
    """Everything that is true today."""
    waiting = sa.select(Hold).where(Hold.confirmed_at.is_(None), Hold.ended_at.is_(None)).order_by(Hold.id)
    for held in round.session.scalars(waiting):
        dates = {"held_on": clock.shanghai_date(held.at)}
        due = due_by(TERM, dates, round.terms.profile, round.calendar)
        if due is not None:
            for stage in stages(due.due, round.on, round.calendar, ahead=0, escalated=ESCALATED):
                yield from _of_stage(round, held, stage, due.due.isoformat())


def _of_stage(round: Round, held: Hold, stage: Stage, due: str) -> Iterator[Reminder]:
    publication = held.publication
    number = str(publication.number)
    subject, body = _words(round, held, stage, number, due)
    about = About(number, f"/staff/publications/{number}", publication.department_code)
    yield from about.tell(
        _told(round, publication.department_code, stage), f"hold_{stage}", held.id, subject, body
    )


def _told(round: Round, department: str, stage: Stage) -> list[Person]:
    heads, coordinators = round.roll.holders("head", department), round.roll.holders("coordinator")
    return reached(coordinators) if stage is Stage.ESCALATED else reached(heads, coordinators)


def _words(round: Round, held: Hold, stage: Stage, number: str, due: str) -> tuple[Sentence, Sentence]:
    said = {"number": number, "day": clock.shanghai_date(held.at).isoformat(), "due": due}
    if stage is Stage.LAST_DAY:
        return (
            say("请确认暂停公示：{number}", number=number),
            say("{number}于{day}暂停公示，最迟{due}由主要负责人确认，今天是最后一天。请确认，或者办理恢复公示。", **said),
        )  # fmt: skip
    if stage is Stage.OVERDUE:
        return (
            say("暂停公示没有按期确认：{number}", number=number),
            say("{number}于{day}暂停公示，应当最迟{due}由主要负责人确认，现已超期。请立即确认，或者办理恢复公示。", **said),
        )  # fmt: skip
    department = round.roll.department(held.publication.department_code)
    return (
        say("暂停公示没有按期确认，请督促：{number}", number=number),
        say("{department}的{number}于{day}暂停公示，应当最迟{due}由主要负责人确认，至今没有确认。请联席会议办公室督促。", department=department, **said),
    )  # fmt: skip
