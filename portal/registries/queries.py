"""Reading the registries: the pool of a draw, now or as it stood at a moment. Nothing here acts."""

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.registries.models import LIVE, InspectedObject, Inspector, InspectorVersion, ObjectVersion

Condition = sa.ColumnElement[bool]


def pool(
    session: Session,
    *,
    department: str | None = None,
    kinds: Collection[str] = (),
    regions: Collection[str] = (),
    tags: Collection[str] = (),
    states: Collection[str] = (LIVE,),
    on: datetime | None = None,
) -> list[InspectedObject]:
    """The objects a draw may draw from, sorted by code; a code is in the registry once.

    :param kinds: codes of the table entity_type; empty: all. So with regions.
    :param regions: a code stands for what lies in it: 330100 for 330106, 330000 for both.
    :param tags: objects that carry any of them; empty: all.
    :param states: codes of the table entity_status.
    :param on: the registry as it stood at that moment; the objects are then copies, in no session.
    """
    found = session.scalars(_now()) if on is None else _at(session, on)
    wanted = [
        each
        for each in found
        if (department is None or each.department_code == department)
        and (not kinds or each.kind in kinds)
        and (not regions or any(lies_in(each.region, region) for region in regions))
        and (not tags or set(tags) & set(each.tag_names))
        and each.state in states
    ]
    return sorted(wanted, key=lambda each: each.code)


def inspectors(
    session: Session,
    *,
    department: str | None = None,
    items: Collection[str] = (),
    on: datetime | None = None,
) -> list[Inspector]:
    """The inspectors at work, sorted by department and key: an order that is the same in every run.

    :param items: codes or categories of items; only who covers every one of them. No scope covers all.
    :param on: the registry as it stood at that moment; the inspectors are then copies, in no session.
    """
    here = sa.select(Inspector).where(Inspector.gone_at.is_(None))
    found = session.scalars(here) if on is None else _inspectors_at(session, on)
    wanted = [
        each
        for each in found
        if each.active
        and (department is None or each.department_code == department)
        and (not each.items or set(items) <= set(each.item_names))
    ]
    return sorted(wanted, key=lambda each: (each.department_code, each.key))


def lies_in(region: str, wider: str) -> bool:
    """Whether a division lies in another, by their six digits.

    >>> [lies_in("330106", wider) for wider in ("330106", "330100", "330000", "330200", "")]
    [True, True, True, False, False]
    """
    return bool(wider) and region.startswith(wider.removesuffix("00").removesuffix("00"))


def _now() -> sa.Select[InspectedObject]:
    return sa.select(InspectedObject).where(InspectedObject.gone_at.is_(None))


def _at(session: Session, on: datetime) -> Iterator[InspectedObject]:
    newest = (
        sa.select(ObjectVersion.object_id, sa.func.max(ObjectVersion.version).label("version"))
        .where(ObjectVersion.at <= on)
        .group_by(ObjectVersion.object_id)
        .subquery()
    )
    wanted = sa.select(ObjectVersion.object_id, ObjectVersion.version, ObjectVersion.values).join(
        newest,
        sa.and_(ObjectVersion.object_id == newest.c.object_id, ObjectVersion.version == newest.c.version),
    )
    for object_id, version, values in session.execute(wanted.where(ObjectVersion.gone.is_(False))):
        yield InspectedObject(id=object_id, version=version, **values)


def _inspectors_at(session: Session, on: datetime) -> Iterator[Inspector]:
    newest = (
        sa.select(InspectorVersion.inspector_id, sa.func.max(InspectorVersion.version).label("version"))
        .where(InspectorVersion.at <= on)
        .group_by(InspectorVersion.inspector_id)
        .subquery()
    )
    wanted = (
        sa.select(
            InspectorVersion.inspector_id, InspectorVersion.version, InspectorVersion.values, Inspector.key
        )
        .join(Inspector, Inspector.id == InspectorVersion.inspector_id)
        .join(
            newest,
            sa.and_(
                InspectorVersion.inspector_id == newest.c.inspector_id,
                InspectorVersion.version == newest.c.version,
            ),
        )
    )
    for inspector_id, version, values, key in session.execute(wanted.where(InspectorVersion.gone.is_(False))):
        yield Inspector(id=inspector_id, version=version, key=key, **values)
