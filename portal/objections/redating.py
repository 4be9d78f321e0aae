"""Terms worked out again when the calendar changed: a new State Council notice, or a corrected one.

Each new day is a new counting beside the old one and, in public, a line ``objection_redated``.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.objections import clockwork, telling
from portal.objections.models import Contest, Objection, ObjectionTerm
from portal.objections.moving import move
from portal.publications.dating import Terms

MOST = 300  # cases per transaction of the worker


def stale(session: Session, terms: Terms) -> Sequence[ObjectionTerm]:
    """Running terms whose day or certainty is no longer what the calendar gives; at most :data:`MOST`."""
    running = sa.select(ObjectionTerm).where(
        ObjectionTerm.replaced_at.is_(None), ObjectionTerm.met_on.is_(None), ObjectionTerm.void_on.is_(None)
    )
    rows = session.scalars(running.order_by(ObjectionTerm.id).execution_options(yield_per=500))
    found = []
    for term in rows:
        due = clockwork.counted(term, terms.calendar)
        if (due.due, due.provisional) != (term.due, term.provisional):
            found.append(term)
        if len(found) == MOST:
            break
    return found


def redate(session: Session, terms: Terms) -> int:
    """Count every stale term again, up to :data:`MOST`; how many. The caller commits and asks again."""
    found = stale(session, terms)
    for term in found:
        objection = session.get_one(Objection, term.objection_id, with_for_update=True)
        again = clockwork.count_again(session, objection, term, terms.calendar)
        if again is not None:
            enter(session, objection, again)
            note = f"{term.name} {term.due.isoformat()} → {again.due.isoformat()}"
            move(session, objection, "redate", by=None, note=note)
            telling.redated(session, objection, term, again)
    return len(found)


def enter(session: Session, objection: Objection, term: ObjectionTerm) -> None:
    """Say the new day in the ledger and beside the result."""
    entry = book.write(
        session,
        EntryDraft(
            type="objection_redated",
            number=objection.result_number if objection.shows_mark else None,
            basis="O3",
            department_code=objection.department_code,
            extra={
                "received": objection.entry_index,
                "term": term.name,
                "due": term.due.isoformat(),
                "provisional": term.provisional,
            },
        ),
    )
    term.entry_index = entry.index
    contest = session.get(Contest, objection.entry_index)
    if contest is not None and term.name == "recheck":
        contest.due, contest.provisional = term.due, term.provisional
    session.flush()
