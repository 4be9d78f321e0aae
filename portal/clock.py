"""What time it is: UTC inside, Asia/Shanghai for every date a person reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_pretended: ContextVar[datetime | None] = ContextVar("pretended moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Act as if it were another moment. For building the demo's past, and for nothing else."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """The present date in China, where every term is counted."""
    return shanghai_date(now())


def shanghai_date(moment: datetime) -> date:
    """The Chinese calendar date on which an aware moment falls."""
    return moment.astimezone(SHANGHAI).date()


def stamp(moment: datetime) -> str:
    """The moment as the ledger writes it: UTC, whole seconds, ``2026-11-23T08:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
