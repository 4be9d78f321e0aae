"""The acts on one concern, each at an address of its own; who comes second is told who was first."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.concerns import handling
from portal.concerns.models import Concern
from portal.db import db
from portal.errors import Refused
from portal.web.staff.clocks import clocks
from portal.web.staff.concerns import concern_here, concern_page, typed_day, typed_text
from portal.web.staff.room import attempt, done, person, staff
from portal.web.typed import whole_number
from portal.words import say


@staff.get("/concerns/<int:concern_id>")
@staff.get("/concerns/<int:concern_id>/spot", endpoint="concern_spot_page")
@staff.get("/concerns/<int:concern_id>/answer", endpoint="concern_answer_page")
@staff.get("/concerns/<int:concern_id>/transfer", endpoint="concern_transfer_page")
@staff.get("/concerns/<int:concern_id>/takeover", endpoint="concern_takeover_page")
@staff.get("/concerns/<int:concern_id>/callback", endpoint="concern_callback_page")
@staff.get("/concerns/<int:concern_id>/reopening", endpoint="concern_reopening_page")
@staff.get("/concerns/<int:concern_id>/closing", endpoint="concern_closing_page")
def concern(concern_id: int) -> ResponseReturnValue:
    return concern_page(concern_here(concern_id), open_panel=request.path.rpartition("/")[2])


@staff.post("/concerns/<int:concern_id>/spot")
def concern_spot(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        handling.answer_on_the_spot(db.session(), found, by=person(), answer=typed_text("note"), seen=_seen())

    return _act(concern_id, "spot", act, _("已记为当场答复，等待回访。"))


@staff.post("/concerns/<int:concern_id>/answer")
def concern_answer(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        day = typed_day("on")
        if day is None:
            raise Refused(say("请填写答复企业的日期。"))
        handling.answer(db.session(), found, by=person(), answer=typed_text("note"), on=day, seen=_seen())

    return _act(concern_id, "answer", act, _("已登记答复，等待收集部门回访。"))


@staff.post("/concerns/<int:concern_id>/transfer")
def concern_transfer(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        handling.pass_on(
            db.session(), found, by=person(), to=request.form.get("to", ""), note=typed_text("note"),
            terms=clocks().terms, seen=_seen(),
        )  # fmt: skip

    return _act(concern_id, "transfer", act, _("已转办，对方的答复期限从今天起算。"))


@staff.post("/concerns/<int:concern_id>/takeover")
def concern_takeover(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        handling.take_over(db.session(), found, by=person(), note=typed_text("note"), seen=_seen())

    return _act(concern_id, "takeover", act, _("已接办，请在期限内答复企业。"))


@staff.post("/concerns/<int:concern_id>/callback")
def concern_callback(concern_id: int) -> ResponseReturnValue:
    said = request.form.get("satisfied", "")

    def act(found: Concern) -> None:
        if said not in ("yes", "no"):
            raise Refused(say("请选择企业是否满意。"))
        handling.call_back(
            db.session(), found, by=person(), satisfied=said == "yes", note=typed_text("note"), seen=_seen()
        )

    words = _("已登记回访，这件诉求办结。") if said == "yes" else _("已登记回访，请决定重新办理或者办结。")
    return _act(concern_id, "callback", act, words)


@staff.post("/concerns/<int:concern_id>/reopening")
def concern_reopening(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        handling.reopen(
            db.session(), found, by=person(), note=typed_text("note"), terms=clocks().terms, seen=_seen()
        )

    return _act(concern_id, "reopening", act, _("已重新办理，答复期限从今天起算。"))


@staff.post("/concerns/<int:concern_id>/closing")
def concern_closing(concern_id: int) -> ResponseReturnValue:
    def act(found: Concern) -> None:
        handling.close(db.session(), found, by=person(), note=typed_text("note"), seen=_seen())

    return _act(concern_id, "closing", act, _("已办结。"))


def _act(concern_id: int, name: str, act: Callable[[Concern], None], said: str) -> ResponseReturnValue:
    found = concern_here(concern_id)
    reasons = attempt(lambda: act(found))
    if reasons:
        return concern_page(concern_here(concern_id), reasons, name), 422
    done(said)
    return redirect(url_for("staff.concern", concern_id=concern_id))


def _seen() -> int | None:
    """The step the person was looking at when the button was pressed."""
    return whole_number(request.form.get("seen", ""))
