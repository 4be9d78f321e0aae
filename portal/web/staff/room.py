"""The staff's room: who is in it, what opens a page, how an act's refusal comes back to its button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, g, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal.attachments import listing
from portal.codes.models import Department
from portal.db import db
from portal.errors import Overtaken, Refused
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Batch, Publication, Revision
from portal.web.staff import labels
from portal.words import Sentence, say

staff = Blueprint("staff", __name__)

P = ParamSpec("P")
R = TypeVar("R")


class NotAllowed(Refused):
    """The page itself is not for this person."""


@dataclass(frozen=True)
class Place:
    """One entry of the room's navigation; ``setting`` names the setting without which it is not there."""

    endpoint: str
    label: Sentence
    act: str
    setting: str = ""


PLACES = (
    Place("staff.desk", say("待办"), "see_work"),
    Place("staff.objections", say("异议复查"), "see_objections"),
    Place("staff.batches", say("批次"), "see_work"),
    Place("staff.prior_notices", say("公示前告知"), "see_work"),
    Place("staff.imports", say("导入"), "import"),
    Place("staff.push_clients", say("推送接口"), "see_clients"),
    Place("staff.registry_objects", say("名录库"), "see_registries"),
    Place("staff.mappings", say("列名与别名"), "manage_mappings"),
    Place("staff.disclosure", say("公示时限"), "see_work"),
    Place("staff.coverage", say("计划覆盖"), "see_work"),
    Place("staff.draws", say("抽取次数"), "see_work"),
    Place("staff.own_draws", say("抽查抽取"), "see_work", "own_draws"),
    Place("staff.holiday_notices", say("放假安排"), "load_calendar"),
    Place("staff.circular", say("通报"), "see_circular"),
    Place("staff.notice_code_tasks", say("核验码"), "issue_notice_codes"),
    Place("staff.outbox", say("通知"), "see_outbox"),
    Place("staff.concerns", say("诉求"), "see_work"),
    Place("staff.erasures", say("依法删除"), "see_erasures"),
    Place("staff.people", say("人员"), "manage_people"),
    Place("staff.all_signing_keys", say("签名密钥"), "see_signing_keys"),
    Place("staff.audit", say("操作记录"), "see_audit"),
)


def person() -> Person:
    """Who is signed in."""
    signed_in: Person = current_user.person
    return signed_in


def for_act(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Open a page only to those who may do an act; the others are told who may."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            reasons = roles.why_not(person(), act)
            if reasons:
                raise NotAllowed(*reasons)
            return view(*args, **kwargs)

        return guarded

    return guard


def attempt(act: Callable[[], object]) -> list[Sentence]:
    """Do an act; the reasons when it is refused, and nothing is done.

    :raises Overtaken: goes on to its own page, which says who was first.
    """
    try:
        act()
    except Overtaken:
        raise
    except Refused as refusal:
        db.session.rollback()
        return list(refusal.reasons)
    return []


def let_go() -> None:
    """Give the database back before something slow: who is signed in was read at the write door, which locks."""
    db.session.rollback()


def done(sentence: str) -> None:
    """Say on the next page that it worked."""
    flash(sentence, "status")


def revision_here(revision_id: int) -> Revision:
    """A revision that this person may read; 404 otherwise, as if it were not there."""
    revision = db.session.get(Revision, revision_id)
    if revision is None or not roles.sees(person(), revision.department_code):
        abort(404)
    return revision


def batch_here(batch_id: int) -> Batch:
    """A batch that this person may read."""
    batch = db.session.get(Batch, batch_id)
    if batch is None or not roles.sees(person(), batch.department_code):
        abort(404)
    return batch


def publication_here(number: str) -> Publication:
    """A publication, by its 公示编号, of a department whose work this person may read."""
    publication = db.session.scalar(sa.select(Publication).where(Publication.number == number))
    if publication is None or not roles.sees(person(), publication.department_code):
        abort(404)
    return publication


def departments() -> Mapping[str, Department]:
    """Every department by its code, read once per request."""
    if "departments" not in g:
        g.departments = {each.code: each for each in db.session.scalars(sa.select(Department))}
    found: Mapping[str, Department] = g.departments
    return found


def _is_open(place: Place, me: Person) -> bool:
    here = current_app.extensions["portal_settings"]
    return roles.may(me, place.act) and (not place.setting or getattr(here, place.setting))


staff.app_template_filter("open_in")(lambda attached: len(listing.open_findings(attached)))
staff.app_template_filter("as_text")(labels.as_text)
staff.app_template_filter("titled")(labels.titled)


@staff.errorhandler(NotAllowed)
def not_allowed(refusal: NotAllowed) -> tuple[str, int]:
    return render_template("staff/error.html", status=403, sentences=refusal.reasons), 403


@staff.context_processor
def surroundings() -> dict[str, Any]:
    """What the frame of every page in the room shows."""
    words = {"STATES": labels.STATES, "ACTS": labels.ACTS, "progress": labels.progress}
    if not current_user.is_authenticated:
        return {"me": None, "places": (), **words}
    me = person()
    return {
        "me": me,
        "my_department": departments().get(me.department_code),
        "my_roles": roles.roles_of(me),
        "places": [(url_for(p.endpoint), _(p.label), p.endpoint) for p in PLACES if _is_open(p, me)],
        "my_acts": {act for act in roles.ACTS if roles.may(me, act)},
        "departments": departments,
        **words,
    }
