"""依法隐去: marking what the public may not read, with ground and basis; or the whole record (W1).

And deciding about what recognisers proposed: withheld or kept, several at a time.
"""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.publications import deciding, pipeline, requirements
from portal.publications.findings import place_of
from portal.publications.gate import Released
from portal.publications.kinds import KINDS
from portal.publications.models import Revision
from portal.publications.remarking import value_at
from portal.publications.undecided import open_in
from portal.redaction.masking import GROUNDS
from portal.redaction.recognising.finding import BASES
from portal.web.staff.decisions import kept, read_decisions, waiting
from portal.web.staff.grounds import grounds
from portal.web.staff.labels import as_text
from portal.web.staff.marking import choices, read_ground, read_marks
from portal.web.staff.onward import onward
from portal.web.staff.record_view import Cell, record_view
from portal.web.staff.revisions import public_view, seen
from portal.web.staff.room import attempt, done, person, revision_here, staff
from portal.words import Sentence, say


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
    ground, basis, unclear = read_ground(request.form)
    reasons = unclear if ground else []
    if ground and not basis:
        reasons = [say("请写明整条不公开的法律依据。")]
    if ground and ground not in GROUNDS:
        reasons = [say("请从清单中选择不公开的理由。")]
    reasons = reasons or _revise(
        revision, withheld_ground=ground or None, withheld_basis=basis if ground else ""
    )
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("已定为整条不公开。") if ground else _("已改为公开。"))
    return redirect(url_for("staff.marks", revision_id=_newest(revision).id))


@staff.post("/revisions/<int:revision_id>/decisions")
def decide(revision_id: int) -> ResponseReturnValue:
    """Withhold or keep what was proposed; all sure ones at once when that button was pressed."""
    revision = revision_here(revision_id)
    if request.form.get("all") == "yes":
        reasons = attempt(lambda: deciding.accept_sure(db.session(), revision, by=person(), seen=seen()))
    else:
        decisions, reasons = read_decisions(request.form)
        reasons = reasons or attempt(
            lambda: deciding.decide(db.session(), revision, decisions, by=person(), seen=seen())
        )
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    left = sum(each.sure for each in open_in(_newest(revision)))
    done(_("决定已保存，还有%(n)s处待定。", n=left) if left else _("决定已保存，没有必须决定的提示了。"))
    return redirect(onward(revision) or url_for("staff.marks", revision_id=_newest(revision).id))


@staff.post("/revisions/<int:revision_id>/kept/<int:number>/removal")
def reopen(revision_id: int, number: int) -> ResponseReturnValue:
    """Take back that something is shown: it waits for a decision again."""
    revision = revision_here(revision_id)
    reasons = attempt(lambda: deciding.reopen(db.session(), revision, number, by=person(), seen=seen()))
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("已撤销第%(number)s处保留，请重新决定。", number=number))
    return redirect(url_for("staff.marks", revision_id=_newest(revision).id))


def _revise(revision: Revision, **changes: Any) -> list[Sentence]:
    return attempt(lambda: pipeline.revise(db.session(), revision, by=person(), seen=seen(), **changes))


def _newest(revision: Revision) -> Revision:
    """The revision that took this one's place."""
    return db.session.get_one(Revision, revision.successor_id) if revision.successor_id else revision


def _page(revision: Revision, refused: list[Sentence] | None = None) -> str:
    kind, found = KINDS[revision.kind], open_in(revision)
    record = record_view(kind, revision.content, revision.marks, kept=revision.dismissed, found=found)
    released, unclear = public_view(revision)
    return render_template(
        "staff/marks.html",
        revision=revision,
        kind=kind,
        record=record,
        texts=[(place_of(kind.name, each.path), each, _as_released(released, each)) for each in record.texts],
        waiting=waiting(revision, found, request.form),
        sure=sum(each.sure for each in found),
        kept=kept(revision),
        reasons=deciding.REASONS,
        public=(released, unclear),
        grounds=grounds(),
        bases=BASES,
        choices=choices(kind),
        why_not=requirements.why_not_revise(revision, person()),
        refused=refused or [],
        typed=request.form or request.args,
    )


def _as_released(released: Released | None, cell: Cell) -> str:
    """What the public would read of a value; empty where the gate shows nothing of it."""
    return as_text(cell.field, value_at(released.fields, cell.path)) if released else ""
