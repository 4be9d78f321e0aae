"""公示编号: given at publication, under the ledger's lock, so that a series has no gaps.

Numbers given to drafts would tell by their gaps how many records are withheld.
"""

from sqlalchemy.orm import Session

from portal.ledger.book import lock
from portal.ledger.models import NumberSeries


def next_number(session: Session, prefix: str, year: int, digits: int) -> str:
    """The next number of a series, such as ``JG-2026-000001``; see :func:`next_numbers`."""
    return next_numbers(session, prefix, year, digits, 1)[0]


def next_numbers(session: Session, prefix: str, year: int, digits: int, count: int) -> list[str]:
    """The next numbers of a series, in order; the head is locked from here to the end of the transaction.

    :param year: of the publication, by the Shanghai date.
    :param digits: at least so many; a series that outgrows them goes on with one more.
    """
    lock(session)
    series = session.get(NumberSeries, (prefix, year), populate_existing=True)
    if series is None:
        series = NumberSeries(prefix=prefix, year=year, last=0)
        session.add(series)
    first, series.last = series.last + 1, series.last + count
    return [f"{prefix}-{year}-{serial:0{digits}d}" for serial in range(first, first + count)]
