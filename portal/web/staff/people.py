"""人员 for the security administrator: who is there, which roles they hold, an acting head for a while."""

from datetime import datetime, time

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import SHANGHAI, now
from portal.db import db
from portal.people import acts, roles
from portal.people.models import Grant, Person
from portal.web.staff.room import attempt, departments, done, for_act, person, staff
from portal.words import Sentence, say


@staff.get("/people/")
@for_act("manage_people")
def people() -> ResponseReturnValue:
    return _page()


@staff.post("/people/")
@for_act("manage_people")
def add_person() -> ResponseReturnValue:
    form = request.form
    reasons = [] if form.get("department") in departments() else [say("请选择所在部门。")]
    made: list[Person] = []
    if not reasons:
        reasons = attempt(
            lambda: made.append(
                acts.add_person(
                    db.session(), form.get("username", ""), form.get("name", ""), form["department"],
                    form.get("password", ""), by=person(), email=form.get("email", ""), phone=form.get("phone", ""),
                )
            )
        )  # fmt: skip
    if reasons:
        return _page(reasons), 422
    done(_("已添加%(name)s，请为其授予角色。", name=made[0].name))
    return redirect(url_for("staff.one_person", person_id=made[0].id))


@staff.get("/people/<int:person_id>")
@for_act("manage_people")
def one_person(person_id: int) -> ResponseReturnValue:
    return _person_page(_found(person_id))


@staff.post("/people/<int:person_id>/roles")
@for_act("manage_people")
def give_role(person_id: int) -> ResponseReturnValue:
    found, form = _found(person_id), request.form
    role, acting = form.get("role", ""), form.get("acting") == "yes"
    until, reasons = _end_of_day(form.get("until", ""))
    if role not in roles.ROLES:
        reasons.append(say("请选择要授予的角色。"))
    if not reasons:
        reasons = attempt(
            lambda: acts.give_role(
                db.session(), found, role, by=person(), until=until, acting=acting, note=form.get("note", "")
            )
        )
    if reasons:
        return _person_page(_found(person_id), reasons), 422
    done(_("已授予角色。"))
    return redirect(url_for("staff.one_person", person_id=person_id))


@staff.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@for_act("manage_people")
def end_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    grant = db.session.get(Grant, grant_id)
    if grant is None or grant.person_id != person_id:
        abort(404)
    reasons = attempt(lambda: acts.end_role(db.session(), grant, by=person()))
    if reasons:
        return _person_page(_found(person_id), reasons), 422
    done(_("角色已结束。"))
    return redirect(url_for("staff.one_person", person_id=person_id))


@staff.post("/people/<int:person_id>/contact")
@for_act("manage_people")
def set_contact(person_id: int) -> ResponseReturnValue:
    found, form = _found(person_id), request.form
    reasons = attempt(
        lambda: acts.set_contact(
            db.session(), found, email=form.get("email", ""), phone=form.get("phone", ""), by=person()
        )
    )
    if reasons:
        return _person_page(_found(person_id), reasons), 422
    done(_("联系方式已保存。"))
    return redirect(url_for("staff.one_person", person_id=person_id))


@staff.post("/people/<int:person_id>/password")
@for_act("manage_people")
def reset_password(person_id: int) -> ResponseReturnValue:
    found = _found(person_id)
    reasons = attempt(
        lambda: acts.set_password(db.session(), found, request.form.get("password", ""), by=person())
    )
    if reasons:
        return _person_page(_found(person_id), reasons), 422
    done(_("密码已重设，请当面告知本人并请其尽快更改。"))
    return redirect(url_for("staff.one_person", person_id=person_id))


@staff.post("/people/<int:person_id>/deactivation")
@for_act("manage_people")
def deactivate(person_id: int) -> ResponseReturnValue:
    found = _found(person_id)
    reasons = attempt(lambda: acts.deactivate(db.session(), found, by=person()))
    if reasons:
        return _person_page(_found(person_id), reasons), 422
    done(_("账号已停用，其经办记录仍然保留。"))
    return redirect(url_for("staff.one_person", person_id=person_id))


def _found(person_id: int) -> Person:
    return db.session.get(Person, person_id) or abort(404)


def _end_of_day(text: str) -> tuple[datetime | None, list[Sentence]]:
    """The end of a Chinese calendar day, so that 截止日期 is the last day the role is held."""
    if not text.strip():
        return None, []
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return None, [say("截止日期“{text}”看不懂，请写成2026-12-31的样子。", text=text)]
    return datetime.combine(day, time.max, tzinfo=SHANGHAI), []


def _page(refused: list[Sentence] | None = None) -> str:
    everybody = db.session.scalars(sa.select(Person).order_by(Person.department_code, Person.id)).all()
    return render_template(
        "staff/people.html",
        everybody=everybody,
        roles_of=roles.roles_of,
        shortest=acts.SHORTEST_PASSWORD,
        refused=refused or [],
        typed=request.form,
    )


def _person_page(found: Person, refused: list[Sentence] | None = None) -> str:
    givers = {each.given_by_id for each in found.grants if each.given_by_id}
    names = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(givers)))
    return render_template(
        "staff/person.html",
        found=found,
        now=now(),
        roles=roles.ROLES,
        shortest=acts.SHORTEST_PASSWORD,
        givers={row.id: row.name for row in names},
        refused=refused or [],
        typed=request.form,
    )
