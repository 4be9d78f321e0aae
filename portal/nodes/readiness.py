"""Whether a node is fit to answer readers now: how far behind the ledger it is, and whether it is getting on.

Behind alone does not make a node unfit. While an office publishes 100,000 records in one batch every index is behind,
on all nodes alike, and a site whose nodes all say no answers nobody. So a node that was up to date and goes on
following stays; one that stands still, or that is only being filled, goes until it has caught up.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger.models import Entry

Said = TypeVar("Said")


@dataclass
class Watch:
    """One thing that follows the ledger, as a process sees it each time it looks.

    :param patience: how long a line may wait for it.
    """

    patience: timedelta
    was_fresh: bool = False
    _last: int | None = None
    _moved_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def is_fit(self, position: int, waiting_since: datetime | None, at: datetime) -> bool:
        """Whether readers may be given what this follows.

        :param position: the last ledger line that it has followed.
        :param waiting_since: when the first line that it has not followed was written; None when there is none.
        """
        with self._lock:
            if self._last is None or position > self._last:
                self._moved_at = at
            self._last = position
            if waiting_since is None or at - waiting_since <= self.patience:
                self.was_fresh = True
                return True
            return self.was_fresh and self._moved_at is not None and at - self._moved_at <= self.patience


def waiting_since(session: Session, position: int) -> datetime | None:
    """When the first ledger line after a position was written; None when there is none."""
    after = sa.select(Entry.at).where(Entry.index > position).order_by(Entry.index).limit(1)
    return session.scalar(after)


class InTime(Generic[Said]):
    """Asks somebody who may not answer, and waits only so long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._asking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="portal-asking")
        self._asked: Future[Said] | None = None
        self._lock = Lock()

    def answer(self, question: Callable[[], Said]) -> Said | None:
        """The answer; None when there was none in time, or the one before is still waited for.

        Whatever the question raises comes through.
        """
        with self._lock:
            if self._asked is not None and not self._asked.done():
                return None
            self._asked = asked = self._asking.submit(question)
        try:
            return asked.result(timeout=self._seconds)
        except TimeoutError:
            return None
