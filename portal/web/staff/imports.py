"""Files in: upload, try or take, see what was refused and take it away as a spreadsheet."""

import tempfile
from collections.abc import Sequence
from dataclasses import fields
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portal.db import db
from portal.errors import Overtaken, Refused, refuse_if
from portal.intake import importing
from portal.intake.columns import READABLE
from portal.intake.models import Import, ImportBatch, ImportRefusal, SourceMapping
from portal.intake.readers.sniffing import sniff
from portal.intake.refusals import refusals_workbook
from portal.intake.registry_fields import REGISTRY_KINDS
from portal.intake.report import Options, Report
from portal.jobs import asking, incoming
from portal.jobs.models import Job
from portal.people import roles
from portal.people.models import Person
from portal.publications.batch_desk import totals, undecided_by_batch
from portal.publications.desk import UNDER_WAY
from portal.publications.models import Batch, Revision
from portal.publications.values import plain
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import departments, for_act, person, staff
from portal.words import Sentence, say

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSALS_SHOWN = 200
LATEST = 30
DOCUMENTS_SHOWN = 200
KEPT = (
    "kind",
    "department",
    "title",
    "source",
    "effective_from",
    "plan_year",
    "source_number",
    "make_task",
    "complete",
)
LARGE = 2**20  # bytes, some thousand rows; more is a job of the worker
OURS = ("by", "profile", "secret")  # options that are the site's own, or the person
FOR_THE_WHOLE_FILE = ("effective_from", "plan_year", "source_number")


@staff.get("/imports/")
@for_act("import")
def imports() -> ResponseReturnValue:
    return _page()


