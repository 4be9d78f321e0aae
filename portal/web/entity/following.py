"""Following a case by receipt number and code, without an account."""

from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import Overtaken, Refused
from portal.files import NotStored
from portal.objections import following, papers, requirements
from portal.objections.models import Objection, ObjectionFile
from portal.web.entity import room
from portal.web.entity.case_page import case_page, code_page, opened, opened_or_404, plain_receipt
from portal.web.entity.form_page import by_field
from portal.web.entity.room import anew, entity, here, remember_case, store, terms, visitor
from portal.web.entity.uploads import Taken, sent, take_in
from portal.web.typed import whole_number


@entity.get("/")
def start() -> ResponseReturnValue:
    return code_page({})


@entity.post("/")
def open_by_both() -> ResponseReturnValue:
    """Number and code on one form."""
    return _open(request.form.get("receipt", ""))


@entity.get("/<receipt>")
def case(receipt: str) -> ResponseReturnValue:
    return case_page(receipt)


@entity.post("/<receipt>")
def open_it(receipt: str) -> ResponseReturnValue:
    return _open(receipt)


@entity.post("/leave")
def leave() -> ResponseReturnValue:
    room.leave()
    return redirect(url_for("entity.start"), 303)


def _open(receipt: str) -> ResponseReturnValue:
    receipt, code = plain_receipt(receipt), request.form.get("code", "")[:80]
    # the slow check happens before the write lock is taken, as at the staff's sign-in
    fitting = following.fits(anew("reads"), receipt, code)
    session = anew("write")
    text = request.form.get("text", "")
    try:
        objection = following.open_case(session, receipt, fitting, visitor=visitor())
    except Refused as refusal:
        session.commit()  # the counter of wrong guesses counts although the act is refused
        return code_page({"receipt": receipt}, list(refusal.reasons), status=422, text=text)
    session.commit()
    remember_case(objection)
    if text:
        return case_page(objection.receipt, text=text)
    return redirect(url_for("entity.case", receipt=objection.receipt), 303)


# ── what the objector does ───────────────────────────────────


@entity.post("/<receipt>/supplement")
def add(receipt: str) -> ResponseReturnValue:
    """More words and papers, asked for or not, until the answer is signed."""
    text = request.form.get("text", "")
    session = anew("reads")
    objection = opened(receipt, session)
    if objection is None:
        return code_page({"receipt": receipt}, text=text)
    reasons = requirements.why_not_add(objection)
    if reasons:
        return case_page(receipt, errors={"": reasons}, text=text, status=409)
    session.rollback()  # the connection is given back before the slow part
    try:
        taken = take_in(store(), sent(("supplement",)), [])
    except NotStored as refusal:
        return case_page(receipt, errors={"": refusal.reasons}, text=text, status=503)
    if taken.refused:
        return case_page(receipt, errors=by_field(taken.refused), text=text, status=422)
    return _add(receipt, text, taken)


def _add(receipt: str, text: str, taken: Taken) -> ResponseReturnValue:
    session = anew("write")
    objection = opened_or_404(receipt, session)
    try:
        following.add(session, objection, text, _as_rows(session, taken), terms=terms(session), seen=_seen())
    except Refused as refusal:
        status = 409 if isinstance(refusal, Overtaken) else 422
        return case_page(receipt, errors={"": list(refusal.reasons)}, text=text, status=status)
    session.commit()
    flash("add")
    return redirect(url_for("entity.case", receipt=objection.receipt), 303)


def _as_rows(session: Any, taken: Taken) -> list[ObjectionFile]:
    session.add_all(taken.files)
    return taken.files


@entity.get("/<receipt>/withdrawal")
def withdrawal(receipt: str) -> ResponseReturnValue:
    """Are you sure: what it means to take an objection back."""
    objection = opened(receipt, here())
    if objection is None:
        return code_page({"receipt": receipt})
    reasons = requirements.why_not_withdraw(objection)
    return render_template("entity/withdrawal.html", case=objection, reasons=reasons)


