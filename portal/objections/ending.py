"""The end of a case in public: the ``objection_ended`` line, and what stays beside the result."""

from sqlalchemy.orm import Session

from portal import clock
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.objections import clockwork
from portal.objections.models import OUTCOMES, Contest, Objection
from portal.objections.proceedings import Document


def end(session: Session, objection: Objection, outcome: str, *, correction: Entry | None = None) -> None:
    """Say in the ledger how a case ended. Terms that wait for an act that will not come are void.

    Of an answer without a mark the ledger says so only once it is delivered, see :func:`enter_late`.

    :param outcome: of ``OUTCOMES`` or ``ENDED_OTHERWISE``.
    :param correction: the public act that the decision led to.
    """
    objection.outcome = outcome
    if outcome not in OUTCOMES:
        clockwork.void(objection, clock.today())
    if objection.shows_mark or outcome not in OUTCOMES:
        _enter(session, objection, correction)


def enter_late(session: Session, objection: Objection) -> None:
    """The line of an answer without a mark: at its delivery, for beside a correction it would say whose that was."""
    if objection.ended_index is None:
        _enter(session, objection, None)


def _enter(session: Session, objection: Objection, correction: Entry | None) -> None:
    extra = {"received": objection.entry_index, "outcome": objection.outcome}
    if correction is not None and objection.shows_mark:  # without a mark nothing leads from one to the other
        extra["act"] = correction.index
    entry = book.write(
        session,
        EntryDraft(
            type="objection_ended",
            number=objection.result_number if objection.shows_mark else None,
            basis="O3" if objection.outcome in OUTCOMES else "O1",
            department_code=objection.department_code,
            extra=extra,
        ),
    )
    objection.ended_index = entry.index
    _show(session, objection, entry, correction)


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
