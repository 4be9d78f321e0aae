"""Public reading of how far tasks have come. Only tables of ``PUBLIC_TABLES``; counted by the database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.codes.models import CodeValue
from portal.deadlines.terms import due_of
from portal.deadlines.working_days import Due
from portal.publications.beside import is_second
from portal.publications.counted import counted
from portal.publications.dating import Terms
from portal.publications.facing import read
from portal.publications.models import DrawnFace, Face, Release, Tally
from portal.publications.totals import live
from portal.statistics.announced import Announced, announced
from portal.statistics.queries import counted_at, figures
from portal.statistics.reconciling import (
    FollowUp,
    Found,
    TaskProgress,
    Unseen,
    followed_up,
    parts_of,
)

MARKED = "〔"
PROBLEMS = ("found", "fixed")  # shapes of outcomes
APART, EXPIRED = "task_apart", "task_expired"  # figures by the task's number, see unseen.py
MOST_LOOSE = 100  # task numbers without an announcement that one page names


@dataclass(frozen=True)
class Loose:
    """Results under a task number of which no announcement is public."""

    task_no: str
    department_code: str
    count: int


# ── tasks ────────────────────────────────────────────────────


def of_task(session: Session, face: Face, terms: Terms) -> TaskProgress:
    """One task, its follow-up included."""
    [progress] = of_tasks(session, [face], terms)
    return replace(progress, follow_up=_follow_up(session, progress.task))


def of_tasks(session: Session, faces: Sequence[Face], terms: Terms) -> list[TaskProgress]:
    """Live tasks in the order given, without their follow-up."""
    tasks = [announced(face.number, face.department_code, fields) for face, fields in bodies(session, faces)]
    found, unseen = first_sheets(session, tasks), _unseen(session, tasks)
    return [_progress(each, found.get(each.number, []), unseen[each.number], terms) for each in tasks]


def tasks_of_year(session: Session, year: int) -> Sequence[Face]:
    """The live tasks announced in a year, newest first."""
    query = sa.select(Face).where(Face.live, Face.kind == "task", Face.year == year)
    return session.scalars(query.order_by(Face.published_on.desc(), Face.number.desc())).all()


def years_of_tasks(session: Session) -> Sequence[int]:
    """The years in which a live task was announced, newest first."""
    query = sa.select(Tally.year).where(live(Tally), Tally.kind == "task").distinct()
    return session.scalars(query.order_by(Tally.year.desc())).all()


def without_announcement(session: Session, year: int, department: str = "") -> list[Loose]:
    """Results published in a year whose task number no live announcement carries."""
    known = sa.select(Face.source_number).where(Face.live, Face.kind == "task", Face.source_number != "")
    query = sa.select(Face.task_no, Face.department_code, sa.func.count()).where(
        Face.live, Face.kind == "result", Face.year == year, Face.task_no.not_in(known)
    )
    if department:
        query = query.where(Face.department_code == department)
    query = query.group_by(Face.task_no, Face.department_code).order_by(Face.task_no, Face.department_code)
    asked = ("without announcement", year, department)
    rows = counted(session, asked, lambda: session.execute(query.limit(MOST_LOOSE)).all())
    return [Loose(*row) for row in rows]


def bodies(session: Session, faces: Sequence[Face]) -> list[tuple[Face, Mapping[str, Any]]]:
    """Some live faces with their released fields, in the order given."""
    query = sa.select(Release.id, Release.body).where(Release.id.in_([face.release_id for face in faces]))
    by_id = {row[0]: row[1] for row in session.execute(query)}
    return [(face, read(by_id[face.release_id] or "{}").get("fields", {})) for face in faces]


def due_of_task(task: Announced, terms: Terms) -> Due | None:
    """The last day for its last result (D11): counted from the announced end, whatever the profile's clock runs from."""
    return due_of(terms.profile.terms["publish"], task.ends_on, terms.calendar) if task.ends_on else None


def _progress(task: Announced, found: list[Found], unseen: dict[str, Unseen], terms: Terms) -> TaskProgress:
    due = due_of_task(task, terms)
    over = clock.today() > due.due if due else None
    parts = parts_of(task, found, unseen, over)
    return TaskProgress(task, parts, due.due if due else None, bool(due and due.provisional))


# ── what was found ───────────────────────────────────────────


def first_sheets(session: Session, tasks: Sequence[Announced]) -> dict[str, list[Found]]:
    """What is public of each task's objects, by the task's number; second entries count with the first (D14)."""
    first = _first(tasks).subquery()
    on_list = _on_list(first.c.task_number, [each.number for each in tasks if each.whole])
    query = (
        sa.select(first.c.task_number, first.c.part, Face.outcomes, on_list.label("on_list"), sa.func.count())
        .join(first, first.c.first == Face.number)
        .group_by(first.c.task_number, first.c.part, Face.outcomes, sa.text("on_list"))
        .order_by(first.c.task_number, first.c.part, Face.outcomes)
    )
    asked = ("first sheets", tuple(each.number for each in tasks))
    found: dict[str, list[Found]] = {}
    for number, part, outcomes, listed, count in counted(
        session, asked, lambda: session.execute(query).all()
    ):
        found.setdefault(number, []).append(Found(part, outcomes, bool(listed), count))
    return found


