"""Counting per task the results that nobody can read, for the dated figures; told where it points at nobody."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.publications.dating import Terms
from portal.publications.models import DrawnObject, Face, Publication, Revision
from portal.statistics.progress import APART, EXPIRED, of_tasks
from portal.statistics.reconciling import FEWEST, can_tell

Key = tuple[str, str, str, int, str]  # name, department, kind, year, detail: as in snapshot.py


def of_announced_tasks(session: Session, terms: Terms) -> Iterator[tuple[Key, int]]:
    """Per task and department: results whose public term has ended (each), and those lawfully not shown.

    The latter only where :func:`~portal.statistics.reconciling.can_tell` lets them be told: a missing object
    can be read off the list, and must not be known by it to be one that is withheld (W1).
    """
    apart: Counter[tuple[str, str]] = Counter()
    for number, department, expired, count in session.execute(_objects()):
        if expired:
            yield (EXPIRED, department, "result", 0, number), count
        else:
            apart[number, department] += count
    yield from _told(session, apart, terms)


def _told(session: Session, apart: Counter[tuple[str, str]], terms: Terms) -> Iterator[tuple[Key, int]]:
    numbers = {number for number, _department in apart if _of(apart, number, "") >= FEWEST}
    faces = session.scalars(sa.select(Face).where(Face.number.in_(numbers)).order_by(Face.number)).all()
    for progress in of_tasks(session, faces, terms):
        for part in progress.parts:
            count = _of(apart, progress.task.number, part.office)
            if can_tell(part.past, count):
                yield (APART, part.office, "result", 0, progress.task.number), count


def _of(apart: Counter[tuple[str, str]], number: str, part: str) -> int:
    """Of one department, or of all where none is named."""
    return sum(count for (task, department), count in apart.items() if task == number and part in ("", department))  # fmt: skip


def _objects() -> sa.Select[str, str, bool, int]:
    """Drawn objects of live tasks with a sheet that is not to be read and none that is, counted by the database."""
    task, of_task, shown, face = aliased(Face), aliased(Publication), aliased(Face), aliased(Face)
    newest = sa.select(sa.func.max(Revision.id)).group_by(Revision.publication_id)
    code, task_no = (Revision.content[name].as_string() for name in ("entity_code", "task_no"))
    named = sa.func.coalesce(code, Revision.content["entity_name"].as_string())
    has_another = sa.exists().where(
        shown.live,
        shown.kind == "result",
        shown.task_no == task.source_number,
        shown.department_code == Publication.department_code,
        sa.or_(shown.entity_code == named, shown.entity_name == named),
    )
    expired = sa.func.coalesce(face.face, "") == "expired"
    return (
        sa.select(
            task.number.label("task_number"),
            Publication.department_code,
            expired.label("expired"),
            sa.func.count(named.distinct()),
        )
        .select_from(Publication)
        .join(Revision, sa.and_(Revision.publication_id == Publication.id, Revision.id.in_(newest)))
        .join(task, sa.and_(task.source_number == task_no, task.kind == "task", task.live))
        .join(of_task, of_task.number == task.number)
        .join(
            DrawnObject,
            sa.and_(DrawnObject.publication_id == of_task.id, DrawnObject.entity_code == named),
        )
        .outerjoin(face, face.number == Publication.number)
        .where(
            Publication.kind == "result",
            sa.or_(Publication.withheld_ground.is_not(None), sa.not_(face.live)),
            ~has_another,
        )
        .group_by(sa.text("task_number"), Publication.department_code, sa.text("expired"))
    )
