"""诉求汇总 of a quarter: every department's for the coordinator, one's own for the others; as a page and as a file."""

from io import BytesIO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from portal.clock import now, today
from portal.concerns import summary, workbook
from portal.concerns.models import CATEGORIES
from portal.concerns.quarters import Quarter
from portal.db import db
from portal.errors import Refused
from portal.people import roles
from portal.web.staff.room import departments, for_act, person, staff
from portal.words import say

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff.get("/concerns/summary")
@for_act("see_work")
def concerns_summary() -> ResponseReturnValue:
    quarter, me = _quarter(), person()
    return render_template(
        "staff/concerns_summary.html",
        quarter=quarter,
        this_quarter=Quarter.of(today()),
        summary=summary.summarise(db.session(), quarter, me),
        everywhere=roles.may(me, "see_all_departments"),
        COLUMNS=workbook.COLUMNS,
        CATEGORIES=CATEGORIES,
        now=now(),
    )


@staff.get("/concerns/summary.xlsx")
@for_act("see_work")
def concerns_file() -> ResponseReturnValue:
    quarter = _quarter()
    content = workbook.workbook(db.session(), quarter, person(), departments())
    return send_file(
        BytesIO(content), SPREADSHEET, as_attachment=True, download_name=workbook.file_name(quarter)
    )


def _quarter() -> Quarter:
    """The quarter in the address; this one when it names none.

    :raises Refused: when what it names is no quarter.
    """
    text = request.args.get("quarter", "")
    if not text:
        return Quarter.of(today())
    found = Quarter.read(text)
    if found is None:
        raise Refused(
            say("没有“{text}”这个季度；请写成“2026Q3”这样的形式，或者从页面上的链接进入。", text=text[:40])
        )
    return found
