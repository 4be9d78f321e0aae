"""Wrong answers are counted and lock for a while: for passwords and for signing passphrases alike."""

from datetime import datetime, timedelta
from typing import Protocol

FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)


class Guarded(Protocol):
    """What somebody might try to open by guessing."""

    failures: int
    locked_until: datetime | None


def count_failure(guarded: Guarded, at: datetime) -> None:
    """One more wrong answer; the fifth in a row locks. **The door commits it although the act is refused.**"""
    guarded.failures += 1
    if guarded.failures >= FAILURES_BEFORE_LOCK:
        guarded.failures, guarded.locked_until = 0, at + LOCK


def minutes(left: timedelta) -> int:
    """A time left in whole minutes, at least one."""
    return max(1, -(-int(left.total_seconds()) // 60))
