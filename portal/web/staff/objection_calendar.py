"""An officer's due days as a calendar to subscribe to: no sign-in, a secret in the address, no objector's name."""

from datetime import timedelta
from urllib.parse import urlsplit

import icalendar
from flask import Response, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.objections.desk import due_days
from portal.objections.models import Objection, ObjectionTerm
from portal.people import acts, roles
from portal.web.rendering import absolute
from portal.web.staff.objection_case import TERM_LABELS
from portal.web.staff.room import attempt, for_act, person, staff
from portal.words import Sentence

LONGEST_KEY = 200


@staff.get("/objections/calendar")
@for_act("see_objections")
def calendar_key() -> ResponseReturnValue:
    return _page()


@staff.post("/objections/calendar")
@for_act("see_objections")
def new_calendar_key() -> ResponseReturnValue:
    """A new secret address; shown once, and the one before opens nothing any more."""
    made: list[str] = []
    reasons = attempt(lambda: made.append(acts.new_feed_key(db.session(), person(), by=person())))
    if reasons:
        return _page(refused=reasons), 422
    return _page(made[0])


def _page(key: str = "", refused: list[Sentence] | None = None) -> str:
    address = absolute(url_for("staff.objection_calendar_feed", key=key)) if key else ""
    return render_template(
        "staff/objection_calendar.html",
        address=address,
        has_one=bool(person().feed_key),
        refused=refused or [],
    )


@staff.get("/objections/calendar/<key>.ics")
def objection_calendar_feed(key: str) -> ResponseReturnValue:
    """The feed itself; a wrong key is no page at all."""
    owner = acts.person_by_feed_key(db.session(), key) if 0 < len(key) <= LONGEST_KEY else None
    if owner is None or not roles.may(owner, "see_objections"):
        abort(404)
    book = icalendar.Calendar()
    book.add("prodid", "-//portal//objections//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", _("异议复查期限"))
    for objection, term, counted in due_days(db.session(), owner):
        book.add_component(_event(objection, term, counted))
    return Response(book.to_ical(), mimetype="text/calendar")


def _event(objection: Objection, term: ObjectionTerm, counted: int) -> icalendar.Event:
    """One due day. The identifier outlives a re-dating, so that the entry moves instead of being doubled."""
    said = TERM_LABELS[term.name].in_language(_)
    words = _(
        "%(receipt)s %(name)s：最迟%(what)s", receipt=objection.receipt, name=objection.entity_name, what=said
    )
    event = icalendar.Event()
    event.add("uid", f"{objection.receipt}-{term.name}@{_host()}")
    event.add("sequence", counted - 1)
    event.add("dtstamp", term.counted_at)
    event.add("dtstart", term.due)
    event.add("dtend", term.due + timedelta(days=1))
    event.add("summary", words + (_("（暂定）") if term.provisional else ""))
    event.add("url", absolute(url_for("staff.objection", objection_id=objection.id)))
    event.add("transp", "TRANSPARENT")
    return event


def _host() -> str:
    return urlsplit(current_app.extensions["portal_settings"].base_url).hostname or "localhost"
