"""What public pages are made of, as of now: the ledger's head, the figures, the date, the index.

It is looked at every so often, which bounds how old a page can be whatever happens; and at once when something says
that there is news: a commit of this process, or on PostgreSQL what others tell as they commit. What tells may fail:
then news comes at the next look.
"""

import logging
from collections.abc import Callable
from datetime import date
from itertools import count
from threading import Event, Lock, Thread
from time import monotonic
from typing import Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.db import PUBLIC_NEWS, DoorSession, connection_apart
from portal.sessions import session_at
from portal.web.kept.state import State, state

SQLITE_LOOKS, POSTGRES_LOOKS, INDEX_LOOKS = 0.05, 0.4, 0.2  # seconds between two
RETRY = 5.0  # seconds until it is tried again to listen

Seen = TypeVar("Seen")
log = logging.getLogger(__name__)

_commits = count(1)
_committed = 0  # by this process, at whatever door


@sa.event.listens_for(DoorSession, "after_commit")
def _there_is_news(session: Session) -> None:
    global _committed  # noqa: PLW0603 - one count per process is what it is
    _committed = next(_commits)


class Standing(NamedTuple):
    """The state of everything that a public page shows."""

    size: int
    root: str
    counted: object
    day: date


class Looked(Generic[Seen]):
    """What was seen when it was last looked at; looked at again when that was too long ago, or there is news."""

    def __init__(self, look: Callable[[], Seen], every: float) -> None:
        self._look, self._every = look, every
        self._lock = Lock()
        self._seen: Seen | None = None
        self._at, self._news = 0.0, -1

    def now(self, news: int) -> Seen | None:
        """What is seen, as old as ``every`` seconds at most; errors of looking come through.

        :param news: a number that is another one after each piece of news.
        """
        if self._is_due(news):
            with self._lock:
                if self._is_due(news):
                    at = monotonic()  # before looking: what comes in meanwhile is looked at next time
                    self._seen, self._at, self._news = self._look(), at, news
        return self._seen

    def _is_due(self, news: int) -> bool:
        return news != self._news or not 0 <= monotonic() - self._at < self._every


class Watch:
    """What pages are made of, for one process.

    :param position: how far the search index follows the ledger.
    """

    def __init__(self, app: Flask, position: Callable[[], int], *, is_sqlite: bool) -> None:
        self._app = app
        self._told = 0
        self._closed = Event()
        self._ledger = Looked(self._look, SQLITE_LOOKS if is_sqlite else POSTGRES_LOOKS)
        self._index = Looked(position, INDEX_LOOKS)
        self._listener = None if is_sqlite else Thread(target=self._listen, name="portal-news", daemon=True)
        self._starting = Lock()

    def standing(self) -> Standing | None:
        """Everything but the index; None when it can not be read: then nothing kept may be given out."""
        try:
            if self._listener is not None and not self._listener.is_alive():
                self._start()
            seen = self._ledger.now(_committed + self._told)
        except Exception:
            log.exception("the ledger's head could not be read")
            return None
        return None if seen is None else Standing(*seen, clock.today())

    def position(self) -> int | None:
        """The index's; None when it can not be read."""
        try:
            return self._index.now(0)
        except Exception:
            log.exception("the index's position could not be read")
            return None

    def close(self) -> None:
        """Listen no longer."""
        self._closed.set()

    def _look(self) -> State:
        with session_at(self._app, "public") as session:
            return state(session)

    def _start(self) -> None:
        with self._starting:
            if self._listener is not None and self._listener.ident is None and not self._closed.is_set():
                self._listener.start()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                self._listen_until_it_breaks()
            except Exception:  # a replica can not listen at all, a server restarts
                log.exception("news of the ledger is not heard and is looked for instead")
                self._closed.wait(RETRY)

    def _listen_until_it_breaks(self) -> None:
        with self._app.app_context():
            connection = connection_apart("public")
        try:
            connection.autocommit = True
            connection.execute(f"LISTEN {PUBLIC_NEWS}")
            self._told += 1  # what was told before it listened
            while not self._closed.is_set():
                for _ in connection.notifies(timeout=1.0, stop_after=1):
                    self._told += 1
        finally:
            connection.close()
