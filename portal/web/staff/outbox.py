"""通知: what people were told by mail and text message, what was not delivered, and once more by hand."""

from collections.abc import Mapping
from typing import get_args

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.outbox import posting, queries
from portal.outbox.models import CHANNELS, STATES, Channel, Message, State
from portal.people import roles
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import NotAllowed, attempt, done, for_act, person, staff
from portal.words import Sentence, say

PER_PAGE = 50

STATE_WORDS: Mapping[State, Sentence] = {
    "waiting": say("待发送"),
    "failed": say("发送失败"),
    "kept": say("仅留存（未配置发送方式）"),
    "sent": say("已发送"),
}

CHANNEL_WORDS: Mapping[Channel, Sentence] = {"email": say("邮件"), "sms": say("短信")}

assert set(STATE_WORDS) == set(get_args(State)) == set(STATES)
assert set(CHANNEL_WORDS) == set(CHANNELS)


@staff.get("/outbox")
@for_act("see_outbox")
def outbox() -> ResponseReturnValue:
    return _page()


@staff.post("/outbox/<int:message_id>/delivery")
@for_act("resend")
def resend(message_id: int) -> ResponseReturnValue:
    message = _message_here(message_id)
    reasons = _why_not_resend(message)
    if reasons:
        raise NotAllowed(*reasons)
    reasons = attempt(lambda: posting.requeue(db.session(), message, by=person().name))
    if reasons:
        return _page(reasons), 422
    done(_("已重新排队，稍后发送。"))
    return redirect(url_for("staff.outbox"))


def _message_here(message_id: int) -> Message:
    """A message that this person may read; 404 otherwise, as if it were not there."""
    message = db.session.get(Message, message_id)
    if message is None or _department() not in (None, message.department_code):
        abort(404)
    return message


def _department() -> str | None:
    """Whose messages this person reads; None for every department's."""
    return None if roles.may(person(), "see_all_outbox") else person().department_code


def _why_not_resend(message: Message) -> list[Sentence]:
    """The system administrator sees to the carriers and so to every message; the others to their own."""
    department = None if roles.may(person(), "manage_system") else message.department_code
    return roles.why_not(person(), "resend", department=department)


def _page(refused: list[Sentence] | None = None) -> str:
    shown = next((state for state in STATES if state == request.args.get("state")), None)
    page = asked_page()
    found, total = queries.messages(
        db.session(), department=_department(), state=shown, page=page, size=PER_PAGE
    )
    return render_template(
        "staff/outbox.html",
        found=found,
        pages=Pages(page, PER_PAGE, total),
        counts=queries.counts(db.session(), department=_department()),
        shown=shown,
        state_words=STATE_WORDS,
        channel_words=CHANNEL_WORDS,
        may_resend=lambda message: message.state == "failed" and not _why_not_resend(message),
        refused=refused or [],
    )
