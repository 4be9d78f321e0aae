"""Reminders ahead of a last day, on it, and upward when it has passed: worked out, posted once, never stored.

Every round asks what is true now and has not been told: of what is overdue nobody is told that it will be due,
however long the worker was off. The key of a message names the case, the counting of its term, what is said
and to whom, so that however often and on however many machines the worker runs, each is told once; a term that
was counted again is another row and begins anew. Reminders are posted on working days.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, time
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.notices import of_concerns, of_holds, of_objections, of_opinions
from portal.notices.reminder import Reminder, Round
from portal.notices.whom import Roll
from portal.outbox.models import Message
from portal.outbox.posting import post
from portal.publications.dating import Terms

MOST = 300  # messages per transaction of the worker
EARLIEST = time(8, 30)  # in China: a new day begins at midnight, and nobody is woken by it

_FIELDS = tuple(each.name for each in fields(Reminder))


def due_reminders(session: Session, terms: Terms, on: date) -> list[Reminder]:
    """What is true on a day and has not been told yet. Reads, and changes nothing.

    With nothing near, due or overdue: six queries, each of an index that holds what is open alone.
    """
    if not terms.calendar.is_working(on):
        return []
    round = Round(session, terms, on, Roll(session))
    kinds = (of_objections, of_holds, of_concerns, of_opinions)
    found = {each.key: each for each in chain.from_iterable(kind.reminders(round) for kind in kinds)}
    told = _told(session, found)
    return [each for key, each in found.items() if key not in told]


def send_reminders(session: Session, terms: Terms, *, most: int = MOST) -> int:
    """Post what is due today, at most so many messages; how many. The caller commits, and asks again until 0."""
    return post_all(session, due_reminders(session, terms, clock.today())[:most])


def post_all(session: Session, due: Iterable[Reminder]) -> int:
    """Post reminders, not before the office opens; those that another worker has posted by now are not counted."""
    opens = datetime.combine(clock.today(), EARLIEST, clock.SHANGHAI)
    posted = 0
    for each in due:
        values = {name: getattr(each, name) for name in _FIELDS}
        posted += post(session, **values, not_before=max(opens, clock.now())) is not None
    return posted


def _told(session: Session, keys: Iterable[str]) -> set[str]:
    wanted, told = list(keys), set[str]()
    for start in range(0, len(wanted), MOST):
        some = sa.select(Message.key).where(Message.key.in_(wanted[start : start + MOST]))
        told.update(session.scalars(some))
    return told
