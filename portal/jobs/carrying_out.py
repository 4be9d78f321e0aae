"""Carrying jobs out, the oldest first: by whoever of all workers has the turn ``jobs``."""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import load_profile
from portal.db import Door
from portal.errors import Refused, Stopped
from portal.intake import importing
from portal.intake.report import Options, Report
from portal.jobs import incoming
from portal.jobs.models import MOST_TRIES, Job
from portal.people import roles
from portal.people.models import Person
from portal.publications import bulk
from portal.publications.models import Batch
from portal.settings import Settings

MOST_TOLD = 200  # refused rows that a job's page lists; each row's own page has the others
KEPT = timedelta(days=7)
EVERY = 1.0  # seconds between two notes of how far it is

log = logging.getLogger(__name__)

Doors = Callable[[Door], AbstractContextManager[Session]]


def is_waiting(session: Session) -> bool:
    """Whether there is a job to do."""
    return session.scalar(sa.select(Job.id).where(Job.ended_at.is_(None)).limit(1)) is not None


def carry_out(doors: Doors, settings: Settings) -> int:
    """Carry out every job that waits; how many. Each goes on where an earlier worker was stopped.

    One that ends in an error is left for the next round, and given up after :data:`MOST_TRIES`.

    :raises ExceptionGroup: of such errors, when every other job is done: the worker waits longer and longer.
    """
    done, failed = 0, dict[int, Exception]()
    while (job_id := _begin(doors, failed)) is not None:
        noting = _Noting(doors, settings.var, job_id)
        try:
            noting.go_on()
            _do(doors, settings, noting)
        except Stopped:
            noting.end()
        except Refused as refusal:
            noting.end(reasons=[str(each) for each in refusal.reasons])
        except Exception as error:  # noqa: BLE001 - one that fails must not keep the others waiting
            failed[job_id] = error
            noting.fail()
            continue
        done += 1
    if failed:
        raise ExceptionGroup("jobs", list(failed.values()))
    return done


def _begin(doors: Doors, but: Collection[int]) -> int | None:
    with doors("write") as session:
        session.execute(sa.delete(Job).where(Job.ended_at < clock.now() - KEPT))
        waiting = sa.select(Job).where(Job.ended_at.is_(None), Job.id.not_in(but)).order_by(Job.id)
        job = session.scalar(waiting.limit(1).with_for_update(of=Job))  # or it is stopped meanwhile
        if job is not None:
            job.began_at = job.began_at or clock.now()
            job.done, job.refused, job.tell = 0, 0, []
        session.commit()
        return None if job is None else job.id


class _Noting:
    """Writes down how far a job is, in sessions of its own, and hears whether it is wanted any longer."""

    def __init__(self, doors: Doors, var: Path, job_id: int) -> None:
        self.doors, self.var, self.job_id, self.last = doors, var, job_id, 0.0
        self.is_stopped = False

    def __call__(self, done: int, total: int) -> None:
        if monotonic() - self.last >= EVERY:
            self.last = monotonic()
            self.write(done=done, total=total)
            self.go_on()

    def go_on(self) -> None:
        """:raises Stopped: when somebody wants no more of it."""
        self.is_stopped = self.job().stop_by_id is not None
        if self.is_stopped:
            raise Stopped

    def end(self, **found: Any) -> None:
        if not self.is_stopped:
            found["stop_by_id"] = None  # asked too late: everything was done
        file = self.job().file
        self.write(ended_at=clock.now(), file="", **found)
        if file:
            incoming.remove(self.var, file)

    def fail(self) -> None:
        """Count one more error; what it was is for the log alone, under the job's number."""
        tries = self.job().tries + 1
        if tries < MOST_TRIES:
            self.write(tries=tries)
            log.exception("job %d failed and will be tried again", self.job_id)
        else:
            self.end(tries=tries)
            log.exception("job %d failed and was given up", self.job_id)

    def job(self) -> Job:
        """As it stands now."""
        with self.doors("reads") as session:
            return session.get_one(Job, self.job_id)

    def write(self, **values: Any) -> None:
        with self.doors("write") as session:
            session.execute(sa.update(Job).where(Job.id == self.job_id).values(**values))
            session.commit()


def _do(doors: Doors, settings: Settings, noting: _Noting) -> None:
    job = noting.job()
    if job.kind == "batch":
        _on_batch(doors, settings, job, noting)
    else:
        _take_in(doors, settings, job, noting)


def _on_batch(doors: Doors, settings: Settings, job: Job, noting: _Noting) -> None:
    act: bulk.BulkAct = job.act  # type: ignore[assignment]
    with doors("write") as session:
        batch, by = session.get_one(Batch, job.batch_id), session.get_one(Person, job.by_id)
        outcome = bulk.act_on_batch(
            session, batch, act, by=by, note=job.told["note"], seen=job.told["seen"], progress=noting,
            rules=load_profile(settings.profile),
        )  # fmt: skip
    told = [*outcome.refused, *outcome.meanwhile]
    noting.end(
        done=outcome.done + len(outcome.refused),
        total=max(job.total, outcome.done + len(outcome.refused)),
        refused=len(told),
        tell=[_told(row, reasons) for row, _title, reasons in told[:MOST_TOLD]],
    )


def _told(row: int, reasons: Sequence[object]) -> list[Any]:
    return [row, [str(each) for each in reasons]]


def _take_in(doors: Doors, settings: Settings, job: Job, noting: _Noting) -> None:
    path = incoming.folder_of(settings.var) / job.file
    with doors("reads") as session:
        by = session.get_one(Person, job.by_id)
        roles.why_not(by, "import")  # its roles are read with it: the session ends here
        session.expunge(by)
    options = Options(by=by, profile=settings.profile, secret=settings.secret_key, **job.told)
    with doors("reads" if options.dry_run else "write") as session:
        report = importing.run(session, path, options, noting)
    noting.end(
        import_id=report.import_id, done=report.rows, total=report.rows, refused=report.refused, **_of(report)
    )


def _of(report: Report) -> dict[str, Any]:
    """Of a dry run, all there is to tell; what was taken in has a page of its own."""
    if not report.dry_run:
        return {"reasons": [str(report.sentence)] if report.repeated else []}
    rows = [
        {"sheet": each.sheet, "row": each.row, "column": each.column, "value": each.value, "sentence": str(each.sentence)}
        for each in report.refusals[:MOST_TOLD]
    ]  # fmt: skip
    return {"reasons": [str(report.sentence), *map(str, report.warnings)], "tell": rows}
