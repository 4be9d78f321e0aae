"""What strangers hand in as evidence: bytes in, a verdict out.

What is taken is kept as received, for it is evidence, and leaves the portal only as a download without a type.
What is shown in a page is a photo made anew by us, never the bytes that came.
"""

import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from portal.errors import Refused, refuse_if
from portal.evidence.apart import judge_apart
from portal.evidence.kinds import (
    FORMATS,
    KINDS,
    LARGEST_FILE,
    LARGEST_SET,
    LONGEST_NAME,
    MOST_FILES,
    Format,
    kind_label,
)
from portal.evidence.recognise import recognise
from portal.evidence.unfit import SET_TOO_LARGE, TOO_MANY, Unfit
from portal.words import Sentence, listed, say

_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # of Windows


@dataclass(frozen=True)
class Examined:
    """A file that may be kept. ``viewable`` is a JPEG of ours and the only thing to show in a page.

    ``suffix`` is the content's own, with its dot; ``safe_name`` ends in it.
    """

    kind: str
    media_type: str
    suffix: str
    safe_name: str
    viewable: bytes | None


def examine(name: str, data: bytes) -> Examined:
    """Whether a file may be kept, and as what.

    It takes seconds for a large photo, so call it before the first write of a request.

    :param name: as the browser sent it; shown cleaned, and believed only when it speaks against the file.
    :raises Refused: with one sentence that begins with the file's name.
    """
    try:
        _refuse_size(data)
        format, viewable = _judged(recognise(name, data), data)
    except Unfit as unfit:
        raise Refused(say("“{name}”：{why}", name=shown_name(name), why=unfit.sentence)) from unfit
    return Examined(format.kind, format.media_type, format.suffix, safe_name(name, format), viewable)


def examine_all(uploads: Sequence[tuple[str, bytes]], existing: Sequence[int] = ()) -> list[Examined]:
    """Several files, each a name and its bytes, in their order.

    :param existing: sizes in bytes of what was handed in before.
    :raises Refused: with a sentence for each file that is not taken.
    """
    refuse_if(check_set(existing, [len(data) for _name, data in uploads]))
    with ThreadPoolExecutor(2) as two:
        verdicts = list(two.map(_verdict, uploads))
    refuse_if([reason for each in verdicts if isinstance(each, Refused) for reason in each.reasons])
    return [each for each in verdicts if isinstance(each, Examined)]


def check_set(existing: Sequence[int], new: Sequence[int]) -> list[Sentence]:
    """Why these files, by their sizes in bytes, are too many or too large together; empty: they are not."""
    reasons = [TOO_MANY] if len(existing) + len(new) > MOST_FILES else []
    return reasons + ([SET_TOO_LARGE] if sum(existing) + sum(new) > LARGEST_SET else [])


def accepted_types() -> Sentence:
    """What may be handed in, for the hint of a form."""
    return listed([kind_label(kind) for kind in KINDS], say("{one}、{next}"))


def accept_attribute() -> str:
    """The ``accept`` of a file input. A convenience of the picker: nothing relies on it."""
    return ",".join(entry for kind in KINDS.values() for entry in kind.picker)


def shown_name(name: str) -> str:
    """A stranger's file name made safe to read: no folders, nothing invisible, nothing that turns the line."""
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1][: 4 * LONGEST_NAME])
    seen = "".join(" " if character.isspace() else character for character in last)
    seen = "".join(character for character in seen if unicodedata.category(character)[0] != "C")
    seen = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    return seen[:LONGEST_NAME] or say("未命名")


def safe_name(name: str, format: Format) -> str:
    """The name to download under: it ends in the suffix of the content, whatever it was called."""
    shown = shown_name(name)
    for suffix in (format.suffix, *format.other_suffixes):
        if shown.lower().endswith(suffix) and len(shown) > len(suffix):
            return _not_reserved(shown)
    stem = shown[: LONGEST_NAME - len(format.suffix)].rstrip(". ")
    return _not_reserved(stem + format.suffix)


def _not_reserved(name: str) -> str:
    return f"_{name}"[:LONGEST_NAME] if _RESERVED.match(name) else name


def _refuse_size(data: bytes) -> None:
    if not data:
        raise Unfit("empty")
    if len(data) > LARGEST_FILE:
        raise Unfit("too_large")


def _judged(found: str, data: bytes) -> tuple[Format, bytes | None]:
    if found == "zip":
        return _office(judge_apart("portal.evidence.office", data)), None
    format = FORMATS[found]
    if found == "pdf":
        judge_apart("portal.evidence.pdf", data)
    return format, _made_anew(data) if format.kind == "photo" else None


def _office(answered: bytes) -> Format:
    for name in ("docx", "xlsx", "ofd"):
        if answered == name.encode():
            return FORMATS[name]
    raise Unfit("slow")


def _made_anew(data: bytes) -> bytes:
    made = judge_apart("portal.evidence.photo", data)
    if not made.startswith(b"\xff\xd8\xff"):
        raise Unfit("slow")
    return made


def _verdict(upload: tuple[str, bytes]) -> Examined | Refused:
    try:
        return examine(*upload)
    except Refused as refused:
        return refused
