"""One file of a draft, page by page: what recognisers propose, what is covered, and on which ground."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.attachments import keeping, listing
from portal.db import db
from portal.errors import Refused, refuse_if
from portal.publications import attaching, requirements
from portal.publications.models import Revision
from portal.redaction.documents.boxes import as_drawn, find_words, places, words_at
from portal.redaction.documents.bundle import Page
from portal.redaction.recognising.finding import KINDS
from portal.web.staff.attachments import Attached, attached_here, changed, copy_for, file_here, stores
from portal.web.staff.grounds import grounds
from portal.web.staff.room import person, revision_here, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

SIDES = ("x0", "y0", "x1", "y1")
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Place:
    """A rectangle on the page's picture, in its pixels; ``at``: its place in the list it comes from, from zero."""

    at: int
    left: float
    top: float
    width: float
    height: float
    of: Any
    words: str


@staff.get("/revisions/<int:revision_id>/attachments/<int:n>")
def attachment(revision_id: int, n: int) -> ResponseReturnValue:
    return _page(revision_here(revision_id), n)


@staff.get("/revisions/<int:revision_id>/attachments/<int:n>/pages/<int:page>")
def attachment_page(revision_id: int, n: int, page: int) -> ResponseReturnValue:
    """The picture of a page without boxes, made anew: for those who decide what is covered."""
    file = file_here(attached_here(revision_here(revision_id), n))
    here = _page_here(keeping.pages(stores(), file), page)
    picture = keeping.picture(stores(), file, page, here.form)
    return Response(picture, content_type="image/png" if here.form == "png" else "image/jpeg")


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/boxes")
def add_boxes(revision_id: int, n: int) -> ResponseReturnValue:
    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        new = _asked_boxes(attached)
        refuse_if(attaching.why_not_boxes(new, file_here(attached).pages))
        _mark(revision, n, attached, [*attached["boxes"], *new], looked_at)

    return changed(revision_id, n, act, _("已遮盖。"), _page)


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/boxes/<int:which>/removal")
def remove_box(revision_id: int, n: int, which: int) -> ResponseReturnValue:
    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        if not 1 <= which <= len(attached["boxes"]):
            abort(404)
        kept = [box for at, box in enumerate(attached["boxes"], start=1) if at != which]
        _mark(revision, n, attached, kept, looked_at)

    return changed(revision_id, n, act, _("已取消第%(which)s处遮盖。", which=which), _page)


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/findings")
def cover_findings(revision_id: int, n: int) -> ResponseReturnValue:
    """Cover what recognisers proposed and somebody ticked."""

    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        chosen = [attached["found"][at] for at in _ticked(attached)]
        ground, basis = request.form.get("ground", ""), request.form.get("basis", "").strip()
        new = [
            attaching.box(
                {side: each[side] for side in ("page", *SIDES)},
                ground or each["ground"],
                basis or each["basis"],
                by=person(),
            )
            for each in chosen
        ]
        refuse_if(attaching.why_not_boxes(new, file_here(attached).pages))
        _mark(revision, n, attached, [*attached["boxes"], *new], looked_at)

    return changed(revision_id, n, act, _("已遮盖选中的各处。"), _page)


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/keepings")
def keep_findings(revision_id: int, n: int) -> ResponseReturnValue:
    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        which, reason = _ticked(attached), request.form.get("reason", "")
        attaching.keep(db.session(), revision, n, which, reason, by=person(), seen=looked_at)

    return changed(revision_id, n, act, _("已决定保留选中的各处，理由已留痕。"), _page)


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/withholding")
def withhold_attachment(revision_id: int, n: int) -> ResponseReturnValue:
    ground, basis = request.form.get("ground", ""), request.form.get("basis", "")

    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        if ground:
            attaching.withhold(db.session(), revision, n, ground, basis, by=person(), seen=looked_at)
        elif attached["withheld"]:
            copy = copy_for(attached["file"], attached["boxes"], attached["title"])
            attaching.release(db.session(), revision, n, copy, by=person(), seen=looked_at)

    return changed(revision_id, n, act, _("已定为整份不公开。") if ground else _("已改为公开。"), _page)


