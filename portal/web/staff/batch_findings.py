"""One decision for all findings of one kind in a batch; exceptions are left out by their tick."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.publications import bulk
from portal.publications.deciding import REASONS, Decision
from portal.publications.kinds_of_finding import picked
from portal.web.staff.batches import batch_page, result_page, why_not
from portal.web.staff.marking import read_ground
from portal.web.staff.room import batch_here, for_act, person, staff
from portal.words import Sentence, say


@staff.get("/batches/<int:batch_id>/findings")
@for_act("see_work")
def batch_findings(batch_id: int) -> ResponseReturnValue:
    return batch_page(batch_here(batch_id))


@staff.post("/batches/<int:batch_id>/findings")
@for_act("see_work")
def decide_findings(batch_id: int) -> ResponseReturnValue:
    """Withhold or keep whatever is ticked; each row gets a new revision that somebody else must agree to."""
    found, decided = batch_here(batch_id), _decided()
    reasons = why_not(found, "mark")
    picks = picked(request.form.getlist("pick"), decided[0])
    if not picks:
        reasons.append(say("没有勾选任何一处；请勾选要一起决定的。"))
    reasons += decided[1]
    if reasons:
        return batch_page(found, refused=reasons, at=request.form.get("kind", "")), 422
    outcome = bulk.decide_on_batch(db.session(), found, picks, by=person())
    return result_page(batch_id, "keep" if request.form.get("choice") == "keep" else "hide", outcome)


def _decided() -> tuple[Decision, list[Sentence]]:
    """What the form decides about each of them, and why it can not be read."""
    form = request.form
    if form.get("choice") == "hide":
        ground, basis, reasons = read_ground(form)
        return Decision("", True, ground, basis), reasons
    if form.get("choice") != "keep":
        return Decision("", True), [say("请选择隐去还是保留。")]
    listed = REASONS.get(form.get("reason", ""), "")
    reason = form.get("own_reason", "").strip() or str(listed)
    reasons = [] if reason else [say("请写明保留的理由，可以从清单中选一项，也可以自己填写。")]
    return Decision("", False, reason=reason), reasons
