"""Batches: three hundred rows on one desk, acted on together, single rows pulled out."""

from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.intake.refusals import unfinished_batches
from portal.people import roles
from portal.prior_notice.queries import PILES, counts
from portal.publications import batch_desk, bulk
from portal.publications.batch_desk import BatchRows
from portal.publications.bulk import BulkAct, Outcome
from portal.publications.desk import UNDER_WAY
from portal.publications.kinds import KINDS
from portal.publications.models import Batch
from portal.web.staff.clocks import clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.revisions import clock_of
from portal.web.staff.room import batch_here, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 100
FILTERS = ("", *UNDER_WAY, "done", "held", "undecided")
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


@dataclass(frozen=True)
class WholeButton:
    """One act on a whole batch: how many rows it would take, and why it can not be done."""

    address: str
    label: Sentence
    count: int
    reasons: list[Sentence]


@staff.get("/batches/")
@for_act("see_work")
def batches() -> ResponseReturnValue:
    page = asked_page()
    found, total = batch_desk.batches(db.session(), person(), page=page, size=30)
    return render_template("staff/batches.html", found=found, pages=Pages(page, 30, total), kinds=KINDS)


@staff.get("/batches/<int:batch_id>")
@for_act("see_work")
def batch(batch_id: int) -> ResponseReturnValue:
    return _page(batch_here(batch_id))


@staff.post("/batches/<int:batch_id>/<any(submission, approval, publication, return, acceptance):act>")
@for_act("see_work")
def act_on_batch(batch_id: int, act: str) -> ResponseReturnValue:
    """Act on every row that stands where the act starts, or on the ticked ones. Commits per chunk."""
    found, verb = batch_here(batch_id), ADDRESSES[act]
    ticked = [row for each in request.form.getlist("row") if (row := whole_number(each)) is not None]
    needed = WHOLE[verb][0] if verb in WHOLE else verb
    reasons = roles.why_not(person(), needed, department=found.department_code)
    if batch_id in unfinished_batches(db.session()):
        reasons.append(say("这一批还在导入，请等导入完成后再办理。"))
    if verb == "send_back" and not ticked:
        reasons.append(say("请先勾选要退回的行。"))
    if verb == "send_back" and not request.form.get("note", "").strip():
        reasons.append(say("请写明退回的理由，拟稿人才知道要改什么。"))
    if reasons:
        return _page(found, refused=reasons, ticked=ticked), 422
    outcome = bulk.act_on_batch(
        db.session(),
        found,
        verb,
        by=person(),
        note=request.form.get("note", "").strip(),
        only=ticked or None if verb == "send_back" else None,
        rules=clocks().profile,
    )
    return _result(batch_id, verb, outcome)


def _result(batch_id: int, verb: BulkAct, outcome: Outcome) -> str:
    """What became of the rows: how many, and each refused one with its reasons."""
    return render_template("staff/batch_result.html", batch=batch_here(batch_id), verb=verb, outcome=outcome)


def _page(batch: Batch, refused: list[Sentence] | None = None, ticked: list[int] | None = None) -> str:
    only = request.args.get("only", "")
    if only not in FILTERS:
        abort(400)
    pages = Pages(asked_page(), PER_PAGE)
    prior = counts(db.session(), person(), batch_id=batch.id)
    found = batch_desk.batch_rows(db.session(), batch, only=only, page=pages.page, size=PER_PAGE)
    clocks()
    return render_template(
        "staff/batch.html",
        batch=batch,
        kind=KINDS[batch.kind],
        only=only,
        found=found,
        rows=[(row, clock_of(row)) for row in found.rows],
        pages=Pages(pages.page, PER_PAGE, found.total),
        buttons=_buttons(batch, found),
        can_return=roles.may(person(), "send_back", department=batch.department_code),
        refused=refused or [],
        ticked=ticked or [],
        note=request.form.get("note", ""),
        prior=[(pile, count) for pile in PILES if (count := prior[pile.name])],
    )


def _buttons(batch: Batch, rows: BatchRows) -> list[WholeButton]:
    """What can be done to the whole batch now; acts for which no row stands ready are left out."""
    found = []
    for address, verb in ADDRESSES.items():
        count = sum(rows.states.get(state, 0) for state in bulk.FROM[verb])
        count = rows.undecided if verb == "accept" else count
        if verb in WHOLE and count:
            act, label = WHOLE[verb]
            reasons = roles.why_not(person(), act, department=batch.department_code)
            found.append(WholeButton(address, label, count, reasons))
    return found
