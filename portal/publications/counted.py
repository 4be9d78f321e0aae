"""What must look at every record of a kind, worked out once for each line of the ledger and not for each reader.

Public rows change with a line of the ledger and only then, and the head names all lines by one hash: what was counted
at a head holds for as long as it stands. Never use it for what depends on time or on tables that the ledger is silent on.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerHead

T = TypeVar("T")

MOST = 2048  # answers: a few numbers each
_known: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


def counted(session: Session, what: tuple[Hashable, ...], count: Callable[[], T]) -> T:
    """The answer to a question about all that is public, asked of the database once per head.

    :param what: the question, with everything that the answer depends on.
    """
    if getattr(session, "door", "") != "public":  # in the middle of an act the head is ahead of the faces
        return count()
    head = session.execute(sa.select(LedgerHead.size, LedgerHead.root)).first()
    if head is None or head.size == 0:
        return count()
    key = (str(session.get_bind().engine.url), tuple(head), what)
    with _lock:
        if key in _known:
            _known.move_to_end(key)
            found: T = _known[key]
            return found
    answer = count()
    with _lock:
        _known[key] = answer
        while len(_known) > MOST:
            _known.popitem(last=False)
    return answer


def forget() -> None:
    """Ask the database again, in this process: for who counted anew without a line of the ledger."""
    with _lock:
        _known.clear()
