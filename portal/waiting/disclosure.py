"""公示时限, inspection by inspection (D11): every one known whose result is not public yet, and those that are.

Known are the results somebody has drafted or imported, and whoever an announced task drew and of whom there is no
result yet. The drawn list is the internal one: a task that shows no names owes its results all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import today
from portal.deadlines.terms import publish_by
from portal.people import roles
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.publications.desk import CLOCK_FIELDS, UNDER_WAY
from portal.publications.models import DrawnObject, Face, Publication, Release, Revision
from portal.statistics.announced import Announced, announced
from portal.statistics.progress import bodies, due_of_task
from portal.words import Sentence, say

RECENT = timedelta(days=400)  # tasks announced longer ago are past their term in any profile
MOST_UNDER_WAY = 5000

STATES: Mapping[str, Sentence] = {
    "missing": say("还没有录入结果"),
    "draft": say("草稿"),
    "sent_back": say("已退回"),
    "submitted": say("待审核"),
    "approved": say("待公示"),
    "disclosed": say("已公示"),
}
# the role that has it, by state
HOLDERS: Mapping[str, str] = {
    "missing": "import", "draft": "submit", "sent_back": "submit", "submitted": "approve", "approved": "publish",
}  # fmt: skip


@dataclass(frozen=True)
class Inspection:
    """One inspection and how far its disclosure is.

    :param holder: who drafted it, where that is known.
    :param published_on: the day of disclosure; None while it is not public.
    """

    department_code: str
    task_no: str
    entity_name: str
    entity_code: str
    state: str
    due: date | None
    provisional: bool | None = None
    holder: str = ""
    revision_id: int | None = None
    number: str = ""
    published_on: date | None = None

    @property
    def is_late(self) -> bool:
        """Past its last day, or disclosed after it."""
        return self.due is not None and (self.published_on or today()) > self.due

    @property
    def role(self) -> Sentence:
        """The roles that have it now."""
        act = HOLDERS.get(self.state)
        return roles.labels(roles.ACTS[act].roles) if act else say("—")


@dataclass(frozen=True)
class Wanted:
    """What the page is narrowed to; empty means everything that is not public yet.

    :param state: a key of :data:`STATES`, or ``late``.
    """

    department: str = ""
    task: str = ""
    state: str = ""


@dataclass(frozen=True)
class TaskCount:
    """The inspections of one task and department that are not public yet."""

    department_code: str
    task_no: str
    title: str
    missing: int
    under_way: int
    late: int
    due: date | None


def not_disclosed(session: Session, person: Person, terms: Terms) -> list[Inspection]:
    """Every inspection that the person may read and that is not public: what is due first on top."""
    recent = _recent_tasks(session, person)
    found = [*_under_way(session, person, terms), *_missing(session, person, terms, recent)]
    return sorted(found, key=lambda each: (each.due or date.max, each.task_no, each.entity_name))


def narrowed(found: Iterable[Inspection], wanted: Wanted) -> list[Inspection]:
    """Those that the filters ask for."""
    return [
        each
        for each in found
        if wanted.department in ("", each.department_code)
        and wanted.task in ("", each.task_no)
        and (wanted.state in ("", each.state) or (wanted.state == "late" and each.is_late))
    ]


def by_task(found: Iterable[Inspection], titles: Mapping[str, str]) -> list[TaskCount]:
    """The same task by task and department, the most late first."""
    grouped: dict[tuple[str, str], list[Inspection]] = {}
    for each in found:
        grouped.setdefault((each.department_code, each.task_no), []).append(each)
    counts = [
        TaskCount(
            department, task_no, titles.get(task_no, ""),
            sum(each.state == "missing" for each in rows), sum(each.state != "missing" for each in rows),
            sum(each.is_late for each in rows), min((each.due for each in rows if each.due), default=None),
        )
        for (department, task_no), rows in grouped.items()
    ]  # fmt: skip
    return sorted(counts, key=lambda each: (-each.late, each.due or date.max, each.task_no))


def titles(session: Session, task_nos: Iterable[str]) -> dict[str, str]:
    """What the announcements of tasks are called, by the task's number."""
    wanted = sa.select(Face.source_number, Face.title).where(
        Face.kind == "task", Face.live, Face.source_number.in_({each for each in task_nos if each})
    )
    return {row.source_number: row.title for row in session.execute(wanted)}


def disclosed(
    session: Session, person: Person, wanted: Wanted, *, page: int, size: int
) -> tuple[list[Inspection], int]:
    """What is public, the newest first, and how many: with its last day beside the day it was disclosed."""
    last = Revision.content["publish_by"].as_string()
    where = [Face.kind == "result", Face.live, Revision.act == "publish", Revision.state == "done"]
    if not roles.may(person, "see_all_departments"):
        where.append(Face.department_code == person.department_code)
    if wanted.department:
        where.append(Face.department_code == wanted.department)
    if wanted.task:
        where.append(Face.task_no == wanted.task)
    joined = (
        sa.select(Face, last.label("last"))
        .join(Publication, Publication.number == Face.number)
        .join(Revision, Revision.publication_id == Publication.id)
        .where(*where)
    )
    total = session.scalar(sa.select(sa.func.count()).select_from(joined.subquery())) or 0
    ordered = joined.order_by(Face.published_on.desc(), Face.number).limit(size).offset((page - 1) * size)
    rows = session.execute(ordered).all()
    return [
        Inspection(
            face.department_code, face.task_no, face.entity_name, face.entity_code, "disclosed", _day(due),
            False, number=face.number, published_on=face.published_on,
        )
        for face, due in rows
    ], total  # fmt: skip


# ── drafted or imported ──────────────────────────────────────