@staff.post("/imports/")
@for_act("import")
def take_in() -> ResponseReturnValue:
    """Import, or try to. A job: it commits per chunk, and forgets every object that was loaded before."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page([say("请选择要导入的文件。")]), 422
    if request.form.get("kind") not in READABLE:
        return _page([say("请选择文件里是什么：清单、计划、任务、结果，还是名录。")]), 422
    try:
        if is_large(upload):
            return redirect(url_for("staff.job", job_id=_queue(upload, _options(upload.filename)).id))
        report = _run(upload, _options(upload.filename))
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.rollback()
        return _page(list(refusal.reasons)), 422
    if report.import_id is not None and not report.dry_run:
        return redirect(
            url_for("staff.one_import", import_id=report.import_id, again=int(report.repeated) or None)
        )
    return _tried(report)


def _run(upload: FileStorage, options: Options) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"  # never the name that was sent
        upload.save(path)
        return importing.run(db.session(), path, options)


def is_large(upload: FileStorage) -> bool:
    """Whether a file is too long for one request."""
    size = upload.stream.seek(0, SEEK_END)
    upload.stream.seek(0)
    return size > LARGE


def _queue(upload: FileStorage, options: Options) -> Job:
    """Have the worker take it in.

    :raises Refused: at once, when it is no table.
    """
    path = incoming.new_file(current_app.extensions["portal_settings"].var)
    upload.save(path)
    try:
        sniff(path)
        refuse_if(roles.why_not(options.by, "import"))
    except Refused:
        path.unlink()
        raise
    told = {each.name: getattr(options, each.name) for each in fields(Options) if each.name not in OURS}
    return asking.ask_for_import(db.session(), path, told, by=person())


def _options(name: str) -> Options:
    form = request.form
    given: dict[str, Any] = {
        each: form.get(each, "").strip()
        for each in FOR_THE_WHOLE_FILE
        if form.get(each, "").strip() and each in READABLE[form["kind"]].by_name
    }
    return Options(
        kind=form["kind"],
        by=person(),
        name=plain(Path(name.replace("\\", "/")).name)[:200],
        department=form.get("department", "") or person().department_code,
        source=form.get("source", ""),
        title=form.get("title", "").strip(),
        fields=given,
        profile=current_app.extensions["portal_settings"].profile,
        make_task=form.get("make_task") == "yes",
        dry_run=form.get("dry_run") == "yes",
        complete=form.get("complete") == "yes",
        secret=current_app.extensions["portal_settings"].secret_key,
    )


@staff.get("/imports/<int:import_id>")
@for_act("import")
def one_import(import_id: int) -> ResponseReturnValue:
    found = _found(import_id)
    mine = ImportRefusal.import_id == import_id
    pages = Pages(
        asked_page(),
        REFUSALS_SHOWN,
        db.session.scalar(sa.select(sa.func.count()).select_from(ImportRefusal).where(mine)) or 0,
    )
    refusals = db.session.scalars(
        sa.select(ImportRefusal)
        .where(mine)
        .order_by(ImportRefusal.id)
        .offset((pages.page - 1) * REFUSALS_SHOWN)
        .limit(REFUSALS_SHOWN)
    )
    batches = db.session.scalars(
        sa.select(Batch)
        .join(ImportBatch, ImportBatch.batch_id == Batch.id)
        .where(ImportBatch.import_id == import_id)
    ).all()
    documents = _documents(found)
    waiting = undecided_by_batch(db.session(), [each.id for each in batches])
    open_documents = [each for each in documents if each.undecided and each.state in UNDER_WAY]
    return render_template(
        "staff/import.html",
        found=found,
        waiting=waiting,
        open_documents=open_documents,
        undecided=sum(waiting.values()) + len(open_documents),
        kind=READABLE[found.kind],
        refusals=refusals.all(),
        pages=pages,
        batches=batches,
        totals=totals(db.session(), [each.id for each in batches]),
        documents=documents,
        again=request.args.get("again") == "1",
        registry=found.kind in REGISTRY_KINDS,
    )


@staff.get("/imports/<int:import_id>/refusals.xlsx")
@for_act("import")
def refusals_file(import_id: int) -> ResponseReturnValue:
    found = _found(import_id)
    content = BytesIO(refusals_workbook(db.session(), found))
    name = f"{Path(found.name).stem}-{say('退回行')}.xlsx"
    return send_file(content, SPREADSHEET, as_attachment=True, download_name=name)


def _documents(found: Import) -> Sequence[Revision]:
    """The drafts of an import that stand alone: its list, plan or task, and the tasks made from its results."""
    return db.session.scalars(
        sa.select(Revision)
        .where(
            Revision.batch_id.is_(None),
            Revision.successor_id.is_(None),
            Revision.kind != "result",
            Revision.author_id == found.by_id,
            Revision.created_at >= found.at,
            Revision.source.startswith(f"{found.name[:120]}#", autoescape=True),
        )
        .order_by(Revision.id)
        .limit(DOCUMENTS_SHOWN)
    ).all()


def _found(import_id: int) -> Import:
    """An import of one's own department; 404 otherwise, as if it were not there."""
    found = db.session.get(Import, import_id)
    by = db.session.get(Person, found.by_id) if found else None
    if found is None or by is None or not roles.sees(person(), by.department_code):
        abort(404)
    return found


def _tried(report: Report) -> str:
    """What a dry run says; nothing was written, so there is nothing to come back to."""
    return render_template(
        "staff/import_tried.html",
        report=report,
        kind=READABLE[report.kind],
        shown=report.refusals[:REFUSALS_SHOWN],
        again={name: value for name, value in request.form.items() if value and name in KEPT},
    )


def _page(refused: list[Sentence] | None = None) -> str:
    mine = sa.select(Person.id).where(Person.department_code == person().department_code)
    latest = sa.select(Import).where(Import.by_id.in_(mine)).order_by(Import.id.desc()).limit(LATEST)
    sources = sa.select(SourceMapping.source).distinct().order_by(SourceMapping.source)
    return render_template(
        "staff/imports.html",
        latest=db.session.scalars(latest).all(),
        jobs=asking.under_way(db.session(), person(), "import"),
        readable=READABLE,
        registries=REGISTRY_KINDS,
        sources=db.session.scalars(sources).all(),
        departments_here=departments().values(),
        refused=refused or [],
        typed=request.values,
    )
