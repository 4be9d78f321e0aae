"""What the objector does after filing, by receipt number and code: add, withdraw, consent, acknowledge.

Guessing is throttled, and a wrong number looks the same as a wrong code. Filing is never refused for rate.
"""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.objections import clockwork, deciding, ending, guessing, redating, requirements, telling
from portal.objections.filing import LONGEST_TEXT, why_not_address
from portal.objections.models import Objection, ObjectionFile
from portal.objections.moving import move
from portal.people import hashing
from portal.publications.dating import Terms
from portal.words import Sentence, say

CODE_LETTERS = 8  # of 32: forty bits, with five guesses in a quarter of an hour
_ALPHABET = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ABCDEFGH8JKLMN9PQRSTUVWXYZ234567"
)  # no I, no O


def code_for(secret: str, key: str) -> str:
    """The following code (查询码) of a form's key: the same whenever the same form is sent again. Never stored.

    >>> len(code_for("secret", "key"))
    9
    """
    digest = hmac.digest(secret.encode(), f"following code of {key}".encode(), "sha256")
    letters = b32encode(digest).decode().translate(_ALPHABET)[:CODE_LETTERS]
    return f"{letters[:4]}-{letters[4:]}"


def seal(code: str) -> str:
    """The hash under which a code is kept. Slow on purpose: before the write door is opened."""
    return hashing.sealed(_plain(code))


def fits(session: Session, receipt: str, code: str) -> bool:
    """Whether a code opens a case; takes the same time when there is no such case.

    Slow on purpose: call it with a session that only reads.
    """
    found = session.scalar(sa.select(Objection.code_hash).where(Objection.receipt == receipt.strip().upper()))
    session.rollback()  # the connection is given back before the slow part
    return hashing.opens(found, _plain(code))


def open_case(
    session: Session, receipt: str, fitting: bool, *, visitor: str, at: datetime | None = None
) -> Objection:
    """The case, given what :func:`fits` found.

    **The door commits the counters although the act is refused**; otherwise guessing would be free.

    :param visitor: what tells one visitor from another, such as an address; kept as a hash.
    :raises Refused: in the same words for a wrong number and a wrong code.
    """
    receipt = receipt.strip().upper()
    keys = [f"receipt:{receipt}"[:80], guessing.of_visitor(visitor)]
    guessing.judge(session, keys, fitting, wrong(), at or clock.now())
    return session.scalars(sa.select(Objection).where(Objection.receipt == receipt)).one()


def wrong() -> Sentence:
    """The one answer to a wrong number and to a wrong code."""
    return say("回执号或者查询码不对，请对照回执逐位核对；回执丢了的，请拨打页脚的电话或者到窗口查询。")


def _plain(code: str) -> str:
    """A code as it was meant: case, spaces and dashes do not count, nor O for 9, I for 8."""
    return (
        "".join(code.split()).replace("-", "").replace("－", "").upper().replace("O", "9").replace("I", "8")
    )


def add(
    session: Session,
    objection: Objection,
    text: str,
    files: Sequence[ObjectionFile],
    *,
    terms: Terms,
    seen: int | None = None,
) -> None:
    """Supplements that were asked for, or more words and papers of the objector's own accord.

    The clock runs on; a profile may restart it by a supplement: then both days are kept.
    """
    refuse_if(requirements.why_not_add(objection))
    if not text.strip() and not files:
        raise Refused(say("请写几句话，或者选择要交的照片、文件。"))
    if len(text) > LONGEST_TEXT:
        raise Refused(say("这里最多{most}个字，请缩短，或者作为文件交上来。", most=LONGEST_TEXT))
    asked, awaited = objection.supplement, objection.term("supplement_reply")
    answers = awaited is not None and awaited.runs  # also when re-checkers were assigned meanwhile
    state = "supplemented" if objection.state == "supplement_asked" else None
    for each in files:
        each.objection_id, each.draft_id = objection.id, None
        each.purpose = "supplement"
    session.add_all(files)  # just kept, they are in no session yet
    move(session, objection, "supplement" if answers else "add", state, by=None, note=text.strip(), seen=seen)
    if answers and asked is not None:
        asked.answered_on, asked.text = clock.today(), text.strip()
        clockwork.meet(objection, "supplement_reply", clock.today(), "supplement")
        if terms.profile.supplement_restarts_clock:
            _restart(session, objection, terms)
    session.flush()
    session.expire(objection, ["files", "supplements"])
    telling.added(session, objection)


def _restart(session: Session, objection: Objection, terms: Terms) -> None:
    """The re-check's clock runs from today; the counting it replaces stays beside it."""
    before = objection.term("recheck")
    dates = {"received_on": clock.today()}
    again = clockwork.set_term(session, objection, "recheck", dates, terms, cause="supplement")
    if before is not None:
        telling.restarted(session, objection, before.due, again)
    redating.enter(session, objection, again)


def withdraw(session: Session, objection: Objection, note: str, *, seen: int | None = None) -> None:
    """撤回, before the answer is signed. It may be filed again."""
    refuse_if(requirements.why_not_withdraw(objection))
    move(session, objection, "withdraw", "withdrawn", by=None, note=note.strip(), seen=seen)
    ending.end(session, objection, "withdrawn")
    telling.ended(session, objection)


def consent(session: Session, objection: Objection, *, email: str = "", seen: int | None = None) -> None:
    """同意电子送达 (送达地址确认): the answer may be read on the page of the case."""
    refuse_if(requirements.why_not_consent(objection))
    refuse_if(why_not_address(email))
    objection.electronic = True
    if email.strip():
        objection.email = email.strip()
    move(session, objection, "consent", by=None, seen=seen)


def acknowledge(session: Session, objection: Objection, *, seen: int | None = None) -> None:
    """签收: the objector opens the answer; that is its delivery (O5)."""
    if not objection.electronic:
        raise Refused(say("您还没有同意电子送达；请先在这一页同意，或者等待邮寄、直接送达。"))
    deciding.deliver(session, objection, by=None, seen=seen)
