"""Terms worked out again when the calendar changed: a new State Council notice, a corrected one, or a newer base.

Each new day is a new counting beside the old one and, in public, a line ``objection_redated``.

What a term's day should be is asked of the calendar, never remembered: whoever asks after a crash finds
exactly what is left. When to ask is the worker's, see ``portal/notices/calendar_follower.py``.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.deadlines.working_days import Due
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.objections import clockwork, telling
from portal.objections.models import Contest, Objection, ObjectionTerm, running
from portal.objections.moving import move
from portal.publications.dating import Terms

MOST = 300  # terms per transaction of the worker


def stale(session: Session, terms: Terms) -> list[int]:
    """Ids of running terms whose day or certainty is no longer what the calendar gives, oldest first.

    Reads every running term, a few columns of each: some 10 ms per thousand.
    """
    wanted = sa.select(
        ObjectionTerm.id, ObjectionTerm.starts_on, ObjectionTerm.days, ObjectionTerm.unit,
        ObjectionTerm.due, ObjectionTerm.provisional,
    ).where(running())  # fmt: skip
    known: dict[tuple[date, int, str], Due] = {}
    found = []
    for id, start, days, unit, due, provisional in session.execute(wanted.order_by(ObjectionTerm.id)):
        if (start, days, unit) not in known:
            known[start, days, unit] = clockwork.due_after(start, days, unit, terms.calendar)
        now = known[start, days, unit]
        if (now.due, now.provisional) != (due, provisional):
            found.append(id)
    return found


def stale_cases(session: Session, terms: Terms) -> int:
    """How many cases have a stale term: what loading a notice will date again."""
    ids = set(stale(session, terms))
    rows = session.execute(sa.select(ObjectionTerm.id, ObjectionTerm.objection_id).where(running()))
    return len({objection_id for term_id, objection_id in rows if term_id in ids})


def redate(session: Session, terms: Terms, *, most: int = MOST) -> int:
    """Count stale terms again, at most so many; how many were. The caller commits, and asks again until 0.

    Cases that somebody is acting on this moment are passed over: they are stale still, and found the next time.
    """
    ids = stale(session, terms)[:most]
    if not ids:
        return 0
    again: list[tuple[Objection, ObjectionTerm, ObjectionTerm]] = []
    for objection, term in _locked(session, ids):
        if not term.runs:
            continue
        new = clockwork.count_again(session, objection, term, terms.calendar)
        if new is not None:
            note = f"{term.name} {term.due.isoformat()} → {new.due.isoformat()}"
            move(session, objection, "redate", by=None, note=note)
            again.append((objection, term, new))
    for objection, term, new in again:
        telling.redated(session, objection, term, new)
    enter_all(session, [(objection, new) for objection, _term, new in again])
    return len(again)


def _locked(session: Session, ids: Sequence[int]) -> list[tuple[Objection, ObjectionTerm]]:
    """The cases of some terms, each row held, as they are now and not as they were when the terms were found.

    All rows are held before the ledger's head is: whoever holds a case and waits for the head must never be
    waited for by whoever holds the head.
    """
    theirs = sa.select(ObjectionTerm.objection_id).where(ObjectionTerm.id.in_(ids))
    wanted = sa.select(Objection).where(Objection.id.in_(theirs)).order_by(Objection.id)
    wanted = wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    cases = {each.id: each for each in session.scalars(wanted)}
    wanted_terms = sa.select(ObjectionTerm).where(ObjectionTerm.id.in_(ids)).order_by(ObjectionTerm.id)
    terms = session.scalars(wanted_terms.execution_options(populate_existing=True))
    return [(cases[each.objection_id], each) for each in terms if each.objection_id in cases]


def enter(session: Session, objection: Objection, term: ObjectionTerm) -> None:
    """Say the new day in the ledger and beside the result."""
    enter_all(session, [(objection, term)])


def enter_all(session: Session, counted: Sequence[tuple[Objection, ObjectionTerm]]) -> None:
    """As :func:`enter` for many: the ledger's head is locked once, and late."""
    if not counted:
        return
    entries = book.write_all(session, [_line(objection, term) for objection, term in counted])
    for (objection, term), entry in zip(counted, entries, strict=True):
        term.entry_index = entry.index
        contest = session.get(Contest, objection.entry_index)
        if contest is not None and term.name == "recheck":
            contest.due, contest.provisional = term.due, term.provisional
    session.flush()


def _line(objection: Objection, term: ObjectionTerm) -> EntryDraft:
    extra = {
        "received": objection.entry_index,
        "term": term.name,
        "due": term.due.isoformat(),
        "provisional": term.provisional,
    }
    if term.cause == "supplement":  # no calendar says why: the clock has a new day zero
        extra["starts"] = term.starts_on.isoformat()
    return EntryDraft(
        type="objection_redated",
        number=objection.result_number if objection.shows_mark else None,
        basis="O3",
        department_code=objection.department_code,
        extra=extra,
    )
