"""抽查抽取: our own draws, for offices without a unified platform; each with what can be done next."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import db
from portal.draws import (
    assigning,
    changing,
    drawing,
    facing,
    fetching,
    pool,
    queries,
    randomness,
    requirements,
    strata,
    verify,
)
from portal.draws.models import BY_RISK, CHANGES, STATES, Draw
from portal.errors import Refused
from portal.people import roles
from portal.publications.models import Revision
from portal.publications.values import prose
from portal.registries.models import InspectedObject, Inspector
from portal.settings import Settings
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import attempt, done, for_act, let_go, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 50
MOST_SHOWN = 500  # drawn objects on one page

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Drawn:
    """One drawn object with its inspectors, the leader first."""

    code: str
    name: str
    stratum: str
    inspectors: list[tuple[str, str]]  # key, name


def settings() -> Settings:
    return cast(Settings, current_app.extensions["portal_settings"])


def switched_on(view: Callable[P, R]) -> Callable[P, R]:
    """Only where the office draws by itself (``PORTAL_OWN_DRAWS``); elsewhere there is no such page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not settings().own_draws:
            abort(404)
        return view(*args, **kwargs)

    return guarded


def draw_here(draw_id: int) -> Draw:
    """A draw that this person may see; 404 otherwise, as if it were not there."""
    found = db.session.get(Draw, draw_id)
    if found is None or not queries.sees(person(), found):
        abort(404)
    return found


@staff.get("/own-draws/")
@switched_on
@for_act("see_work")
def own_draws() -> ResponseReturnValue:
    page = asked_page()
    found, total = queries.draws(db.session(), person(), page=page, size=PER_PAGE)
    return render_template(
        "staff/own_draws.html", draws=found, pages=Pages(page, PER_PAGE, total), DRAW_STATES=STATES
    )


@staff.get("/own-draws/<int:draw_id>")
@switched_on
@for_act("see_work")
def own_draw(draw_id: int) -> ResponseReturnValue:
    return _page(draw_here(draw_id))


@staff.post("/own-draws/<int:draw_id>/run")
@switched_on
def run_own_draw(draw_id: int) -> ResponseReturnValue:
    source = draw_here(draw_id).source
    evidence: list[str] = []
    reasons = attempt(lambda: evidence.append(_evidence(source)))
    drawn: list[Revision] = []
    reasons = reasons or attempt(lambda: drawn.append(_run(draw_id, evidence[0])))
    if reasons:
        _note_attempt(draw_id)
        return _page(draw_here(draw_id), reasons), 422
    done(_("已抽取。请核对公告稿，提交审核；公示时名单同时锁定。"))
    return redirect(url_for("staff.own_draw", draw_id=draw_id))


@staff.post("/own-draws/<int:draw_id>/announcement")
@switched_on
def announce_own_draw(draw_id: int) -> ResponseReturnValue:
    draw = draw_here(draw_id)
    made: list[Revision] = []
    reasons = attempt(lambda: made.append(drawing.announce_again(db.session(), draw, by=person())))
    if reasons:
        return _page(draw_here(draw_id), reasons), 422
    return redirect(url_for("staff.revision", revision_id=made[0].id))


@staff.post("/own-draws/<int:draw_id>/changes")
@switched_on
def change_who_inspects(draw_id: int) -> ResponseReturnValue:
    draw, form = draw_here(draw_id), request.form
    code, _tab, leaving = form.get("who", "").partition("\t")
    came: list[str] = []
    reasons = attempt(
        lambda: came.append(
            changing.change(
                db.session(), draw, code, leaving, kind=form.get("kind", ""), reason=prose(form.get("reason", "")), by=person()
            )
        )
    )  # fmt: skip
    if reasons:
        return _page(draw_here(draw_id), reasons), 422
    name = _names(came).get(came[0], "")
    done(_("已记录，由%(name)s接替。", name=name))
    return redirect(url_for("staff.own_draw", draw_id=draw_id))


@staff.post("/own-draws/<int:draw_id>/code")
@switched_on
def reveal_own_draw(draw_id: int) -> ResponseReturnValue:
    draw = draw_here(draw_id)
    reasons = [] if request.form.get("over") else [say("请先确认检查已经全部结束。")]
    reasons = reasons or attempt(
        lambda: drawing.reveal(
            db.session(), draw, by=person(), seen=_seen(), ends_on=requirements.ends_on(db.session(), draw)
        )
    )
    if reasons:
        return _page(draw_here(draw_id), reasons), 422
    done(_("口令已公布。") if draw.is_public else _("已办结，口令不公开。"))
    return redirect(url_for("staff.own_draw", draw_id=draw_id))


