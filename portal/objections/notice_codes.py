"""核验码: issued for everybody whom a task drew, printed with the notice, shown once and kept as hashes.

Making and hashing come before the write door is opened; see ``sealing.py``.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, refuse_if
from portal.objections import sealing
from portal.objections.models import NoticeCode
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import DrawnObject, Face, Publication, Revision
from portal.words import Sentence, say

LONGEST_KEY = 40  # of the column
CHUNK = 500


@dataclass(frozen=True)
class Task:
    """A live task announcement whose objects get notices. ``task_no`` is the source's own number."""

    publication_id: int
    number: str
    task_no: str
    title: str
    department_code: str
    drawn: int


@dataclass(frozen=True)
class Slip:
    """One object and its code, to be printed with its notice; the code is kept nowhere."""

    entity_name: str
    entity_code: str
    code: str = field(repr=False)
    sealed: str = field(repr=False)


@dataclass(frozen=True)
class Issue:
    """What one person issued at one moment for one task; ``holding`` counts the codes not replaced since."""

    task_no: str
    issued_at: datetime
    by: str
    codes: int
    holding: int


def subject_key(entity_code: str) -> str:
    """Whom a code is for, as it is kept: the entity's code; of an object without one, its name (D20)."""
    return entity_code[:LONGEST_KEY]


# ── which tasks ──────────────────────────────────────────────


def tasks(session: Session, department: str, *, limit: int | None = None, offset: int = 0) -> list[Task]:
    """The live tasks of a department, newest first."""
    query = _tasks(department).order_by(Publication.id.desc()).limit(limit).offset(offset)
    return [Task(*row) for row in session.execute(query)]


def count_tasks(session: Session, department: str) -> int:
    """How many live tasks a department has."""
    return session.scalar(sa.select(sa.func.count()).select_from(_tasks(department).subquery())) or 0


def task(session: Session, department: str, number: str) -> Task | None:
    """A department's live task by its 公示编号."""
    row = session.execute(_tasks(department).where(Publication.number == number)).first()
    return Task(*row) if row else None


def _tasks(department: str) -> sa.Select[Any]:
    newest = (
        sa.select(sa.func.max(Revision.id))
        .where(Revision.publication_id == Publication.id, Revision.state == "done")
        .correlate(Publication)
    )
    drawn = (
        sa.select(sa.func.count(DrawnObject.entity_code.distinct()))
        .where(DrawnObject.publication_id == Publication.id)
        .correlate(Publication)
    )
    task_no = Revision.content["source_number"].as_string()
    columns = (Publication.id, Publication.number, task_no, Revision.title, Publication.department_code)
    return (
        sa.select(*columns, drawn.scalar_subquery())
        .join(Face, Face.number == Publication.number)
        .join(Revision, Revision.id == newest.scalar_subquery())
        .where(Publication.kind == "task", Publication.department_code == department, Face.live)
    )


def drawn_by(session: Session, task: Task) -> list[tuple[str, str]]:
    """Name and code of everybody whom a task drew, each once, in the order of the list."""
    query = sa.select(DrawnObject.entity_code, DrawnObject.entity_name).where(
        DrawnObject.publication_id == task.publication_id
    )
    names: dict[str, str] = {}
    for code, name in session.execute(query.order_by(DrawnObject.id)):
        names.setdefault(code, name)
    return [(name, code) for code, name in names.items()]


# ── issuing ──────────────────────────────────────────────────


def slips_for(drawn: Iterable[tuple[str, str]]) -> list[Slip]:
    """A new code for each name and code, hashed. Takes seconds for thousands: before the write door is opened."""
    rows = [(name, code, sealing.new_code()) for name, code in drawn]
    sealed = sealing.seal_all(code for _name, _entity, code in rows)
    return [Slip(*row, each) for row, each in zip(rows, sealed, strict=True)]


def why_not_issue(task: Task, by: Person) -> list[Sentence]:
    """Why this person may not issue codes for a task."""
    reasons = roles.why_not(by, "issue_notice_codes", department=task.department_code)
    if not task.drawn:
        reasons.append(
            say("这次任务的公告没有录入抽取名单，无法逐户发放；请先补录名单，或者导入平台的核验码。")
        )
    return reasons


