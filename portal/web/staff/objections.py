"""复查待办: the office's cases by what is due next, those waiting for delivery, those that ended; who has how many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.clock import today
from portal.db import db
from portal.deadlines.terms import due_by
from portal.deadlines.working_days import between, count
from portal.errors import Refused
from portal.objections import queries
from portal.objections.grounds import CHANNEL_LABELS, GROUNDS, METHOD_LABELS, OUTCOME_LABELS, STATE_LABELS
from portal.objections.models import BEFORE_SIGNING, Objection, ObjectionTerm
from portal.objections.proceedings import Delivery
from portal.objections.queries import DUE, Days, Line, Wanted
from portal.people import roles
from portal.people.models import Person
from portal.publications.values import plain
from portal.web.staff.clocks import SOON, Clock, clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import departments, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 50
MOST_TO_DELIVER = 200
LATEST = 10
NAMES = ("due", "state", "ground", "officer", "mine", "department")

WORDS = {
    "GROUNDS": GROUNDS, "STATE_LABELS": STATE_LABELS, "OUTCOME_LABELS": OUTCOME_LABELS,
    "CHANNEL_LABELS": CHANNEL_LABELS, "METHOD_LABELS": METHOD_LABELS,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the queue with its clock."""

    line: Line
    clock: Clock | None

    @property
    def case(self) -> Objection:
        return self.line.objection


@dataclass(frozen=True)
class Unread:
    """An electronic answer that nobody has opened.

    :param nth: which working day it is since it was sent.
    :param over: whether its term is over, so that it goes by post or by hand.
    """

    nth: int
    over: bool


@staff.get("/objections/")
@for_act("see_objections")
def objections() -> ResponseReturnValue:
    session, me, wanted, days = db.session(), person(), _wanted(), days_now()
    counts = queries.tally(session, me, wanted, days)
    pages = Pages(asked_page(), PER_PAGE, counts[wanted.due])
    found = queries.queue(session, me, wanted, days, page=pages.page, size=PER_PAGE)
    signed = queries.to_deliver(session, me, wanted, most=MOST_TO_DELIVER)
    ended, _total = queries.ended(session, me, wanted, "", page=1, size=LATEST)
    return render_template(
        "staff/objections.html",
        today=today(),
        term=clocks().profile.terms.get("recheck"),
        feedback=clocks().profile.terms.get("feedback"),
        due_labels=DUE,
        counts=counts,
        wanted=wanted,
        rows=[Row(line, clock_of(line.term)) for line in found],
        pages=pages,
        signed=[(Row(line, clock_of(line.term)), unread(line.objection)) for line in signed],
        ended=ended,
        loads=queries.workload(session, _department_of_loads(me, wanted)),
        chooses_department=roles.may(me, "see_all_departments"),
        open_states=BEFORE_SIGNING,
        **WORDS,
    )


@staff.get("/objections/ended")
@for_act("see_objections")
def objections_ended() -> ResponseReturnValue:
    words, pages = plain(request.args.get("q", ""))[:100], asked_page()
    found, total = queries.ended(db.session(), person(), _wanted(), words, page=pages, size=PER_PAGE)
    return render_template(
        "staff/objections_ended.html",
        found=found,
        words=words,
        pages=Pages(pages, PER_PAGE, total),
        **WORDS,
    )


def days_now() -> Days:
    """Today and the last day that is soon."""
    return Days(today(), count(today(), SOON, clocks().calendar).due)


def clock_of(term: ObjectionTerm | None) -> Clock | None:
    """The clock of a term; None when it has ended or there is none."""
    if term is None or not term.runs:
        return None
    return clocks().clock(term.due, provisional=term.provisional)


def unread(objection: Objection) -> Unread | None:
    """How long an electronic answer lies unopened; None when it was opened or went another way."""
    newest: Delivery | None = objection.deliveries[-1] if objection.deliveries else None
    if newest is None or newest.method != "electronic" or newest.delivered_on is not None:
        return None
    made = clocks()
    due = due_by("unread", {"sent_on": newest.sent_on}, made.profile, made.calendar)
    nth = max(between(newest.sent_on, today(), made.calendar), 0)
    return Unread(nth, due is not None and today() > due.due)


def _department_of_loads(me: Person, wanted: Wanted) -> str | None:
    if roles.may(me, "see_all_departments"):
        return wanted.department or None
    return me.department_code


# ── what the address asks for ────────────────────────────────


def _wanted() -> Wanted:
    """The filters in the address.

    :raises Refused: when a value is none of those that there are.
    """
    given = {name: request.args.get(name, "") for name in NAMES}
    _known("due", given["due"], DUE)
    _known("state", given["state"], STATE_LABELS)
    _known("ground", given["ground"], GROUNDS)
    _known("mine", given["mine"], {"yes": say("只看我的")})
    _known("department", given["department"], departments())
    officer = person().id if given["mine"] else whole_number(given["officer"]) or 0
    if given["officer"] and (not officer or db.session.get(Person, officer) is None):
        raise Refused(_unknown("officer", given["officer"]))
    return Wanted(given["due"], given["state"], given["ground"], officer, given["department"])


def _known(name: str, value: str, values: Mapping[str, object]) -> None:
    if value and value not in values:
        raise Refused(_unknown(name, value))


def _unknown(name: str, value: str) -> Sentence:
    return say("没有“{value}”这个筛选条件，请从页面上的链接重新选择。", value=f"{name}={value[:40]}")


def as_day(text: str) -> date | None:
    """A day as a browser's date field sends it; None for whatever else was typed."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
