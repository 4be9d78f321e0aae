"""Signing a revision: with the passphrase, with a token or another program, or on paper."""

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import now
from portal.db import db
from portal.publications import paper, signing
from portal.publications.models import Revision
from portal.publications.signed import SignedSheet
from portal.web.staff.objection_acts import store, uploads
from portal.web.staff.objection_files import open_stored
from portal.web.staff.revisions import changes_of, public_view, revision_page, seen
from portal.web.staff.room import attempt, done, let_go, person, revision_here, staff
from portal.web.staff.signing_view import signing_view
from portal.web.staff.typed_signer import typed_signer
from portal.web.typed import whole_number
from portal.words import Sentence, say


@staff.post("/revisions/<int:revision_id>/signatures")
def sign_revision(revision_id: int) -> ResponseReturnValue:
    revision_here(revision_id)
    signer, reasons = typed_signer()
    if signer is None and not reasons:
        reasons = [say("请输入签名口令，或者粘贴在别处作出的签名。")]
    if signer is not None:
        reasons = attempt(
            lambda: signing.sign(db.session(), revision_here(revision_id), signer, by=person(), seen=seen())
        )
    return _answer(revision_id, reasons, _("已签名。"))


@staff.post("/revisions/<int:revision_id>/statement")
def fix_statement(revision_id: int) -> ResponseReturnValue:
    """Fix what is signed before it is signed elsewhere or on paper."""
    found = revision_here(revision_id)
    reasons = signing.why_not_role(found, person()) if not _may_record(found) else []
    reasons = reasons or attempt(lambda: signing.begin(db.session(), revision_here(revision_id)))
    return _answer(revision_id, reasons, _("待签内容已固定，可以下载或者打印。"))


def _may_record(revision: Revision) -> bool:
    return not paper.why_not_handle(revision, person())


@staff.get("/revisions/<int:revision_id>/statement")
def statement_of_revision(revision_id: int) -> ResponseReturnValue:
    """The bytes that are signed, to be signed by a token or another program."""
    said = signing.statement_of(db.session(), revision_here(revision_id))
    if said is None:
        abort(404)
    answer = Response(said, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="statement-{revision_id}.json"'
    return answer


# ── on paper ─────────────────────────────────────────────────


@staff.get("/revisions/<int:revision_id>/sheet")
def signing_sheet(revision_id: int) -> ResponseReturnValue:
    """更正审批表, to be printed and signed by hand; the fingerprint on it ties it to what is signed."""
    found = revision_here(revision_id)
    view = signing_view(found, person())
    if view is None or not view.fingerprint:
        abort(404)
    changes = changes_of(found, public_view(found))
    return render_template(
        "staff/signing_sheet.html", revision=found, view=view, changes=changes, printed_at=now()
    )


@staff.post("/revisions/<int:revision_id>/sheets")
def record_sheet(revision_id: int) -> ResponseReturnValue:
    """The scan is examined and on disk before the database is written to."""
    reasons = paper.why_not_record(db.session(), revision_here(revision_id), person())
    sent, chosen = uploads("file")[:1], {whole_number(each) for each in request.form.getlist("signer")[:10]}
    if not sent:
        reasons.append(say("请选择签好的审批表的扫描件。"))
    kept: list[SignedSheet] = []
    if not reasons:
        let_go()
        reasons = attempt(lambda: kept.append(paper.keep(store(), *sent[0])))
    if not reasons:
        reasons = attempt(lambda: _record(revision_here(revision_id), kept[0], chosen))
    return _answer(revision_id, reasons, _("已登记纸质签署，请另一位同事核对扫描件。"))


def _record(revision: Revision, sheet: SignedSheet, chosen: set[int | None]) -> None:
    people = [each for each in paper.signers(db.session(), revision) if each.id in chosen]
    paper.record(db.session(), revision, sheet, people, by=person())


@staff.post("/revisions/<int:revision_id>/sheets/<int:sheet_id>/confirmation")
def confirm_sheet(revision_id: int, sheet_id: int) -> ResponseReturnValue:
    revision, sheet = _sheet_here(revision_id, sheet_id)
    reasons = attempt(lambda: paper.confirm(db.session(), revision, sheet, by=person()))
    return _answer(revision_id, reasons, _("已核对，纸质签署自此有效。"))


@staff.post("/revisions/<int:revision_id>/sheets/<int:sheet_id>/removal")
def take_sheet_back(revision_id: int, sheet_id: int) -> ResponseReturnValue:
    revision, sheet = _sheet_here(revision_id, sheet_id)
    reasons = attempt(lambda: paper.take_back(db.session(), revision, sheet, by=person()))
    return _answer(revision_id, reasons, _("已撤回这张审批表，扫描件仍然留存。"))


@staff.get("/revisions/<int:revision_id>/sheets/<int:sheet_id>")
def scanned_sheet(revision_id: int, sheet_id: int) -> ResponseReturnValue:
    """The scan as it was handed in: to save, never to be shown by this site."""
    _revision, sheet = _sheet_here(revision_id, sheet_id)
    answer = send_file(
        open_stored(sheet.stored),
        "application/octet-stream",
        as_attachment=True,
        download_name=sheet.name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@staff.get("/revisions/<int:revision_id>/sheets/<int:sheet_id>/picture")
def pictured_sheet(revision_id: int, sheet_id: int) -> ResponseReturnValue:
    """A photographed sheet as it was made anew; there is none of a PDF."""
    _revision, sheet = _sheet_here(revision_id, sheet_id)
    if not sheet.viewable:
        abort(404)
    return send_file(open_stored(sheet.viewable), "image/jpeg", etag=False)


def _sheet_here(revision_id: int, sheet_id: int) -> tuple[Revision, SignedSheet]:
    revision, sheet = revision_here(revision_id), db.session.get(SignedSheet, sheet_id)
    if sheet is None or sheet.revision_id != revision.id:
        abort(404)
    return revision, sheet


def _answer(revision_id: int, reasons: list[Sentence], said: str) -> ResponseReturnValue:
    """Back to where the form stood: the revision's page, or the sheet of the objection it answers."""
    if reasons:
        return revision_page(revision_here(revision_id), reasons), 422
    done(said)
    case = whole_number(request.form.get("case", ""))
    if case:
        return redirect(url_for("staff.objection_sheet", objection_id=case, _anchor="signatures"))
    return redirect(url_for("staff.revision", revision_id=revision_id, _anchor="signatures"))
