"""The attachments of one revision, as its column holds them. Pure.

Each is ``{"file", "title", "boxes", "withheld", "copy", "found", "kept"}``: the id of the file in quarantine; its
public title; the boxes of :mod:`portal.redaction.documents.boxes`; null, or ground, basis, who and when if none of it
is public; null, or ``{"id", "stored", "sha256", "size", "pages"}`` of the public copy that these boxes and this title
make; what recognisers proposed, in its order; which of it somebody kept, ``{"of", "reason", "by", "at"}``, from zero.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.errors import Refused
from portal.redaction.documents.findings import is_covered
from portal.redaction.masking import GROUNDS
from portal.words import Sentence, say

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
        raise Refused(say("附件“{title}”没有可以公开的副本，请把它拿掉后重新上传。", title=each["title"]))
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


def deciders(attachments: Sequence[Attached]) -> set[int]:
    """Whoever decided about a part: a second person agrees to it."""
    kept = [each for file in attachments for each in file["kept"]]
    return {each["by"] for each in (*marks(attachments), *kept)}


def open_findings(each: Attached) -> list[int]:
    """The places in ``found`` about which nobody has decided, from zero."""
    kept = {decided["of"] for decided in each["kept"]}
    if each["withheld"]:
        return []
    return [
        at
        for at, found in enumerate(each["found"])
        if at not in kept and not is_covered(found, each["boxes"])
    ]


def why_undecided(attachments: Sequence[Attached]) -> list[Sentence]:
    """Why these files can not be agreed to: a sentence for each in which something sure is open."""
    return [
        say(
            "附件“{title}”里有{n}处很可能要隐去的内容还没有决定，请打开附件，逐处遮盖或者写明保留的理由。",
            title=each["title"],
            n=n,
        )
        for each in attachments
        if (n := sum(each["found"][at]["sure"] for at in open_findings(each)))
    ]


def hidden(attachments: Sequence[Attached]) -> set[tuple[str, str]]:
    """What is withheld of which file, to be compared with another version."""
    found = set()
    for each in attachments:
        where = f"attachment/{each['file']}"
        if each["withheld"]:
            found.add((where, ""))
        found |= {(where, repr([box[side] for side in _SIDES])) for box in each["boxes"]}
    return found


def emptied(attachments: Sequence[Attached], title: str) -> list[dict[str, Any]]:
    """What is left of them when their record is erased: how many there were."""
    nothing: dict[str, Any] = {"boxes": [], "withheld": None, "copy": None, "found": [], "kept": []}
    return [{"file": each["file"], "title": title, **nothing} for each in attachments]


def copies(attachments: Sequence[Attached]) -> dict[int, Mapping[str, Any]]:
    """The public copies by their number in the list, from one; a file withheld whole has none."""
    return {
        n: each["copy"]
        for n, each in enumerate(attachments, start=1)
        if each["copy"] and not each["withheld"]
    }


_SIDES = ("page", "x0", "y0", "x1", "y1")
