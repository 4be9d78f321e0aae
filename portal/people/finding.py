"""Who holds a role in a department now."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import now
from portal.people.models import Person


def holders(session: Session, role: str, department: str | None = None) -> Sequence[Person]:
    """The active people who hold a role, of one department or of all, in the order they came."""
    query = sa.select(Person).where(Person.active).order_by(Person.id)
    if department is not None:
        query = query.where(Person.department_code == department)
    return [each for each in session.scalars(query) if each.has(role, now())]
