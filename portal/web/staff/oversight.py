"""What the office watches over: gaps between plan and list (D7), entities drawn too often (D16), every step."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.clock import today
from portal.codes.book import CodeBook
from portal.db import db
from portal.people.roles import ROLES
from portal.publications import oversight
from portal.web.staff.clocks import clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import for_act, person, staff
from portal.web.typed import whole_number

STEPS_PER_PAGE = 100
DRAWN_AT_MOST = 2  # a year, where the profile says nothing (D16)


@staff.get("/coverage")
@for_act("see_work")
def coverage() -> ResponseReturnValue:
    year = _year()
    gaps = oversight.coverage(db.session(), person(), year)
    return render_template("staff/coverage.html", year=year, gaps=gaps, book=CodeBook.load(db.session()))


@staff.get("/draws")
@for_act("see_work")
def draws() -> ResponseReturnValue:
    year = _year()
    limit = clocks().profile.draw_limit
    times = limit.times if limit else DRAWN_AT_MOST
    shown = request.args.get("times", "")
    at_least = times if shown == "limit" else times + 1
    return render_template(
        "staff/draws.html",
        year=year,
        often=oversight.drawn_often(db.session(), year, at_least),
        at_least=at_least,
        times=times,
        at_limit=shown == "limit",
        limit=limit,
        next=oversight.drawn_next(db.session(), person(), times) if year == today().year else [],
    )


@staff.get("/audit")
@for_act("see_audit")
def audit() -> ResponseReturnValue:
    page = asked_page()
    steps, total = oversight.audit(db.session(), page=page, size=STEPS_PER_PAGE)
    grants = oversight.grants(db.session()) if page == 1 else []
    return render_template(
        "staff/audit.html", steps=steps, grants=grants, roles=ROLES, pages=Pages(page, STEPS_PER_PAGE, total)
    )


def _year() -> int:
    year = whole_number(request.args.get("year", "")) or 0
    return year if 1900 <= year <= 2100 else today().year
