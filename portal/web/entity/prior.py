"""公示前告知, from the entity's side: open by link or code, read what will be public, say what is wrong with it."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.attachments.keeping import Stores
from portal.attachments.listing import MEDIA_TYPE, copies
from portal.errors import Refused
from portal.prior_notice import answering, declaring, keys, opening, telling
from portal.prior_notice.answering import SAID, Typed
from portal.prior_notice.models import Opinion
from portal.publications.declared import Declaration
from portal.publications.prior import PriorAnswer
from portal.web.entity.form_page import by_field
from portal.web.entity.prior_page import body_of, opened, parts_of, prior_page, remember, remembered
from portal.web.entity.room import KEY, anew, entity, here, settings, visitor
from portal.web.typed import storable
from portal.words import Sentence, say

LOST = say(
    "这个链接打不开：可能没有写全，可能已经换了新的，也可能过期了。请用下面的方式打开，或者打电话询问。"
)


@entity.get("/prior/")
def prior_start() -> ResponseReturnValue:
    return start_page()


@entity.post("/prior/")
def open_prior() -> ResponseReturnValue:
    """Entity's code, and the code of the letter or of the check sheet."""
    subject = keys.subject_typed(request.form.get("subject", "")[:200])
    code = request.form.get("code", "")[:80]
    # the slow check happens before the write lock is taken, as at the staff's sign-in
    found = opening.by_code(anew("reads"), subject, code)
    session = anew("write")
    try:
        keys.judge(session, subject, bool(found), visitor=visitor())
    except Refused as refusal:
        session.commit()  # the counter of wrong guesses counts although the act is refused
        return start_page(list(refusal.reasons), status=422)
    session.commit()
    remember("prior", found.notices)
    remember("opinions", found.opinions)
    remember("declarations", [each.id for each in declaring.of_entity(anew("reads"), subject)])
    if len(found.notices) == 1 and not found.opinions:
        return redirect(url_for("entity.prior", handle=found.notices[0]), 303)
    return redirect(url_for("entity.prior_start", opened=1), 303)


@entity.get("/prior/<handle>")
def prior(handle: str) -> ResponseReturnValue:
    notice = opened(here(), handle)
    if notice is None:
        return start_page([LOST], status=404)
    return prior_page(here(), notice, handle)


@entity.get("/prior/<handle>/files/<int:n>.pdf")
def prior_file(handle: str, n: int) -> ResponseReturnValue:
    """An attachment to the byte as the public will get it, while it is not public."""
    notice = opened(here(), handle)
    revision = telling.approved(here(), notice) if notice is not None else None
    if notice is None or revision is None or notice.publication.number is not None:
        return start_page([LOST], status=404)
    copy = copies(revision.attachments).get(n)
    if copy is None:
        abort(404)
    try:
        response = Response(Stores.of(settings()).public.read(copy["stored"]), content_type=MEDIA_TYPE)
    except FileNotFoundError:
        abort(404)
    response.headers["Content-Disposition"] = f"attachment; filename={n}.pdf"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@entity.post("/prior/<handle>/answers")
def answer_prior(handle: str) -> ResponseReturnValue:
    session = anew("write")
    notice = opened(session, handle)
    if notice is None:
        return start_page([LOST], status=404)
    typed = typed_answer()
    parts = list(parts_of(body_of(session, notice)))
    wrong = [] if answering.why_not_answer(notice) else answering.problems(typed, parts)
    if wrong:
        return prior_page(session, notice, handle, typed, by_field(wrong), 422)
    try:
        row = answering.answer(session, notice, typed, parts=parts)
    except Refused as refusal:
        session.rollback()
        again = opened(session, handle)
        if again is None:
            return start_page([LOST], status=404)
        return prior_page(session, again, handle, typed, {"": list(refusal.reasons)}, 409)
    session.commit()
    return redirect(url_for("entity.prior_receipt", handle=handle, answer_id=row.id), 303)


def typed_answer() -> Typed:
    """What stands in the form; a form without a key of ours gets a new one, so nothing is lost."""
    given = {
        name: storable(request.form.get(name, ""))
        for name in ("says", "path", "text", "why", "phone", "email")
    }
    key = request.form.get("key", "")
    return Typed(key=key if KEY.fullmatch(key) else keys.new_keys(1, with_code=False)[0].token, **given)


@entity.get("/prior/<handle>/answers/<int:answer_id>")
def prior_receipt(handle: str, answer_id: int) -> ResponseReturnValue:
    """What was received and when."""
    notice = opened(here(), handle)
    row = here().get(PriorAnswer, answer_id) if notice is not None else None
    if notice is None or row is None or row not in notice.own_answers:
        return start_page([LOST], status=404)
    part = parts_of(body_of(here(), notice)).get(row.path, "")
    return render_template(
        "entity/prior_receipt.html", notice=notice, row=row, handle=handle, part=part, SAID=SAID
    )


def start_page(reasons: list[Sentence] | None = None, status: int = 200) -> ResponseReturnValue:
    """Where a code is typed; looks the same whether there is such a notice or not."""
    page = render_template(
        "entity/prior_start.html",
        reasons=reasons or [],
        notices=[each for one in remembered("prior") if (each := opened(here(), str(one))) is not None],
        opinions=_remembered(Opinion, "opinions"),
        declarations=_remembered(Declaration, "declarations"),
        opened=bool(request.args.get("opened")),
        subject=request.form.get("subject", "")[:200],
    )
    return page, status


def _remembered(model: type[Any], kind: str) -> list[Any]:
    """What this browser has shown a code for."""
    return [found for each in remembered(kind) if (found := here().get(model, each)) is not None]
