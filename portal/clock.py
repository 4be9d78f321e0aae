"""What time it is: UTC inside, Asia/Shanghai for every date a person reads."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present date in China, where every term is counted."""
    return shanghai_date(now())


def shanghai_date(moment: datetime) -> date:
    """The Chinese calendar date on which an aware moment falls."""
    return moment.astimezone(SHANGHAI).date()


def stamp(moment: datetime) -> str:
    """The moment as the ledger writes it: UTC, whole seconds, ``2026-11-23T08:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
