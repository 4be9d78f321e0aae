"""When something goes wrong in this room: the words stay, and the page says plainly what was not received."""

from flask import current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.db import db
from portal.errors import Overtaken, Refused
from portal.objections import keeping
from portal.web.entity import form_page as form
from portal.web.entity import told
from portal.web.entity.case_page import code_page
from portal.web.entity.form_page import Shown, form_page
from portal.web.entity.receiving import asked, not_received, receive, result_number
from portal.web.entity.room import anew, entity, form_key, from_elsewhere
from portal.web.entity.typed_form import as_form, nothing_typed
from portal.web.rendering import error_page
from portal.words import Sentence, say

FORM, DRAFT = "entity.receive", "entity.keep_draft"
TOLD = ("entity.open_prior", "entity.answer_prior", "entity.answer_opinion", "entity.declare")


@entity.errorhandler(CSRFError)
def form_too_old(error: CSRFError) -> ResponseReturnValue:
    """The page's token is no longer good: cookies were lost, or the page is old. What was typed stays.

    A browser that keeps no cookie at all would never get further. So the second time the form is taken if the
    browser says that this site sent it: nobody's account is at stake, and a form's own key can not be guessed.
    """
    db.session.remove()
    if request.endpoint == DRAFT:
        return "", 400
    if request.endpoint in TOLD:
        return told.page_too_old(str(request.endpoint), (request.view_args or {}).get("handle", ""))
    if request.endpoint != FORM:
        return code_page(request.view_args or {}, [form_expired()], status=400, text=_words())
    if from_elsewhere():
        number = result_number()
        return form_page(number, form_key(number), nothing_typed(), status=400)
    if request.form.get("again") and request.headers.get("Origin"):
        return receive()
    this = asked()
    return form_page(this.number, this.key, this.typed, Shown(failure=form.TOO_OLD, again=True), 400)


def form_expired() -> Sentence:
    """What is said where a code is asked for."""
    return say("页面放得太久，这次没有办成。请再填一次查询码。")


@entity.errorhandler(413)
def too_much(error: HTTPException) -> ResponseReturnValue:
    """More than the site takes at all: the body was not read, the saved draft is still there."""
    if request.endpoint != FORM:
        return _page(413, [say("文件太大，没有收到。请减少几个，或者拍小一点的照片再交。")])
    number = result_number()
    key = form_key(number)
    draft = keeping.draft(anew("reads"), key)
    typed = as_form(draft.typed) if draft is not None else nothing_typed()
    return form_page(number, key, typed, Shown(failure=form.TOO_MUCH), 413)


@entity.errorhandler(Refused)
def refused(refusal: Refused) -> ResponseReturnValue:
    """A refusal that no page caught; the disk that takes nothing is one."""
    db.session.remove()
    if request.endpoint == FORM:
        this = asked()
        shown = Shown(errors={"": list(refusal.reasons)}, failure=form.NOT_RECEIVED)
        return form_page(this.number, this.key, this.typed, shown, 503)
    return _page(409 if isinstance(refusal, Overtaken) else 400, list(refusal.reasons))


@entity.errorhandler(HTTPException)
def no_such_page(error: HTTPException) -> ResponseReturnValue:
    """Most often an address that leads nowhere."""
    db.session.remove()
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    sentence = say("没有找到这一页。请用回执号和查询码打开您的异议申请。") if status == 404 else say("这个请求办不了，请从页面上的按钮进入。")  # fmt: skip
    return _page(status, [sentence])


@entity.errorhandler(Exception)
def broken(error: Exception) -> ResponseReturnValue:
    """Database busy, disk full, a fault of ours: nothing was received, and nothing typed is lost."""
    current_app.logger.exception("a request failed")
    db.session.remove()
    if request.endpoint == FORM:
        return not_received(asked())
    if request.endpoint == DRAFT:
        return "", 503
    return _page(503, [say("现在办不了，没有作任何改动。请过一会儿再试，或者拨打页面下方的电话。")])


def _page(status: int, sentences: list[Sentence]) -> ResponseReturnValue:
    words = _words() if status != 413 else ""
    return error_page("entity/error.html", status, sentences, text=words)


def _words() -> str:
    return request.form.get("text", "") if request.method == "POST" and not from_elsewhere() else ""
