"""Writing: a new draft, a draft's fields, and what is proposed for something already public."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.codes.book import CodeBook
from portal.db import db
from portal.people import roles
from portal.publications import pipeline, requirements, scope
from portal.publications.kinds import KINDS
from portal.publications.models import Publication, Revision
from portal.publications.remarking import carry_dismissed, carry_marks
from portal.web.staff.clocks import clocks
from portal.web.staff.content_form import ContentForm
from portal.web.staff.paging import asked_page
from portal.web.staff.revisions import seen, why_not_edit
from portal.web.staff.room import (
    NotAllowed,
    attempt,
    done,
    for_act,
    person,
    publication_here,
    revision_here,
    staff,
)
from portal.words import Sentence

Content = dict[str, Any]
# a second entry says these anew
NOT_OF_THE_SECOND = {
    "inspected_on",
    "completed_on",
    "task_ended_on",
    "publish_by",
    "source_number",
    "disposition",
}
FOUND = {"outcomes", "problem", "disposition"}
CHANGES = {"correction": "correct", "adjustment": "adjust"}


# ── a new draft ──────────────────────────────────────────────


@staff.get("/revisions/new")
@for_act("draft")
def new_revision() -> ResponseReturnValue:
    name = _kind_asked()
    return _page(ContentForm.of(KINDS[name], _begun(name), _book()), url_for("staff.create", kind=name))


@staff.post("/revisions/new")
@for_act("draft")
def create() -> ResponseReturnValue:
    name = _kind_asked()
    form = ContentForm.typed(KINDS[name], _blank(), _book(), 1, request.form)
    content, _moved = form.read()
    made: list[Revision] = []
    reasons = _no_act_if(form) or attempt(lambda: made.append(_draft(name, content)))
    if reasons or form.problems:
        return _page(form, url_for("staff.create", kind=name), reasons), 422
    done(_("草稿已保存。"))
    return redirect(url_for("staff.revision", revision_id=made[0].id))


def _draft(kind: str, content: Content) -> Revision:
    department = (content.get("department") or {}).get("code")
    reasons = roles.why_not(person(), "draft", department=department)
    if reasons:
        raise NotAllowed(*reasons)
    timed = clocks().terms.with_publish_by(kind, content)
    return pipeline.draft(db.session(), kind, timed, by=person())


def _blank() -> Content:
    code = person().department_code
    department = _book().department(code)
    return {"department": department} if department else {}


def _begun(kind: str) -> Content:
    """What a new draft begins with: a second entry (D14) with everything of the first but what was found."""
    first = request.args.get("rectifies", "")
    if kind != "result" or not first:
        return _blank()
    standing = _standing(publication_here(first)).content
    kept = {name: value for name, value in standing.items() if name not in NOT_OF_THE_SECOND}
    rows = [
        {name: value for name, value in row.items() if name not in FOUND} for row in kept.get("items") or []
    ]
    return kept | {"items": rows, "rectifies": first}


def _kind_asked() -> str:
    name = request.args.get("kind", "")
    return name if name in KINDS else abort(404)


# ── a draft's fields ─────────────────────────────────────────


@staff.get("/revisions/<int:revision_id>/content")
def content(revision_id: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    form = ContentForm.of(KINDS[revision.kind], revision.content, _book(), asked_page())
    address = url_for("staff.revise", revision_id=revision_id)
    return _page(form, address, why_not=why_not_edit(revision, person()), revision=revision)


@staff.post("/revisions/<int:revision_id>/content")
def revise(revision_id: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    form = ContentForm.typed(KINDS[revision.kind], revision.content, _book(), asked_page(), request.form)
    content, moved = form.read()
    marks = carry_marks(revision.content, content, revision.marks, moved)
    made: list[Revision] = []
    reasons = (
        why_not_edit(revision, person())
        or _no_act_if(form)
        or attempt(
            lambda: made.append(
                pipeline.revise(
                    db.session(),
                    revision,
                    by=person(),
                    seen=seen(),
                    content=content,
                    marks=marks,
                    dismissed=carry_dismissed(revision.content, content, revision.dismissed, moved),
                    **_words(revision),
                )
            )
        )
    )
    if reasons or form.problems:
        address = url_for("staff.revise", revision_id=revision_id)
        return _page(form, address, reasons, revision=revision_here(revision_id)), 422
    done(_("已保存为新的一稿，旧稿仍留痕。"))
    if request.form.get("more"):
        return redirect(url_for("staff.content", revision_id=made[0].id, page=request.form["more"]))
    return redirect(url_for("staff.revision", revision_id=made[0].id))


def _words(revision: Revision) -> dict[str, str]:
    """The public reason and its basis, where the act has them."""
    if revision.act == "publish":
        return {}
    return {name: request.form.get(name, getattr(revision, name)).strip() for name in ("reason", "basis")}


# ── what is public already ───────────────────────────────────


@staff.get("/publications/<number>/<any(correction, adjustment):change>")
def change(number: str, change: str) -> ResponseReturnValue:
    publication = publication_here(number)
    form = ContentForm.of(KINDS[publication.kind], _standing(publication).content, _book(), asked_page())
    reasons = requirements.why_not_draft(
        db.session(), publication.kind, CHANGES[change], publication, person()
    )
    return _page(
        form, url_for("staff.propose", number=number, change=change), why_not=reasons,
        publication=publication, act=CHANGES[change],
    )  # fmt: skip


@staff.post("/publications/<number>/<any(correction, adjustment):change>")
def propose(number: str, change: str) -> ResponseReturnValue:
    publication, act = publication_here(number), CHANGES[change]
    before = _standing(publication)
    form = ContentForm.typed(KINDS[publication.kind], before.content, _book(), asked_page(), request.form)
    content, moved = form.read()
    made: list[Revision] = []
    reasons = _no_act_if(form) or attempt(
        lambda: made.append(
            pipeline.draft(
                db.session(), publication.kind, content, by=person(), act=act, publication=publication,
                marks=carry_marks(before.content, content, before.marks, moved),
                dismissed=carry_dismissed(before.content, content, before.dismissed, moved),
                reason=_reason()["reason"], basis=_reason()["basis"],
            )
        )
    )  # fmt: skip
    if reasons or form.problems:
        address = url_for("staff.propose", number=number, change=change)
        return _page(form, address, reasons, publication=publication_here(number), act=act), 422
    done(_("已拟成草稿，请核对后提交。"))
    if request.form.get("more"):
        return redirect(url_for("staff.content", revision_id=made[0].id, page=request.form["more"]))
    return redirect(url_for("staff.revision", revision_id=made[0].id))


def _standing(publication: Publication) -> Revision:
    return scope.standing(db.session(), publication) or abort(404)


def _reason() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in ("reason", "basis")}


# ── the form ─────────────────────────────────────────────────


def _book() -> CodeBook:
    return CodeBook.load(db.session())


def _no_act_if(form: ContentForm) -> list[Sentence]:
    """A form that was not understood is not acted on; its own sentences say why."""
    return list(form.problems.values())[:1]


def _page(
    form: ContentForm,
    action: str,
    reasons: list[Sentence] | None = None,
    *,
    why_not: list[Sentence] | None = None,
    revision: Revision | None = None,
    publication: Publication | None = None,
    act: str = "publish",
) -> str:
    return render_template(
        "staff/content.html",
        form=form,
        kind=form.kind,
        action=action if form.page == 1 else f"{action}{'&' if '?' in action else '?'}page={form.page}",
        refused=[each for each in reasons or [] if each not in form.problems.values()],
        why_not=why_not or [],
        revision=revision,
        publication=publication,
        act=revision.act if revision else act,
        reason=request.form.get("reason", revision.reason if revision else ""),
        basis=request.form.get("basis", revision.basis if revision else ""),
    )
