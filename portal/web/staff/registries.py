"""名录库: whom an office may draw, and who may be drawn to inspect; each with its history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.clock import today
from portal.codes.book import CodeBook
from portal.codes.models import CodeValue
from portal.db import db
from portal.people import roles
from portal.publications import drawn
from portal.publications.values import plain
from portal.registries import keeping, looking
from portal.registries.keeping import INSPECTORS, OBJECTS, Registry
from portal.registries.looking import Asked
from portal.registries.models import INTERNAL, InspectedObject, Inspector, joined
from portal.web.rendering import in_english, named
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import attempt, done, for_act, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

PER_PAGE = 50
# column -> its label, in the order of the page
OBJECT_LABELS: Mapping[str, Sentence] = {
    "name": say("名称"), "code": say("统一社会信用代码/注册号"), "kind": say("对象类型"), "state": say("主体状态"),
    "region": say("地区"), "registration_authority": say("登记机关"), "address": say("地址"), "tags": say("标签"),
    "department_code": say("维护部门"), "internal_id": say("内部编号"), "phone": say("联系电话"),
    "risk_class": say("信用风险分类"),
}  # fmt: skip
INSPECTOR_LABELS: Mapping[str, Sentence] = {
    "name": say("姓名"), "department_code": say("所在部门"), "qualifications": say("资质"),
    "items": say("可查事项"), "active": say("在岗"),
}  # fmt: skip
CODED = {"kind": "entity_type", "state": "entity_status", "region": "region"}
LONGEST = {"name": 200, "registration_authority": 120, "address": 300, "phone": 60, "risk_class": 20}


@dataclass(frozen=True)
class Past:
    """One version in words: what it changed of the one before."""

    version: Any
    changes: list[tuple[Sentence, str, str]]


@staff.get("/registries/objects/")
@for_act("see_registries")
def registry_objects() -> ResponseReturnValue:
    asked = _asked()
    total = looking.count_objects(db.session(), asked)
    pages = Pages(asked_page(), PER_PAGE, total)
    found = looking.objects(db.session(), asked, limit=PER_PAGE, offset=(pages.page - 1) * PER_PAGE)
    book = _book()
    return render_template(
        "staff/registry_objects.html",
        asked=asked,
        found=found,
        pages=pages,
        total=total,
        book=book,
        tags=looking.tags(db.session(), asked.department),
        regions=sorted(looking.regions(db.session(), asked.department)),
        kinds_of=book.options("entity_type"),
        states=book.options("entity_status"),
    )


@staff.get("/registries/objects/<int:object_id>")
@for_act("see_registries")
def registry_object(object_id: int) -> ResponseReturnValue:
    return _object_page(_here(OBJECTS, object_id))


@staff.post("/registries/objects/<int:object_id>")
@for_act("keep_registries")
def change_object(object_id: int) -> ResponseReturnValue:
    one = _here(OBJECTS, object_id)
    values, reasons = _typed_object()
    reasons = reasons or _change(OBJECTS, one, values)
    if reasons:
        return _object_page(_here(OBJECTS, object_id), reasons), 422
    return redirect(url_for("staff.registry_object", object_id=object_id))


@staff.get("/registries/inspectors/")
@for_act("see_registries")
def registry_inspectors() -> ResponseReturnValue:
    text = plain(request.args.get("q", ""))[:60]
    return render_template(
        "staff/registry_inspectors.html",
        text=text,
        found=looking.inspectors(db.session(), _department(), text),
    )


@staff.get("/registries/inspectors/<int:inspector_id>")
@for_act("see_registries")
def registry_inspector(inspector_id: int) -> ResponseReturnValue:
    return _inspector_page(_here(INSPECTORS, inspector_id))


@staff.post("/registries/inspectors/<int:inspector_id>")
@for_act("keep_registries")
def change_inspector(inspector_id: int) -> ResponseReturnValue:
    one = _here(INSPECTORS, inspector_id)
    values = {name: joined(_several(name)) for name in ("qualifications", "items")}
    reasons = _change(INSPECTORS, one, {**values, "active": request.form.get("active") == "yes"})
    if reasons:
        return _inspector_page(_here(INSPECTORS, inspector_id), reasons), 422
    return redirect(url_for("staff.registry_inspector", inspector_id=inspector_id))


# ── words in templates ───────────────────────────────────────


@staff.app_template_filter("option_pair")
def option_pair(value: CodeValue) -> tuple[str, str]:
    """A code and its label, for a choice."""
    return value.code, named(value)


@staff.app_template_filter("region_pair")
def region_pair(code: str, book: CodeBook) -> tuple[str, str]:
    """A region's code and its name."""
    return code, code_word(code, "region", book)


@staff.app_template_filter("code_word")
def code_word(code: str, table: str, book: CodeBook) -> str:
    """A code's label in the language of the page."""
    if not code:
        return ""
    return book.english(table, code) if in_english() else book.label(table, code)