def _mark(revision: Revision, n: int, attached: Attached, boxes: list[Any], looked_at: int | None) -> None:
    refuse_if(requirements.why_not_revise(revision, person()))
    if attached["withheld"]:
        raise Refused(say("这份附件整份不公开，不用逐处遮盖；要公开其中一部分的，请先改为公开。"))
    copy = copy_for(attached["file"], boxes, attached["title"])
    attaching.mark(db.session(), revision, n, boxes, copy, by=person(), seen=looked_at)


# ── what was asked ───────────────────────────────────────────


def _asked_boxes(attached: Attached) -> list[dict[str, Any]]:
    """Boxes over every place where some words stand, or over one place given by its sides in percent."""
    ground, basis = request.form.get("ground", ""), request.form.get("basis", "").strip()
    words, all_pages = request.form.get("words", "").strip(), request.form.get("everywhere") == "yes"
    page = whole_number(request.form.get("page", "")) or 1
    if words:
        pages = keeping.pages(stores(), file_here(attached))
        _page_here(pages, page)
        wanted = list(enumerate(pages, start=1)) if all_pages else [(page, pages[page - 1])]
        found: list[dict[str, Any]] = [
            {"page": at, **place}
            for at, each in wanted
            for start, end in find_words(each, words)
            for place in places(each, start, end)
        ]
        if not found:
            raise Refused(say("页面上没有找到“{words}”，请照原文填写，或者框出位置。", words=words))
        if len(found) > MOST_AT_ONCE:
            raise Refused(say("“{words}”出现的次数太多，请填写更长的文字。", words=words))
    else:
        found = [{"page": page} | {side: _fraction(request.form.get(side, "")) for side in SIDES}]
    return [attaching.box(each, ground, basis, by=person()) for each in found]


def _fraction(typed: str) -> float | None:
    """A percentage as a fraction; None for what is none."""
    try:
        value = float(typed.strip().rstrip("%％")) / 100
    except ValueError:
        return None
    return round(value, 5) if 0 <= value <= 1 else None


def _ticked(attached: Attached) -> list[int]:
    """The open findings that were ticked."""
    asked = {whole_number(each) for each in request.form.getlist("finding")}
    ticked = [at for at in listing.open_findings(attached) if at in asked]
    if not ticked:
        raise Refused(say("请先勾选要办理的各处。"))
    return ticked


# ── the page ─────────────────────────────────────────────────


def _page_here(pages: list[Page], page: int) -> Page:
    return pages[page - 1] if 1 <= page <= len(pages) else abort(404)


def _page(revision: Revision, n: int, refused: list[Sentence] | None = None) -> str:
    attached = attached_here(revision, n)
    file = file_here(attached)
    pages = keeping.pages(stores(), file)
    at = whole_number(request.values.get("page", "")) or 1
    page = _page_here(pages, at)
    open_ones = listing.open_findings(attached)
    found = list(enumerate(attached["found"]))
    return render_template(
        "staff/attachment.html",
        revision=revision,
        n=n,
        attached=attached,
        file=file,
        page=page,
        at=at,
        pages=len(pages),
        boxes=_places(page, at, list(enumerate(attached["boxes"]))),
        findings=_places(page, at, [(which, each) for which, each in found if which in open_ones]),
        waiting=sorted({attached["found"][which]["page"] for which in open_ones}),
        grounds=grounds(),
        kinds=KINDS,
        can_mark=requirements.why_not_revise(revision, person()),
        can_edit=requirements.why_not_revise(revision, person(), rewritten=True),
        typed=request.form,
        refused=refused or [],
        picture=url_for("staff.attachment_page", revision_id=revision.id, n=n, page=at),
    )


def _places(page: Page, at: int, marks: list[tuple[int, Any]]) -> list[Place]:
    width, height = page.pixels
    shown = []
    for which, mark in marks:
        if mark["page"] == at:
            left, top, right, bottom = as_drawn(mark, page)
            across, down = (right - left) * width, (bottom - top) * height
            words = words_at(page, mark)
            shown.append(Place(which, left * width, top * height, across, down, mark, words))
    return shown
