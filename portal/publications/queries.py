"""Public reading: what pages, feeds and search answers ask. Only tables of ``PUBLIC_TABLES``, bounded.

What a record's page asks is made once: to make a statement takes SQLAlchemy longer than to have it answered.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.ledger.models import Entry, LedgerHead
from portal.publications.counted import counted
from portal.publications.models import DrawnFace, Face, Release
from portal.publications.newest import newest_of_each

ACT_TYPES = ("publish", "adjust", "correct", "withdraw", "hold", "restore", "expire", "erase")


@dataclass(frozen=True)
class Filters:
    """What a browse page is narrowed to; empty means everything."""

    department: str = ""
    year: int = 0
    outcome: str = ""
    region: str = ""
    task: str = ""  # the source's task number
    plan: str = ""  # the source's plan number
    item: str = ""  # the name of an item that a result is about

    def __bool__(self) -> bool:
        return self != Filters()


# ── one publication ──────────────────────────────────────────


def face(session: Session, number: str) -> Face | None:
    """The public face of a number, whatever it is."""
    return session.get(Face, number)


_RELEASE = sa.select(Release).where(
    Release.number == sa.bindparam("number"), Release.version == sa.bindparam("version")
)


def release(session: Session, number: str, version: int) -> Release | None:
    """One version of a publication; its body is None when it is taken down."""
    return session.scalars(_RELEASE, {"number": number, "version": version}).one_or_none()


_STANDING = (
    sa.select(Face, Release)
    .outerjoin(Release, sa.and_(Release.number == Face.number, Release.version == Face.version))
    .where(Face.number == sa.bindparam("number"))
)


def standing(session: Session, number: str) -> tuple[Face | None, Release | None]:
    """The public face of a number with its newest version."""
    found = session.execute(_STANDING, {"number": number}).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def versions(session: Session, number: str) -> Sequence[Release]:
    """Every version, newest first."""
    query = sa.select(Release).where(Release.number == number).order_by(Release.version.desc())
    return session.scalars(query).all()


_ACTS = (
    sa.select(Entry)
    .where(Entry.number == sa.bindparam("number"), Entry.type.in_(ACT_TYPES))
    .order_by(Entry.index)
)


def acts(session: Session, number: str) -> Sequence[Entry]:
    """What the office did to a publication in public, in order."""
    return session.scalars(_ACTS, {"number": number}).all()


def erasure(session: Session, number: str, since: int) -> Entry | None:
    """The newest erasure that took words out of versions up to a ledger line; None when there was none."""
    query = sa.select(Entry).where(Entry.number == number, Entry.type == "erase", Entry.index > since)
    return session.scalars(query.order_by(Entry.index.desc()).limit(1)).first()


def entry(session: Session, index: int) -> Entry | None:
    """One line of the ledger."""
    return session.get(Entry, index)


def fields_of(release: Release) -> Mapping[str, Any]:
    """The released fields of a version that is not taken down."""
    record: Mapping[str, Any] = json.loads(release.body or "{}")
    fields: Mapping[str, Any] = record.get("fields", {})
    return fields


# ── what belongs to it ───────────────────────────────────────


def results_of(session: Session, task_no: str) -> int:
    """How many results of a task are public."""
    if not task_no:
        return 0
    query = sa.select(sa.func.count()).where(Face.live, Face.kind == "result", Face.task_no == task_no)
    return session.scalar(query) or 0


def of_entity(session: Session, code: str, *, limit: int, offset: int = 0) -> Sequence[Face]:
    """Everything live about one entity, newest first."""
    return _page(session, [Face.entity_code == code, Face.live.is_(True)], limit, offset)


_COUNT_OF_ENTITY = sa.select(sa.func.count()).where(Face.live, Face.entity_code == sa.bindparam("code"))


def count_of_entity(session: Session, code: str) -> int:
    """How much is live about one entity."""
    return session.scalar(_COUNT_OF_ENTITY, {"code": code}) or 0


def tasks_that_drew(session: Session, code: str) -> Sequence[Face]:
    """The tasks that name an entity among those they drew, or under which it has results."""
    numbers = sa.select(Face.task_no).where(Face.live, Face.entity_code == code, Face.task_no != "")
    drew = sa.select(DrawnFace.number).where(DrawnFace.entity_code == code)
    named = sa.or_(Face.source_number.in_(numbers), Face.number.in_(drew))
    query = sa.select(Face).where(Face.live, Face.kind == "task", named)
    return session.scalars(query.order_by(Face.published_on.desc(), Face.number.desc()).limit(50)).all()


def tasks_of(session: Session, plan_no: str) -> Sequence[Face]:
    """The live tasks of a plan, newest first."""
    if not plan_no:
        return []
    query = sa.select(Face).where(Face.live, Face.kind == "task", Face.plan_no == plan_no)
    return session.scalars(query.order_by(Face.published_on.desc(), Face.number.desc()).limit(100)).all()


def known_entities(session: Session, codes: Collection[str]) -> set[str]:
    """Those of some entity codes about which something is live, and which so have a page."""
    wanted = {code for code in codes if code}
    found = sa.select(Face.entity_code).where(Face.live, Face.entity_code.in_(wanted))
    drawn = sa.select(DrawnFace.entity_code).where(DrawnFace.entity_code.in_(wanted))
    return set(session.scalars(sa.union(found, drawn)))


def names_of_entity(session: Session, code: str, faces: Sequence[Face]) -> list[str]:
    """What an entity is called: in some results about it, newest first, then where tasks drew it; each once."""
    query = sa.select(DrawnFace.entity_name).where(DrawnFace.entity_code == code).distinct()
    names = [*(face.entity_name for face in faces), *session.scalars(query)]
    return list(dict.fromkeys(name for name in names if name))


# ── many ─────────────────────────────────────────────────────


def narrowed(kind: str, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """What a face must be to stand on a browse page."""
    conditions: list[sa.ColumnElement[bool]] = [Face.kind == kind, Face.live.is_(True)]
    if filters.department:
        conditions.append(Face.department_code == filters.department)
    if filters.year:
        conditions.append(Face.year == filters.year)
    if filters.region:
        conditions.append(Face.region == filters.region)
    if filters.task:
        conditions.append(Face.task_no == filters.task)
    if filters.outcome:
        conditions.append(Face.outcomes.contains(f"|{filters.outcome}|", autoescape=True))
    if filters.plan:
        conditions.append(Face.plan_no == filters.plan)
    if filters.item:  # SQLite's LIKE takes ABC for abc
        conditions.append(sa.func.replace(Face.items, f"\n{filters.item}\n", "") != Face.items)
    return conditions


def browse(session: Session, kind: str, filters: Filters, *, limit: int, offset: int = 0) -> Sequence[Face]:
    """One page of a kind, newest first."""
    return _page(session, narrowed(kind, filters), limit, offset)


def _page(session: Session, where: list[sa.ColumnElement[bool]], limit: int, offset: int) -> Sequence[Face]:
    """A page, newest first. What is passed over is passed over in an index, and no row of it is read."""
    newest_first = (Face.published_on.desc(), Face.number.desc())
    numbers = sa.select(Face.number).where(*where).order_by(*newest_first).limit(limit).offset(offset)
    return session.scalars(sa.select(Face).where(Face.number.in_(numbers)).order_by(*newest_first)).all()


def newest(
    session: Session, *, limit: int, kinds: Collection[str] = (), live_only: bool = False
) -> Sequence[Face]:
    """What was last published or changed, newest first; withdrawn and held ones among them unless ``live_only``.

    What expired is no news: on one day it would push everything else out.
    """
    query = sa.select(Face).where(Face.face != "expired")
    query = query.order_by(Face.changed_at.desc(), Face.entry_index.desc()).limit(limit)
    if kinds:
        query = query.where(Face.kind.in_(kinds))
    if live_only:
        query = query.where(Face.live)
    return session.scalars(query).all()


def faces(session: Session, numbers: Collection[str]) -> dict[str, Face]:
    """The faces of some numbers."""
    return {each.number: each for each in session.scalars(sa.select(Face).where(Face.number.in_(numbers)))}


def entries_at(session: Session, indexes: Collection[int]) -> dict[int, Entry]:
    """Some lines of the ledger."""
    return {each.index: each for each in session.scalars(sa.select(Entry).where(Entry.index.in_(indexes)))}


# ── the ledger ───────────────────────────────────────────────


def head(session: Session) -> LedgerHead | None:
    """The ledger's head; None before the first entry."""
    return session.scalars(sa.select(LedgerHead)).first()


