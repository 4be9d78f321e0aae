"""依法隐去: marking what the public may not read, with ground and basis; or the whole record (W1)."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.db import db
from portal.publications import pipeline, requirements
from portal.publications.fields import Field, Kind
from portal.publications.kinds import KINDS
from portal.publications.models import Revision
from portal.publications.remarking import occurrences, value_at
from portal.redaction.masking import GROUNDS
from portal.web.rendering import named
from portal.web.staff.grounds import grounds
from portal.web.staff.labels import as_text
from portal.web.staff.record_view import record_view
from portal.web.staff.revisions import public_view, seen
from portal.web.staff.room import attempt, done, person, revision_here, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

NEVER_MASKED = {"entity_code"}  # 统一社会信用代码 and registration numbers are public


@staff.get("/revisions/<int:revision_id>/marks")
def marks(revision_id: int) -> ResponseReturnValue:
    return _page(revision_here(revision_id))


@staff.post("/revisions/<int:revision_id>/marks")
def add_mark(revision_id: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    made, reasons = read_marks(KINDS[revision.kind], revision.content, request.form)
    if not reasons:
        reasons = _revise(revision, marks=[*revision.marks, *made])
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    if len(made) > 1:
        done(_("这段文字出现%(count)s次，均已标注隐去。", count=len(made)))
    else:
        done(_("已标注隐去。"))
    return redirect(url_for("staff.marks", revision_id=_newest(revision).id))


@staff.post("/revisions/<int:revision_id>/marks/<int:number>/removal")
def remove_mark(revision_id: int, number: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    kept = [mark for at, mark in enumerate(revision.marks, start=1) if at != number]
    reasons = _revise(revision, marks=kept)
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("已取消第%(number)s处标注。", number=number))
    return redirect(url_for("staff.marks", revision_id=_newest(revision).id))


@staff.post("/revisions/<int:revision_id>/withholding")
def withhold(revision_id: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    ground, basis = request.form.get("ground", ""), request.form.get("basis", "").strip()
    reasons = []
    if ground and not basis:
        reasons.append(say("请写明整条不公开的法律依据。"))
    if ground and ground not in GROUNDS:
        reasons.append(say("请从清单中选择不公开的理由。"))
    reasons = reasons or _revise(
        revision, withheld_ground=ground or None, withheld_basis=basis if ground else ""
    )
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("已定为整条不公开。") if ground else _("已改为公开。"))
    return redirect(url_for("staff.marks", revision_id=_newest(revision).id))


def _revise(revision: Revision, **changes: Any) -> list[Sentence]:
    return attempt(lambda: pipeline.revise(db.session(), revision, by=person(), seen=seen(), **changes))


def _newest(revision: Revision) -> Revision:
    """The revision that took this one's place."""
    return db.session.get_one(Revision, revision.successor_id) if revision.successor_id else revision


def read_marks(kind: Kind, content: dict[str, Any], form: Any) -> tuple[list[dict[str, Any]], list[Sentence]]:
    """The marks that a filled-in form asks for: every place where the words stand, or the whole field."""
    path, reasons = _path(kind, form.get("field", ""), form.get("row", "").strip())
    text = as_text(_field(kind, path), value_at(content, path)) if path else ""
    ground, basis, words = (
        form.get("ground", ""),
        form.get("basis", "").strip(),
        form.get("words", "").strip(),
    )
    if path and not text:
        reasons.append(say("这一栏没有内容，不需要隐去。请核对栏目和行号。"))
    if ground not in GROUNDS:
        reasons.append(say("请选择隐去的理由。"))
    if not basis:
        reasons.append(say("请写明隐去的法律依据，例如《政府信息公开条例》第十五条。"))
    whole = form.get("whole") == "yes"
    places = [(None, None)] if whole else list(occurrences(text, words))
    if text and not whole and not words:
        reasons.append(say("请填写要隐去的文字，或者选择整栏隐去。"))
    elif text and not places:
        reasons.append(say("这一栏里没有“{words}”，请照原文抄写。", words=words))
    if reasons or path is None:
        return [], reasons
    mark = {
        "path": path,
        "ground": ground,
        "basis": basis,
        "by": person().id,
        "note": form.get("note", "").strip(),
    }
    return [{**mark, "start": start, "end": end, "at": clock.stamp(clock.now())} for start, end in places], []


def _path(kind: Kind, name: str, row: str) -> tuple[str | None, list[Sentence]]:
    """``field`` or ``table/row/column`` from what the form says; rows are counted from one there."""
    table, _, column = name.partition("/")
    field = kind.by_name.get(table)
    if field is None or not field.public or (column and column not in {each.name for each in field.rows}):
        return None, [say("请选择要标注的栏目。")]
    if (column or table) in NEVER_MASKED:
        return None, [say("统一社会信用代码和注册号属于公开信息，不得隐去。")]
    if not column:
        return name, []
    at = whole_number(row)
    if not at:
        return None, [say("请填写行号，第一行为1。")]
    return f"{table}/{at - 1}/{column}", []


def _field(kind: Kind, path: str) -> Field:
    table, _, rest = path.partition("/")
    field = kind.by_name[table]
    column = rest.partition("/")[2]
    return next((each for each in field.rows if each.name == column), field)


def choices(kind: Kind) -> list[tuple[str, str]]:
    """What may be marked: the public fields and the public columns of tables; address and label."""
    found = []
    for field in kind.public_fields():
        if field.type != "rows" and field.name not in NEVER_MASKED:
            found.append((field.name, named(field)))
        for each in field.rows:
            if each.public and each.name not in NEVER_MASKED | {"seq"}:
                label = _("%(table)s：%(column)s", table=named(field), column=named(each))
                found.append((f"{field.name}/{each.name}", label))
    return found


def _page(revision: Revision, refused: list[Sentence] | None = None) -> str:
    kind = KINDS[revision.kind]
    return render_template(
        "staff/marks.html",
        revision=revision,
        kind=kind,
        record=record_view(kind, revision.content, revision.marks),
        public=public_view(revision),
        grounds=grounds(),
        choices=choices(kind),
        why_not=requirements.why_not_revise(revision, person()),
        refused=refused or [],
        typed=request.form or request.args,
    )
