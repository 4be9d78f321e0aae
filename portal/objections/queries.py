"""Staff reading of objections: what waits for whom, sorted by what is due next. Nothing here acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.objections.models import (
    BEFORE_SIGNING,
    ENDED_OTHERWISE,
    Objection,
    ObjectionTerm,
)
from portal.objections.proceedings import RecheckOfficer
from portal.people import roles
from portal.people.finding import holders
from portal.people.models import Person
from portal.publications.models import Face
from portal.words import Sentence, say

ENDED = ("closed", *ENDED_OTHERWISE)
ANSWERED = ("signed", "delivered")  # something is still to be done: delivered, closed

DUE: Mapping[str, Sentence] = {
    "": say("全部在办"),
    "over": say("已逾期"),
    "today": say("今天到期"),
    "soon": say("5个工作日内"),
    "provisional": say("期限暂定"),
}


@dataclass(frozen=True)
class Days:
    """Today, and the last of the working days that are soon."""

    today: date
    soon: date


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to; empty means everything that the person sees.

    :param due: a key of :data:`DUE`.
    :param officer: id of who re-checks.
    """

    due: str = ""
    state: str = ""
    ground: str = ""
    officer: int = 0
    department: str = ""


@dataclass(frozen=True)
class Line:
    """One case of the queue with the term that runs, and how its result stands in public."""

    objection: Objection
    term: ObjectionTerm | None
    face: str


@dataclass(frozen=True)
class Load:
    """How many open cases one re-checker has, and when the first of them is due."""

    person: Person
    cases: int
    first_due: date | None


# ── who sees what ────────────────────────────────────────────


def visible(person: Person) -> sa.ColumnElement[bool]:
    """The cases of the person's department, those a neighbour's re-checker was assigned, or every one."""
    if not roles.may(person, "see_objections"):
        return sa.false()
    if roles.may(person, "see_all_departments"):
        return sa.true()
    return sa.or_(Objection.department_code == person.department_code, assigned_to(person.id))


def assigned_to(person_id: int) -> sa.ColumnElement[bool]:
    """The cases that somebody re-checks now."""
    rows = sa.select(RecheckOfficer.objection_id)
    return Objection.id.in_(
        rows.where(RecheckOfficer.person_id == person_id, RecheckOfficer.relieved_at.is_(None))
    )


def sees(person: Person, objection: Objection) -> bool:
    """Whether a person may read a case; :func:`visible` for one row."""
    if not roles.may(person, "see_objections"):
        return False
    return roles.may(person, "see_all_departments") or handles(person, objection)


def handles(person: Person, objection: Objection) -> bool:
    """Whether a case is the person's own office's, or theirs to re-check: who reads the objector's contact."""
    if not roles.may(person, "see_objections"):
        return False
    return objection.department_code == person.department_code or person.id in [
        each.id for each in objection.rechecking
    ]


# ── the queue ────────────────────────────────────────────────


def tally(session: Session, person: Person, wanted: Wanted, days: Days) -> Mapping[str, int]:
    """How many open cases there are, by :data:`DUE`; one query."""
    columns = [sa.func.count(sa.case((_due(each, days), 1))) for each in DUE]
    counted = sa.select(*columns).select_from(Objection).join(ObjectionTerm, _counts("recheck"))
    row = session.execute(counted.where(visible(person), *_narrowed(wanted), is_open())).one()
    return dict(zip(DUE, row, strict=True))


def queue(
    session: Session, person: Person, wanted: Wanted, days: Days, *, page: int, size: int
) -> Sequence[Line]:
    """Cases under re-check, what is due first on top."""
    asked = _lines("recheck").where(visible(person), *_narrowed(wanted), is_open(), _due(wanted.due, days))
    ordered = asked.order_by(ObjectionTerm.due, Objection.id)
    return _read(session, ordered.limit(size).offset((page - 1) * size))


