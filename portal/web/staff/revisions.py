"""One revision: the whole record, its trail, what the public will see, and every act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.db import db
from portal.draws import drawing
from portal.draws.models import Draw
from portal.draws.queries import of_publication
from portal.errors import Refused, refuse_if
from portal.objections.desk import open_on
from portal.objections.models import Objection
from portal.objections.queries import sees as sees_case
from portal.objections.requirements import why_not_apart
from portal.people import roles
from portal.people.models import Person
from portal.people.signing_keys import Signer
from portal.publications import desk, pipeline, prior, queries, requirements, scope, signing
from portal.publications.changes import Changes, compare
from portal.publications.declared import standing_declarations
from portal.publications.gate import Released
from portal.publications.kinds import KINDS
from portal.publications.models import Revision
from portal.publications.undecided import open_in
from portal.web.staff.clocks import Clock, clocks
from portal.web.staff.grounds import grounds
from portal.web.staff.onward import neighbours, onward
from portal.web.staff.record_view import record_view
from portal.web.staff.room import attempt, done, person, revision_here, staff
from portal.web.staff.signing_view import signing_view
from portal.web.staff.typed_signer import typed_signer
from portal.web.typed import whole_number
from portal.words import Sentence, say


@dataclass(frozen=True)
class Button:
    """One act on a revision: where it is sent, and why it can not be done."""

    endpoint: str
    label: Sentence
    reasons: list[Sentence]
    look: str = "btn-line"


def buttons(revision: Revision, by: Person) -> list[Button]:
    """What can happen next to a revision; the first is the one that leads on."""
    session = db.session()
    signed = scope.needs_head(session, revision)
    back = Button(
        "staff.send_back", say("退回"), requirements.why_not_send_back(session, revision, by), "btn-zhu"
    )
    give_up = Button(
        "staff.abandon", say("作废"), requirements.why_not_abandon(session, revision, by), "btn-zhu"
    )
    if revision.state in ("draft", "sent_back"):
        reasons = requirements.why_not_submit(session, revision, by)
        label = say("提交签署") if signed else say("提交审核")
        return [Button("staff.submit", label, reasons, "btn-primary"), give_up]
    if revision.state == "submitted":
        reasons = requirements.why_not_approve(session, revision, by) + why_not_apart(session, revision)
        label = say("签署同意") if signed else say("同意公示")
        return [Button("staff.approve", label, reasons, "btn-primary"), back, give_up]
    if revision.state == "approved":
        reasons = requirements.why_not_carry_out(session, revision, by) + why_not_apart(session, revision)
        label = say("现在办理公示") if not revision.withheld_ground else say("办结（整条不公开）")
        return [Button("staff.publish", label, reasons, "btn-primary"), back]
    return []


@staff.get("/revisions/<int:revision_id>")
@staff.get("/revisions/<int:revision_id>/submission", endpoint="submission")
@staff.get("/revisions/<int:revision_id>/approval", endpoint="approval")
@staff.get("/revisions/<int:revision_id>/return", endpoint="returning")
@staff.get("/revisions/<int:revision_id>/publication", endpoint="publishing")
@staff.get("/revisions/<int:revision_id>/abandonment", endpoint="abandonment")
@staff.get("/revisions/<int:revision_id>/admission", endpoint="admission")
def revision(revision_id: int) -> ResponseReturnValue:
    return revision_page(revision_here(revision_id))


@staff.post("/revisions/<int:revision_id>/submission")
def submit(revision_id: int) -> ResponseReturnValue:
    signed = scope.needs_head(db.session(), revision_here(revision_id))
    said = _("已提交，等待主要负责人签署。") if signed else _("已提交，等待另一位同事审核。")
    return _act(revision_id, pipeline.submit, said)


@staff.post("/revisions/<int:revision_id>/approval")
def approve(revision_id: int) -> ResponseReturnValue:
    """Agree; the head who gives the signing passphrase signs by the same button."""
    revision_here(revision_id)
    signer, reasons = typed_signer()
    if reasons:
        return revision_page(revision_here(revision_id), reasons, note=request.form.get("note", "")), 422
    said = (
        _("已签名并同意。公示内容自此固定，等待公示。")
        if signer
        else _("已同意。公示内容自此固定，等待公示。")
    )
    return _act(revision_id, partial(_approve, signer=signer), said)


def _approve(session: Session, found: Revision, signer: Signer | None = None, **how: Any) -> None:
    refuse_if(why_not_apart(session, found))
    if signer is not None:
        signing.sign(session, found, signer, by=how["by"], seen=how["seen"])
    pipeline.approve(session, found, rules=clocks().profile, **how)


@staff.post("/revisions/<int:revision_id>/return")
def send_back(revision_id: int) -> ResponseReturnValue:
    return _act(revision_id, pipeline.send_back, _("已退回给拟稿人。"))


@staff.post("/revisions/<int:revision_id>/abandonment")
def abandon(revision_id: int) -> ResponseReturnValue:
    return _act(revision_id, pipeline.abandon, _("这一稿已作废，内容仍留痕。"))


@staff.post("/revisions/<int:revision_id>/publication")
def publish(revision_id: int) -> ResponseReturnValue:
    found = revision_here(revision_id)
    reasons = why_not_apart(db.session(), found)
    reasons = reasons or attempt(lambda: _carry_out(db.session(), found, by=person(), seen=seen()))
    if reasons:
        return revision_page(revision_here(revision_id), reasons), 422
    number = found.publication.number
    if found.withheld_ground or number is None:
        done(_("已办结。整条不公开，只计入不公开的件数。"))
        return redirect(url_for("staff.revision", revision_id=revision_id))
    done(_("已办理公示，公示编号 %(number)s。", number=number))
    return redirect(url_for("staff.publication", number=number))


def own_draw_of(revision: Revision) -> Draw | None:
    """The draw of our own that a revision announces."""
    if revision.kind != "task" or revision.act != "publish":
        return None
    return of_publication(db.session(), revision.publication_id)


def _carry_out(session: Session, found: Revision, **how: Any) -> None:
    """Make it public; what we drew ourselves is locked by the same act (D9)."""
    draw = own_draw_of(found)
    if draw is not None:
        drawing.lock(session, draw, found, **how)
    else:
        pipeline.carry_out(session, found, **how)


@staff.post("/revisions/<int:revision_id>/renewal")
def propose_after_all(revision_id: int) -> ResponseReturnValue:
    """A record withheld in full is proposed for publication again."""
    found = revision_here(revision_id)
    made: list[Revision] = []
    reasons = attempt(
        lambda: made.append(
            pipeline.draft(
                db.session(), found.kind, found.content, by=person(), publication=found.publication,
                marks=found.marks, dismissed=found.dismissed,
            )
        )
    )  # fmt: skip
    if reasons:
        return revision_page(revision_here(revision_id), reasons), 422
    done(_("已拟成草稿，请核对隐去标注后提交审核。"))
    return redirect(url_for("staff.revision", revision_id=made[0].id))


@staff.post("/revisions/<int:revision_id>/admission")
def admit(revision_id: int) -> ResponseReturnValue:
    found, note = revision_here(revision_id), request.form.get("note", "")
    reasons = attempt(lambda: pipeline.admit(db.session(), found, by=person(), note=note))
    if reasons:
        return revision_page(revision_here(revision_id), reasons, note=note), 422
    done(_("已决定准予继续办理，决定和理由已留痕。"))
    return redirect(url_for("staff.revision", revision_id=revision_id))


def seen() -> int | None:
    """The step the person was looking at when the button was pressed."""
    return whole_number(request.form.get("seen", "") or request.args.get("seen", ""))


def _act(revision_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    found, note = revision_here(revision_id), request.form.get("note", "")
    reasons = attempt(lambda: act(db.session(), found, by=person(), note=note, seen=seen()))
    if reasons:
        return revision_page(revision_here(revision_id), reasons, note=note), 422
    done(said)
    return redirect(_next_address(revision_id))


def _next_address(revision_id: int) -> str:
    return onward(revision_here(revision_id)) or url_for("staff.revision", revision_id=revision_id)


def revision_page(revision: Revision, refused: list[Sentence] | None = None, note: str = "") -> str:
    """The page of a revision, with what was refused beside the button."""
    session, me, public = db.session(), person(), public_view(revision)
    proposed = open_in(revision) if revision.state in desk.UNDER_WAY else []
    return render_template(
        "staff/revision.html",
        revision=revision,
        kind=KINDS[revision.kind],
        record=record_view(
            KINDS[revision.kind], revision.content, revision.marks, kept=revision.dismissed, found=proposed
        ),
        proposed=proposed,
        public=public,
        grounds=grounds(),
        trail=desk.trail(session, revision.publication),
        clock=clock_of(revision),
        buttons=buttons(revision, me),
        can_mark=not requirements.why_not_revise(revision, me),
        can_edit=not why_not_edit(revision, me),
        changes=changes_of(revision, public),
        length=clocks().profile.publish_days,
        can_admit=_waits_for_admission(revision) and roles.may(me, "admit"),
        held=_waits_for_admission(revision),
        after_all=_why_not_after_all(revision, me),
        warnings=requirements.warnings(session, revision),
        contested=_contested(revision),
        declared=standing_declarations(session, prior.subject_of(revision.content)),
        prior=prior.notice_of(session, revision.publication_id) if revision.act == "publish" else None,
        signing=signing_view(revision, me),
        own_draw=own_draw_of(revision),
        neighbours=neighbours(revision),
        refused=refused or [],
        note=note,
    )


def _contested(revision: Revision) -> list[Objection]:
    """The open cases that this draft may answer: it changes their result, or stands beside it (D14)."""
    number = revision.publication.number or str(revision.content.get("rectifies") or "")
    if revision.kind != "result" or not number or revision.state == "abandoned":
        return []
    return [each for each in open_on(db.session(), number) if sees_case(person(), each)]


def why_not_edit(revision: Revision, by: Person) -> list[Sentence]:
    """Why the words can not be changed: whoever reviews them may mark parts, never rewrite them."""
    return requirements.why_not_revise(revision, by, rewritten=True)


def changes_of(revision: Revision, public: tuple[Released | None, list[Sentence]]) -> Changes | None:
    """What an adjustment or a correction would change in public, as the public reads it now and then."""
    released, _reasons = public
    replaces = revision.act in ("adjust", "correct", scope.RESCOPE)
    if released is None or not replaces or revision.state == "done":
        return None
    publication = revision.publication
    now = queries.release(db.session(), publication.number or "", publication.version)
    if now is None or now.body is None:
        return None
    return compare(KINDS[revision.kind], queries.fields_of(now), released.fields)


def _why_not_after_all(revision: Revision, by: Person) -> list[Sentence] | None:
    """Why what was withheld in full can not be proposed again; None where that is no question."""
    if revision.state != "done" or not revision.withheld_ground:
        return None
    return requirements.why_not_draft(db.session(), revision.kind, "publish", revision.publication, by)


def _waits_for_admission(revision: Revision) -> bool:
    return bool(revision.held) and not revision.admitted_by_id and revision.state in ("draft", "sent_back")


def public_view(revision: Revision) -> tuple[Released | None, list[Sentence]]:
    """What the gate would let out now; or why it refuses to."""
    if revision.withheld_ground or revision.act in ("withdraw", "restore"):
        return None, []
    try:
        return pipeline.preview(revision), []
    except Refused as refusal:
        return None, list(refusal.reasons)


def clock_of(revision: Revision) -> Clock | None:
    """The publish-by clock of a result that is not public yet."""
    if revision.act != "publish" or revision.state in ("done", "abandoned"):
        return None
    dates = {name: revision.content.get(name) for name in desk.CLOCK_FIELDS}
    return clocks().clock(clocks().due_on(revision.kind, dates))