def _first(tasks: Sequence[Announced]) -> sa.Select[str, str, str, str]:
    """The first live sheet of each object, per department where the inspection is joint (D15).

    So is that of a department which the announcement names nowhere. An object is told by its code, else by its name; a sheet that withholds both stands for itself.
    """
    task = aliased(Face)
    told = sa.and_(Face.entity_name != "", ~Face.entity_name.contains(MARKED))
    one = sa.case((Face.entity_code != "", Face.entity_code), (told, Face.entity_name), else_=Face.number)
    shared = [
        (each.number, office)
        for each in tasks
        if not each.joint
        for office in {each.department, *each.offices}
    ]
    return (
        sa.select(
            task.number.label("task_number"),
            sa.case(
                (sa.tuple_(task.number, Face.department_code).in_(shared), ""), else_=Face.department_code
            ).label("part"),
            one.label("one"),
            sa.func.min(Face.number).label("first"),
        )
        .join(task, sa.and_(task.source_number == Face.task_no, task.kind == "task", task.live))
        .where(Face.live, Face.kind == "result", Face.task_no != "")
        .where(task.number.in_([each.number for each in tasks]))
        .group_by(sa.text("task_number"), sa.text("part"), sa.text("one"))
    )


def _on_list(number: sa.ColumnElement[str], whole: Collection[str]) -> sa.ColumnElement[bool]:
    """Whether the public list names an object; true where there is no whole list to compare with, or no object told."""
    names = sa.case((Face.entity_code != "", Face.entity_code), else_=Face.entity_name)
    drawn = sa.select(DrawnFace.number, DrawnFace.entity_code).where(DrawnFace.number.in_(whole))
    named = sa.select(DrawnFace.number, DrawnFace.entity_name).where(DrawnFace.number.in_(whole))
    listed = sa.tuple_(number, names).in_(drawn.union(named))
    nobody = sa.and_(
        Face.entity_code == "", sa.or_(Face.entity_name == "", Face.entity_name.contains(MARKED))
    )
    return sa.case((nobody, sa.true()), (number.in_(whole), listed), else_=sa.true())


def _follow_up(session: Session, task: Announced) -> FollowUp:
    """Where the problems stand that its first sheets found."""
    first, second = _first([task]).subquery(), aliased(Face)
    again = sa.exists().where(second.rectifies == Face.number, is_second(second), second.live)
    query = (
        sa.select(
            _released(session, "follow_up", "code").label("measure"),
            _released(session, "follow_up_closed").label("closed"),
            again.label("again"),
            sa.func.count(),
        )
        .select_from(Face)
        .join(first, first.c.first == Face.number)
        .join(Release, Release.id == Face.release_id)
        .where(_found_a_problem(session))
        .group_by(sa.text("measure"), sa.text("closed"), sa.text("again"))
    )
    found = (
        followed_up(measure or "", _yes_no(closed), bool(again), count)
        for measure, closed, again, count in session.execute(query)
    )
    return sum(found, FollowUp())


def _found_a_problem(session: Session) -> sa.ColumnElement[bool]:
    codes = sa.select(CodeValue.code).where(CodeValue.table == "outcome", CodeValue.shape.in_(PROBLEMS))
    return sa.or_(
        sa.false(), *(Face.outcomes.contains(f"|{code}|") for code in session.scalars(codes.distinct()))
    )


def _released(session: Session, *path: str) -> sa.ColumnElement[str]:
    """A released value as text, read by the database out of the body."""
    body: Any = Release.body
    sqlite = session.get_bind().dialect.name == "sqlite"  # there a cast to JSON is one to a number
    record: Any = sa.type_coerce(body, sa.JSON) if sqlite else sa.cast(body, sa.JSON)
    value: sa.ColumnElement[str] = record[("fields", *path)].as_string()
    return value


def _yes_no(value: Any) -> bool | None:
    """A yes_no out of the body: SQLite has 1 and 0, PostgreSQL true and false; a marker says nothing."""
    return {"1": True, "true": True, "0": False, "false": False}.get(str(value))


# ── what nobody can read ─────────────────────────────────────


def _unseen(session: Session, tasks: Sequence[Announced]) -> dict[str, dict[str, Unseen]]:
    """Of each task and part what the dated figures tell of its unread results."""
    told: Counter[tuple[str, str, str]] = Counter()
    for each in figures(session, (APART, EXPIRED)):
        for part in {each.department_code, ""}:
            told[each.name, each.detail, part] += each.value
    most = apart_by_department(session)
    known = counted_at(session) is not None
    return {
        task.number: {
            part: Unseen(
                told.get((APART, task.number, part)),
                sum(most.get(office, 0) for office in ((part,) if part else task.offices)) if known else None,
                told[EXPIRED, task.number, part],
            )
            for part in task.parts
        }
        for task in tasks
    }


def apart_by_department(session: Session) -> dict[str, int]:
    """Results that are lawfully not shown, per department: withheld in full by the figures, taken down, on hold."""
    counts: dict[str, int] = defaultdict(int)
    for each in figures(session, ("withheld",)):
        if each.kind == "result":
            counts[each.department_code] += each.value
    down = (
        sa.select(Face.department_code, sa.func.count())
        .where(Face.kind == "result", sa.not_(Face.live), Face.face != "expired")
        .group_by(Face.department_code)
    )
    for department, count in session.execute(down):
        counts[department] += count
    return counts
