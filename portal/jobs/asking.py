"""Starting a job, and which jobs are under way. Nothing here commits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import refuse_if
from portal.jobs.models import Job
from portal.people import roles
from portal.people.models import Person
from portal.publications.bulk import BulkAct
from portal.publications.models import Batch
from portal.words import Sentence, say


def ask_for_batch(
    session: Session, batch: Batch, act: BulkAct, *, by: Person, rows: int, note: str, seen: int | None
) -> Job:
    """Have an act done to every row of a batch that stands where it starts.

    :param rows: how many stand there now.
    :param seen: the newest step that stood on the page.
    """
    session.execute(
        sa.select(Batch.id).where(Batch.id == batch.id).with_for_update()
    )  # two who press at once
    refuse_if(why_not_now(session, batch))
    told = {"note": note, "seen": seen}
    job = _new("batch", told, by, batch.department_code, act=act, batch_id=batch.id, total=rows)
    session.add(job)
    session.flush()
    return job


def ask_for_import(session: Session, file: Path, told: Mapping[str, Any], *, by: Person) -> Job:
    """Have a file taken in.

    :param file: from :func:`portal.jobs.incoming.new_file`.
    :param told: fields of :class:`portal.intake.report.Options` but for the person and the site's own.
    """
    job = _new("import", told, by, by.department_code, file=file.name)
    session.add(job)
    session.flush()
    return job


def why_not_now(session: Session, batch: Batch) -> list[Sentence]:
    """Why nothing else can be done to a whole batch now: a job is at it."""
    under_way = open_job(session, batch.id)
    if under_way is None:
        return []
    return [say("{name}启动的整批办理还没有完成，请等它办完；单独一行可以照常办理。", name=under_way.by.name)]


def stop(session: Session, job: Job, *, by: Person) -> None:
    """Have a job end after the turn it is at; one that has not begun ends at once.

    What it has done stays done, and the rest as it was: whoever wants it done after all asks for it again.
    """
    refuse_if(why_not_stop(job, by))
    open_one = sa.update(Job).where(Job.id == job.id, Job.ended_at.is_(None))
    session.execute(open_one.values(stop_by_id=by.id))
    session.execute(open_one.where(Job.began_at.is_(None)).values(ended_at=clock.now()))
    session.refresh(job)


def why_not_stop(job: Job, by: Person) -> list[Sentence]:
    """Why a person can not have a job stopped."""
    if not job.is_open:
        return [say("这次办理已经结束，不用再停；请查看结果。")]
    if job.by_id == by.id:
        return []
    return roles.why_not(by, "stop_job", department=job.department_code)


def open_job(session: Session, batch_id: int) -> Job | None:
    """The job that is at a batch."""
    return session.scalar(sa.select(Job).where(Job.batch_id == batch_id, Job.ended_at.is_(None)).limit(1))


def ahead(session: Session, job: Job) -> int:
    """How many jobs come before one."""
    before = sa.select(sa.func.count()).select_from(Job).where(Job.ended_at.is_(None), Job.id < job.id)
    return session.scalar(before) or 0


def under_way(session: Session, person: Person, kind: str) -> Sequence[Job]:
    """The open jobs of a person's department, the oldest first."""
    mine = sa.select(Job).where(Job.ended_at.is_(None), Job.kind == kind)
    return session.scalars(mine.where(Job.department_code == person.department_code).order_by(Job.id)).all()


def _new(kind: str, told: Mapping[str, Any], by: Person, department: str, **more: Any) -> Job:
    return Job(
        kind=kind, told=dict(told), by_id=by.id, department_code=department, at=clock.now(), tell=[], reasons=[],
        **more,
    )  # fmt: skip
