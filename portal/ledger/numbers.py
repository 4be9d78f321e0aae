"""公示编号: given at publication, under the ledger's lock, so that a series has no gaps.

Numbers given to drafts would tell by their gaps how many records are withheld.
"""

import sqlalchemy as sa
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
    last = _raise(session, prefix, year, count)
    return [f"{prefix}-{year}-{serial:0{digits}d}" for serial in range(last - count + 1, last + 1)]


def next_serial(session: Session, prefix: str, year: int) -> int:
    """The next serial of a series whose numbers are written another way, such as a 文号."""
    return _raise(session, prefix, year, 1)


def _raise(session: Session, prefix: str, year: int, count: int) -> int:
    lock(session)
    # one statement, which the session's memory of earlier transactions can not mislead
    raised = (
        sa.update(NumberSeries)
        .where(NumberSeries.prefix == prefix, NumberSeries.year == year)
        .values(last=NumberSeries.last + count)
        .returning(NumberSeries.last)
    )
    last = session.scalar(raised, execution_options={"synchronize_session": False})
    if last is None:
        last = count
        session.execute(sa.insert(NumberSeries).values(prefix=prefix, year=year, last=last))
    return last
