"""When a process looks at what again, so that a round in which nothing is due costs next to nothing.

Kept in memory alone: a process that starts looks once more than it had to, and nothing is lost.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal import clock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class _Look(NamedTuple):
    at: datetime
    until: datetime
    seen: object

    @property
    def day(self) -> date:
        return clock.shanghai_date(self.at)


class Rounds:
    """The last look of one process at each of several things."""

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    def is_time(self, name: str, seen: object = None) -> bool:
        """Whether to look again: the pause is over, a new day has begun in China, the clock was set back, or
        there is something else to see than the last time.

        :param seen: what can be seen now, such as the newest notice.
        """
        last, now = self._looks.get(name), clock.now()
        if last is None or last.seen != seen or not last.at <= now < last.until:
            return True
        return last.day != clock.shanghai_date(now)

    def looked(self, name: str, pause: timedelta, seen: object = None) -> None:
        """Everything that could be done was done; the next look is after a pause."""
        now = clock.now()
        self._looks[name] = _Look(now, now + pause, seen)
