"""A PDF: whole, open without a password, and with nothing in it that runs or hides.

Run in a process apart, see :mod:`portal.evidence.apart`.
"""

import io
from collections.abc import Iterator

import pikepdf

from portal.evidence.apart import answer
from portal.evidence.kinds import LARGEST_FILE
from portal.evidence.recognise import recognise
from portal.evidence.unfit import Unfit

_END = b"%%EOF"
_AFTER_END = 4096
_FIXED = b"\0\t\n\f\r "  # what downloads are padded with

_SCRIPT_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMedia", "/RichMediaContent"}
_ACTIONS = {
    *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition"),
    *("/RichMediaExecute", "/Movie", "/Sound"),
}
_ANNOTATIONS = {"/RichMedia", "/Screen", "/Movie"}
_ATTACHED_MAY_BE = {"text", "jpeg", "png"}


def judge(data: bytes) -> bytes:
    """Nothing for viewing; only whether it is taken.

    :raises Unfit: when it is cut off, locked, active, or carries files other than data, text and pictures.
    """
    whole = data.rstrip(_FIXED)
    if whole.rfind(_END) < len(whole) - _AFTER_END or _END not in whole:
        raise Unfit("pdf_cut")
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Unfit("pdf_locked") from error
    except pikepdf.PdfError as error:
        raise Unfit("pdf_cut") from error
    with pdf:
        if len(pdf.pages) == 0:
            raise Unfit("pdf_cut")
        for thing in pdf.objects:
            _look_at(thing)
    return b""


def _look_at(thing: pikepdf.Object) -> None:
    for each in _with_direct_parts(thing):
        if isinstance(each, pikepdf.Stream):
            _refuse_attached(each)
        _refuse_active(each)


def _with_direct_parts(thing: object) -> Iterator[pikepdf.Dictionary | pikepdf.Stream]:
    """The dictionaries inside one object; what it refers to comes by itself."""
    waiting = [thing]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            waiting.extend(part for _key, part in each.items() if not _elsewhere(part))
        elif isinstance(each, pikepdf.Array):
            waiting.extend(part for part in each if not _elsewhere(part))


def _elsewhere(part: object) -> bool:
    return isinstance(part, pikepdf.Object) and part.is_indirect


def _refuse_active(each: pikepdf.Dictionary | pikepdf.Stream) -> None:
    keys = set(each.keys())
    if keys & _SCRIPT_KEYS:
        raise Unfit("pdf_active")
    if _name(each, "/S") in _ACTIONS or _name(each, "/Subtype") in _ANNOTATIONS:
        raise Unfit("pdf_active")
    if isinstance(each, pikepdf.Stream) and "/F" in keys:  # its bytes would come from another machine
        raise Unfit("pdf_active")
    if isinstance(each, pikepdf.Dictionary) and "/EF" in keys:
        for part in each["/EF"].values():
            _refuse_hidden(part)


def _name(each: pikepdf.Dictionary | pikepdf.Stream, key: str) -> str:
    value = each.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _refuse_attached(stream: pikepdf.Stream) -> None:
    if _name(stream, "/Type") == "/EmbeddedFile":
        _refuse_hidden(stream)


def _refuse_hidden(stream: object) -> None:
    """Electronic invoices and bank slips carry their data as XML; anything that could run is refused."""
    if not isinstance(stream, pikepdf.Stream):
        raise Unfit("pdf_attached")
    content = stream.read_bytes()
    try:
        fit = len(content) <= LARGEST_FILE and recognise("", content) in _ATTACHED_MAY_BE
    except Unfit:
        fit = False
    if not fit:
        raise Unfit("pdf_attached")


if __name__ == "__main__":
    answer(judge, broken="pdf_cut")
