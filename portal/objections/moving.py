"""One step of a case: compare-and-swap on ``objections.step_id``. Of two people acting at once one succeeds."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken
from portal.objections.models import Objection, ObjectionStep
from portal.people.models import Person
from portal.stepping import take
from portal.words import Sentence, say


def move(
    session: Session,
    objection: Objection,
    act: str,
    state: str | None = None,
    *,
    by: Person | None,
    note: str = "",
    seen: int | None = None,
) -> ObjectionStep:
    """Record an act and the state it leaves the case in.

    :param state: None when the case stays where it is.
    :param by: None when the objector acts, or for an act of ``SYSTEM_ACTS``.
    :param seen: the step that the person was looking at.
    :raises Overtaken: when somebody else acted first.
    """
    step = ObjectionStep(
        objection_id=objection.id,
        act=act,
        state=state or objection.state,
        by_id=by.id if by else None,
        at=clock.now(),
        note=note,
    )
    if not take(session, objection, step, seen):
        raise Overtaken(_overtaken(session, objection))
    session.expire(objection, ["steps"])
    return step


def _overtaken(session: Session, objection: Objection) -> Sentence:
    last = session.scalar(
        sa.select(ObjectionStep)
        .join(Objection, Objection.step_id == ObjectionStep.id)
        .where(Objection.id == objection.id)
        .execution_options(populate_existing=True)
    )
    if last is not None and last.actor == "system":
        return say("放假安排刚刚更新，这件异议的期限已经重新计算，您的操作没有执行；请刷新页面查看后再办理。")
    if last is None or last.by is None:
        return say("这件异议刚刚有变动（申请人补充或者撤回了），您的操作没有执行；请刷新页面查看后再办理。")
    return say("{name}刚刚办理了这件异议，您的操作没有执行；请刷新页面查看后再办理。", name=last.by.name)
