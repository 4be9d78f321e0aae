"""登记: what came over the counter, by post or by word of mouth; and the receipt with its code, to hand over."""

import secrets

from flask import abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import today
from portal.db import db, open_at
from portal.files import Store
from portal.objections import filing, following, keeping
from portal.objections.filing import Filing
from portal.objections.grounds import CHANNEL_LABELS, GROUNDS
from portal.objections.models import Objection, ObjectionFile
from portal.publications.models import Face
from portal.publications.values import plain, prose
from portal.settings import Settings
from portal.web.staff.clocks import clocks
from portal.web.staff.objection_acts import store, uploads
from portal.web.staff.objection_case import case_here
from portal.web.staff.objection_files import paper_page
from portal.web.staff.objections import as_day
from portal.web.staff.room import attempt, for_act, let_go, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

AT_THE_COUNTER = ("counter", "post", "oral")
WORDS = ("objector_name", "phone", "email", "postal_address", "entity_name", "entity_code")
HANDED_OVER = "handed_over"  # in the officer's own session: receipts whose code can still be printed
MOST_HANDED_OVER = 10
UNSURE = say("还不能确定是否登记：数据库暂时写不进去。填写的内容都还在，请过一会儿再按一次“登记，出具回执”；已经登记的会显示原来的回执，不会重复登记。")  # fmt: skip


@staff.get("/objections/new")
@for_act("take_objection")
def new_objection() -> ResponseReturnValue:
    return _form(secrets.token_urlsafe(24))


@staff.post("/objections/new")
@for_act("take_objection")
def take_objection() -> ResponseReturnValue:
    """Receive it. Files and the code's slow hash come before the database; the form's key makes it once."""
    key = request.form.get("key", "")
    if len(key) < 16:
        abort(400)
    sent, kept = uploads("file"), list[ObjectionFile]()
    reasons = (
        []
        if request.form.get("channel") in AT_THE_COUNTER
        else [say("请选择怎样提出的：窗口、邮寄还是口头。")]
    )
    let_go()
    reasons = reasons or attempt(lambda: kept.extend(_kept(sent)))
    code_hash = following.seal(following.code_for(_settings().secret_key, key))
    made: list[Objection] = []
    try:
        reasons = reasons or attempt(lambda: made.append(_filed(key, code_hash, kept)))
        db.session.commit()  # here and not after the page: only what is there gets a receipt
    except SQLAlchemyError:
        return _unsure(key)
    if reasons:
        return _form(key, reasons), 422
    _remember(made[0].id, key)
    return redirect(url_for("staff.objection_receipt", objection_id=made[0].id))


def _unsure(key: str) -> ResponseReturnValue:
    """The form again with what was typed: sent once more, the same key gives the same receipt."""
    current_app.logger.exception("whether a filing was received is not known")
    let_go()
    open_at("reads")
    return _form(key, [UNSURE]), 503


@staff.get("/objections/<int:objection_id>/receipt")
def objection_receipt(objection_id: int) -> ResponseReturnValue:
    """The receipt, with the code as long as the officer who took it is signed in."""
    case = case_here(objection_id)
    key = session.get(HANDED_OVER, {}).get(str(objection_id), "")
    if not key or filing.hashed(key) != case.key_hash:
        return redirect(url_for("staff.objection_paper", objection_id=objection_id, kind="receipt"))
    return paper_page(case, "receipt", following.code_for(_settings().secret_key, key))


def _filed(key: str, code_hash: str, files: list[ObjectionFile]) -> Objection:
    me = person()
    for each in files:
        each.by_id = me.id
    found = filing.file(
        db.session(), _filing(), files, key=key, code_hash=code_hash, terms=clocks().terms, by=me
    )
    db.session.add_all([each for each in files if each.objection_id])  # none of a form that was sent before
    return found


def _filing() -> Filing:
    form = request.form
    words = {name: plain(form.get(name, "")) for name in WORDS}
    items = [
        whole_number(each) for each in form.get("items", "").replace("，", ",").replace("、", ",").split(",")
    ]
    return Filing(
        result_number=plain(form.get("result_number", "")).upper(),
        grounds=tuple(form.getlist("grounds")),
        text=prose(form.get("text", "")),
        party="agent" if form.get("party") == "agent" else "entity",
        items=tuple(each - 1 for each in items if each),
        channel=form.get("channel", ""),
        received_on=as_day(form.get("received_on", "")),
        read_back=form.get("read_back") == "yes",
        shows_mark=form.get("no_mark") != "yes",
        electronic=form.get("electronic") == "yes",
        **words,
    )


def _kept(sent: list[tuple[str, bytes]]) -> list[ObjectionFile]:
    where: Store = store()
    return keeping.keep(where, sent, purpose="evidence") if sent else []


def _remember(objection_id: int, key: str) -> None:
    held = dict(session.get(HANDED_OVER, {})) | {str(objection_id): key}
    session[HANDED_OVER] = dict(list(held.items())[-MOST_HANDED_OVER:])


def _settings() -> Settings:
    found: Settings = current_app.extensions["portal_settings"]
    return found


def _form(key: str, refused: list[Sentence] | None = None) -> str:
    number = plain(request.values.get("result_number", "") or request.args.get("result", "")).upper()
    face = db.session.get(Face, number) if number else None
    return render_template(
        "staff/objection_new.html",
        key=key,
        refused=refused or [],
        typed=request.form,
        number=number,
        face=face if face is not None and face.kind == "result" else None,
        channels={name: CHANNEL_LABELS[name] for name in AT_THE_COUNTER},
        GROUNDS=GROUNDS,
        today=today(),
    )
