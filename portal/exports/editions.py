"""Editions of the bulk files: which stand, and which may no longer be given out.

An edition is a folder whose name says when it was made and up to where in the ledger. It is written beside the others
and takes its name when it is whole; what is in it never changes. What has gone off since must not lie in a file that
anybody can fetch, so an edition is **off** as soon as the ledger has a line after it that took words away: whoever
serves a file asks that at the moment of serving, and the worker then removes the folder.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import shanghai_date
from portal.db import is_copy
from portal.ledger.models import Entry
from portal.publications import queries
from portal.publications.facing import HIDDEN
from portal.publications.models import Release

MANIFEST = "edition.json"
PART = "~"  # no finished edition's name begins so
REPLACING = ("adjust", "correct")


@dataclass(frozen=True)
class File:
    """A file of an edition. ``size`` in bytes, ``sha256`` in hex, ``rows`` without a heading; −1 when it has none."""

    name: str
    title: str
    title_en: str
    media_type: str
    size: int
    sha256: str
    rows: int = -1
    kind: str = ""


@dataclass(frozen=True)
class Edition:
    """One edition.

    :param size: of the ledger when it was begun: everything up to the line before is in it, some later may be.
    :param line: hex hash of that last line, to tell this ledger from another; empty before the first.
    :param counts: publications of each kind.
    """

    name: str
    made_at: str
    size: int
    line: str
    counts: dict[str, int]
    files: tuple[File, ...]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def day(self) -> date:
        """The Shanghai date of its making."""
        return shanghai_date(self.moment)

    def file(self, name: str) -> File | None:
        return next((each for each in self.files if each.name == name), None)

    def written(self) -> str:
        """The manifest."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def standing(folder: Path) -> list[Edition]:
    """Every finished edition that lies there, the newest first."""
    found = [edition for name in _names(folder) if (edition := _read(folder / name / MANIFEST))]
    return sorted(found, key=lambda each: (each.made_at, each.size), reverse=True)


def find(folder: Path, name: str) -> Edition | None:
    """The edition of a name, whether or not it is off."""
    return _read(folder / name / MANIFEST) if name in _names(folder) else None


def newest(session: Session, folder: Path) -> Edition | None:
    """The newest edition that may be given out."""
    return next((each for each in standing(folder) if not is_off(session, each)), None)


def is_off(session: Session, edition: Edition) -> bool:
    """Whether words that an edition holds may no longer be given out; asked at the moment of serving.

    Any line after it that takes a publication off, and any correction or adjustment after it that took an earlier
    version of its record off for good (应隐去未隐去). A ledger that is not the one it was made of counts as well.
    """
    if _is_of_another_ledger(session, edition):
        return True
    since = Entry.index >= edition.size
    gone = sa.select(Entry.index).where(since, Entry.type.in_(HIDDEN))
    covered = (
        sa.select(Entry.index)
        .join(Release, Release.number == Entry.number)
        .where(since, Entry.type.in_(REPLACING), Release.entry_index < edition.size, Release.body.is_(None))
    )
    return any(session.scalar(each.limit(1)) is not None for each in (gone, covered))


def _is_of_another_ledger(session: Session, edition: Edition) -> bool:
    if not edition.size:
        return False
    last = session.get(Entry, edition.size - 1)
    return last is None or last.leaf_hash.hex() != edition.line


def _is_ahead(session: Session, edition: Edition) -> bool:
    """Whether another node made it from more than this one's copy of the ledger has yet: not to be judged here."""
    return edition.size > queries.ledger_size(session) and is_copy(session)


def place(session: Session) -> tuple[int, str]:
    """How many lines the ledger has, and the hash of the last in hex."""
    size = queries.ledger_size(session)
    last = session.get(Entry, size - 1) if size else None
    return size, last.leaf_hash.hex() if last else ""


# ── taking away ──────────────────────────────────────────────


def superfluous(session: Session, folder: Path, today: date, kept_days: int) -> Iterator[Edition]:
    """What is to be removed: what is off, and what is older than editions are kept; the newest stays."""
    last = None
    for edition in standing(folder):
        if is_off(session, edition):
            if not _is_ahead(session, edition):
                yield edition
            continue
        if last is not None and edition.day < today - timedelta(days=kept_days):
            yield edition
        last = last or edition


def remove(folder: Path, editions: Sequence[Edition]) -> int:
    """Take editions away; how many. Who is in the middle of a download keeps the file that is open."""
    for edition in editions:
        _remove(folder / edition.name)
    return len(editions)


def remove_before(folder: Path, index: int) -> int:
    """Take away every edition that was begun before a line of the ledger was there, and whatever is unfinished."""
    for path in folder.glob(f"{PART}*") if folder.is_dir() else ():
        shutil.rmtree(path)
    return remove(folder, [each for each in standing(folder) if each.size <= index])


def _remove(path: Path) -> None:
    """First out of sight, so that nobody finds half an edition; then gone."""
    hidden = path.with_name(f"{PART}{path.name}")
    path.rename(hidden)
    shutil.rmtree(hidden)


def _names(folder: Path) -> set[str]:
    if not folder.is_dir():
        return set()
    return {path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith((PART, "."))}


@lru_cache(maxsize=64)
def _parsed(text: str) -> Edition:
    said: dict[str, Any] = json.loads(text)
    return Edition(**said | {"files": tuple(File(**each) for each in said["files"])})


def _read(manifest: Path) -> Edition | None:
    try:
        return _parsed(manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None  # removed since the folder was listed
