"""What stands beside one publication, as its page asks: second entries, other departments' sheets, its task and plan.

The statements are made once: to make one takes SQLAlchemy longer than to have it answered.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.publications.models import Face
from portal.redaction.masking import has_marker

MOST = 20  # second entries, and sheets


@dataclass(frozen=True)
class Beside:
    """What belongs to one publication.

    :param seconds: the entries that stand beside a first result because the problem was put right (D14), the first first.
    :param sheets: the other departments' sheets of one task on one object (D15), by number.
    """

    seconds: Sequence[Face] = ()
    sheets: Sequence[Face] = ()
    task: Face | None = None
    plan: Face | None = None


def is_second(face: type[Face] = Face) -> sa.ColumnElement[bool]:
    """It puts right an earlier one. Nearly none does: unless it is said, PostgreSQL expects a match at once, and reads all."""
    return face.rectifies != sa.literal_column("''")  # as face_indexes.SECOND has it


def of_result(session: Session, face: Face, plan_no: str) -> Beside:
    """What belongs to a result, in one question."""
    told_by = Face.entity_code if face.entity_code else Face.entity_name
    is_told = face.entity_code or not has_marker(face.entity_name)
    asked = {
        "number": face.number,
        "task": face.task_no or None,  # nothing equals NULL
        "object": (face.entity_code or face.entity_name or None) if is_told else None,
        "department": face.department_code,
        "plan": plan_no or None,
    }
    found: dict[str, list[Face]] = defaultdict(list)
    for how, each in session.execute(_of_result(told_by), asked):
        found[how].append(each)
    return Beside(
        seconds=sorted(found["second"], key=lambda each: (each.published_on, each.number)),
        sheets=sorted(found["sheet"], key=lambda each: each.number),
        task=next(iter(found["task"]), None),
        plan=next(iter(found["plan"]), None),
    )


@cache
def _of_result(told_by: InstrumentedAttribute[str]) -> sa.Select[Any]:
    """:param told_by: the column that says which object it is."""
    same_object = (
        Face.kind == "result",
        Face.task_no == sa.bindparam("task"),
        told_by == sa.bindparam("object"),
        Face.department_code != sa.bindparam("department"),
    )
    found = sa.union_all(
        _some("second", MOST, Face.rectifies == sa.bindparam("number"), is_second(), by=(Face.published_on,)),
        _some("sheet", MOST, *same_object),
        _some("task", 1, Face.kind == "task", Face.source_number == sa.bindparam("task")),
        _some("plan", 1, Face.kind == "plan", Face.source_number == sa.bindparam("plan")),
    ).subquery()
    return sa.select(found.c.how, Face).join(Face, Face.number == found.c.number)


def _some(how: str, most: int, *where: sa.ColumnElement[bool], by: Sequence[Any] = ()) -> sa.Select[Any]:
    """The numbers of the first few that are live and so, each with how it was found."""
    first = sa.select(Face.number).where(Face.live, *where).order_by(*by, Face.number).limit(most).subquery()
    return sa.select(sa.literal_column(f"'{how}'").label("how"), first.c.number)


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
