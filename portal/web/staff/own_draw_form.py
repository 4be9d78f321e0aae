"""A new draw: first the conditions and the pool that they give, then what is committed to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.codes.book import CodeBook
from portal.codes.models import Department
from portal.db import db
from portal.draws import drawing, randomness, typed, wanted
from portal.draws.models import Draw
from portal.draws.pool import GROUNDS
from portal.draws.requirements import LEAST_INSPECTORS, why_not_redraw
from portal.draws.wanted import Conditions, Task, Wanted
from portal.errors import Refused, refuse_if
from portal.publications.oversight import DrawnOften
from portal.publications.values import plain, prose, read_date
from portal.registries.models import InspectedObject
from portal.web.staff.clocks import clocks
from portal.web.staff.own_draws import draw_here, settings, switched_on
from portal.web.staff.room import attempt, departments, done, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

GROUPINGS = {
    "": say("不分组"),
    "kind": say("按对象类型"),
    "region": say("按地区"),
    "tag": say("按标签"),
    "risk": say("按信用风险分类"),
}


@dataclass(frozen=True)
class Found:
    """What the conditions give."""

    conditions: Conditions
    objects: list[InspectedObject]
    groups: dict[str, list[str]]
    often: list[DrawnOften]


@staff.get("/own-draws/new")
@switched_on
@for_act("draw")
def new_own_draw() -> ResponseReturnValue:
    return _form()


@staff.post("/own-draws/new")
@switched_on
@for_act("draw")
def commit_own_draw() -> ResponseReturnValue:
    return _committed(None)


@staff.get("/own-draws/<int:draw_id>/redraw")
@switched_on
@for_act("draw")
def redraw(draw_id: int) -> ResponseReturnValue:
    return _form(draw_here(draw_id))


@staff.post("/own-draws/<int:draw_id>/redraw")
@switched_on
@for_act("draw")
def commit_redraw(draw_id: int) -> ResponseReturnValue:
    return _committed(draw_here(draw_id))


def _committed(replaces: Draw | None) -> ResponseReturnValue:
    made: list[Draw] = []
    reasons = attempt(lambda: made.append(_commit(replaces)))
    if reasons:
        return _form(replaces and draw_here(replaces.id), reasons), 422
    done(_("承诺已写入存证。随机数产生以后，请在这里抽取。"))
    return redirect(url_for("staff.own_draw", draw_id=made[0].id))


def _commit(replaces: Draw | None) -> Draw:
    return drawing.commit(
        db.session(),
        _wanted(_found()),
        by=person(),
        replaces=replaces,
        reason=prose(request.form.get("reason", "")),
    )


# ── what was typed ───────────────────────────────────────────


def _conditions() -> Conditions:
    given = request.values
    by = given.get("by", "")
    if by not in GROUPINGS:
        abort(400)
    return Conditions(
        kinds=given.getlist("kind"),
        regions=_words("region"),
        tags=_words("tag"),
        risk=_words("risk"),
        by=by,  # type: ignore[arg-type]
    )


def _words(name: str) -> list[str]:
    return plain(request.values.get(name, "")).replace("，", " ").replace("、", " ").replace(",", " ").split()


def _found() -> Found:
    session, conditions = db.session(), _conditions()
    objects = wanted.found(session, person().department_code, conditions)
    groups = wanted.grouped(objects, conditions, CodeBook.load(session))
    limit = clocks().profile.draw_limit
    often = wanted.drawn_before(
        session,
        [each.code for each in objects],
        clock.today().year,
        limit.times if limit else wanted.AT_MOST,
    )
    return Found(conditions, objects, groups, often)


def _wanted(found: Found) -> Wanted:
    form = request.form
    typed_out, problems = typed.exclusions_of(prose(form.get("exclusions", "")))
    refuse_if(problems)
    source, decides_at = _decided_by()
    rules = {name: plain(form.get(f"rule{at}", "")) for at, name in enumerate(found.groups)}
    items = typed.items_of(prose(form.get("items", "")))
    if form.get("names") not in ("shown", "withheld"):
        raise Refused(say("请选择名单是随公告公示，还是不宜告知。"))
    if form["names"] == "withheld" and not plain(form.get("names_withheld", "")):
        raise Refused(say("请写明不公示名单的理由，它随公告公开。"))
    here = [code for code in form.getlist("department") if code in departments()] or [
        person().department_code
    ]
    return Wanted(
        task=_task(items),
        parts=wanted.in_strata(found.groups, rules),
        excluded=dict.fromkeys(form.getlist("often"), "often") | typed_out,
        inspectors=wanted.who_inspects(
            db.session(), here, [each["item_code"] for each in items if each.get("item_code")]
        ),
        per_object=whole_number(form.get("per_object", "")) or 0,
        source=source,
        decides_at=decides_at,
        by_risk=found.conditions.by_risk,
        is_directed=found.conditions.is_directed,
        names_withheld=plain(form.get("names_withheld", "")) if form["names"] == "withheld" else "",
    )


def _task(items: list[dict[str, str]]) -> Task:
    form, more = request.form, {}
    for name in ("starts_on", "ends_on", "plan_no", "task_source"):
        if value := plain(form.get(name, "")):
            more[name] = value
    return Task(
        number=plain(form.get("task_no", "")),
        title=plain(form.get("title", "")),
        items=items,
        conditions=prose(form.get("conditions", "")),
        more=more,
    )


def _decided_by() -> tuple[str, datetime]:
    form = request.form
    if form.get("source") == "lottery":
        day = read_date(form.get("lottery_on", ""))
        if day is None:
            raise Refused(say("请填写开奖日期。"))
        return randomness.drawing_of(
            form.get("lottery", ""), plain(form.get("issue", "")), date.fromisoformat(day)
        )
    minutes = whole_number(form.get("minutes", ""))
    if minutes is None:
        raise Refused(say("请填写多少分钟以后的一轮随机数决定，只写数字。"))
    return randomness.next_round(clock.now() + timedelta(minutes=min(minutes, 60 * 24 * 60)))


# ── the page ─────────────────────────────────────────────────


def _form(replaces: Draw | None = None, refused: list[Sentence] | None = None) -> str:
    asked = "by" in request.values
    book = CodeBook.load(db.session())
    found = _found() if asked else None
    return render_template(
        "staff/own_draw_new.html",
        replaces=replaces,
        why_not=why_not_redraw(replaces, person()) if replaces else [],
        found=found,
        words=typed.conditions_words(found.conditions, book) if found else "",
        kinds=book.options("entity_type"),
        groupings=GROUPINGS,
        grounds=GROUNDS,
        lotteries=randomness.LOTTERIES,
        inspecting=_who_inspects(),
        least=LEAST_INSPECTORS,
        minutes=settings().draw_minutes,
        refused=refused or [],
        typed=request.form,
        asked=request.values,
        kinds_asked=request.values.getlist("kind"),
    )


def _who_inspects() -> list[tuple[Department, int]]:
    """The departments that have inspectors, one's own first."""
    own = person().department_code
    counts = [(each, len(wanted.who_inspects(db.session(), [code]))) for code, each in departments().items()]
    return sorted(
        ((each, n) for each, n in counts if n or each.code == own), key=lambda pair: pair[0].code != own
    )
