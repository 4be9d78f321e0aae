"""推送接口: which systems may push records in, under whose name, and their keys."""

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import db
from portal.intake import clients
from portal.intake.models import Import, PushBatch, PushClient
from portal.people import roles
from portal.people.models import Grant, Person
from portal.web.rendering import absolute
from portal.web.staff.room import attempt, done, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence

LATEST = 30


@staff.get("/push-clients/")
@for_act("see_clients")
def push_clients() -> ResponseReturnValue:
    return _page()


@staff.post("/push-clients/")
@for_act("manage_clients")
def add_push_client() -> ResponseReturnValue:
    """A new client; its key is on the answer's page and nowhere else."""
    made: list[tuple[PushClient, str]] = []
    acts_as = db.session.get(Person, whole_number(request.form.get("acts_as", "")) or 0)
    name = request.form.get("name", "")
    reasons = attempt(lambda: made.append(clients.add(db.session(), name, acts_as, by=person())))
    if reasons:
        return _page(refused=reasons), 422
    return _page(*made[0])


@staff.post("/push-clients/<int:client_id>/key")
@for_act("manage_clients")
def renew_push_key(client_id: int) -> ResponseReturnValue:
    """A new key in place of the one before."""
    client, made = _found(client_id), list[str]()
    reasons = attempt(lambda: made.append(clients.renew(db.session(), client, by=person())))
    if reasons:
        return _page(refused=reasons), 422
    return _page(client, made[0])


@staff.post("/push-clients/<int:client_id>/end")
@for_act("manage_clients")
def end_push_client(client_id: int) -> ResponseReturnValue:
    client = _found(client_id)
    reasons = attempt(lambda: clients.end(db.session(), client, by=person()))
    if reasons:
        return _page(refused=reasons), 422
    done(_("“%(name)s”已停用，它的密钥不能再用。", name=client.name))
    return redirect(url_for("staff.push_clients"))


def _found(client_id: int) -> PushClient:
    return db.session.get(PushClient, client_id) or abort(404)


def _page(client: PushClient | None = None, key: str = "", refused: list[Sentence] | None = None) -> str:
    """The clients; with one of them, its key, which is never shown again."""
    return render_template(
        "staff/push_clients.html",
        everyone=clients.all_clients(db.session()),
        latest=_latest(),
        drafters=_drafters(),
        client=client,
        key=key,
        address=absolute("/push/v1"),
        now=now(),
        key_days=clients.PREVIOUS_KEY.days,
        why_not=clients.why_not_act_as,
        refused=refused or [],
        typed=request.form if refused else {},
    )


def _latest() -> list[PushBatch]:
    """What came in last; of their own department alone for those who do not see all of them."""
    wanted = sa.select(PushBatch).join(Import, Import.id == PushBatch.import_id).order_by(Import.id.desc())
    if roles.may(person(), "import"):
        mine = sa.select(Person.id).where(Person.department_code == person().department_code)
        wanted = wanted.where(Import.by_id.in_(mine))
    return list(db.session.scalars(wanted.limit(LATEST)))


def _drafters() -> list[Person]:
    """Who may answer for what comes in."""
    holding = sa.select(Grant.person_id).where(Grant.role == "drafter")
    people = db.session.scalars(
        sa.select(Person)
        .where(Person.id.in_(holding), Person.active)
        .order_by(Person.department_code, Person.id)
    )
    return [each for each in people if not clients.why_not_act_as(each)]
