"""The attachments of one revision, as its column holds them. Pure.

Each is ``{"file", "title", "boxes", "withheld", "copy"}``: the id of the file in quarantine; its public title; the
boxes of :mod:`portal.redaction.documents.boxes`; null, or ground, basis, who and when if none of it is public; null, or
``{"id", "stored", "sha256", "size", "pages"}`` of the public copy that these boxes and this title make.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.errors import Refused
from portal.redaction.masking import GROUNDS
from portal.words import say

Attached = Mapping[str, Any]

MEDIA_TYPE = "application/pdf"
MOST = 20
LONGEST_TITLE = 100


def released(attachments: Sequence[Attached]) -> list[dict[str, Any]]:
    """What ``record.json`` says of them.

    :raises Refused: when a public copy is missing.
    """
    return [_released(n, each) for n, each in enumerate(attachments, start=1)]


def _released(n: int, each: Attached) -> dict[str, Any]:
    if each["withheld"]:
        return {"n": n, "title": each["title"], "withheld": True, "notes": [_note(each["withheld"])]}
    copy = each["copy"]
    if not copy:
        raise Refused(say("“{title}”还没有公开副本，请打开附件页重新生成。", title=each["title"]))
    return {
        "n": n,
        "title": each["title"],
        "media_type": MEDIA_TYPE,
        "pages": copy["pages"],
        "size": copy["size"],
        "sha256": copy["sha256"],
        "notes": _notes(each["boxes"]),
    }


def _notes(boxes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each ground with its basis once: where the boxes stand is seen in the file."""
    given = {(box["ground"], box["basis"]) for box in boxes}
    order = list(GROUNDS)
    sorted_ = sorted(given, key=lambda each: (order.index(each[0]), each[1]))
    return [_note({"ground": ground, "basis": basis}) for ground, basis in sorted_]


def _note(mark: Mapping[str, Any]) -> dict[str, str]:
    return {"ground": mark["ground"], "label": GROUNDS[mark["ground"]], "basis": mark["basis"]}


def named(attachments: Sequence[Attached]) -> list[tuple[int, str]]:
    """Which files under which titles: what only its author may change."""
    return [(each["file"], each["title"]) for each in attachments]


def marks(attachments: Sequence[Attached]) -> Iterator[Mapping[str, Any]]:
    """Every box, and every withholding of a whole file."""
    for each in attachments:
        yield from each["boxes"]
        if each["withheld"]:
            yield each["withheld"]


def hidden(attachments: Sequence[Attached]) -> set[tuple[str, str]]:
    """What is withheld of which file, to be compared with another version."""
    found = set()
    for each in attachments:
        where = f"attachment/{each['file']}"
        if each["withheld"]:
            found.add((where, ""))
        found |= {(where, repr([box[side] for side in _SIDES])) for box in each["boxes"]}
    return found


def copies(attachments: Sequence[Attached]) -> dict[int, Mapping[str, Any]]:
    """The public copies by their number in the list, from one; a file withheld whole has none."""
    return {
        n: each["copy"]
        for n, each in enumerate(attachments, start=1)
        if each["copy"] and not each["withheld"]
    }


_SIDES = ("page", "x0", "y0", "x1", "y1")
