"""A PDF or a photo made into what is seen of it: see :mod:`portal.redaction.documents.bundle`.

Run in a process apart, see :mod:`portal.evidence.apart`.
"""

from portal.evidence.apart import Limits, answer
from portal.redaction.documents.bundle import Page, pack, rounded
from portal.redaction.documents.lines import lines_of
from portal.redaction.documents.pictures import encoded
from portal.redaction.documents.source import Sheet, sheets
from portal.redaction.documents.visible import look_at

LIMITS = Limits(seconds=90)


def judge(data: bytes) -> bytes:
    """The bundle.

    :raises Unfit: when the file can not be opened, or is too long or too large.
    """
    seen = [_seen(sheet) for sheet in sheets(data)]
    return pack([page for page, _picture in seen], [picture for _page, picture in seen])


def _seen(sheet: Sheet) -> tuple[Page, bytes]:
    picture, shown = look_at(sheet)
    form, kept = encoded(picture)
    width, height = sheet.points
    lines = lines_of(shown, picture.size)
    return Page(rounded(width), rounded(height), picture.size, form, lines), kept


if __name__ == "__main__":
    answer(judge, broken="pdf_cut", limits=LIMITS)
