"""Making what was deleted leave the disk.

The wheel can neither merge at command nor be given a merge policy: its own merges what has at least
:data:`SEGMENTS` segments of about the same number of live documents. So ``meta.json`` is made to say of each
segment with deleted documents that one is left, and single fillers are committed until the policy merges
them all: a merge reads who is alive from the segment itself, drops the others' words, and writes the counts anew.
"""

import json
import os
import struct
import zlib
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import tantivy

from portal.search.engines.shelved import FILLER, filler

SEGMENTS = 8
ROUNDS = 4
MAGIC = 1337  # of tantivy's footers
AT_ONCE = 1 << 20  # bytes

Writing = Callable[[], AbstractContextManager[tantivy.IndexWriter]]


def purge(path: Path, writing: Writing) -> None:
    """Merge every segment that holds something deleted, and take the old files away.

    The caller keeps other writers out between the two. Readers see the same documents all the time.

    :raises OSError: when a segment could not be cleaned.
    """
    doomed = {segment["segment_id"] for segment in _meta(path)["segments"] if segment["deletes"]}
    for _ in range(ROUNDS):
        if not doomed & {segment["segment_id"] for segment in _meta(path)["segments"]}:
            break
        _say_one_is_left(path, doomed)
        with writing() as writer:
            for _ in range(SEGMENTS):
                writer.add_document(filler())
                writer.commit()
        with writing() as writer:
            writer.delete_documents_by_term("number", FILLER)
            writer.commit()
    else:
        raise OSError(f"deleted documents are still in {path}")
    with writing() as writer:
        writer.garbage_collect_files()


def read_through(path: Path) -> None:
    """Compare each file with the checksum in its footer: what a power cut leaves short fails here.

    :raises OSError: when a file is not what was written.
    """
    for segment in _meta(path)["segments"]:
        for file in path.glob(segment["segment_id"].replace("-", "") + ".*"):
            if not _is_whole(file):
                raise OSError(f"{file} is damaged")


def _is_whole(path: Path) -> bool:
    """A file ends in its footer as JSON, the footer's length and a magic number, both of four bytes."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        length, magic = struct.unpack("<II", file.read(8).rjust(8, b"\0"))
        if magic != MAGIC or length + 8 > size:
            return False
        file.seek(size - 8 - length)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        left, crc = size - 8 - length, 0
        while left:
            piece = file.read(min(left, AT_ONCE))
            left, crc = left - len(piece), zlib.crc32(piece, crc)
    return bool(crc == expected)


def _say_one_is_left(path: Path, doomed: Collection[str]) -> None:
    meta = _meta(path)
    for segment in meta["segments"]:
        if segment["segment_id"] in doomed:
            segment["deletes"]["num_deleted_docs"] = segment["max_doc"] - 1
    new = path / "meta.json.new"
    new.write_text(json.dumps(meta))
    new.replace(path / "meta.json")


def _meta(path: Path) -> Any:
    return json.loads((path / "meta.json").read_text())