@staff.app_template_filter("pair")
def pair(word: str) -> tuple[str, str]:
    """A word that is chosen as itself."""
    return word, word


# ── what was asked and typed ─────────────────────────────────


def _department() -> str | None:
    """Whose lines somebody sees: their department's, or everybody's."""
    return None if roles.may(person(), "see_all_departments") else person().department_code


def _asked() -> Asked:
    given = {name: plain(request.args.get(name, ""))[:60] for name in ("region", "kind", "tag", "state")}
    return Asked(_department(), plain(request.args.get("q", ""))[:200], **given)


def _here(registry: Registry, line_id: int) -> Any:
    one = db.session.get(registry.model, line_id)
    if one is None or _department() not in (None, one.department_code):
        abort(404)
    return one


def _several(name: str) -> list[str]:
    text = request.form.get(name, "")
    return [plain(word) for word in text.replace("，", "、").replace(",", "、").split("、")]


def _typed_object() -> tuple[dict[str, Any], list[Sentence]]:
    """The values of the form; what somebody may not see is not in it and stays."""
    book, form = _book(), request.form
    values: dict[str, Any] = {name: plain(form[name]) for name in LONGEST if name in form}
    values["tags"] = joined(_several("tags"))
    reasons = [
        say("“{label}”超过{limit}个字，请缩短。", label=OBJECT_LABELS[name], limit=limit)
        for name, limit in LONGEST.items()
        if len(values.get(name, "")) > limit
    ]
    if not values.get("name"):
        reasons.append(say("请填写名称。"))
    if not roles.may(person(), "see_risk_class"):
        values.pop("risk_class", None)
    for name, table in CODED.items():
        text = plain(form.get(name, ""))
        known = book.value(table, text) if text else None
        if text and known is None:
            reasons.append(
                say("“{label}”没有“{value}”这一项，请从列表中选择。", label=OBJECT_LABELS[name], value=text)
            )
        elif known is not None or name == "region":
            values[name] = known["code"] if known else ""
    return values, reasons


def _change(registry: Registry, one: Any, values: Mapping[str, Any]) -> list[Sentence]:
    seen = whole_number(request.form.get("seen", "")) or 0
    changed: list[bool] = []
    reasons = attempt(
        lambda: changed.append(keeping.change(db.session(), registry, one, values, by=person(), seen=seen))
    )
    if not reasons:
        done(_("已保存，旧的情况仍留在历史里。") if changed[0] else _("没有改动。"))
    return reasons


# ── pages ────────────────────────────────────────────────────


def _book() -> CodeBook:
    return CodeBook.load(db.session())


def _object_page(one: InspectedObject, refused: list[Sentence] | None = None) -> str:
    book, year = _book(), today().year
    often = drawn.drawn_before(db.session(), [one.code], year)
    risk = roles.may(person(), "see_risk_class")
    labels = {name: label for name, label in OBJECT_LABELS.items() if risk or name != "risk_class"}
    return render_template(
        "staff/registry_object.html",
        one=one,
        labels=labels,
        internal=INTERNAL,
        in_words=lambda name, value: _in_words(book, name, value),
        history=list(_history(one, labels, book)),
        year=year,
        tasks=often[0].tasks if often else (),
        why_not=keeping.why_not_keep(person(), one.department_code),
        may_see_risk=risk,
        kinds_of=book.options("entity_type"),
        states=book.options("entity_status"),
        refused=refused or [],
    )


def _inspector_page(one: Inspector, refused: list[Sentence] | None = None) -> str:
    book = _book()
    return render_template(
        "staff/registry_inspector.html",
        one=one,
        labels=INSPECTOR_LABELS,
        in_words=lambda name, value: _in_words(book, name, value),
        history=list(_history(one, INSPECTOR_LABELS, book)),
        why_not=keeping.why_not_keep(person(), one.department_code),
        refused=refused or [],
    )


def _history(one: Any, labels: Mapping[str, Sentence], book: CodeBook) -> Iterator[Past]:
    """The newest first."""
    before: Mapping[str, Any] = {}
    told = []
    for version in one.versions:
        changes = [
            (label, _in_words(book, name, before.get(name, "")), _in_words(book, name, version.values.get(name, "")))
            for name, label in labels.items()
            if before and before.get(name, "") != version.values.get(name, "")
        ]  # fmt: skip
        told.append(Past(version, changes))
        before = version.values
    return reversed(told)


def _in_words(book: CodeBook, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if not value:
        return ""
    if name in CODED:
        return code_word(value, CODED[name], book)
    if name == "department_code":
        found = book.department_named(value)
        return named(found) if found else str(value)
    return (
        "、".join(value.strip("|").split("|")) if name in ("tags", "qualifications", "items") else str(value)
    )
