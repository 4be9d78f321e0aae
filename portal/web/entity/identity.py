"""确认身份, after the filing was received: by the notice's code, by signing in elsewhere, at the counter."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.codes.models import Department
from portal.errors import Overtaken, Refused
from portal.objections import identity
from portal.objections.models import Objection
from portal.web.entity import oidc
from portal.web.entity.case_page import code_page, opened, plain_receipt
from portal.web.entity.room import anew, entity, here, visitor
from portal.web.rendering import CARRIED, carried
from portal.words import Sentence, say

LONGEST_CODE = 80

REASONS: Mapping[str, Sentence] = {
    "expired": say("这次登录已经过期或者已经用过，身份没有确认；请打开您的异议，再确认一次。"),
    "cancelled": say("您取消了登录，身份没有确认；可以再试一次，也可以换一种方式。"),
    "unreachable": say("现在连不上统一身份认证，身份没有确认；请过一会儿再试，或者换一种方式。"),
    "unfit": say("统一身份认证没有给出可以采信的答复，身份没有确认；请再试一次，或者换一种方式。"),
}


@entity.context_processor
def ways_of_confirming() -> dict[str, Any]:
    """For the page of the case."""
    return {"identity_ways": identity.WAYS, "why_not_confirm": identity.why_not_confirm}


@entity.get("/<receipt>/identity")
def identify(receipt: str) -> ResponseReturnValue:
    """The ways there are."""
    told = request.args.get("told", "")
    if told == "other_entity":
        return _page(receipt, lambda objection: [identity.wrong_entity(objection)])
    return _page(receipt, lambda _objection: [REASONS[told]] if told in REASONS else [])


@entity.post("/<receipt>/identity")
def identify_by_code(receipt: str) -> ResponseReturnValue:
    """The code of the notice."""
    session = anew("reads")
    objection = opened(receipt, session)
    if objection is None:
        return code_page({"receipt": receipt})
    code = request.form.get("code", "")[:LONGEST_CODE]
    # the slow check happens before the write lock is taken
    fitting = identity.fits_notice_code(session, objection, code)
    session = anew("write")
    objection = session.scalars(sa.select(Objection).where(Objection.receipt == plain_receipt(receipt))).one()
    try:
        identity.confirm_by_code(session, objection, fitting, visitor=visitor())
    except Overtaken:
        raise
    except Refused as refusal:
        reasons = list(refusal.reasons)
        session.commit()  # the counter of wrong guesses counts although the act is refused
        return _page(receipt, lambda _objection: reasons, status=422)
    session.commit()
    return redirect(url_for("entity.case", receipt=plain_receipt(receipt), _anchor="identity"), 303)


@entity.get("/<receipt>/identity/sign-in")
def sign_in_elsewhere(receipt: str) -> ResponseReturnValue:
    """Off to the provider. A link and no form: browsers hold a form to our own site, wherever it is led on."""
    objection = opened(receipt, here())
    if objection is None:
        return code_page({"receipt": receipt})
    if not oidc.is_set_up() or identity.why_not_confirm(objection):
        return redirect(url_for("entity.identify", receipt=objection.receipt), 303)
    number = objection.receipt
    here().rollback()  # the connection is given back before the network
    try:
        return oidc.begin(receipt=number, **carried())
    except oidc.NotVouched as nobody:
        return redirect(url_for("entity.identify", receipt=number, told=nobody.why), 303)


@entity.get("/identity/callback")
def back_from_elsewhere() -> ResponseReturnValue:
    """Back from the provider, which leads browsers here by GET; its state is what the form's token is elsewhere."""
    try:
        vouching = oidc.settle()
    except oidc.NotVouched as nobody:
        if not nobody.begun:
            return code_page({}, [REASONS[nobody.why]], status=422)
        return redirect(_address("entity.identify", nobody.begun, told=nobody.why), 303)
    session = anew("write")
    objection = opened(vouching.begun["receipt"], session)
    if objection is None:
        return code_page({"receipt": vouching.begun["receipt"]})
    if not identity.ADAPTERS["oidc"].fits(session, objection, vouching.code):
        return redirect(_address("entity.identify", vouching.begun, told="other_entity"), 303)
    try:
        identity.confirm(session, objection, "oidc", note=str(say("统一身份认证相符")))
    except Refused:
        session.rollback()  # confirmed or ended in the meantime: the page of the case says so
    else:
        session.commit()
    return redirect(_address("entity.case", vouching.begun), 303)


def _address(endpoint: str, begun: Mapping[str, Any], **more: str) -> str:
    """A page of the case, in the language and display in which the sign-in began."""
    choices: dict[str, Any] = {name: begun[name] for name in CARRIED if begun.get(name)}
    return url_for(endpoint, receipt=begun["receipt"], **choices | more)


def _page(
    receipt: str, reasons: Callable[[Objection], Sequence[Sentence]], *, status: int = 200
) -> ResponseReturnValue:
    session = anew("reads")
    objection = opened(receipt, session)
    if objection is None:
        return code_page({"receipt": receipt})
    page = render_template(
        "entity/identity.html",
        case=objection,
        department=session.get_one(Department, objection.department_code),
        elsewhere=oidc.is_set_up(),
        why_not=identity.why_not_confirm(objection),
        reasons=reasons(objection),
    )
    return page, status
