"""Staff reading: erasures of a department or of all, newest first. Nothing here acts."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.erasing.models import Erasure
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Publication

SHOWN = 200


def erasures(session: Session, person: Person) -> Sequence[Erasure]:
    """What a person may see of erasures: those that wait for the head first."""
    query = sa.select(Erasure).where(_visible(person))
    waits = sa.case((Erasure.state == "proposed", 0), else_=1)
    return session.scalars(query.order_by(waits, Erasure.id.desc()).limit(SHOWN)).all()


def of_publication(session: Session, publication: Publication) -> Sequence[Erasure]:
    """Every erasure of one publication, newest first."""
    query = sa.select(Erasure).where(Erasure.publication_id == publication.id)
    return session.scalars(query.order_by(Erasure.id.desc())).all()


def waiting(session: Session, person: Person) -> int:
    """How many wait for this person's decision."""
    if not roles.may(person, "agree_erasure"):
        return 0
    own = Erasure.department_code == person.department_code
    query = sa.select(sa.func.count()).select_from(Erasure).where(own, Erasure.state == "proposed")
    return session.scalar(query) or 0


def _visible(person: Person) -> sa.ColumnElement[bool]:
    if roles.may(person, "see_all_departments"):
        return sa.true()
    return Erasure.department_code == person.department_code