@staff.get("/own-draws/<int:draw_id>/bundle.json")
@switched_on
@for_act("check_draw")
def own_draw_bundle(draw_id: int) -> ResponseReturnValue:
    """Everything to check a draw with, its code included: for whoever checks, once the list is locked."""
    draw = draw_here(draw_id)
    if draw.result_index is None:
        abort(404)
    body = json.dumps(facing.bundle(db.session(), draw), ensure_ascii=False)
    name = f"draw-{draw.id}.json"
    return Response(
        body, mimetype="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# ── what was typed ───────────────────────────────────────────


def _evidence(source: str) -> str:
    """Signature or numbers: uploaded, pasted, or fetched where the network reaches a relay."""
    upload = request.files.get("round")
    text = prose(request.form.get("evidence", ""))
    if upload is not None and upload.filename:
        text = upload.stream.read(fetching.LONGEST_ANSWER).decode("utf-8", "replace")
    number = randomness.drand_round(source)
    let_go()  # what follows takes its time, and the database waits for nobody
    if request.form.get("fetch") and settings().drand_url and number:
        text = fetching.fetched(settings().drand_url, number)
    evidence, problem = randomness.read_evidence(source, text)
    if problem is None:
        _value, problem = randomness.value(source, evidence)
    if problem is not None:
        raise Refused(problem)
    return evidence


def _run(draw_id: int, evidence: str) -> Revision:
    return drawing.run(db.session(), draw_here(draw_id), evidence, by=person(), seen=_seen())


def _note_attempt(draw_id: int) -> None:
    """A second run is on record although it is refused: an exception from one commit per request."""
    draw = draw_here(draw_id)
    if draw.state not in ("committed", "replaced"):
        drawing.note_attempt(db.session(), draw, by=person())
        db.session.commit()


def _seen() -> int | None:
    return whole_number(request.form.get("seen", ""))


# ── the page ─────────────────────────────────────────────────


def _page(draw: Draw, refused: list[Sentence] | None = None) -> str:
    session, me = db.session(), person()
    excluded = pool.read_exclusions(draw.exclusions)
    revision = requirements.revision_of(session, draw)
    return render_template(
        "staff/own_draw.html",
        draw=draw,
        parts=strata.described(draw.parts, excluded),
        size=len(strata.whole_pool(draw.parts)),
        excluded=excluded,
        grounds=pool.GROUNDS,
        inspecting={code: len(keys) for code, keys in assigning.read_inspectors(draw.inspectors).items()},
        by_risk=BY_RISK.get(draw.by_risk),
        shows_strata=not draw.by_risk
        or roles.may(me, "see_risk_class"),  # what they are called tells a class
        source=source_words(draw.source),
        drand_round=randomness.drand_round(draw.source),
        is_out=clock.now() >= draw.decides_at,
        can_fetch=bool(settings().drand_url and randomness.drand_round(draw.source)),
        revision=revision,
        drawn=_drawn(draw),
        names=_names([key for each in draw.changes for key in (each.left, each.came)]),
        why_not_run=requirements.why_not_run(draw, me),
        why_not_announce=requirements.why_not_announce(session, draw, me),
        why_not_redraw=requirements.why_not_redraw(draw, me),
        why_not_reveal=requirements.why_not_reveal(draw, me, requirements.ends_on(session, draw)),
        can_change=draw.state in ("run", "locked") and roles.may(me, "draw", department=draw.department_code),
        problems=_problems(draw),
        may_check=roles.may(me, "check_draw"),
        earlier=facing.before(draw),
        refused=refused or [],
        typed=request.form,
        DRAW_STATES={**STATES, "again": say("再次尝试抽取，未执行")},
        CHANGES=CHANGES,
    )


def source_words(source: str) -> str:
    if number := randomness.drand_round(source):
        return _("drand quicknet 第%(number)s轮随机数", number=number)
    lottery = randomness.lottery_of(source)
    label = lottery.label.in_language(_) if lottery else source
    return _("%(lottery)s第%(issue)s期开奖号码", lottery=label, issue=source.rpartition(":")[2])


def _problems(draw: Draw) -> list[Sentence] | None:
    """What the check finds, for whoever checks; None for others, and before there is a list."""
    if draw.result_index is None or not roles.may(person(), "check_draw"):
        return None
    return verify.problems(verify.read_bundle(json.dumps(facing.bundle(db.session(), draw))))


def _drawn(draw: Draw) -> list[Drawn]:
    some = draw.drawn[:MOST_SHOWN]
    objects: Mapping[str, str] = dict(
        db.session.execute(
            sa.select(InspectedObject.code, InspectedObject.name).where(
                InspectedObject.code.in_([each["code"] for each in some])
            )
        ).all()
    )
    names = _names([key for each in some for key in each["inspectors"]])
    return [
        Drawn(
            each["code"],
            objects.get(each["code"], ""),
            each["stratum"],
            [(key, names.get(key, "")) for key in each["inspectors"]],
        )
        for each in some
    ]


def _names(keys: list[str]) -> dict[str, str]:
    """The names of inspectors by their keys."""
    wanted = sa.select(Inspector.key, Inspector.name).where(Inspector.key.in_({*keys}))
    return {row.key: row.name for row in db.session.execute(wanted)}
