"""A file that is to be public: judged by its content, made into what is seen of it, and copied anew.

What the public gets is made of pixels and of words that can be seen; the file that came is kept, and shown to nobody.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from portal.errors import Refused
from portal.evidence.apart import judge_apart
from portal.evidence.examining import shown_name
from portal.evidence.kinds import FORMATS, LARGEST_FILE
from portal.evidence.recognise import recognise
from portal.evidence.unfit import Unfit
from portal.redaction.documents.boxes import Box
from portal.redaction.documents.bundle import Page, pages_of
from portal.redaction.documents.converting import converted
from portal.redaction.documents.revisions import has_revisions
from portal.words import say

PATIENCE = 120  # seconds of wall-clock for one file
ACCEPTED = ".pdf,.docx,.xlsx,.doc,.xls,.wps,.et,image/*"

_ROOM = "portal.redaction.documents"
_OFFICE = {"docx", "xlsx", "doc", "xls"}


@dataclass(frozen=True)
class TakenIn:
    """A file that may become public, and what was seen of it.

    :param base: the PDF or photo that its pages are drawn from; the file itself unless it was an office file.
    :param bundle: see :mod:`portal.redaction.documents.bundle`.
    """

    format: str
    suffix: str
    base: bytes
    bundle: bytes
    pages: Sequence[Page]


def take_in(name: str, data: bytes) -> TakenIn:
    """Judge and render a file. Takes seconds, up to two minutes: before the first write of a request.

    :param name: as the browser sent it; believed only when it speaks against the file.
    :raises Refused: with one sentence that begins with the file's name and says what to do instead.
    """
    try:
        format, base = _judged(name, data)
        bundle = judge_apart(f"{_ROOM}.rendering", base, PATIENCE)
    except Unfit as unfit:
        raise Refused(say("“{name}”：{why}", name=shown_name(name), why=unfit.sentence)) from unfit
    return TakenIn(format, FORMATS[format].suffix, base, bundle, pages_of(bundle))


def public_copy(base: bytes, bundle: bytes, boxes: Sequence[Box], title: str) -> bytes:
    """The PDF for the public; the same file, boxes and title give the same bytes. Takes seconds.

    :raises Refused: when it can not be made.
    """
    order = io.BytesIO()
    with zipfile.ZipFile(order, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("order.json", json.dumps({"boxes": list(boxes), "title": title}))
        archive.writestr("bundle", bundle)
        archive.writestr("base", base)
    try:
        return judge_apart(f"{_ROOM}.copying", order.getvalue(), PATIENCE)
    except Unfit as unfit:
        raise Refused(
            say(
                "“{title}”的公开副本没有生成，请过几分钟再试；再次不成的，请把附件拆小后重新上传。",
                title=title,
            )
        ) from unfit


def _judged(name: str, data: bytes) -> tuple[str, bytes]:
    """The format, and the PDF or photo to draw pages from."""
    if not data:
        raise Unfit("empty")
    if len(data) > LARGEST_FILE:
        raise Unfit("too_large")
    format = recognise(name, data)
    if format == "zip":
        format = judge_apart("portal.evidence.office", data).decode("ascii")
    if format in _OFFICE:
        return format, _as_pdf(format, data)
    if format != "pdf" and FORMATS[format].kind != "photo":
        raise Unfit("not_a_page")
    return format, data


def _as_pdf(format: str, data: bytes) -> bytes:
    """Old Word files are looked into as new ones: what was struck out of them shows only there."""
    if format == "doc":
        format, data = "docx", converted(data, ".doc", to="docx")
    if format in ("docx", "xlsx") and has_revisions(data):
        raise Unfit("office_revisions")
    return converted(data, FORMATS[format].suffix)
