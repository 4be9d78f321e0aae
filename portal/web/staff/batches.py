"""Batches: three hundred rows on one desk, odd rows first, acted on together, single rows pulled out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import today
from portal.db import db
from portal.intake.refusals import unfinished_batches
from portal.jobs import asking
from portal.people import roles
from portal.prior_notice.queries import PILES, counts
from portal.publications import batch_desk, bulk, deciding, looks
from portal.publications.bulk import BulkAct, Outcome
from portal.publications.desk import UNDER_WAY
from portal.publications.kinds import KINDS
from portal.publications.kinds_of_finding import kinds_of_finding
from portal.publications.models import Batch, Revision
from portal.publications.oddities import MOST_READ, ODD, Review, Row, review
from portal.redaction.recognising.finding import BASES
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.grounds import grounds
from portal.web.staff.paging import FARTHEST, Pages, asked_page
from portal.web.staff.room import batch_here, done, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 100
IN_ONE_GO = 1000  # rows; more are a job of the worker
STATES = (*UNDER_WAY, "done")
FILTERS = ("", *STATES, *ODD, "odd", "plain")
WHOLE: dict[BulkAct, tuple[str, Sentence]] = {  # act on the whole batch -> who may, what the button says
    "submit": ("submit", say("整批提交审核")),
    "approve": ("approve", say("整批同意公示")),
    "publish": ("publish", say("整批办理公示")),
    "accept": ("mark", say("采纳全部必须决定的提示")),
}
ADDRESSES: dict[str, BulkAct] = {
    "submission": "submit",
    "approval": "approve",
    "publication": "publish",
    "return": "send_back",
    "acceptance": "accept",
}
STANDS_OUT = ("submit", "approve")  # acts that can be done to the plain rows alone


@dataclass(frozen=True)
class WholeButton:
    """One act on a whole batch: how many rows it would take, and why it can not be done.

    :param plain: how many of them have nothing odd about them; None where that makes no difference.
    """

    address: str
    label: Sentence
    count: int
    reasons: list[Sentence]
    plain: int | None = None


@dataclass(frozen=True)
class Shown:
    """One row on the page: its clock, what the person may do at once, which row comes after it.

    :param accepts: ``marks`` to withhold what was proposed, ``agree`` to agree to it; empty for neither.
    """

    row: Row
    clock: Clock | None
    accepts: str
    next: int


@staff.get("/batches/")
@for_act("see_work")
def batches() -> ResponseReturnValue:
    page = asked_page()
    found, total = batch_desk.batches(db.session(), person(), page=page, size=30)
    return render_template("staff/batches.html", found=found, pages=Pages(page, 30, total), kinds=KINDS)


@staff.get("/batches/<int:batch_id>")
@for_act("see_work")
def batch(batch_id: int) -> ResponseReturnValue:
    return batch_page(batch_here(batch_id))


@staff.post("/batches/<int:batch_id>/look")
@for_act("see_work")
def look_at_batch(batch_id: int) -> ResponseReturnValue:
    """Note that everything on the page was seen."""
    looks.note(db.session(), batch_here(batch_id), by=person(), seen=upto() or 0)
    done(_("已记下。下次打开时，之后有变动的行会列在前面。"))
    return redirect(url_for("staff.batch", batch_id=batch_id))


@staff.post("/batches/<int:batch_id>/<any(submission, approval, publication, return, acceptance):act>")
@for_act("see_work")
def act_on_batch(batch_id: int, act: str) -> ResponseReturnValue:
    """Act on every row that stands where the act starts, on the plain or the ticked ones. Commits per turn."""
    found, verb = batch_here(batch_id), ADDRESSES[act]
    ticked = [row for each in request.form.getlist("row") if (row := whole_number(each)) is not None]
    reasons = why_not(found, WHOLE[verb][0] if verb in WHOLE else verb)
    if verb == "send_back" and not ticked:
        reasons.append(say("请先勾选要退回的行。"))
    if verb == "send_back" and not request.form.get("note", "").strip():
        reasons.append(say("请写明退回的理由，拟稿人才知道要改什么。"))
    if reasons:
        return batch_page(found, refused=reasons, ticked=ticked), 422
    plain, left_out = _plain(found, verb)
    if plain is None and verb in WHOLE and (rows := _ready(found, verb)) > IN_ONE_GO:
        note = request.form.get("note", "").strip()
        job = asking.ask_for_batch(db.session(), found, verb, by=person(), rows=rows, note=note, seen=upto())
        return redirect(url_for("staff.job", job_id=job.id))
    outcome = bulk.act_on_batch(
        db.session(),
        found,
        verb,
        by=person(),
        note=request.form.get("note", "").strip(),
        only=ticked if verb == "send_back" else plain,
        seen=upto(),
        rules=clocks().profile,
    )
    outcome.left_out = left_out
    return result_page(batch_id, verb, outcome)


def why_not(found: Batch, act: str) -> list[Sentence]:
    """Why this person may do nothing to a batch now."""
    reasons = roles.why_not(person(), act, department=found.department_code)
    if found.id in unfinished_batches(db.session()):
        reasons.append(say("这一批还在导入，请等导入完成后再办理。"))
    return reasons + asking.why_not_now(db.session(), found)


def _ready(found: Batch, verb: BulkAct) -> int:
    """How many rows of a batch stand where an act starts."""
    mine = sa.and_(Revision.batch_id == found.id, Revision.state.in_(bulk.FROM[verb]))
    rows = sa.select(sa.func.count()).where(mine)
    if verb == "accept":
        rows = rows.where(Revision.undecided > 0)
    return db.session.scalar(rows) or 0


def upto() -> int | None:
    """The newest step of the batch that stood on the page."""
    return whole_number(request.form.get("upto", ""))


def _plain(found: Batch, verb: BulkAct) -> tuple[list[int] | None, list[tuple[int, str, Sequence[Sentence]]]]:
    """The rows with nothing odd about them, and the others with why; None: all rows are meant."""
    if request.form.get("plain") != "yes" or verb not in STANDS_OUT:
        return None, []
    read = _read(found)
    start = bulk.FROM[verb]
    odd = [row for row in read.odd if row.revision.state in start]
    return (
        [row.revision.id for row in read.plain if row.revision.state in start],
        [(row.revision.id, row.revision.title, list(row.odd.values())) for row in odd],
    )


def result_page(batch_id: int, verb: str, outcome: Outcome) -> str:
    """What became of the rows: how many, and each that was not taken along with its reasons."""
    batch = batch_here(batch_id)
    seen = upto()
    if seen is not None:
        looks.note(db.session(), batch, by=person(), seen=seen)
    return render_template("staff/batch_result.html", batch=batch, verb=verb, outcome=outcome)


def _read(batch: Batch, state: str = "", part: int = 1) -> Review:
    limit = clocks().profile.draw_limit
    return review(db.session(), batch, person(), clocks().due_on, limit, today(), state=state, part=part)


def batch_page(
    batch: Batch, refused: list[Sentence] | None = None, ticked: list[int] | None = None, at: str = ""
) -> str:
    """The page of a batch.

    :param at: name of the kind of finding whose form was refused.
    """
    only = request.values.get("only", "")
    if only not in FILTERS:
        abort(400)
    part = min(whole_number(request.values.get("part", "")) or 1, FARTHEST)
    read = _read(batch, only if only in STATES else "", part)
    listed_rows = _only(read, only)
    pages = Pages(asked_page(), PER_PAGE, len(listed_rows))
    on_page = listed_rows[(pages.page - 1) * PER_PAGE : pages.page * PER_PAGE]
    found = kinds_of_finding(read.rows) if not only else []
    return render_template(
        "staff/batch.html",
        batch=batch,
        kind=KINDS[batch.kind],
        only=only,
        read=read,
        **_counted(read),
        odd=_shown(read.odd) if not only else [],
        groups=[(group, _shown(rows)) for group, rows in read.groups] if not only else [],
        rows=_shown(on_page),
        pages=pages,
        found=found,
        **_forms(batch),
        part=part,
        parts=_parts(read, only),
        buttons=_buttons(batch, read),
        refused=refused or [],
        refused_at=at,
        ticked=ticked or [],
        note=request.form.get("note", ""),
    )


def _forms(batch: Batch) -> dict[str, Any]:
    """What the forms of the page offer this person, and the job that is at the batch."""
    prior = counts(db.session(), person(), batch_id=batch.id)
    return {
        "why_not_mark": roles.why_not(person(), "mark", department=batch.department_code),
        "reasons": deciding.REASONS,
        "grounds": grounds(),
        "bases": BASES,
        "can_return": roles.may(person(), "send_back", department=batch.department_code),
        "job": asking.open_job(db.session(), batch.id),
        "prior": [(pile, count) for pile in PILES if (count := prior[pile.name])],
    }


def _counted(read: Review) -> dict[str, Any]:
    """Where the rows stand, what is odd about how many, what most of them share, what was found."""
    return {
        "states": {state: read.states.get(state, 0) for state in STATES},
        "odd_counts": [(name, label, count) for name, label in ODD.items() if (count := read.count(name))],
        "common": [(name, ODD[name], count) for name, count in read.common.items()],
        "outcomes": batch_desk.outcome_counts_of([row.revision.content for row in read.rows]),
    }


def _only(read: Review, only: str) -> Sequence[Row]:
    """The rows that the address asks for; none where the page shows all of them in their groups."""
    if not only:
        return []
    if only in ODD:
        return [row for row in read.odd if only in row.odd]
    if only in ("odd", "plain"):
        return read.odd if only == "odd" else read.plain
    return [row for row in read.rows if row.revision.state == only]


def _parts(read: Review, only: str) -> int:
    """In how many parts of :data:`MOST_READ` rows the page comes."""
    return max(1, -(-(read.states.get(only, 0) if only in STATES else read.total) // MOST_READ))


def _shown(rows: Sequence[Row]) -> list[Shown]:
    following = [*(row.revision.id for row in rows[1:]), 0][: len(rows)]
    return [
        Shown(row, clocks().clock(row.due), accepts(row.revision, row), after)
        for row, after in zip(rows, following, strict=True)
    ]


def accepts(revision: Revision, row: Row) -> str:
    """What one press on a row would do for this person; the act itself asks every rule again."""
    me, here = person(), revision.department_code
    if revision.state in ("draft", "sent_back", "submitted") and "undecided" in row.odd:
        return "marks" if roles.may(me, "mark", department=here) else ""
    if revision.state != "submitted" or revision.author_id == me.id:
        return ""
    deciders = {*(each.get("by") for each in revision.marks), *(each["by"] for each in revision.dismissed)}
    if me.id in deciders or revision.act != "publish":
        return ""
    return "agree" if roles.may(me, "approve", department=here) else ""


def _buttons(batch: Batch, read: Review) -> list[WholeButton]:
    """What can be done to the whole batch now; acts for which no row stands ready are left out."""
    found = []
    for address, verb in ADDRESSES.items():
        ready = [row for row in read.rows if row.revision.state in bulk.FROM[verb]]
        if verb == "accept":
            ready = [row for row in ready if "undecided" in row.odd]
        count = _ready(batch, verb) if read.total > len(read.rows) else len(ready)
        if verb in WHOLE and count:
            act, label = WHOLE[verb]
            reasons = roles.why_not(person(), act, department=batch.department_code)
            reasons += asking.why_not_now(db.session(), batch)
            plain = sum(not row.odd for row in ready) if verb in STANDS_OUT else None
            found.append(WholeButton(address, label, count, reasons, plain))
    return found
