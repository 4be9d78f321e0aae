"""What every public page is made of, asked once per transaction: the ledger's head and the figures."""

from datetime import datetime
from typing import NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerHead
from portal.statistics.models import Figure

_NOW = sa.select(
    sa.select(LedgerHead.size).limit(1).scalar_subquery(),
    sa.select(LedgerHead.root).limit(1).scalar_subquery(),
    sa.select(Figure.as_of).limit(1).scalar_subquery(),
)


class State(NamedTuple):
    """The ledger's lines and their root, and when the figures were counted: a rename counts them anew."""

    size: int
    root: str
    counted: datetime | None


def state(session: Session) -> State:
    """As it was when this transaction, so this request, first asked: before it read anything else."""
    transaction, found = session.info.get("state", (None, None))
    if transaction is None or transaction is not session.get_transaction():
        size, root, counted = session.execute(_NOW).one()
        found = State(size or 0, root or "", counted)
        session.info["state"] = (session.get_transaction(), found)
    return cast(State, found)
