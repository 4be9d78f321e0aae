"""Files beside the words of a draft: put there, named, taken away, looked at as the public will see them."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.attachments import keeping
from portal.attachments.keeping import Stores
from portal.attachments.models import Attachment, AttachmentCopy
from portal.db import db
from portal.errors import refuse_if
from portal.evidence.kinds import LARGEST_FILE, MB
from portal.publications import attaching
from portal.publications.models import Revision
from portal.redaction.documents.limits import MOST_PAGES
from portal.redaction.documents.taking_in import ACCEPTED
from portal.web.staff.grounds import grounds
from portal.web.staff.revisions import seen
from portal.web.staff.room import attempt, done, let_go, person, revision_here, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

Attached = dict[str, Any]


@staff.get("/revisions/<int:revision_id>/attachments")
def attachments(revision_id: int) -> ResponseReturnValue:
    return _page(revision_here(revision_id))


@staff.post("/revisions/<int:revision_id>/attachments")
def attach(revision_id: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    reasons = attempt(lambda: _attach(revision))
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("附件已收下，请逐页核对要遮盖的内容。"))
    newest = newest_of(revision)
    return redirect(url_for("staff.attachment", revision_id=newest.id, n=len(newest.attachments)))


def _attach(revision: Revision) -> None:
    """Judging, rendering and copying take seconds: nobody else waits for the database meanwhile."""
    upload, me = request.files.get("file"), person()
    title = attaching.clean_title(request.form.get("title", ""), revision)
    reasons = attaching.why_not_attach(revision, me)
    reasons += attaching.why_not_title(title, [each["title"] for each in revision.attachments])
    if upload is None or not upload.filename:
        reasons.append(say("请选择要上传的文件。"))
    refuse_if(reasons)
    assert upload is not None and upload.filename is not None
    looked_at, publication_id, by_id = seen() or revision.step_id, revision.publication_id, me.id
    let_go()
    data = upload.stream.read(LARGEST_FILE + 1)
    file = keeping.take_in(stores(), publication_id, upload.filename, data, by_id=by_id)
    copy = keeping.make_copy(stores(), file.row, [], title)
    attaching.attach(db.session(), revision, file, copy, title, by=person(), seen=looked_at)


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/title")
def rename_attachment(revision_id: int, n: int) -> ResponseReturnValue:
    title = attaching.clean_title(request.form.get("title", ""), revision_here(revision_id))

    def act(revision: Revision, attached: Attached, looked_at: int | None) -> None:
        copy = None if attached["withheld"] else copy_for(attached["file"], attached["boxes"], title)
        attaching.rename(db.session(), revision, n, title, copy, by=person(), seen=looked_at)

    return changed(revision_id, n, act, _("已改名。"))


@staff.post("/revisions/<int:revision_id>/attachments/<int:n>/removal")
def remove_attachment(revision_id: int, n: int) -> ResponseReturnValue:
    revision = revision_here(revision_id)
    attached_here(revision, n)
    reasons = attempt(lambda: attaching.detach(db.session(), revision, n, by=person(), seen=seen()))
    if reasons:
        return _page(revision_here(revision_id), reasons), 422
    done(_("附件已拿掉，不再随这一稿公示。"))
    return redirect(url_for("staff.attachments", revision_id=newest_of(revision).id))


@staff.get("/revisions/<int:revision_id>/attachments/<int:n>/copy.pdf")
def attachment_copy(revision_id: int, n: int) -> ResponseReturnValue:
    """The public copy, to the byte as the public will get it."""
    attached = attached_here(revision_here(revision_id), n)
    copy = attached["copy"] or abort(404)
    try:
        data = stores().public.read(copy["stored"])
    except FileNotFoundError:
        abort(404)
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="attachment-{n}.pdf"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


# ── what pages of one file share ─────────────────────────────


def stores() -> Stores:
    return Stores.of(current_app.extensions["portal_settings"])


def attached_here(revision: Revision, n: int) -> Attached:
    """The file at a place of a revision, counted from one, or 404."""
    if not 1 <= n <= len(revision.attachments):
        abort(404)
    found: Attached = revision.attachments[n - 1]
    return found


def file_here(attached: Attached) -> Attachment:
    """Its row; 404 when it was erased."""
    return db.session.get(Attachment, attached["file"]) or abort(404)


def copy_for(file_id: int, boxes: list[Any], title: str) -> AttachmentCopy:
    """The public copy for these boxes. Lets go of the database, for it takes seconds."""
    file = db.session.get(Attachment, file_id) or abort(404)
    db.session.expunge(file)
    let_go()
    return keeping.make_copy(stores(), file, boxes, title)


def changed(
    revision_id: int,
    n: int,
    act: Callable[[Revision, Attached, int | None], None],
    said: str,
    page: Callable[..., str] | None = None,
) -> ResponseReturnValue:
    """Do an act on one file of a revision; back to its page, with the reasons when it was refused.

    The act gets the step that was looked at, for it lets go of the database in between.
    """
    revision = revision_here(revision_id)
    attached, looked_at = attached_here(revision, n), seen() or revision.step_id
    reasons = attempt(lambda: act(revision, attached, looked_at))
    if reasons:
        again = revision_here(revision_id)
        return (page(again, n, reasons) if page else _page(again, reasons)), 422
    done(said)
    at = whole_number(request.form.get("page", ""))
    return redirect(url_for("staff.attachment", revision_id=newest_of(revision).id, n=n, page=at))


def newest_of(revision: Revision) -> Revision:
    """The revision that took this one's place."""
    return db.session.get_one(Revision, revision.successor_id) if revision.successor_id else revision


def _page(revision: Revision, refused: list[Sentence] | None = None) -> str:
    return render_template(
        "staff/attachments.html",
        revision=revision,
        grounds=grounds(),
        why_not=attaching.why_not_attach(revision, person()),
        refused=refused or [],
        title=request.form.get("title", ""),
        accepted=ACCEPTED,
        largest=LARGEST_FILE // MB,
        most_pages=MOST_PAGES,
    )