def _text(name: str) -> sa.ColumnElement[str]:
    return sa.func.coalesce(Revision.content[name].as_string(), "")


def _under_way(session: Session, person: Person, terms: Terms) -> list[Inspection]:
    query = (
        sa.select(
            Revision.id, Revision.department_code, Revision.state, Person.name,
            _text("task_no").label("task_no"), _text("entity_name").label("entity_name"),
            _text("entity_code").label("entity_code"), *[_text(name).label(name) for name in CLOCK_FIELDS],
        )
        .join(Person, Person.id == Revision.author_id)
        .where(Revision.kind == "result", Revision.act == "publish", Revision.state.in_(UNDER_WAY))
        .order_by(Revision.id)
        .limit(MOST_UNDER_WAY)
    )  # fmt: skip
    if not roles.may(person, "see_all_departments"):
        query = query.where(Revision.department_code == person.department_code)
    known: dict[tuple[str, ...], Any] = {}
    return [_of_row(row, terms, known) for row in session.execute(query)]


def _of_row(row: Any, terms: Terms, known: dict[tuple[str, ...], Any]) -> Inspection:
    dates = tuple(getattr(row, name) for name in CLOCK_FIELDS)
    if dates not in known:  # a batch has few different days, and counting is slow
        given = {name: value or None for name, value in zip(CLOCK_FIELDS, dates, strict=True)}
        known[dates] = publish_by(given, terms.profile, terms.calendar) if any(given.values()) else None
    due = known[dates]
    return Inspection(
        row.department_code, row.task_no, row.entity_name, row.entity_code, row.state,
        due.due if due else None, bool(due and due.provisional), row.name, row.id,
    )  # fmt: skip


# ── drawn, and no result yet ─────────────────────────────────


def _missing(session: Session, person: Person, terms: Terms, tasks: list[Announced]) -> list[Inspection]:
    drawn, there = _drawn(session, tasks), _there(session, tasks)
    found = []
    for task in tasks:
        due = due_of_task(task, terms)
        for part in task.parts:
            office = part or task.department
            if not roles.sees(person, office):
                continue
            found += [
                Inspection(
                    office, task.source_number, name, code if code != name else "", "missing",
                    due.due if due else None, bool(due and due.provisional),
                )
                for code, name in drawn.get(task.number, ())
                if not {(task.source_number, part, code), (task.source_number, part, name)} & there
            ]  # fmt: skip
    return found


def ended_tasks(session: Session, person: Person, terms: Terms) -> list[TaskCount]:
    """Tasks of which the inspections are over and results are missing, of the departments a person reads."""
    recent = _recent_tasks(session, person)
    ends = {task.source_number: task for task in recent}
    missing = _missing(session, person, terms, recent)
    over = [each for each in missing if (end := ends[each.task_no].ends_on) is not None and end < today()]
    return by_task(over, {number: task.title for number, task in ends.items()})


def _recent_tasks(session: Session, person: Person) -> list[Announced]:
    """Live announcements with a number, by which results can be found, that name a department a person reads."""
    query = sa.select(Face).where(
        Face.live, Face.kind == "task", Face.source_number != "", Face.published_on >= today() - RECENT
    )
    if not roles.may(person, "see_all_departments"):
        named = Release.body.contains(f'"{person.department_code}"', autoescape=True)
        own = sa.select(Release.id).where(Release.id == Face.release_id, named).exists()
        query = query.where(sa.or_(Face.department_code == person.department_code, own))
    faces = session.scalars(query.order_by(Face.number)).all()
    return [announced(face.number, face.department_code, fields) for face, fields in bodies(session, faces)]


def _drawn(session: Session, tasks: Sequence[Announced]) -> dict[str, list[tuple[str, str]]]:
    """Whom each task drew: code (or name, of what has none) and name."""
    wanted = (
        sa.select(Publication.number, DrawnObject.entity_code, DrawnObject.entity_name)
        .join(DrawnObject, DrawnObject.publication_id == Publication.id)
        .where(Publication.number.in_([task.number for task in tasks]))
        .order_by(DrawnObject.id)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for number, code, name in session.execute(wanted):
        found.setdefault(str(number), []).append((code, name))
    return found


def _there(session: Session, tasks: Sequence[Announced]) -> set[tuple[str, str, str]]:
    """Task, part and object of every result that there is: public, under way, withheld in full, or taken down."""
    joint = {task.source_number: task.joint for task in tasks}
    public = sa.select(Face.task_no, Face.department_code, Face.entity_code, Face.entity_name).where(
        Face.kind == "result", Face.live, Face.task_no.in_(joint)
    )
    first = sa.and_(Revision.act == "publish", Revision.state.in_(UNDER_WAY))
    unseen = (
        sa.select(_text("task_no"), Revision.department_code, _text("entity_code"), _text("entity_name"))
        .where(Revision.kind == "result")
        .where(sa.or_(first, sa.and_(Revision.state == "done", _is_off())))
    )
    found = set()
    for query in (public, unseen):
        for task_no, office, code, name in session.execute(query):
            part = office if joint.get(task_no) else ""
            found |= {(task_no, part, key) for key in (code, name) if key}
    return found


def _is_off() -> sa.ColumnElement[bool]:
    """Of a revision: its record is withheld in full, or taken down. Few are, so they are looked up first."""
    withheld = sa.select(Publication.id).where(Publication.withheld_ground.is_not(None))
    off = sa.select(Face.number).where(Face.kind == "result", Face.live.is_(False))
    taken_down = sa.select(Publication.id).where(Publication.number.in_(off))
    return Revision.publication_id.in_(sa.union(withheld, taken_down))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
