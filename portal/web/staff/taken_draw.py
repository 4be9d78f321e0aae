"""The platform's draw taken over into a task that is being drafted (D10): its facts, its list, what stands against it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.codes.book import CodeBook
from portal.db import db
from portal.errors import Refused
from portal.intake.drawn_file import DrawnFile, read_drawn
from portal.publications import drawn, pipeline
from portal.publications.content import read_content
from portal.publications.kinds import KINDS
from portal.publications.models import Revision
from portal.publications.remarking import carry_dismissed, carry_marks
from portal.web.staff.labels import as_text
from portal.web.staff.revisions import seen, why_not_edit
from portal.web.staff.room import attempt, done, person, revision_here, staff
from portal.words import Sentence

TASK = KINDS["task"]
FIELDS = (
    "platform_draw_no", "drawn_on", "draw_attempts", "locked_on", "draw_mode", "pool_size", "sample_size", "ratio",
    "conditions", "inspectors_per_object", "recusals", "substitutions", "recusal_reasons", "names_shown",
    "names_withheld_ground",
)  # fmt: skip
ROWS_SHOWN = 50


@staff.get("/revisions/<int:revision_id>/draw")
def taken_draw(revision_id: int) -> ResponseReturnValue:
    return _page(_task(revision_id))


@staff.post("/revisions/<int:revision_id>/draw")
def take_draw_over(revision_id: int) -> ResponseReturnValue:
    """Save the platform's draw as a new version of the draft; a file replaces the list."""
    revision = _task(revision_id)
    book = CodeBook.load(db.session())
    file, reasons = _file(book)
    if reasons or file.refusals:
        return _page(revision, reasons, file=file), 422
    content, problems = _content(revision.content, file, book)
    if problems:
        return _page(revision, file=file, problems=problems), 422
    made: list[Revision] = []
    reasons = why_not_edit(revision, person()) or attempt(lambda: made.append(_revised(revision, content)))
    if reasons:
        return _page(_task(revision_id), reasons, file=file), 422
    done(_("已保存为新的一稿，旧稿仍留痕。"))
    return redirect(url_for("staff.taken_draw", revision_id=made[0].id))


def _task(revision_id: int) -> Revision:
    revision = revision_here(revision_id)
    return revision if revision.kind == "task" and revision.act in ("publish", "correct") else abort(404)


def _file(book: CodeBook) -> tuple[DrawnFile, list[Sentence]]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return DrawnFile(), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"  # never the name that was sent
        upload.save(path)
        try:
            return read_drawn(path, book, FIELDS), []
        except Refused as refusal:
            return DrawnFile(), list(refusal.reasons)


def _content(
    before: Mapping[str, Any], file: DrawnFile, book: CodeBook
) -> tuple[dict[str, Any], dict[str, Sentence]]:
    """What was typed over what stood there; where nothing was typed, what the file says."""
    typed = {
        name: before.get(name) if text == as_text(TASK.by_name[name], before.get(name)) else text
        for name in FIELDS
        if (text := request.form.get(name, "").strip()) or name in request.form
    }
    told = {name: value for name, value in file.values.items() if not request.form.get(name, "").strip()}
    rows = {"drawn": file.rows} if file.rows else {}
    content, problems = read_content("task", {**before, **typed, **told, **rows}, book)
    return content, {each.path: each.sentence for each in problems}


def _revised(revision: Revision, content: Mapping[str, Any]) -> Revision:
    before = revision.content
    moved = {
        "items": {at: at for at, _row in enumerate(before.get("items") or [])},
        "drawn": _moved(before, content),
    }
    return pipeline.revise(
        db.session(),
        revision,
        by=person(),
        seen=seen(),
        content=content,
        marks=carry_marks(before, content, revision.marks, moved),
        dismissed=carry_dismissed(before, content, revision.dismissed, moved),
    )


def _moved(before: Mapping[str, Any], content: Mapping[str, Any]) -> dict[int, int]:
    """Where the objects that are still on the list stand now."""
    now = {drawn.who(row): at for at, row in enumerate(drawn.rows_of(content))}
    rows = enumerate(drawn.rows_of(before))
    return {at: now[drawn.who(row)] for at, row in rows if drawn.who(row) in now}


def _page(
    revision: Revision,
    refused: list[Sentence] | None = None,
    *,
    file: DrawnFile | None = None,
    problems: Mapping[str, Sentence] | None = None,
) -> str:
    content = revision.content
    texts = {name: as_text(TASK.by_name[name], content.get(name)) for name in FIELDS}
    rows = drawn.rows_of(content)
    return render_template(
        "staff/taken_draw.html",
        revision=revision,
        fields=[TASK.by_name[name] for name in FIELDS],
        texts={name: request.form.get(name, text) for name, text in texts.items()},
        rows=rows[:ROWS_SHOWN],
        total=len(rows),
        why_not=why_not_edit(revision, person()),
        against=drawn.why_not_submit(db.session(), revision),
        often=drawn.warnings(db.session(), revision),
        refusals=file.refusals[:200] if file else [],
        refused=[*(refused or []), *(problems or {}).values()],
    )
