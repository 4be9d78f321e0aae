"""How far something is that the worker carries out: a large file, an act on a large batch."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.intake.columns import READABLE
from portal.jobs import asking
from portal.jobs.models import Job
from portal.people import roles
from portal.publications.models import Batch, Revision
from portal.web.staff.room import attempt, for_act, person, staff
from portal.words import Sentence

AGAIN = 4  # seconds until the page asks again, without scripts too


@staff.get("/jobs/<int:job_id>")
@for_act("see_work")
def job(job_id: int) -> ResponseReturnValue:
    return _page(_job_here(job_id))


@staff.post("/jobs/<int:job_id>/stop")
@for_act("see_work")
def stop_job(job_id: int) -> ResponseReturnValue:
    """Have it end after the turn it is at."""
    found = _job_here(job_id)
    if reasons := attempt(lambda: asking.stop(db.session(), found, by=person())):
        return _page(found, reasons), 422
    return redirect(url_for("staff.job", job_id=job_id))


def _job_here(job_id: int) -> Job:
    found = db.session.get(Job, job_id)
    if found is None or not roles.sees(person(), found.department_code):
        abort(404)
    return found


def _page(found: Job, reasons: Sequence[Sentence] = ()) -> str:
    return render_template(
        "staff/job.html",
        job=found,
        reasons=reasons,
        stops=found.is_open and found.stop_by_id is None and not asking.why_not_stop(found, person()),
        batch=db.session.get(Batch, found.batch_id) if found.batch_id else None,
        readable=READABLE,
        verb=_verbs().get(found.act, _("导入")),
        ahead=asking.ahead(db.session(), found) if found.is_open and found.began_at is None else 0,
        rows=_refused(found) if found.kind == "batch" else [],
        again=AGAIN if found.is_open else None,
    )


def _verbs() -> dict[str, str]:
    return {
        "submit": _("提交审核"), "approve": _("同意公示"), "publish": _("办理公示"), "accept": _("采纳提示"),
    }  # fmt: skip


def _refused(found: Job) -> list[tuple[Revision, list[str]]]:
    """The rows that were not done; their names come from the records, where they can be erased."""
    told = [(db.session.get(Revision, row), reasons) for row, reasons in found.tell]
    return [(revision, reasons) for revision, reasons in told if revision is not None]
