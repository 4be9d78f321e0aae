"""诉求 as staff work on them: the queue by what is due next, the form to record one, one with its trail and acts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import today
from portal.codes.models import Department
from portal.concerns import handling, queries, requirements
from portal.concerns.models import (
    CAME,
    CATEGORIES,
    STATES,
    TO_ANSWER,
    TO_CALL_BACK,
    Concern,
    ConcernStep,
    ConcernTerm,
    Told,
)
from portal.concerns.queries import PILES, Line, Pile
from portal.db import db
from portal.deadlines.working_days import Due
from portal.people.models import Person
from portal.publications.values import plain, prose, read_date
from portal.web.rendering import named
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import attempt, departments, done, for_act, person, staff
from portal.words import Sentence, say

PER_PAGE = 50

PROGRESS: Mapping[str, Sentence] = {
    "recorded": say("{name}登记"),
    "passed_on": say("{name}转{department}办理"),
    "taken_over": say("{name}接办"),
    "answered_on_the_spot": say("{name}当场答复"),
    "answered": say("{name}答复"),
    "satisfied": say("{name}回访：满意"),
    "unsatisfied": say("{name}回访：不满意"),
    "reopened": say("{name}提出重新办理"),
    "closed": say("{name}办结"),
}


@dataclass(frozen=True)
class Row:
    """One line of the queue with its clock; None when no clock runs."""

    line: Line
    clock: Clock | None


@dataclass(frozen=True)
class Panel:
    """One act on a concern: its name in addresses and templates, what its button says, why it can not be done."""

    name: str
    label: Sentence
    reasons: list[Sentence]


@dataclass(frozen=True)
class Kept:
    """One department's clock as the page shows it."""

    term: ConcernTerm
    clock: Clock | None
    due: Due | None
    late: bool


@staff.get("/concerns/")
@for_act("see_work")
def concerns() -> ResponseReturnValue:
    session, me, shown = db.session(), person(), _pile()
    counts = queries.counts(session, me)
    pages = Pages(asked_page(), PER_PAGE, counts[shown.name])
    found = queries.lines(session, shown, me, page=pages.page, size=PER_PAGE)
    return render_template(
        "staff/concerns.html",
        piles=[(pile, counts[pile.name]) for pile in PILES],
        shown=shown,
        rows=[Row(line, clock_of(line.term)) for line in found],
        pages=pages,
        late=queries.overdue(session, me),
        term=clocks().profile.terms.get(handling.TERM),
        **_words(),
    )


def _pile() -> Pile:
    """The pile that the address names; all that are open when it names none."""
    name = request.args.get("show", PILES[0].name)
    return next((each for each in PILES if each.name == name), None) or abort(404)


@staff.get("/concerns/new")
@for_act("record_concern")
def new_concern() -> ResponseReturnValue:
    return _form()


@staff.post("/concerns/new")
@for_act("record_concern")
def record_concern() -> ResponseReturnValue:
    made: list[Concern] = []
    reasons = (
        [] if request.form.get("how") in ("spot", "later") else [say("请选择是当场已经答复，还是带回办理。")]
    )
    reasons = reasons or attempt(lambda: made.append(_recorded()))
    if reasons:
        return _form(reasons), 422
    (concern,) = made
    if concern.state == "recorded" and concern.term.due_on:
        done(_("已登记，最迟%(day)s答复企业。", day=concern.term.due_on.isoformat()))
    else:
        done(_("已登记。"))
    return redirect(url_for("staff.concern", concern_id=concern.id))


def _recorded() -> Concern:
    session, me = db.session(), person()
    on_the_spot = request.form["how"] == "spot"
    concern = handling.record(session, _told(on_the_spot), by=me, terms=clocks().terms)
    if on_the_spot:
        handling.answer_on_the_spot(session, concern, by=me, answer=typed_text("answer"))
    return concern


