"""What waits for one person, and everything that stands around one case. Nothing here acts."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.clock import now
from portal.objections.grounds import UNDISCLOSABLE
from portal.objections.models import AFTER_SIGNING, BEFORE_RECHECK, BEFORE_SIGNING, Objection, ObjectionTerm
from portal.objections.queries import ANSWERED, assigned_to, has_ground, is_open, visible
from portal.objections.requirements import ANSWERING, public_act
from portal.outbox.models import Message
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Face, Hold, Revision
from portal.words import Sentence, say

WAITING: Mapping[str, Sentence] = {
    "assign": say("待指派复查人员"),
    "recheck": say("待我复查"),
    "sign": say("待我签署"),
    "deliver": say("待送达、待办结"),
}


def waiting(session: Session, person: Person) -> Mapping[str, int]:
    """How much of :data:`WAITING` a person has to do something about; what they may not do is left out."""
    own = Objection.department_code == person.department_code
    piles = {
        "assign": ("handle_objection", sa.and_(own, Objection.state.in_(BEFORE_RECHECK))),
        "recheck": ("recheck", sa.and_(assigned_to(person.id), Objection.state == "rechecking")),
        "sign": ("sign_decision", sa.and_(own, Objection.state == "decision_drafted")),
        "deliver": ("deliver_objection", sa.and_(own, Objection.state.in_(ANSWERED))),
    }
    mine = {name: where for name, (act, where) in piles.items() if roles.may(person, act)}
    if not mine:
        return {}
    counts = sa.select(*[sa.func.count(sa.case((where, 1))) for where in mine.values()])
    row = session.execute(counts.select_from(Objection).where(visible(person), _not_ended())).one()
    return dict(zip(mine, row, strict=True))


def alarms(session: Session, person: Person, *, most: int = 20) -> Sequence[Objection]:
    """写了不该公开的: open cases of the office whose result is still shown, the oldest first."""
    if not (roles.may(person, "hold") or roles.may(person, "confirm_hold")):
        return []
    asked = (
        sa.select(Objection)
        .join(Face, Face.number == Objection.result_number)
        .where(
            Objection.department_code == person.department_code,
            has_ground(UNDISCLOSABLE),
            is_open(),
            Face.live,
        )
        .where(~_was_held())
    )
    return session.scalars(asked.order_by(Objection.id).limit(most)).all()


def _was_held() -> sa.ColumnElement[bool]:
    """Somebody looked at once and put the result on hold since; showing it again was the head's decision."""
    return (
        sa.select(Hold.id)
        .where(Hold.publication_id == Objection.publication_id, Hold.at >= Objection.filed_at)
        .exists()
    )


def _not_ended() -> sa.ColumnElement[bool]:
    return Objection.state.in_((*BEFORE_SIGNING, *AFTER_SIGNING[:-1]))


# ── one case ─────────────────────────────────────────────────


def corrections(session: Session, objection: Objection) -> Sequence[Revision]:
    """The corrections and withdrawals of the result that are under way, wait for the head, or came since."""
    wanted = sa.select(Revision).where(
        Revision.publication_id == objection.publication_id,
        Revision.act.in_(ANSWERING),
        Revision.state.in_(("draft", "submitted", "approved", "sent_back", "done")),
    )
    found = session.scalars(wanted.order_by(Revision.id))
    return [each for each in found if each.state != "done" or public_act(session, objection, each)]


def open_on(session: Session, number: str) -> Sequence[Objection]:
    """The cases on a result that are not answered yet."""
    return session.scalars(
        sa.select(Objection).where(Objection.result_number == number, is_open()).order_by(Objection.id)
    ).all()


def messages(session: Session, objection: Objection) -> Sequence[Message]:
    """What anybody was told about a case, in order."""
    pages = (f"/staff/objections/{objection.id}", f"/objections/{objection.receipt}")
    return session.scalars(sa.select(Message).where(Message.about.in_(pages)).order_by(Message.id)).all()


def hold_on(session: Session, objection: Objection) -> Hold | None:
    """The hold on the result that stands, confirmed or not."""
    wanted = sa.select(Hold).where(Hold.publication_id == objection.publication_id, Hold.ended_at.is_(None))
    return session.scalar(wanted.order_by(Hold.id.desc()).limit(1))


def due_days(
    session: Session, person: Person, *, most: int = 500
) -> Sequence[tuple[Objection, ObjectionTerm, int]]:
    """The due days that concern somebody: of the cases they re-check; for the head, of the department.

    With each the how many-th counting it is. What the objector has to do in time is not the office's day.
    """
    concerns = [assigned_to(person.id)]
    if person.has("head", now()):
        concerns.append(Objection.department_code == person.department_code)
    every = aliased(ObjectionTerm)
    counted = (
        sa.select(sa.func.count())
        .where(every.objection_id == ObjectionTerm.objection_id, every.name == ObjectionTerm.name)
        .scalar_subquery()
    )
    runs = (ObjectionTerm.replaced_at, ObjectionTerm.met_on, ObjectionTerm.void_on)
    asked = (
        sa.select(Objection, ObjectionTerm, counted)
        .join(ObjectionTerm, ObjectionTerm.objection_id == Objection.id)
        .where(sa.or_(*concerns), ObjectionTerm.name.in_(("recheck", "feedback")))
        .where(*[each.is_(None) for each in runs])
    )
    rows = session.execute(asked.order_by(ObjectionTerm.due, Objection.id).limit(most))
    return [(objection, term, times) for objection, term, times in rows]
