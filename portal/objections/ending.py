"""The end of a case in public: the ``objection_ended`` line, and what stays beside the result."""

from sqlalchemy.orm import Session

from portal import clock
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.objections import clockwork
from portal.objections.models import OUTCOMES, Contest, Document, Objection


def end(session: Session, objection: Objection, outcome: str, *, correction: Entry | None = None) -> Entry:
    """Say in the ledger how a case ended. Terms that wait for an act that will not come are void.

    :param outcome: of ``OUTCOMES`` or ``ENDED_OTHERWISE``.
    :param correction: the public act that the decision led to.
    """
    extra = {"received": objection.entry_index, "outcome": outcome}
    if correction is not None and objection.shows_mark:  # without a mark nothing leads from one to the other
        extra["act"] = correction.index
    entry = book.write(
        session,
        EntryDraft(
            type="objection_ended",
            number=objection.result_number if objection.shows_mark else None,
            basis="O3" if outcome in OUTCOMES else "O1",
            department_code=objection.department_code,
            extra=extra,
        ),
    )
    objection.outcome, objection.ended_index = outcome, entry.index
    if outcome not in OUTCOMES:
        clockwork.void(objection, clock.today())
    _show(session, objection, entry, correction)
    return entry


def announce(session: Session, objection: Objection, notice: Document) -> None:
    """Put the 文号 of the 更正公告 where the public reads it; without a mark it stays with the case."""
    contest = session.get(Contest, objection.entry_index)
    if contest is not None and contest.version is not None:
        contest.document_no = notice.number
        session.flush()


def _show(session: Session, objection: Objection, entry: Entry, correction: Entry | None) -> None:
    contest = session.get(Contest, objection.entry_index)
    if contest is None:
        return
    contest.outcome, contest.ended_on, contest.ended_index = objection.outcome, clock.today(), entry.index
    contest.version = correction.version if correction is not None and correction.type == "correct" else None
    session.flush()
