"""暂停公示: off every public place at once by one duty officer; confirmed by the head within a working day."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.ledger.models import Entry
from portal.people import roles
from portal.people.models import Person
from portal.publications import publishing, requirements
from portal.publications.models import Hold, Publication
from portal.words import Sentence, say


def why_not_hold(session: Session, publication: Publication, by: Person) -> list[Sentence]:
    """Why a publication may not be put on hold by this person."""
    reasons = list(roles.why_not(by, "hold"))
    face = requirements.face_of(session, publication)
    if face is None or not face.live:
        reasons.append(say("这条记录现在不在公示中，不需要暂停公示。"))
    if by.department_code != publication.department_code:
        reasons.append(say("这条记录属于其他部门，请联系该部门的值班人员。"))
    return reasons


def hold(session: Session, publication: Publication, *, by: Person, reason: str) -> Entry:
    """Take a publication off now. The reason is internal; the public line says only that it is on hold."""
    publishing.stand_still(session, publication)
    refuse_if(why_not_hold(session, publication, by))
    if not reason.strip():
        raise Refused(say("请写明暂停公示的理由，主要负责人要据此确认。"))
    session.add(Hold(publication_id=publication.id, by_id=by.id, at=clock.now(), reason=reason))
    return publishing.take_down(session, publication, "hold", "")


def confirm_hold(session: Session, held: Hold, *, by: Person) -> None:
    """The head agrees that a publication stays on hold."""
    refuse_if(roles.why_not(by, "confirm_hold", department=held.publication.department_code))
    if held.confirmed_at is not None or held.ended_at is not None:
        raise Refused(say("这次暂停公示已经确认或者已经恢复，不需要再确认。"))
    held.confirmed_by_id, held.confirmed_at = by.id, clock.now()


def unconfirmed(session: Session, department_code: str) -> list[Hold]:
    """Holds of a department that wait for its head, oldest first."""
    return list(
        session.scalars(
            sa.select(Hold)
            .join(Publication, Publication.id == Hold.publication_id)
            .where(Publication.department_code == department_code)
            .where(Hold.confirmed_at.is_(None), Hold.ended_at.is_(None))
            .order_by(Hold.at)
        )
    )