@entity.post("/<receipt>/withdrawal")
def withdraw(receipt: str) -> ResponseReturnValue:
    return _act(receipt, lambda session, objection: following.withdraw(session, objection, request.form.get("text", "")[:2000], seen=_seen()))  # fmt: skip


@entity.post("/<receipt>/consent")
def consent(receipt: str) -> ResponseReturnValue:
    """同意电子送达."""
    return _act(receipt, lambda session, objection: following.consent(session, objection, email=request.form.get("email", ""), seen=_seen()), done="consent")  # fmt: skip


@entity.post("/<receipt>/acknowledgement")
def acknowledge(receipt: str) -> ResponseReturnValue:
    """查看并签收: opening the answer is its delivery."""

    def open_answer(session: Any, objection: Objection) -> None:
        if not objection.electronic:
            abort(404)
        following.acknowledge(session, objection, seen=_seen())

    return _act(receipt, open_answer, to="entity.paper", kind="decision")


def _act(receipt: str, act: Any, to: str = "entity.case", done: str = "", **more: Any) -> ResponseReturnValue:
    session = anew("write")
    objection = opened(receipt, session)
    if objection is None:
        return code_page({"receipt": receipt}, text=request.form.get("text", ""))
    try:
        act(session, objection)
    except Refused as refusal:
        session.rollback()
        return case_page(receipt, errors={"": list(refusal.reasons)}, status=409)
    session.commit()
    if done:
        flash(done)
    return redirect(url_for(to, receipt=objection.receipt, **more), 303)


def _seen() -> int | None:
    """The step that the page showed; of two acts at once the second is told."""
    return whole_number(request.form.get("seen", ""))


# ── papers and own photos ────────────────────────────────────


@entity.get("/<receipt>/receipt")
def receipt_again(receipt: str) -> ResponseReturnValue:
    """The receipt without its code, which is kept nowhere."""
    objection = opened(receipt, here())
    if objection is None:
        return code_page({"receipt": receipt})
    sheet = papers.sheet(here(), objection, "receipt", terms(here()))
    return render_template("entity/receipt.html", paper=sheet, code="", first=False)


@entity.get("/<receipt>/proof")
def receipt_proof(receipt: str) -> ResponseReturnValue:
    """收件证明文件: whoever holds it can prove that the objection was filed, when, and what was filed."""
    objection = opened(receipt, here())
    if objection is None:
        return code_page({"receipt": receipt})
    proof = papers.proof(here(), objection)
    if proof is None:
        abort(404)
    response = Response(str(proof), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{objection.receipt}.tlog-proof"'
    return response


@entity.get("/<receipt>/papers/<kind>")
def paper(receipt: str, kind: str) -> ResponseReturnValue:
    """A paper that may be read now; before its act there is none."""
    objection = opened(receipt, here())
    if objection is None:
        return code_page({"receipt": receipt})
    if kind == "receipt":
        return redirect(url_for("entity.receipt_again", receipt=objection.receipt), 303)
    if kind not in {each.kind for each in papers.shown_to_objector(objection)}:
        abort(404)
    sheet = papers.sheet(here(), objection, kind, terms(here()))
    return render_template("entity/paper.html", paper=sheet)


@entity.get("/<receipt>/files/<int:file_id>")
def photo(receipt: str, file_id: int) -> ResponseReturnValue:
    """An own photo, as we made it anew; nothing else that was handed in is ever served."""
    objection = opened_or_404(receipt, here())
    wanted = sa.select(ObjectionFile).where(
        ObjectionFile.id == file_id, ObjectionFile.objection_id == objection.id, ObjectionFile.by_id.is_(None)
    )
    found = here().scalar(wanted)
    if found is None or not found.viewable:
        abort(404)
    response = Response(store().read(found.viewable), content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
