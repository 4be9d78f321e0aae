"""What the ledger says about officers' keys: the few entries that announce, end or require, in their order."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import OfficerKeys

ABOUT_KEYS = ("key_rotate", "signatures_required")


@dataclass(frozen=True)
class Announced:
    """What was known after each entry about keys; ``at`` answers for any entry of the ledger."""

    indexes: Sequence[int]
    states: Sequence[OfficerKeys]

    def before(self, index: int) -> OfficerKeys:
        """What the entries before one said."""
        found = bisect_left(self.indexes, index)
        return self.states[found - 1] if found else OfficerKeys()


def announced(session: Session) -> Announced:
    """Everything the ledger ever said about officers' keys."""
    wanted = sa.select(Entry.index, Entry.body).where(Entry.type.in_(ABOUT_KEYS))
    keys, indexes, states = OfficerKeys(), [], []
    # put in order here: asked for it, SQLite looks through the whole ledger in its order
    for index, body in sorted((index, body) for index, body in session.execute(wanted)):
        keys = keys.after(read_entry(body))
        indexes.append(index)
        states.append(keys)
    return Announced(indexes, states)


def officer_keys(session: Session) -> OfficerKeys:
    """What is known now."""
    return announced(session).before(2**62)
