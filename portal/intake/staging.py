"""A file read once to its end before anything is written: what is broken leaves nothing half done.

The rows wait in a temporary file, so memory stays flat and a second look at them costs little.
"""

import hashlib
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.intake.readers.opening import open_sheets
from portal.intake.readers.rows import Row
from portal.words import say

_BLOCK = 100  # rows


class Staged:
    """The sheets of one file, readable again and again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sheets: dict[str, tuple[int, int]] = {}

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets that hold anything."""
        return list(self._sheets)

    @property
    def size(self) -> int:
        """How many rows there are in all sheets."""
        return sum(count for _, count in self._sheets.values())

    def add(self, name: str, rows: Iterator[Row]) -> None:
        """Keep a sheet; one without rows is left out."""
        start, count = self._file.tell(), 0
        while block := [tuple(row) for row in islice(rows, _BLOCK)]:
            pickle.dump(block, self._file, protocol=5)
            count += len(block)
        if count:
            self._sheets[self._unique(name)] = (start, count)

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows of a sheet from its beginning; one reading at a time."""
        start, count = self._sheets[sheet]
        self._file.seek(start)
        while count:
            block = pickle.load(self._file)  # noqa: S301 - our own rows of a moment ago
            count -= len(block)
            yield from map(Row._make, block)

    def _unique(self, name: str) -> str:
        return name if name not in self._sheets else f"{name}#{len(self._sheets) + 1}"


@contextmanager
def stage(path: Path) -> Iterator[Staged]:
    """Read a whole file.

    :raises Refused: when it can not be read to its end, or holds no row.
    """
    with tempfile.TemporaryFile() as file:
        staged = Staged(file)
        for sheet in open_sheets(path):
            staged.add(sheet.name, sheet.rows)
        if not staged.sheets:
            raise Refused(say("文件里没有任何内容；请确认选对了文件，再重新上传。"))
        yield staged


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hex; empty when it is not there, which the reader will say."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def let_go(session: Session) -> None:
    """End the transaction and forget every object, without making those already loaded useless."""
    session.expunge_all()
    session.rollback()
