"""回避 (O6): who may not re-check a result, and the ways of a small office.

G23: 检查人员与检查对象有利害关系的，应当依法回避。 Whoever inspected never re-checks. Whoever drafted or reviewed the
result does only where the head recorded an exception. People of another office do where the head asked the
neighbouring office (after G21). Whoever will sign does not re-check.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import now
from portal.objections.models import Objection
from portal.people.models import Person
from portal.publications.models import Revision, Step
from portal.words import Sentence, say

_INSPECTED = ("inspectors", "leader", "experts")
_BETWEEN = re.compile(r"[、,，;；/\s()（）]+")


@dataclass(frozen=True)
class Involved:
    """Who had a hand in a result: by name who inspected, by id who entered or reviewed it."""

    inspected: frozenset[str]
    entered: frozenset[int]


def why_stands_aside(session: Session, objection: Objection, person: Person) -> list[Sentence]:
    """Why somebody may not re-check this objection; empty means they may."""
    return _judged(objection, person, involved(session, objection))


def involved(session: Session, objection: Objection) -> Involved:
    """Who inspected, entered and reviewed what was published; two queries."""
    revisions = _revisions(session, objection)
    named = inspectors(each.content for each in revisions)
    return Involved(frozenset(named), frozenset(_entered_by(session, revisions)))


def _judged(objection: Objection, person: Person, known: Involved) -> list[Sentence]:
    reasons = []
    if not person.active or not person.has("recheck", now()):
        reasons.append(say("{name}不是复查人员，请先由安全管理员授予角色，或者指派别人。", name=person.name))
    if person.name in known.inspected:
        reasons.append(say("{name}参加了这次检查，应当回避，请指派别人。", name=person.name))
    if not allowed(objection, "exception") and person.id in known.entered:
        reasons.append(
            say(
                "{name}录入或者审核过这条结果，应当回避；人手确实不够的，由主要负责人先记录例外安排。",
                name=person.name,
            )
        )
    if person.department_code != objection.department_code and not allowed(objection, "neighbour"):
        reasons.append(
            say("{name}是其他单位的人员；需要请邻近单位协助的，由主要负责人先记录安排。", name=person.name)
        )
    if person.department_code == objection.department_code and person.has("head", now()):
        reasons.append(say("{name}要签署复查结果，不能同时复查，请指派别人。", name=person.name))
    return reasons


def allowed(objection: Objection, kind: str) -> bool:
    """Whether the head recorded one of the ways of a small office for this case."""
    return any(each.kind == kind for each in objection.dispensations)


def candidates(session: Session, objection: Objection) -> Sequence[tuple[Person, list[Sentence]]]:
    """Everybody who could re-check with the reasons why not, those who may first."""
    near = allowed(objection, "neighbour")
    people = session.scalars(sa.select(Person).where(Person.active).order_by(Person.id))
    asked = [
        each
        for each in people
        if each.has("recheck", now()) and (near or each.department_code == objection.department_code)
    ]
    known = involved(session, objection)
    judged = [(each, _judged(objection, each, known)) for each in asked]
    return sorted(judged, key=lambda pair: len(pair[1]) > 0)


def inspectors(contents: Iterable[dict[str, Any]]) -> set[str]:
    """The names of everybody who took part in an inspection, as its records name them."""
    return {
        name
        for content in contents
        for field in _INSPECTED
        for name in _BETWEEN.split(str(content.get(field) or ""))
        if name
    }


def _revisions(session: Session, objection: Objection) -> Sequence[Revision]:
    """The result's own revisions: of what was published, not of the correction under way."""
    query = sa.select(Revision).where(
        Revision.publication_id == objection.publication_id,
        Revision.created_at <= objection.filed_at,
        Revision.act.in_(("publish", "correct")),
    )
    return session.scalars(query).all()


def _entered_by(session: Session, revisions: Sequence[Revision]) -> set[int]:
    """Who drafted or reviewed them, any step of it; a later correction is not the result."""
    steps = sa.select(Step.by_id).where(Step.revision_id.in_([each.id for each in revisions]))
    return {*session.scalars(steps), *(each.author_id for each in revisions)}