def ledger_size(session: Session) -> int:
    """How many lines the ledger has."""
    return session.scalar(sa.select(LedgerHead.size)) or 0


def ledger(
    session: Session,
    *,
    types: Collection[str] = (),
    before: int | None = None,
    limit: int,
    offset: int = 0,
) -> Sequence[Entry]:
    """Lines of the ledger, newest first.

    :param before: only lines that stand before this one.
    """
    query = sa.select(Entry).order_by(Entry.index.desc()).limit(limit)
    if not types:  # lines are numbered without gaps: a page is found by its place
        end = ledger_size(session) if before is None else before
        return session.scalars(query.where(Entry.index < end - offset)).all()
    earlier = () if before is None else (Entry.index < before,)
    newest_first, most = (Entry.index.desc(),), offset + limit
    wanted = newest_of_each(Entry.index, Entry.type, types, *earlier, order=newest_first, most=most)
    return session.scalars(query.where(Entry.index.in_(wanted)).offset(offset)).all()


def count_entries(session: Session, types: Collection[str], since: datetime | None = None) -> dict[str, int]:
    """How many lines of some types there are."""
    query = sa.select(Entry.type, sa.func.count()).where(Entry.type.in_(types)).group_by(Entry.type)
    if since:
        query = query.where(Entry.at >= since)
    rows = counted(session, ("entries", tuple(types), since), lambda: session.execute(query).all())
    return {row[0]: row[1] for row in rows}


def departments(session: Session) -> dict[str, Department]:
    """Every department by its code."""
    query = sa.select(Department).order_by(Department.region_code, Department.code)
    return {each.code: each for each in session.scalars(query)}


def code_values(session: Session) -> Sequence[CodeValue]:
    """Every value of every code table, in the order offices print them, newest version last."""
    in_order = (CodeValue.table, CodeValue.version, CodeValue.position, CodeValue.id)
    return session.scalars(sa.select(CodeValue).order_by(*in_order)).all()


def regions(session: Session, codes: Collection[str]) -> dict[str, Region]:
    """Some regions by their codes."""
    return {each.code: each for each in session.scalars(sa.select(Region).where(Region.code.in_(codes)))}
