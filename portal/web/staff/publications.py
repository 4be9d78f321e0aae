"""What is public already: its versions, and what may be proposed or done about it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.erasing import queries as erasing
from portal.people import roles
from portal.prior_notice.opinions import sought
from portal.publications import desk, duty, pipeline, queries, requirements, scope
from portal.publications.kinds import KINDS
from portal.publications.models import Hold, Publication, Revision
from portal.web.staff.erasures import STATES
from portal.web.staff.record_view import record_view
from portal.web.staff.room import attempt, done, person, publication_here, staff
from portal.words import Sentence

PROPOSED = {"withdrawal": "withdraw", "restoration": "restore"}


@staff.get("/publications/<number>")
@staff.get("/publications/<number>/hold", endpoint="holding")
@staff.get("/publications/<number>/<any(withdrawal, restoration):proposal>", endpoint="proposing")
def publication(number: str, proposal: str = "") -> ResponseReturnValue:
    return _page(publication_here(number))


@staff.post("/publications/<number>/<any(withdrawal, restoration):proposal>")
def propose_taking_down(number: str, proposal: str) -> ResponseReturnValue:
    """Withdraw or restore: drafted here, signed by the head (O1, O2)."""
    found = publication_here(number)
    standing = scope.standing(db.session(), found)
    words = {name: request.form.get(name, "").strip() for name in ("reason", "basis")}
    made: list[Revision] = []
    reasons = attempt(
        lambda: made.append(
            pipeline.draft(
                db.session(), found.kind, standing.content if standing else {}, by=person(),
                act=PROPOSED[proposal], publication=found, marks=standing.marks if standing else (),
                dismissed=standing.dismissed if standing else (),
                reason=words["reason"], basis=words["basis"],
            )
        )
    )  # fmt: skip
    if reasons:
        return _page(publication_here(number), reasons), 422
    done(_("已拟成草稿，请核对后提交主要负责人签署。"))
    return redirect(url_for("staff.revision", revision_id=made[0].id))


@staff.post("/publications/<number>/scope")
def propose_scope(number: str) -> ResponseReturnValue:
    """调整公示范围 (W1): the same words, to be marked anew and agreed to by a second person."""
    found = publication_here(number)
    standing = scope.standing(db.session(), found)
    made: list[Revision] = []
    reasons = attempt(
        lambda: made.append(
            pipeline.draft(
                db.session(), found.kind, {}, by=person(), act=scope.RESCOPE, publication=found,
                marks=standing.marks if standing else (),
                dismissed=standing.dismissed if standing else (),
            )
        )
    )  # fmt: skip
    if reasons:
        return _page(publication_here(number), reasons), 422
    done(_("已拟成草稿：请改动隐去标注，然后提交另一位同事同意。"))
    return redirect(url_for("staff.marks", revision_id=made[0].id))


@staff.post("/publications/<number>/hold")
def hold(number: str) -> ResponseReturnValue:
    found = publication_here(number)
    reason = request.form.get("reason", "")
    reasons = attempt(lambda: duty.hold(db.session(), found, by=person(), reason=reason))
    if reasons:
        return _page(publication_here(number), reasons), 422
    done(_("已暂停公示，公众页面上已看不到内容。主要负责人须在一个工作日内确认。"))
    return redirect(url_for("staff.publication", number=number))


@staff.post("/publications/<number>/hold/confirmation")
def confirm_hold(number: str) -> ResponseReturnValue:
    found = publication_here(number)
    held = _open_hold(found)
    reasons: list[Sentence] = []
    if held is not None:
        reasons = attempt(lambda: duty.confirm_hold(db.session(), held, by=person()))
    if reasons:
        return _page(publication_here(number), reasons), 422
    done(_("已确认暂停公示。"))
    return redirect(url_for("staff.publication", number=number))


def _open_hold(publication: Publication) -> Hold | None:
    return next(
        (
            each
            for each in duty.unconfirmed(db.session(), publication.department_code)
            if each.publication_id == publication.id
        ),
        None,
    )


def _page(publication: Publication, refused: list[Sentence] | None = None) -> str:
    session, me = db.session(), person()
    standing = scope.standing(session, publication)
    kind = KINDS[publication.kind]

    def why_not(act: str) -> list[Sentence]:
        return requirements.why_not_draft(session, publication.kind, act, publication, me)

    return render_template(
        "staff/publication.html",
        publication=publication,
        kind=kind,
        face=requirements.face_of(session, publication),
        title=standing.title if standing else publication.number,
        record=record_view(kind, standing.content, standing.marks) if standing else None,
        versions=queries.versions(session, publication.number or ""),
        trail=desk.trail(session, publication),
        under_way=requirements.open_revision(session, publication),
        why_not=why_not,
        why_not_hold=duty.why_not_hold(session, publication, me),
        held=_open_hold(publication),
        can_confirm=roles.may(me, "confirm_hold"),
        seeking=sought(standing) if standing else [],
        erasures=erasing.of_publication(session, publication),
        erasure_states=STATES,
        refused=refused or [],
    )
