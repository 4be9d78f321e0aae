"""更正审批表 on one sheet, where the head reads, signs with the password given again, or sends back."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now, today
from portal.db import db
from portal.errors import Refused
from portal.objections import deciding, queries, requirements
from portal.objections.models import Objection
from portal.objections.proceedings import Decision
from portal.people.signing_keys import Signer
from portal.publications import pipeline
from portal.publications import queries as released
from portal.publications.changes import Changes, compare
from portal.publications.kinds import KINDS
from portal.publications.models import Prepared, Revision
from portal.web.staff.clocks import clocks
from portal.web.staff.known import why_not_known
from portal.web.staff.objection_case import case_here, case_words, names_of
from portal.web.staff.objections import clock_of
from portal.web.staff.revisions import seen
from portal.web.staff.room import attempt, done, person, staff
from portal.web.staff.signing_view import signing_view
from portal.web.staff.typed_signer import typed_signer
from portal.words import Sentence, say


@staff.get("/objections/<int:objection_id>/sheet")
@staff.get("/objections/<int:objection_id>/signature", endpoint="objection_signature")
def objection_sheet(objection_id: int) -> ResponseReturnValue:
    return _page(case_here(objection_id))


@staff.post("/objections/<int:objection_id>/signature")
def sign_objection(objection_id: int) -> ResponseReturnValue:
    """Sign. The password is checked while only reading; a wrong one counts towards the account's lock."""
    case = case_here(objection_id)
    reasons = requirements.why_not_sign(db.session(), case, person(), clocks().profile, None)
    reasons = reasons or why_not_known(request.form.get("password", ""))
    signer, wrong = (None, reasons) if reasons else typed_signer()
    reasons = wrong or attempt(lambda: _sign(case_here(objection_id), signer))
    if reasons:
        return _page(case_here(objection_id), reasons), 422
    done(_("已签署，复查结果告知书已编号，请在期限内送达申请人。"))
    return redirect(url_for("staff.objection", objection_id=objection_id))


def _sign(case: Objection, signer: Signer | None) -> None:
    if seen() is None:
        raise Refused(say("请刷新页面，看过现在的更正审批表后再签署。"))
    deciding.sign(
        db.session(), case, by=person(), signed_in_at=now(), terms=clocks().terms, seen=seen(), signer=signer
    )


def _page(case: Objection, refused: list[Sentence] | None = None) -> str:
    me, decision = person(), case.decision
    amended = decision.revision if decision else None
    return render_template(
        "staff/objection_sheet.html",
        signing=signing_view(amended, me) if amended else None,
        refused=refused or [],
        why_not_sign=requirements.why_not_sign(db.session(), case, me, clocks().profile, None),
        why_not_return=requirements.why_not_send_back(case, me),
        contact=queries.handles(me, case),
        typed=request.form,
        seen=case.step_id,
        clock=clock_of(case.term("recheck")),
        **sheet_facts(case, "approval"),
    )


def sheet_facts(case: Objection, kind: str) -> dict[str, Any]:
    """What the sheet says: the newest decision, drafted or signed, and what it would change in public."""
    decision = case.decisions[-1] if case.decisions else None
    return {
        "case": case,
        "decision": decision,
        "document": case.document(kind),
        "sheet_kind": kind,
        "changes": changes_of(case, decision),
        "fields": _fields(case, case.result_version),
        "kind": KINDS["result"],
        "people": names_of(case),
        "today": today(),
        **case_words(),
    }


def changes_of(case: Objection, decision: Decision | None) -> Changes | None:
    """Before and after as the public reads them; None where nothing is corrected, or it is taken down."""
    revision = decision.revision if decision else None
    if revision is None or revision.act != "correct":
        return None
    before = _fields(case, _version_before(case, revision))
    try:
        after = pipeline.preview(revision).fields
    except Refused:  # the gate lets nothing out: the revision's own page says why
        return None
    return compare(KINDS["result"], before, after) if before else None


def _version_before(case: Objection, revision: Revision) -> int:
    """The version that is corrected: the one before the correction once that is public."""
    prepared = db.session.get(Prepared, revision.id)
    return prepared.version - 1 if prepared else case.publication.version


def _fields(case: Objection, version: int) -> Mapping[str, Any]:
    """A version of the result as it was released; empty when it is taken down."""
    release = released.release(db.session(), case.result_number, version)
    return {} if release is None or release.body is None else released.fields_of(release)
