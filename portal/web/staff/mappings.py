"""How sources name columns and items: saved once, used by every later import."""

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.intake import mappings as saving
from portal.intake.columns import READABLE, known_fields
from portal.intake.models import ItemAlias, SourceMapping
from portal.web.staff.room import attempt, done, for_act, person, staff
from portal.words import Sentence, say


@staff.get("/mappings/")
@for_act("manage_mappings")
def mappings() -> ResponseReturnValue:
    return _page()


@staff.post("/mappings/")
@for_act("manage_mappings")
def save_mapping() -> ResponseReturnValue:
    form = request.form
    kind = form.get("kind", "")
    columns, reasons = _columns(form.get("columns", ""))
    if kind not in READABLE:
        reasons.append(say("请选择这些列属于哪一类：清单、计划、任务还是结果。"))
    if not reasons:
        reasons = attempt(
            lambda: saving.save_mapping(db.session(), form.get("source", ""), kind, columns, by=person())
        )
    if reasons:
        return _page(reasons), 422
    done(_("已保存列名对应关系。"))
    return redirect(url_for("staff.mappings"))


@staff.post("/mappings/aliases")
@for_act("manage_mappings")
def save_alias() -> ResponseReturnValue:
    form = request.form
    reasons = attempt(
        lambda: saving.save_alias(
            db.session(), form.get("alias", ""), by=person(),
            item_code=form.get("item_code", ""), item=form.get("item", ""),
        )
    )  # fmt: skip
    if reasons:
        return _page(reasons), 422
    done(_("已保存事项别名。"))
    return redirect(url_for("staff.mappings"))


@staff.post("/mappings/aliases/<int:alias_id>/removal")
@for_act("manage_mappings")
def remove_alias(alias_id: int) -> ResponseReturnValue:
    alias = db.session.get(ItemAlias, alias_id) or abort(404)
    reasons = attempt(lambda: saving.remove_alias(db.session(), alias, by=person()))
    if reasons:
        return _page(reasons), 422
    done(_("已取消这个别名，以前导入的记录不变。"))
    return redirect(url_for("staff.mappings"))


def _columns(text: str) -> tuple[dict[str, str], list[Sentence]]:
    """One line per column, ``列名 = 字段``; nothing after the sign leaves the column out."""
    columns, reasons = {}, []
    for number, line in enumerate(text.splitlines(), start=1):
        column, sign, field = line.replace("＝", "=").partition("=")
        if not line.strip():
            continue
        if not sign or not column.strip():
            reasons.append(say("第{n}行看不懂，请写成“列名 = 字段”。", n=number))
        columns[column.strip()] = field.strip()
    if not columns:
        reasons.append(say("请至少写一行“列名 = 字段”。"))
    return columns, reasons


def _page(refused: list[Sentence] | None = None) -> str:
    saved = sa.select(SourceMapping).order_by(SourceMapping.source, SourceMapping.kind)
    aliases = sa.select(ItemAlias).order_by(ItemAlias.alias)
    return render_template(
        "staff/mappings.html",
        saved=db.session.scalars(saved).all(),
        aliases=db.session.scalars(aliases).all(),
        fields={name: known_fields(name) for name in READABLE},
        readable=READABLE,
        refused=refused or [],
        typed=request.form,
    )
