"""What stands beside one publication, as its page asks: second entries, other departments' sheets, its task and plan.

The statements are made once: to make one takes SQLAlchemy longer than to have it answered.
"""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.publications.models import Face
from portal.redaction.masking import has_marker


def is_second(face: type[Face] = Face) -> sa.ColumnElement[bool]:
    """It puts right an earlier one. Nearly none does: unless it is said, PostgreSQL expects a match at once, and reads all."""
    return face.rectifies != sa.literal_column("''")  # as face_indexes.SECOND has it


_SECONDS = (
    sa.select(Face)
    .where(Face.rectifies == sa.bindparam("number"), is_second(), Face.live)
    .order_by(Face.published_on, Face.number)
    .limit(20)
)


def second_entries(session: Session, number: str) -> Sequence[Face]:
    """The entries that stand beside a first result because the problem was put right (D14)."""
    return session.scalars(_SECONDS, {"number": number}).all()


def joint_sheets(session: Session, face: Face) -> Sequence[Face]:
    """The other departments' sheets of one task on one object (D15)."""
    if not face.task_no or not (face.entity_code or face.entity_name):
        return []
    if not face.entity_code and has_marker(face.entity_name):
        return []
    told_by = Face.entity_code if face.entity_code else Face.entity_name
    asked = {
        "task": face.task_no,
        "object": face.entity_code or face.entity_name,
        "department": face.department_code,
    }
    return session.scalars(_sheets(told_by), asked).all()


@cache
def _sheets(told_by: InstrumentedAttribute[str]) -> sa.Select[Face]:
    """:param told_by: the column that says which object it is."""
    return (
        sa.select(Face)
        .where(
            Face.live,
            Face.kind == "result",
            Face.task_no == sa.bindparam("task"),
            told_by == sa.bindparam("object"),
            Face.department_code != sa.bindparam("department"),
        )
        .order_by(Face.number)
        .limit(20)
    )


_BY_SOURCE_NUMBER = (
    sa.select(Face)
    .where(Face.live, Face.kind == sa.bindparam("kind"), Face.source_number == sa.bindparam("number"))
    .order_by(Face.number)
    .limit(1)
)


def by_source_number(session: Session, kind: str, source_number: str) -> Face | None:
    """The live publication that carries the source's own number."""
    if not source_number:
        return None
    return session.scalars(_BY_SOURCE_NUMBER, {"kind": kind, "number": source_number}).first()
