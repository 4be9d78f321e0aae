"""When a page of somebody told or asked was open too long, or its browser keeps no cookie: what was typed stays."""

from flask import request
from flask.typing import ResponseReturnValue

from portal.web.entity import declaring, opinion, prior
from portal.web.entity.prior_page import opened, prior_page
from portal.web.entity.room import KEY, anew, from_elsewhere
from portal.web.typed import storable
from portal.words import Sentence, say

BY_LINK = {"entity.answer_prior": prior.answer_prior, "entity.answer_opinion": opinion.answer_opinion}


def page_too_old(endpoint: str, handle: str) -> ResponseReturnValue:
    """The form's token is no longer good.

    Whoever sends a form to the address of a link knows its token, which no other site does: that is proof enough.
    """
    if endpoint in BY_LINK and KEY.fullmatch(handle) and not from_elsewhere():
        return BY_LINK[endpoint](handle)
    reading = anew("reads")
    if endpoint == "entity.declare":
        typed = declaring.typed_declaration(declaring.opened_notice())
        return declaring.declaration_form(typed, declaring.opened_notice(), {"": [_again()]}, 400)
    if endpoint == "entity.answer_prior" and (notice := opened(reading, handle)) is not None:
        return prior_page(reading, notice, handle, prior.typed_answer(), {"": [_again()]}, 400)
    if endpoint == "entity.answer_opinion" and (row := opinion.opened(reading, handle)) is not None:
        says, text = request.form.get("says", ""), storable(request.form.get("text", ""))
        return opinion.opinion_page(reading, row, handle, [_again()], says, text), 400
    return prior.start_page([_again()], status=400)


def _again() -> Sentence:
    return say("页面放得太久，刚才的提交没有收到；请再提交一次。")