def issue_codes(
    session: Session, task: Task, slips: Sequence[Slip], *, by: Person, seen: int | None = None
) -> Sequence[Slip]:
    """Keep the codes for everybody whom a task drew; what was issued for them before holds no longer.

    :param seen: the newest code there was when the person decided; see :func:`newest`.
    :raises Overtaken: when somebody else issued in the meantime, or the list was corrected.
    """
    refuse_if(why_not_issue(task, by))
    lock(session, [task])
    if seen is not None and seen != newest(session, task):
        raise Overtaken(
            say("刚刚有人为这次任务发放了核验码，您的操作没有执行；请刷新页面，确认是否还要重新发放。")
        )
    if {each.entity_code for each in slips} != {code for _name, code in drawn_by(session, task)}:
        raise Overtaken(say("这次任务的抽取名单刚刚有变动，没有发放；请刷新页面后再发放。"))
    keep(session, task, [(each.entity_code, each.sealed) for each in slips], by=by)
    return slips


def newest(session: Session, task: Task) -> int:
    """The newest code of a task; 0 when none was issued."""
    mine = sa.select(sa.func.max(NoticeCode.id)).where(
        NoticeCode.task_no == task.task_no, NoticeCode.department_code == task.department_code
    )
    return session.scalar(mine) or 0


def keep(session: Session, task: Task, sealed: Sequence[tuple[str, str]], *, by: Person) -> None:
    """Store hashes by entity code, in place of those that held before."""
    at = clock.now()
    keys = [subject_key(code) for code, _sealed in sealed]
    for start in range(0, len(keys), CHUNK):
        _replace(session, task, keys[start : start + CHUNK], at)
    session.execute(
        sa.insert(NoticeCode),
        [
            {"department_code": task.department_code, "task_no": task.task_no, "entity_code": key,
             "code_hash": each, "issued_at": at, "issued_by_id": by.id}
            for key, (_code, each) in zip(keys, sealed, strict=True)
        ],
    )  # fmt: skip


def _replace(session: Session, task: Task, keys: Collection[str], at: datetime) -> None:
    session.execute(
        sa.update(NoticeCode)
        .where(
            NoticeCode.task_no == task.task_no,
            NoticeCode.department_code == task.department_code,
            NoticeCode.entity_code.in_(keys),
            NoticeCode.replaced_at.is_(None),
        )
        .values(replaced_at=at)
        .execution_options(synchronize_session=False)
    )


def lock(session: Session, concerned: Iterable[Task]) -> None:
    """Of two people issuing for one task the second waits, and then sees what the first did."""
    ids = sorted(each.publication_id for each in concerned)
    session.execute(
        sa.select(Publication.id).where(Publication.id.in_(ids)).order_by(Publication.id).with_for_update()
    )


MOST_HOLDING = 20


def holding(session: Session, task_no: str | None, key: str) -> Sequence[str]:
    """The hashes of the codes that hold for somebody whom a task drew; see :func:`subject_key`.

    :param task_no: None for the newest codes of whichever task.
    """
    wanted = sa.select(NoticeCode.code_hash).where(
        NoticeCode.entity_code == key, NoticeCode.replaced_at.is_(None)
    )
    if task_no is not None:
        wanted = wanted.where(NoticeCode.task_no == task_no)
    return session.scalars(wanted.order_by(NoticeCode.id.desc()).limit(MOST_HOLDING)).all()


# ── who issued what ──────────────────────────────────────────


def issues(session: Session, department: str, *, limit: int) -> list[Issue]:
    """Who issued codes when, newest first."""
    holding = sa.func.count().filter(NoticeCode.replaced_at.is_(None))
    query = (
        sa.select(NoticeCode.task_no, NoticeCode.issued_at, Person.name, sa.func.count(), holding)
        .join(Person, Person.id == NoticeCode.issued_by_id)
        .where(NoticeCode.department_code == department)
        .group_by(NoticeCode.task_no, NoticeCode.issued_at, Person.id, Person.name)
        .order_by(sa.func.max(NoticeCode.id).desc())
        .limit(limit)
    )
    return [Issue(*row) for row in session.execute(query)]
