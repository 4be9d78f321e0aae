"""The site's own files, beside the package in a checkout or inside it in a wheel; and the durable store of
what people hand in.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from portal import clock
from portal.errors import Refused
from portal.words import say

SiteFolder = Literal["templates", "static", "translations", "migrations"]

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_site"
_IN_CHECKOUT = _PACKAGE.parent

_NAME = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{1,5})?")
_PART = "~"  # no name of a stored file ends so
_CHUNK = 2**20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}

log = logging.getLogger(__name__)


def site_path(name: SiteFolder) -> Path:
    """The folder of templates, static files, translations or migrations that belongs to this code."""
    return (_IN_WHEEL if _IN_WHEEL.is_dir() else _IN_CHECKOUT) / name


class NotStored(Refused):
    """The disk did not take a file; nothing of it is left behind."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "文件没有存成，这次提交的内容我们没有收到。您填写的文字还保留着，请过几分钟再提交一次；"
                "再次不成的，请拨打页面下方的电话，或者到窗口提交。"
            )
        )


class StoreFull(NotStored):
    """The disk is full or can not be written."""


@dataclass(frozen=True)
class Stored:
    """A file that will still be there after a power cut. ``size`` in bytes, ``sha256`` in hex."""

    name: str
    sha256: str
    size: int


class Store:
    """Files that outlive a power cut, each under a random name of its own.

    Not named by content: erasing what one person handed in must never take another's, and a name tells nothing.
    Files are written before the row that names them is committed; :meth:`sweep` takes away what no row names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes | BinaryIO, *, suffix: str = "") -> Stored:
        """Write and sync; when this returns, the file is durable.

        :raises NotStored: when the disk takes nothing, as :class:`StoreFull` when it is full or read-only.
        :raises ValueError: when ``suffix`` is not like ``.jpg``.
        """
        name = secrets.token_hex(16) + suffix
        path = self._path(name)
        part = path.with_name(name + _PART)
        try:
            _make_folder(path.parent, above=self.folder)
            stored = _write(part, name, data)
            part.rename(path)
            # all three each time: another writer may have made a folder a moment ago and not yet synced it
            for folder in (path.parent, self.folder, self.folder.parent):
                _sync_folder(folder)
        except BaseException as error:
            _remove(part)
            _remove(path)
            if not isinstance(error, OSError):
                raise
            log.exception("a file could not be stored")
            raise (StoreFull if error.errno in _NO_ROOM else NotStored)() from error
        return stored

    def open(self, name: str) -> BinaryIO:
        """The file to read from.

        :raises FileNotFoundError: when it is not there.
        :raises ValueError: when it is not a name that :meth:`put` gives.
        """
        return self._path(name).open("rb")

    def read(self, name: str) -> bytes:
        """All of the file; errors as in :meth:`open`."""
        return self._path(name).read_bytes()

    def delete(self, name: str) -> None:
        """Take the file away for good, durably. One that is gone already stays gone."""
        path = self._path(name)
        if path.parent.is_dir():
            path.unlink(missing_ok=True)
            _sync_folder(path.parent)

    def sweep(self, older_than: timedelta, named: Callable[[Sequence[str]], Collection[str]]) -> list[str]:
        """Remove parts never finished and files that no row names, and answer their names.

        :param older_than: younger ones stay: their request may still be on its way to its commit.
        :param named: of some names, those that a row names; asked once per folder, after the files were seen.
        """
        oldest = (clock.now() - older_than).timestamp()
        swept = []
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            old = [path.name for path in _files(folder) if _written(path) < oldest]
            kept = set(named([name for name in old if _NAME.fullmatch(name)])) if old else set()
            gone = [name for name in old if name not in kept]
            for name in gone:
                (folder / name).unlink(missing_ok=True)
            swept += gone
        return swept

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a stored file's name: {name!r}")
        return self.folder / name[:2] / name


def write_whole(path: Path, data: bytes, *, durable: bool = True) -> None:
    """A file that is there whole or not at all, for this user alone; older contents are replaced.

    :param durable: it outlives a power cut when this returns.
    :raises OSError: when the disk does not take it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}{_PART}{secrets.token_hex(4)}")
    try:
        _write(part, path.name, data, durable=durable)
        part.replace(path)
        if durable:
            _sync_folder(path.parent)
    except BaseException:
        _remove(part)
        raise


def _write(part: Path, name: str, data: bytes | BinaryIO, *, durable: bool = True) -> Stored:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for chunk in _chunks(data):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        if durable:
            os.fsync(file.fileno())
    return Stored(name, digest.hexdigest(), size)


def _chunks(data: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    while chunk := data.read(_CHUNK):
        yield chunk


def _make_folder(folder: Path, *, above: Path) -> None:
    """The folder and those above it, each new one synced into its parent; nobody else may look in from ``above`` down."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, above=above)
    private = folder == above or above in folder.parents
    folder.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
