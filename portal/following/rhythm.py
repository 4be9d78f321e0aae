"""When digests go out: every day, or on Mondays, at a set hour in China. Pure."""

from datetime import datetime, timedelta

from portal.clock import SHANGHAI

WEEK = 7


def next_digest(after: datetime, frequency: str, hour: int) -> datetime:
    """The first moment after another at which a digest is due.

    >>> from datetime import UTC
    >>> thursday = datetime(2026, 11, 26, 1, tzinfo=UTC)
    >>> next_digest(thursday, "daily", 8).isoformat()
    '2026-11-27T08:00:00+08:00'
    >>> next_digest(thursday, "weekly", 8).isoformat()
    '2026-11-30T08:00:00+08:00'
    """
    local = after.astimezone(SHANGHAI)
    due = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if due <= local:
        due += timedelta(days=1)
    if frequency == "weekly":
        due += timedelta(days=-due.weekday() % WEEK)
    return due
