"""The decision and after: drafted by a re-checker, signed by the head, delivered, closed.

The signature ends the re-check's clock and starts the feedback's; delivery, not sending, ends that one (O3, O5).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.ledger.models import Entry
from portal.objections import clockwork, documents, ending, requirements, telling
from portal.objections.models import OUTCOMES, Objection
from portal.objections.moving import move
from portal.objections.proceedings import Decision, Delivery
from portal.people.models import Person
from portal.people.signing_keys import Signer
from portal.publications import pipeline, signing
from portal.publications.dating import Terms
from portal.publications.models import Revision
from portal.publications.requirements import CORRECTING
from portal.words import say


def draft_decision(
    session: Session,
    objection: Objection,
    outcome: str,
    reasons: str,
    *,
    by: Person,
    revision: Revision | None = None,
    seen: int | None = None,
) -> Decision:
    """Propose how the case ends: 更正, 部分更正, or 原结果无误，不予更正.

    :param reasons: told to the objector, word for word.
    :param revision: the correction or withdrawal that the signature carries out, handed over for signing.
    """
    refuse_if(requirements.why_not_draft_decision(objection, by))
    if outcome not in OUTCOMES:
        raise Refused(say("请选择复查结果：更正、部分更正，或者原结果无误。"))
    if not reasons.strip():
        raise Refused(say("请写明理由，这些话会写进告知书。"))
    if outcome != "maintained":
        refuse_if(requirements.why_not_correcting(session, objection, revision))
    row = Decision(
        objection_id=objection.id, outcome=outcome, reasons=reasons.strip(), drafted_by_id=by.id,
        revision_id=revision.id if revision is not None and outcome != "maintained" else None,
        drafted_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.expire(objection, ["decisions"])
    move(session, objection, "draft_decision", "decision_drafted", by=by, seen=seen)
    telling.decision_drafted(session, objection)
    return row


def opine(
    session: Session, objection: Objection, opinion: str, *, by: Person, seen: int | None = None
) -> None:
    """The legal office's opinion on the drafted decision, for the head's sheet."""
    refuse_if(requirements.why_not_opine(objection, by))
    decision = objection.decision
    if decision is None or not opinion.strip():
        raise Refused(say("请写明法制意见。"))
    decision.legal_opinion = opinion.strip()
    move(session, objection, "opine", by=by, note=opinion.strip(), seen=seen)


def send_back(
    session: Session, objection: Objection, note: str, *, by: Person, seen: int | None = None
) -> None:
    """The head does not sign: back to the re-checkers, saying why. The clock runs on."""
    refuse_if(requirements.why_not_send_back(objection, by))
    decision = objection.decision
    if decision is None or not note.strip():
        raise Refused(say("请写明退回的理由，复查人员才知道要补什么。"))
    decision.sent_back_at, decision.sent_back_by_id, decision.sent_back_note = (
        clock.now(),
        by.id,
        note.strip(),
    )
    move(session, objection, "send_back", "rechecking", by=by, note=note.strip(), seen=seen)


def sign(
    session: Session,
    objection: Objection,
    *,
    by: Person,
    signed_in_at: datetime,
    terms: Terms,
    seen: int | None = None,
    signer: Signer | None = None,
) -> None:
    """The head signs (O2): the answer is made, and what has to be corrected is corrected by the same act (O4).

    :param signed_in_at: when the person last gave the password; a signature needs it again, just now.
    :param signer: the head's signing key, opened a moment ago, for the correction's line in the ledger.
    """
    refuse_if(requirements.why_not_sign(session, objection, by, terms.profile, signed_in_at))
    decision = objection.decision
    assert decision is not None  # why: why_not_sign() asked
    move(session, objection, "sign", "signed", by=by, seen=seen)
    on = clock.today()
    decision.signed_by_id, decision.signed_at = by.id, clock.now()
    before = _carried_out(session, objection, decision)
    correction = before or _correct(session, objection, decision, by, signer)
    clockwork.meet(objection, "recheck", on, "sign")
    clockwork.void(objection, on)  # papers that were asked for and never came
    ending.end(session, objection, decision.outcome, correction=correction)
    term = clockwork.set_term(session, objection, "feedback", {"signed_on": on}, terms)
    _papers(session, objection, decision, correction, by)
    if correction is not None and before is None and correction.type in CORRECTING:
        _notice(session, objection, correction, by)
    telling.signed(session, objection, term)


def _carried_out(session: Session, objection: Objection, decision: Decision) -> Entry | None:
    """The correction, when the answer to another objection carried it out already; its notice is with that one."""
    revision = decision.revision
    return None if revision is None else requirements.public_act(session, objection, revision)


def _correct(
    session: Session, objection: Objection, decision: Decision, by: Person, signer: Signer | None
) -> Entry | None:
    revision = decision.revision
    if revision is None:
        return None
    if signer is not None and signing.is_signed(revision):
        signing.sign(session, revision, signer, by=by)
    if revision.state == "submitted":
        pipeline.approve(session, revision, by=by)
    extra = {"objection": objection.entry_index} if objection.shows_mark else {}
    return pipeline.carry_out(session, revision, by=by, extra=extra)


def _papers(
    session: Session, objection: Objection, decision: Decision, correction: Entry | None, by: Person
) -> None:
    facts = {"outcome": decision.outcome, "reasons": decision.reasons}
    documents.issue(session, objection, "decision", facts, by=by)
    if correction is not None:
        documents.issue(session, objection, "approval", _act(correction), by=by)


def _notice(session: Session, objection: Objection, correction: Entry, by: Person) -> None:
    ending.announce(
        session, objection, documents.issue(session, objection, "correction", _act(correction), by=by)
    )


def _act(correction: Entry) -> dict[str, Any]:
    return {"number": correction.number, "version": correction.version, "entry": correction.index}


def send(
    session: Session,
    objection: Objection,
    method: str,
    *,
    by: Person,
    evidence: str = "",
    seen: int | None = None,
) -> Delivery:
    """The answer is on its way: electronically with consent, by post, by hand. No clock ends by this."""
    refuse_if(requirements.why_not_send(objection, method, by))
    if method not in ("electronic", "post", "hand"):
        raise Refused(say("请选择送达方式。"))
    row = Delivery(
        objection_id=objection.id,
        method=method,
        sent_on=clock.today(),
        evidence=evidence.strip(),
        by_id=by.id,
    )
    session.add(row)
    session.flush()
    session.expire(objection, ["deliveries"])
    move(session, objection, "send", by=by, note=method, seen=seen)
    telling.sent(session, objection, row)
    return row


def deliver(
    session: Session,
    objection: Objection,
    *,
    by: Person | None,
    on: date | None = None,
    evidence: str = "",
    seen: int | None = None,
) -> None:
    """送达: the answer is in the objector's hands; the feedback clock ends on that day (O5).

    :param by: None when the objector acknowledges it on the page.
    :param on: the day of delivery, for post and hand; an acknowledgement is of today.
    """
    refuse_if(requirements.why_not_deliver(objection, by))
    on = on or clock.today()
    decision = objection.decision
    signed_at = decision.signed_at if decision is not None else None
    if on > clock.today() or (signed_at is not None and on < clock.shanghai_date(signed_at)):
        raise Refused(say("送达日期应在签署之后，且不晚于今天，请核对。"))
    if by is not None and not evidence.strip():
        raise Refused(say("请写明送达凭证，例如邮件号、签收人。"))
    newest = objection.deliveries[-1] if objection.deliveries else None
    if newest is None and by is not None:
        raise Refused(say("请先登记怎样送出，再登记送达。"))
    if newest is None or (by is None and newest.method != "electronic"):  # read here while the letter travels
        newest = Delivery(objection_id=objection.id, method="electronic", sent_on=on)
        session.add(newest)
    newest.delivered_on = on
    newest.evidence = f"{newest.evidence}\n{evidence}".strip()
    move(session, objection, "deliver", "delivered", by=by, note=evidence, seen=seen)
    clockwork.meet(objection, "feedback", on, "deliver")
    session.flush()
    ending.enter_late(session, objection)
    session.expire(objection, ["deliveries"])


def close(session: Session, objection: Objection, *, by: Person, seen: int | None = None) -> None:
    """Nothing is left to do; the file stays for good (T1)."""
    refuse_if(requirements.why_not_close(objection, by))
    move(session, objection, "close", "closed", by=by, seen=seen)