def to_deliver(session: Session, person: Person, wanted: Wanted, *, most: int) -> Sequence[Line]:
    """Cases whose answer is signed and not yet delivered, or delivered and not yet closed."""
    asked = _lines("feedback").where(
        visible(person), *_narrowed(wanted, state=False), Objection.state.in_(ANSWERED)
    )
    ordered = asked.order_by(ObjectionTerm.met_on.is_not(None), ObjectionTerm.due, Objection.id)
    return _read(session, ordered.limit(most))


def ended(
    session: Session, person: Person, wanted: Wanted, words: str, *, page: int, size: int
) -> tuple[Sequence[Objection], int]:
    """Ended cases, the latest first, and how many; with words, every case they are found in.

    :param words: of a receipt number, a result's number, or the name or code of an entity.
    """
    chosen = sa.select(Objection).where(visible(person), *_narrowed(wanted, state=False))
    chosen = chosen.where(_named(words) if words else Objection.state.in_(ENDED))
    total = session.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    newest = chosen.order_by(Objection.step_id.desc()).limit(size).offset((page - 1) * size)
    return session.scalars(newest).all(), total


def workload(session: Session, department: str | None) -> Sequence[Load]:
    """The re-checkers of a department, or of all, with what each has open; the busiest first."""
    people = holders(session, "recheck", department)
    counted = (
        sa.select(
            RecheckOfficer.person_id,
            sa.func.count(),
            sa.func.min(ObjectionTerm.due),
        )
        .join(Objection, Objection.id == RecheckOfficer.objection_id)
        .join(ObjectionTerm, _counts("recheck"))
        .where(RecheckOfficer.relieved_at.is_(None), is_open())
        .group_by(RecheckOfficer.person_id)
    )
    cases = {person_id: (count, due) for person_id, count, due in session.execute(counted)}
    loads = [Load(each, *cases.get(each.id, (0, None))) for each in people]
    return sorted(loads, key=lambda each: (-each.cases, each.person.id))


def _lines(term: str) -> Any:
    return (
        sa.select(Objection, ObjectionTerm, Face.face)
        .outerjoin(ObjectionTerm, _counts(term))
        .outerjoin(Face, Face.number == Objection.result_number)
    )


def _read(session: Session, query: Any) -> list[Line]:
    return [Line(objection, term, face or "") for objection, term, face in session.execute(query)]


def _counts(term: str) -> sa.ColumnElement[bool]:
    """The one counting of a term that stands."""
    return sa.and_(
        ObjectionTerm.objection_id == Objection.id,
        ObjectionTerm.name == term,
        ObjectionTerm.replaced_at.is_(None),
    )


def is_open() -> sa.ColumnElement[bool]:
    return Objection.state.in_(BEFORE_SIGNING)


def _due(name: str, days: Days) -> sa.ColumnElement[bool]:
    due = ObjectionTerm.due
    where: Mapping[str, sa.ColumnElement[bool]] = {
        "": sa.true(),
        "over": due < days.today,
        "today": due == days.today,
        "soon": sa.and_(due > days.today, due <= days.soon),
        "provisional": ObjectionTerm.provisional == sa.true(),
    }
    return where[name]


def _narrowed(wanted: Wanted, *, state: bool = True) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.state and state:
        found.append(Objection.state == wanted.state)
    if wanted.ground:
        found.append(has_ground(wanted.ground))
    if wanted.officer:
        found.append(assigned_to(wanted.officer))
    if wanted.department:
        found.append(Objection.department_code == wanted.department)
    return found


def has_ground(ground: str) -> sa.ColumnElement[bool]:
    """Cases that name a ground; the codes are plain words, so that none is part of another's quotes."""
    return sa.cast(Objection.grounds, sa.String).contains(f'"{ground}"', autoescape=True)


def _named(words: str) -> sa.ColumnElement[bool]:
    wanted = words.strip()
    exact = wanted.upper()
    return sa.or_(
        Objection.receipt == exact,
        Objection.result_number == exact,
        Objection.entity_code == exact,
        Objection.entity_name.contains(wanted, autoescape=True),
    )
