"""What leaves a case as a file: materials, the photos made anew, papers, the sheet's scan, the whole for the archive."""

from dataclasses import dataclass
from typing import BinaryIO

from flask import Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.codes.models import Department
from portal.db import db
from portal.errors import Refused
from portal.objections import archive, papers, queries
from portal.objections.documents import PAPERS
from portal.objections.models import Objection, ObjectionFile
from portal.web.rendering import in_english
from portal.web.staff.clocks import clocks
from portal.web.staff.objection_acts import store
from portal.web.staff.objection_case import case_here
from portal.web.staff.objection_sheet import sheet_facts
from portal.web.staff.room import departments, person, staff
from portal.words import say

PRINTED = (
    "receipt",
    "supplement",
    "not_accepted",
    "passed_on",
    "decision",
)  # the others print from the sheet


@dataclass(frozen=True)
class Wording:
    """What the templates of papers ask for: how a department is called in the reader's language."""

    def department(self, code: str, label: str) -> str:
        found: Department | None = departments().get(code)
        return (found.label_en if in_english() and found else "") or label


def open_stored(name: str) -> BinaryIO:
    """A file of the store; 404 when it is not there."""
    try:
        return store().open(name)
    except (FileNotFoundError, ValueError):
        abort(404)


def _file_here(objection_id: int, file_id: int) -> ObjectionFile:
    case, found = _handled_here(objection_id), db.session.get(ObjectionFile, file_id)
    if found is None or found.objection_id != case.id:
        abort(404)
    return found


@staff.get("/objections/<int:objection_id>/files/<int:file_id>")
def objection_file(objection_id: int, file_id: int) -> ResponseReturnValue:
    """The file as it was handed in: to save, never to be shown by this site."""
    found = _file_here(objection_id, file_id)
    answer = send_file(
        open_stored(found.stored),
        "application/octet-stream",
        as_attachment=True,
        download_name=found.name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@staff.get("/objections/<int:objection_id>/photos/<int:file_id>")
def objection_photo(objection_id: int, file_id: int) -> ResponseReturnValue:
    """A photo as it was made anew; there is none of whatever is no photo."""
    found = _file_here(objection_id, file_id)
    if not found.viewable:
        abort(404)
    return send_file(open_stored(found.viewable), "image/jpeg", etag=False)


# ── papers ───────────────────────────────────────────────────


@staff.get("/objections/<int:objection_id>/papers/<kind>")
def objection_paper(objection_id: int, kind: str) -> ResponseReturnValue:
    case = _handled_here(objection_id)
    if case.document(kind) is None:
        abort(404)
    return paper_page(case, kind)


def paper_page(case: Objection, kind: str, code: str = "") -> str:
    """One paper of a case on a page that prints.

    :param code: the following code, on the receipt that is handed over at the counter alone.
    """
    return render_template(
        "staff/objection_paper.html",
        case=case,
        body=_paper(case, kind, code),
        title=PAPERS[kind].title,
        handed_over=bool(code),
    )


def _paper(case: Objection, kind: str, code: str = "") -> Markup:
    if kind not in PRINTED:
        body = (
            "staff/objection_notice_body.html" if kind == "correction" else "staff/objection_sheet_body.html"
        )
        return Markup(render_template(body, **sheet_facts(case, kind)))
    paper = papers.sheet(db.session(), case, kind, clocks().terms)
    return Markup(render_template(f"papers/{kind}.html", paper=paper, code=code, words=Wording, case=case))


def _handled_here(objection_id: int) -> Objection:
    """A case whose papers, with names and addresses, this person may take away."""
    case = case_here(objection_id)
    if not queries.handles(person(), case):
        raise Refused(say("案卷里有申请人的联系方式，只能由办理部门和指派的复查人员下载。"))
    return case


# ── the whole ────────────────────────────────────────────────


@staff.get("/objections/<int:objection_id>/archive.zip")
def objection_archive(objection_id: int) -> ResponseReturnValue:
    case = _handled_here(objection_id)
    kinds = dict.fromkeys(each.kind for each in case.documents)
    pages = {kind: render_template("staff/objection_archived.html", case=case, body=_paper(case, kind), kind=kind) for kind in kinds}  # fmt: skip
    if case.decisions:
        facts = sheet_facts(case, "approval")
        pages["sheet"] = render_template("staff/objection_archived.html", case=case, kind="approval", body=Markup(render_template("staff/objection_sheet_body.html", **facts)))  # fmt: skip
    held = archive.members(db.session(), case, pages)
    pieces = archive.stream(case.receipt, held, archive.files_of(case), store())
    answer = Response(pieces, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{case.receipt}.zip"'
    return answer
