"""Files that wait for the worker, each under a random name: what they are called is kept out of paths."""

import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs.models import Job

FOLDER = "incoming"  # under var


def folder_of(var: Path) -> Path:
    """Where they are."""
    return var / FOLDER


def new_file(var: Path) -> Path:
    """Where one more can be put."""
    folder = folder_of(var)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def remove(var: Path, name: str) -> None:
    """Take one away; what the disk does not let go is swept later."""
    with suppress(OSError):
        (folder_of(var) / name).unlink(missing_ok=True)


def sweep(session: Session, var: Path, older_than: timedelta) -> int:
    """Remove what no job that waits names; how many.

    :param older_than: younger ones stay: their request may still be on its way to its commit.
    """
    oldest = (clock.now() - older_than).timestamp()
    with suppress(FileNotFoundError):
        old = [each for each in folder_of(var).iterdir() if each.stat().st_mtime < oldest]
        waiting = sa.select(Job.file).where(Job.ended_at.is_(None), Job.file.in_([each.name for each in old]))
        named = set(session.scalars(waiting))
        gone = [each for each in old if each.name not in named]
        for each in gone:
            each.unlink(missing_ok=True)
        return len(gone)
    return 0
