"""商业秘密事先声明 in the staff's room: taken at the counter, reviewed by another person."""

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.codes.models import Department
from portal.db import db
from portal.people import roles
from portal.prior_notice import declaring, keys
from portal.prior_notice.declaring import Declared
from portal.publications.declared import Declaration
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import attempt, done, for_act, person, staff
from portal.web.typed import storable
from portal.words import Sentence, say

PER_PAGE = 50
FIELDS = ("name", "title", "words", "why", "until", "contact")


@staff.get("/declarations/")
@for_act("see_work")
def declarations() -> ResponseReturnValue:
    page = asked_page()
    rows, total = declaring.listed(db.session(), person(), page=page, size=PER_PAGE)
    return render_template("staff/declarations.html", rows=rows, pages=Pages(page, PER_PAGE, total))


@staff.get("/declarations/new")
@for_act("take_declaration")
def take_declaration_page() -> ResponseReturnValue:
    blank = Declared(keys.new_keys(1, with_code=False)[0].token, "", "", "", "", "", "")
    return _form(blank)


@staff.post("/declarations/new")
@for_act("take_declaration")
def take_declaration() -> ResponseReturnValue:
    """What somebody declares at the counter."""
    given = {name: storable(request.form.get(name, "")) for name in FIELDS}
    typed = Declared(
        key=request.form.get("key", "")[:64] or keys.new_keys(1, with_code=False)[0].token,
        subject=keys.subject_typed(request.form.get("subject", "")[:200]),
        department=person().department_code,
        **given,
    )
    made: list[Declaration] = []
    reasons = attempt(lambda: made.append(declaring.declare(db.session(), typed, by=person())))
    if reasons:
        return _form(typed, reasons), 422
    done(_("已登记，请另一位同事审查。"))
    return redirect(url_for("staff.staff_declaration", declaration_id=made[0].id))


@staff.get("/declarations/<int:declaration_id>")
@staff.get("/declarations/<int:declaration_id>/review", endpoint="declaration_review_page")
@staff.get("/declarations/<int:declaration_id>/end", endpoint="declaration_end_page")
@for_act("see_work")
def staff_declaration(declaration_id: int) -> ResponseReturnValue:
    return _page(_declaration_here(declaration_id))


@staff.post("/declarations/<int:declaration_id>/review")
@for_act("review_declaration")
def review_declaration(declaration_id: int) -> ResponseReturnValue:
    row, given = _declaration_here(declaration_id), storable(request.form.get("reasons", ""))
    how = request.form.get("decision", "")
    reasons = [] if how in ("accept", "decline") else [say("请选择采纳还是不采纳。")]
    reasons = reasons or attempt(
        lambda: declaring.review(db.session(), row, by=person(), accepted=how == "accept", reasons=given)
    )
    if reasons:
        return _page(_declaration_here(declaration_id), reasons, given), 422
    done(_("审查结果和理由已留痕。"))
    return redirect(url_for("staff.staff_declaration", declaration_id=declaration_id))


@staff.post("/declarations/<int:declaration_id>/end")
@for_act("take_declaration")
def end_declaration(declaration_id: int) -> ResponseReturnValue:
    row = _declaration_here(declaration_id)
    reasons = attempt(lambda: declaring.take_back(db.session(), row, by=person()))
    if reasons:
        return _page(_declaration_here(declaration_id), reasons), 422
    done(_("已登记撤回。"))
    return redirect(url_for("staff.staff_declaration", declaration_id=declaration_id))


def _declaration_here(declaration_id: int) -> Declaration:
    """One before a department whose work this person may read; 404 otherwise."""
    found = db.session.get(Declaration, declaration_id)
    if found is None or not roles.sees(person(), found.department_code):
        abort(404)
    return found


def _form(typed: Declared, refused: list[Sentence] | None = None) -> str:
    department = db.session.scalar(sa.select(Department).where(Department.code == person().department_code))
    return render_template(
        "staff/declaration_new.html", typed=typed, department=department, refused=refused or []
    )


def _page(row: Declaration, refused: list[Sentence] | None = None, given: str = "") -> str:
    return render_template(
        "staff/declaration.html",
        row=row,
        why_not=declaring.why_not_review(row, person()),
        can_take=roles.may(person(), "take_declaration", department=row.department_code),
        refused=refused or [],
        given=given,
    )
