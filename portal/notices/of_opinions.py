"""Reminders of opinions sought whose last day has passed undecided: those who decide, then their head, then upward."""

from collections.abc import Iterator

import sqlalchemy as sa

from portal.notices.reminder import About, Reminder, Round
from portal.notices.stages import Stage
from portal.notices.whom import reached
from portal.people.models import Person
from portal.prior_notice.models import Opinion
from portal.words import say


def reminders(round: Round) -> Iterator[Reminder]:
    """Everything that is true today. Before its last day an opinion is awaited, and nobody can hurry it."""
    over = sa.select(Opinion).where(Opinion.decided_at.is_(None), Opinion.due < round.on).order_by(Opinion.id)
    for row in round.session.scalars(over):
        for stage in round.stages(row.due, row.days):
            yield from _of_stage(round, row, stage)


def _of_stage(round: Round, row: Opinion, stage: Stage) -> Iterator[Reminder]:
    about = About(f"opinion-{row.id}", f"/staff/opinions/{row.id}", row.department_code)
    said = {"number": row.publication.number, "due": row.due.isoformat()}
    if stage is Stage.ESCALATED:
        department = round.roll.department(row.department_code)
        subject = say("征求意见期满没有决定，请督促：{number}", **said)
        body = say("{department}就{number}征求意见，答复期于{due}届满，至今没有决定是否公开。请督促。", department=department, **said)  # fmt: skip
    else:
        subject = say("征求意见期满，请决定：{number}", **said)
        body = say("就{number}征求意见的答复期于{due}届满。没有答复不等于同意，也不等于不同意；请决定是否公开，并写明理由。", **said)  # fmt: skip
    occasion = f"{row.id}/{row.due.isoformat()}"
    yield from about.tell(_told(round, row, stage), f"opinion_{stage}", occasion, subject, body)


def _told(round: Round, row: Opinion, stage: Stage) -> list[Person]:
    heads = round.roll.holders("head", row.department_code)
    if stage is Stage.ESCALATED:
        return reached([*heads, *round.roll.holders("coordinator")])
    return reached(round.roll.who_may("decide_opinion", row.department_code), heads)
