"""Looking something up in the registries: by name or code, narrowed, page by page. Nothing here acts."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.registries.models import InspectedObject, Inspector, parted

GONE = "gone"  # beside the states of entity_status: a complete file did not hold it any more
MOST_TAGS = 200


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty means any.

    :param department: who keeps it; None: whoever does.
    :param text: a part of the name, or the beginning of the code.
    """

    department: str | None
    text: str = ""
    region: str = ""
    kind: str = ""
    tag: str = ""
    state: str = ""


def objects(session: Session, asked: Asked, *, limit: int, offset: int = 0) -> Sequence[InspectedObject]:
    """One page of the objects, by code."""
    query = sa.select(InspectedObject).where(*_narrowed(asked)).order_by(InspectedObject.code)
    return session.scalars(query.limit(limit).offset(offset)).all()


def count_objects(session: Session, asked: Asked) -> int:
    """How many there are in all."""
    return (
        session.scalar(sa.select(sa.func.count()).select_from(InspectedObject).where(*_narrowed(asked))) or 0
    )


def tags(session: Session, department: str | None) -> list[str]:
    """The tags in use, in order."""
    query = sa.select(InspectedObject.tags).where(InspectedObject.tags != "").distinct()
    if department is not None:
        query = query.where(InspectedObject.department_code == department)
    return sorted({tag for text in session.scalars(query.limit(5000)) for tag in parted(text)})[:MOST_TAGS]


def regions(session: Session, department: str | None) -> set[str]:
    """The regions in use."""
    query = sa.select(InspectedObject.region).where(InspectedObject.region != "").distinct()
    if department is not None:
        query = query.where(InspectedObject.department_code == department)
    return set(session.scalars(query))


def inspectors(session: Session, department: str | None, text: str = "") -> Sequence[Inspector]:
    """The inspectors, those at work first."""
    query = sa.select(Inspector)
    if department is not None:
        query = query.where(Inspector.department_code == department)
    if text:
        query = query.where(Inspector.name.contains(text, autoescape=True))
    at_work = sa.and_(Inspector.active, Inspector.gone_at.is_(None))
    return session.scalars(query.order_by(Inspector.department_code, sa.not_(at_work), Inspector.name)).all()


def _narrowed(asked: Asked) -> list[sa.ColumnElement[bool]]:
    there: sa.ColumnElement[bool] = InspectedObject.gone_at.is_(None)
    found = [sa.not_(there) if asked.state == GONE else there]
    if asked.department is not None:
        found.append(InspectedObject.department_code == asked.department)
    if asked.text:
        named = InspectedObject.name.contains(asked.text, autoescape=True)
        found.append(sa.or_(named, InspectedObject.code.startswith(asked.text.upper(), autoescape=True)))
    if asked.state and asked.state != GONE:
        found.append(InspectedObject.state == asked.state)
    if asked.region:
        found.append(InspectedObject.region == asked.region)
    if asked.kind:
        found.append(InspectedObject.kind == asked.kind)
    if asked.tag:
        found.append(InspectedObject.tags.contains(f"|{asked.tag}|", autoescape=True))
    return found
