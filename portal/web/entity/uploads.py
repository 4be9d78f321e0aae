"""Photos and files of a form: each examined by itself, so that one that is refused does not take the rest along."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import request

from portal.errors import Refused
from portal.evidence.examining import check_set
from portal.evidence.kinds import LARGEST_FILE
from portal.files import NotStored, Store
from portal.objections import keeping
from portal.objections.models import ObjectionFile
from portal.words import Sentence

PURPOSES = ("evidence", "licence", "authority")


@dataclass(frozen=True)
class Upload:
    """One file that a browser sent. ``size`` in bytes."""

    purpose: str
    name: str
    size: int
    stream: BinaryIO


@dataclass(frozen=True)
class Taken:
    """What was kept, its rows in no session yet; and a sentence, with its field, for each that was not."""

    files: list[ObjectionFile]
    refused: list[tuple[str, Sentence]]


def sent(purposes: Sequence[str] = PURPOSES) -> list[Upload]:
    """The files of this request; a field that was left empty has none."""
    return [
        Upload(purpose, each.filename, _size(each.stream), cast(BinaryIO, each.stream))
        for purpose in purposes
        for each in request.files.getlist(purpose)
        if each.filename
    ]


def take_in(store: Store, uploads: Sequence[Upload], existing: Sequence[int]) -> Taken:
    """Examine and write what may be kept. Takes seconds: before the write door is opened.

    :param existing: sizes of what was handed in before.
    :raises NotStored: when the disk takes nothing; then nothing was received.
    """
    fitting, refused = _fitting(uploads, existing)
    with ThreadPoolExecutor(2) as two:
        waiting = [two.submit(copy_context().run, _one, store, each) for each in fitting]
    files: list[ObjectionFile] = []
    for upload, each in zip(fitting, waiting, strict=True):
        verdict = each.result()
        if isinstance(verdict, Refused):
            refused += [(upload.purpose, reason) for reason in verdict.reasons]
        else:
            files.append(verdict)
    return Taken(files, refused)


def _fitting(
    uploads: Sequence[Upload], existing: Sequence[int]
) -> tuple[list[Upload], list[tuple[str, Sentence]]]:
    """As many as there is room for, in their order; what is too large by itself is told by its examination."""
    fitting: list[Upload] = []
    refused: list[tuple[str, Sentence]] = []
    sizes = list(existing)
    for each in uploads:
        room = min(each.size, LARGEST_FILE)
        reasons = check_set(sizes, [room])
        if reasons:
            refused += [(each.purpose, reason) for reason in reasons if (each.purpose, reason) not in refused]
        else:
            fitting.append(each)
            sizes.append(room)
    return fitting, refused


def _one(store: Store, upload: Upload) -> ObjectionFile | Refused:
    data = upload.stream.read(LARGEST_FILE + 1)
    try:
        (kept,) = keeping.keep(store, [(upload.name, data)], purpose=upload.purpose)
    except NotStored:
        raise
    except Refused as refused:
        return refused
    return kept


def _size(stream: object) -> int:
    file = cast(BinaryIO, stream)
    size = file.seek(0, 2)
    file.seek(0)
    return size