def _told(on_the_spot: bool) -> Told:
    words = {
        name: plain(request.form.get(name, ""))
        for name in ("entity_name", "entity_code", "task_no", "category", "taken_by", "contact")
    }
    inspected_on = typed_day("inspected_on")
    return Told(
        asked=typed_text("asked"),
        inspected_on=inspected_on,
        brought_back_on=inspected_on if on_the_spot else typed_day("brought_back_on"),
        **words,
    )


def _form(refused: list[Sentence] | None = None) -> str:
    return render_template(
        "staff/concern_new.html",
        refused=refused or [],
        typed=request.form,
        today=today(),
        term=clocks().profile.terms.get(handling.TERM),
        **_words(),
    )


def typed_text(name: str) -> str:
    """What was typed in several lines, without control characters."""
    return prose(request.form.get(name, ""))


def typed_day(name: str) -> date | None:
    """A day that was typed; None when it is empty or can not be read."""
    read = read_date(request.form.get(name, ""))
    return date.fromisoformat(read) if read else None


# ── one concern ──────────────────────────────────────────────


def concern_here(concern_id: int) -> Concern:
    """A concern that this person may read; 404 otherwise, as if it were not there."""
    found = db.session.get(Concern, concern_id)
    if found is None or not queries.sees(person(), found):
        abort(404)
    return found


def panels(concern: Concern, by: Person) -> list[Panel]:
    """What can happen next to a concern; the first is the one that leads on."""
    may = requirements
    answering = [Panel("answer", say("答复"), may.why_not_answer(concern, by))]
    passing = [Panel("transfer", say("转其他部门"), may.why_not_pass_on(concern, by))]
    closing = [Panel("closing", say("办结"), may.why_not_close(concern, by))]
    if concern.state in TO_ANSWER:
        spot = Panel("spot", say("当场已答复"), may.why_not_answer_on_the_spot(concern, by))
        return answering + ([] if spot.reasons else [spot]) + passing
    if concern.state == "passed_on":
        return [Panel("takeover", say("接办"), may.why_not_take_over(concern, by)), *passing]
    if concern.state in TO_CALL_BACK:
        return [Panel("callback", say("登记回访"), may.why_not_call_back(concern, by)), *closing]
    if concern.state == "unsatisfied":
        return [Panel("reopening", say("重新办理"), may.why_not_reopen(concern, by)), *closing]
    return []


def concern_page(concern: Concern, refused: list[Sentence] | None = None, open_panel: str = "") -> str:
    """The page of a concern, with what was refused beside the button."""
    me = person()
    return render_template(
        "staff/concern.html",
        concern=concern,
        kept=[_kept(term) for term in concern.terms],
        clock=clock_of(concern.term),
        panels=panels(concern, me),
        open_panel=open_panel,
        shows_contact=queries.reads_contact(me, concern),
        others=_others(concern),
        refused=refused or [],
        typed=request.form,
        today=today(),
        progress_of=progress_of,
        **_words(),
    )


def _others(concern: Concern) -> list[Department]:
    """The departments that it can be passed on to."""
    codes = requirements.competent(db.session()) - {concern.holder_code}
    return [each for code, each in departments().items() if code in codes]


def clock_of(term: ConcernTerm) -> Clock | None:
    """The clock of a department on a concern; None when it ended, or no term is set."""
    made = clocks().clock(term.due_on) if term.ended_on is None else None
    return replace(made, provisional=term.provisional) if made else None


def _kept(term: ConcernTerm) -> Kept:
    return Kept(term, clock_of(term), handling.counted(term, clocks().terms), term.is_late(today()))


def progress_of(step: ConcernStep) -> str:
    """What somebody did, in the reader's language."""
    if step.by is None:
        return _("期限重新计算")
    department = departments().get(step.to_code)
    words = say(PROGRESS[step.state].template, name=step.by.name, department=named(department))
    return words.in_language(_)


def _words() -> dict[str, Any]:
    return {"CONCERN_STATES": STATES, "CATEGORIES": CATEGORIES, "CAME": CAME}
