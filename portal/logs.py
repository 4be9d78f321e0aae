"""What is written down about the site's own work: when, how bad, by which rule of an address, where in the code.

Never what was asked, typed, found, or who is named. An error's own words may hold any of these (a database
quotes the row it refused, a parser what it could not read), and so may a library's: of an error only its kind
and the way it came are written, of a library's line only where it was written. Lines of this program carry
numbers of records, and nothing else that came from outside.
"""

import errno
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from traceback import extract_tb
from types import TracebackType
from typing import Any

OURS = (
    "portal",
    "_granian",
)  # whose lines hold no more than they may: the program, and the server's of its processes
NOT_REPEATED = "a library's line, not repeated here"
HANDLER = "portal"

Where = Callable[[], str]


class Discreet(logging.Formatter):
    """One line, and for an error the places it came through.

    :param where: what is being done, as a rule of an address; empty outside a request.
    """

    def __init__(self, where: Where) -> None:
        super().__init__()
        self._where = where

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        place = self._where() or record.threadName or ""
        lines = [f"{at} {record.levelname} {record.name} [{place}] {_words(record)}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += _told(record.exc_info[1])
        return "\n".join(lines)


class ToStderr(logging.StreamHandler[Any]):
    """To whatever ``sys.stderr`` is when a line is written."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr


def set_up(where: Where = lambda: "") -> None:
    """Write every line of this process so; done again, it takes the place of what was set up before."""
    handler = ToStderr()
    handler.set_name(HANDLER)
    handler.setFormatter(Discreet(where))
    root = logging.getLogger()
    for other in [each for each in root.handlers if each.get_name() == HANDLER]:
        root.removeHandler(other)
    root.addHandler(handler)
    logging.getLogger("portal").setLevel(logging.INFO)
    logging.raiseExceptions = False  # it would print the arguments of a line that can not be formatted


def _words(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    return f"{NOT_REPEATED}: {record.module}:{record.lineno}"


def _told(error: BaseException) -> Iterator[str]:
    """An error and those that led to it, the first one first: kinds, codes and places."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    yield f"  {_kind(error)}"
    yield from (f"    {line}" for line in _way(error.__traceback__))
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _told(part)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    code = _code(error)
    return f"{name} ({code})" if code else name


def _code(error: BaseException) -> str:
    """What a number tells of an error: of the system, of SQLite, of PostgreSQL."""
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, str(error.errno))
    if isinstance(error, sqlite3.Error):
        return str(getattr(error, "sqlite_errorname", ""))
    return str(getattr(error, "sqlstate", "") or "")


def _way(trace: TracebackType | None) -> Iterator[str]:
    for frame in extract_tb(trace):
        yield f"{os.path.relpath(frame.filename, sys.prefix) if frame.filename.startswith(sys.prefix) else frame.filename}:{frame.lineno} {frame.name}"
