"""Recusals and substitutions of inspectors: recorded with their reason, counted in public."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import assigning, requirements
from portal.draws.models import Draw, DrawChange
from portal.errors import Refused, refuse_if
from portal.people.models import Person
from portal.words import say


def change(
    session: Session, draw: Draw, object_code: str, leaving: str, *, kind: str, reason: str, by: Person
) -> str:
    """Record a recusal or a substitution; the next in the object's order comes, and nobody chooses.

    :param leaving: the key of who does not go.
    :return: the key of who does.
    """
    session.execute(sa.select(Draw.id).where(Draw.id == draw.id).with_for_update())
    session.refresh(draw, ["drawn", "state"])
    refuse_if(requirements.why_not_change(draw, object_code, leaving, kind, reason, by))
    there = list(draw.assigned(object_code))
    gone = {each.left for each in draw.changes if each.object_code == object_code}
    comes = assigning.next_one(
        draw.inspectors, leaving, {*there, *gone}, object_code, draw.code, draw.randomness
    )
    if comes is None:
        raise Refused(say("承诺的检查人员名录库里已经没有可以接替的人，请报主要负责人另行安排，并记入档案。"))
    there = [key for key in there if key != leaving] + [comes]
    draw.drawn = [
        each | {"inspectors": there} if each["code"] == object_code else each for each in draw.drawn
    ]
    draw.changes.append(
        DrawChange(
            draw_id=draw.id, kind=kind, object_code=object_code, left=leaving, came=comes,
            reason=reason.strip(), by_id=by.id, at=clock.now(),
        )
    )  # fmt: skip
    session.flush()
    return comes
