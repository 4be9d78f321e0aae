"""核验码: issued for a task and printed or taken away once, brought in from the platform, and who did so when."""

import tempfile
from io import BytesIO
from pathlib import Path

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from portal import clock
from portal.db import db
from portal.errors import Overtaken, Refused
from portal.intake.notice_codes import read_notice_codes
from portal.objections import brought_codes, notice_codes
from portal.objections.brought_codes import RefusedRow
from portal.objections.notice_codes import Slip, Task
from portal.objections.slips_workbook import slips_workbook
from portal.web.rendering import absolute
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 20
ISSUES_SHOWN = 50
REFUSALS_SHOWN = 500
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff.get("/notice-codes/")
@for_act("issue_notice_codes")
def notice_code_tasks() -> ResponseReturnValue:
    return _page()


@staff.get("/notice-codes/<task_number>")
@for_act("issue_notice_codes")
def notice_codes_of(task_number: str) -> ResponseReturnValue:
    return _task_page(_task_here(task_number))


@staff.post("/notice-codes/<task_number>")
@for_act("issue_notice_codes")
def issue_notice_codes(task_number: str) -> ResponseReturnValue:
    """Issue, and show the codes this one time: as a sheet to print, or as a spreadsheet."""
    task, seen = _task_here(task_number), whole_number(request.form.get("seen", ""))
    reasons = notice_codes.why_not_issue(task, person())
    if reasons:
        return _task_page(task, reasons), 422
    drawn = notice_codes.drawn_by(db.session(), task)
    db.session.rollback()  # the write lock is given back before the slow part
    slips = notice_codes.slips_for(drawn)
    try:
        notice_codes.issue_codes(db.session(), task, slips, by=person(), seen=seen or 0)
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.rollback()
        return _task_page(task, list(refusal.reasons)), 422
    return _handed_out(task, slips)


def _handed_out(task: Task, slips: list[Slip]) -> ResponseReturnValue:
    """The only time that anybody sees the codes."""
    address = absolute("/objections/")
    if request.form.get("as") == "table":
        name = f"{say('核验码')}-{task.number}-{clock.today().isoformat()}.xlsx"
        content = BytesIO(slips_workbook(task, slips, address))
        return send_file(content, SPREADSHEET, as_attachment=True, download_name=name)
    return render_template(
        "staff/notice_slips.html", task=task, slips=slips, address=address, on=clock.today()
    )


@staff.post("/notice-codes/file")
@for_act("issue_notice_codes")
def bring_notice_codes() -> ResponseReturnValue:
    """Codes that the platform printed; what was refused is shown once, row by row."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page([say("请选择要导入的文件。")]), 422
    db.session.rollback()  # the write lock is given back before the slow part
    try:
        taken, refused = _bring(upload)
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.rollback()
        return _page(list(refusal.reasons)), 422
    return render_template(
        "staff/notice_codes_brought.html",
        taken=taken,
        refused=refused[:REFUSALS_SHOWN],
        total=len(refused),
    )


def _bring(upload: FileStorage) -> tuple[int, list[RefusedRow]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"  # never the name that was sent
        upload.save(path)
        rows, unread = read_notice_codes(path)
    judged = brought_codes.judge(db.session(), rows, by=person())
    db.session.rollback()  # the write lock is given back before the slow part
    sealed = brought_codes.seal(judged)
    taken = brought_codes.bring_in(db.session(), judged, sealed, by=person())
    return taken, sorted([*unread, *judged.refused], key=lambda each: each.row)


def _task_here(number: str) -> Task:
    """A live task of one's own department; 404 otherwise, as if it were not there."""
    found = notice_codes.task(db.session(), person().department_code, number)
    if found is None:
        abort(404)
    return found


def _page(refused: list[Sentence] | None = None) -> str:
    department = person().department_code
    page = asked_page()
    total = notice_codes.count_tasks(db.session(), department)
    return render_template(
        "staff/notice_codes.html",
        tasks=notice_codes.tasks(db.session(), department, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        pages=Pages(page, PER_PAGE, total),
        issues=notice_codes.issues(db.session(), department, limit=ISSUES_SHOWN),
        refused=refused or [],
    )


def _task_page(task: Task, refused: list[Sentence] | None = None) -> str:
    return render_template(
        "staff/notice_codes_task.html",
        task=task,
        seen=notice_codes.newest(db.session(), task),
        issues=[each for each in _issues() if each.task_no == task.task_no],
        why_not=notice_codes.why_not_issue(task, person()),
        refused=refused or [],
    )


def _issues() -> list[notice_codes.Issue]:
    return notice_codes.issues(db.session(), person().department_code, limit=ISSUES_SHOWN)
