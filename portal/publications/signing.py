"""Signatures of officers on a correction, a withdrawal, a restoration (O2): two different people, the head among them.

What is signed is fixed before anybody signs: the line that the act will write, without time and index
(:func:`portal.ledger.entry.statement`). A signature belongs to one revision; it dies when that goes back or is
replaced. The act checks all of them once more against the ledger and puts them into its entry.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, Refused, refuse_if
from portal.ledger import schemes
from portal.ledger.entry import EntryDraft, entry_bytes, read_entry, stated, statement
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import HEAD, PAPER, ROLES, missing, problems_of, signature_problems
from portal.ledger.officers import officer_keys
from portal.people import roles, signing_keys
from portal.people.models import Person, SigningKey
from portal.people.signing_keys import Signer
from portal.publications import lines, preparing
from portal.publications.models import Revision
from portal.publications.scope import SIGNED_BY_HEAD
from portal.publications.signed import RevisionSignature, SignedSheet
from portal.words import Sentence, say

Reasons = list[Sentence]
OPEN = ("submitted", "approved")  # while a revision can be signed
AGAIN = say("办理前要有两个不同的人签名，其中一个是主要负责人。请在这一稿的页面上签名。")


def is_signed(revision: Revision) -> bool:
    """Whether an act is one that officers sign."""
    return revision.act in SIGNED_BY_HEAD and not revision.withheld_ground


def on(session: Session, revision: Revision) -> Sequence[RevisionSignature]:
    """The signatures given so far, the head's first."""
    found = sa.select(RevisionSignature).where(RevisionSignature.revision_id == revision.id)
    return sorted(session.scalars(found), key=lambda each: (each.role != HEAD, each.id))


def statement_of(session: Session, revision: Revision) -> bytes | None:
    """What is signed, byte for byte; None while the public words are not fixed."""
    line = lines.proposed(session, revision) if is_signed(revision) else None
    return None if line is None else statement(line)


def fingerprint(said: bytes) -> str:
    """SHA-256 of a statement, hex: what stands on the page and on the printed sheet."""
    return hashlib.sha256(said).hexdigest()


# ── before signing ───────────────────────────────────────────


def why_not_fix(session: Session, revision: Revision) -> Reasons:
    """Why nobody can sign a revision now."""
    if not is_signed(revision):
        return [say("这一稿不是更正、撤下或者恢复公示，不需要签名。")]
    if revision.state not in OPEN:
        return [say("提交以后、办理之前才能签名；请刷新页面查看这一稿到了哪一步。")]
    return _said_before(session, revision)


def _said_before(session: Session, revision: Revision) -> Reasons:
    """A statement has neither time nor index: said twice, a signature would do for both acts."""
    line = lines.proposed(session, revision)
    if line is None or revision.act == "correct":  # each correction is another version
        return []
    before = sa.select(Entry.body).where(
        Entry.number == line.number, Entry.type == line.type, Entry.version == line.version
    )
    said = statement(line)  # by the bytes: the words of a reason can be erased, what was signed stays
    if not any(stated(read_entry(body)) == said for body in session.scalars(before)):
        return []
    return [say("这条记录的同一版本以前以完全相同的理由办理过，旧的签名会和新的分不开。请退回，把理由写得与上次不同，例如写明日期。")]  # fmt: skip


def fix(session: Session, revision: Revision) -> None:
    """Fix the public words before the first signature; what was signed of an earlier version goes.

    :raises Refused: when the gate lets nothing out yet.
    """
    if revision.act == "correct" and preparing.prepared(session, revision) is None:
        let_go(session, revision)
        preparing.fix(session, revision, preparing.public_version(revision))
        session.flush()


def begin(session: Session, revision: Revision) -> bytes:
    """What is signed, fixed from here on: before a signature is made elsewhere, or on paper.

    :raises Refused: when nobody can sign now.
    """
    hold_still(session, revision)
    refuse_if(why_not_fix(session, revision))
    fix(session, revision)
    said = statement_of(session, revision)
    assert said is not None  # why: fixed just now, or of an act that has no words of its own
    return said


def hold_still(session: Session, revision: Revision) -> None:
    """Of two people who sign at once the second waits, and then sees what the first fixed."""
    session.execute(sa.select(Revision.id).where(Revision.id == revision.id).with_for_update())
    session.refresh(revision, ["state", "step_id"])


# ── signing ──────────────────────────────────────────────────


def why_not_sign(session: Session, revision: Revision, by: Person) -> Reasons:
    """Why this person may not sign this revision: as the head with a head's key, as an officer with an officer's."""
    role = signing_keys.role_of(by)
    reasons = why_not_fix(session, revision) + why_not_role(revision, by)
    if not reasons and by.id in standing(session, revision):
        reasons.append(say("您已经在这一稿上签过名。"))
    return reasons or _why_not_with(signing_keys.key_of(session, by), role)


def standing(session: Session, revision: Revision) -> set[int]:
    """Whose signature stands: on paper until it is taken back, with a key while that may sign."""
    line, keys = _line(session, revision), officer_keys(session)
    said = b"" if line is None else statement(line)
    return {
        each.person_id
        for each in on(session, revision)
        if each.scheme == PAPER or not signature_problems(_member(each), said, keys)
    }


def clear(session: Session, revision: Revision, people: Collection[Person]) -> None:
    """Signatures of these people that stand no more make room for others: their key ended, or its role changed."""
    gone = {each.id for each in people} - standing(session, revision)
    mine = sa.delete(RevisionSignature).where(RevisionSignature.revision_id == revision.id)
    session.execute(mine.where(RevisionSignature.person_id.in_(gone)))


def why_not_role(revision: Revision, by: Person) -> Reasons:
    """Why this person may not sign in the role they have."""
    act = "sign" if signing_keys.role_of(by) == HEAD else "co_sign"
    return list(roles.why_not(by, act, department=revision.department_code))


def _why_not_with(key: SigningKey | None, role: str) -> Reasons:
    if key is None:
        return [say("您还没有签名密钥，请先在“我的签名密钥”里生成；或者改用纸质审批表。")]
    if key.role != role:
        return [say("您的签名密钥公布时是{before}的，现在您是{now}；请先在“我的签名密钥”里重新公布。", before=ROLES[key.role], now=ROLES[role])]  # fmt: skip
    return []


def sign(
    session: Session, revision: Revision, signer: Signer, *, by: Person, seen: int | None = None
) -> RevisionSignature:
    """Sign one revision with one's own key.

    :param signer: the key, opened a moment ago, or a signature made elsewhere over the statement of :func:`begin`.
    :param seen: the step that the person was looking at.
    """
    said = begin(session, revision)
    if seen is not None and seen != revision.step_id:
        raise Overtaken(say("这份稿件刚刚有变动，您的签名没有作出；请刷新页面，看过以后再签。"))
    refuse_if(why_not_sign(session, revision, by))
    key = signing_keys.key_of(session, by)
    assert key is not None  # why: why_not_sign() asked
    signature = signer.sign(said)
    if not schemes.verifies(key.scheme, key.key, said, signature):
        raise Refused(say("签名和所签的内容、您公布的公钥对不上。请重新下载待签内容，用登记的那把密钥签名。"))
    clear(session, revision, [by])
    row = RevisionSignature(
        revision_id=revision.id, person_id=by.id, role=key.role, scheme=key.scheme, key=key.key,
        signature=signature, at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def let_go(session: Session, revision: Revision) -> None:
    """The signatures die: what they were given for goes back to its author, or is replaced."""
    session.execute(sa.delete(RevisionSignature).where(RevisionSignature.revision_id == revision.id))
    standing = sa.update(SignedSheet).where(SignedSheet.revision_id == revision.id)
    session.execute(standing.where(SignedSheet.ended_at.is_(None)).values(ended_at=clock.now()))
    preparing.let_go(session, revision)


# ── the act ──────────────────────────────────────────────────


def is_required(session: Session) -> bool:
    """Whether no correction, withdrawal or restoration goes without signatures any more."""
    return officer_keys(session).required


def why_not_carry_out(session: Session, revision: Revision) -> Reasons:
    """Why an act can not be carried out with the signatures it has; before they are required, nothing."""
    line = _line(session, revision)
    if line is None or not is_required(session):
        return []
    wrong = problems_of(_members(line, _given(session, revision, line)), officer_keys(session))
    return [*wrong, AGAIN] if wrong else []


def still_missing(session: Session, revision: Revision, *, besides: Person | None = None) -> Reasons:
    """Whose signature is missing, once ``besides`` will have signed too; for the pages."""
    line = _line(session, revision)
    given = [] if line is None else _right(session, line, _given(session, revision, line))
    if besides is not None and (key := signing_keys.key_of(session, besides)) is not None:
        given.append({"key": key.key, "role": key.role, "scheme": key.scheme})
    return missing(given)


def collected(session: Session, revision: Revision) -> Sequence[Mapping[str, str]]:
    """The signatures as the entry holds them, each checked against the statement and the keys announced by now.

    Under the ledger's lock, so that no key ends meanwhile. Before signatures are required, one that is wrong is
    left out.

    :raises Refused: when they are required and one is missing or wrong.
    """
    line = _line(session, revision)
    if line is None:
        return ()
    refuse_if(why_not_carry_out(session, revision))
    given = _right(session, line, _given(session, revision, line))
    alone = problems_of(_members(line, given), replace(officer_keys(session), required=False))
    return () if alone else given


def _line(session: Session, revision: Revision) -> EntryDraft | None:
    return lines.proposed(session, revision) if is_signed(revision) else None


def _right(session: Session, line: EntryDraft, given: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    said, keys = statement(line), officer_keys(session)
    return [each for each in given if not signature_problems(each, said, keys)]


def _given(session: Session, revision: Revision, line: EntryDraft) -> list[Mapping[str, str]]:
    printed = fingerprint(statement(line))
    return [_member(each) for each in on(session, revision) if counts(each, printed)]


def counts(row: RevisionSignature, printed: str) -> bool:
    """Whether a signature counts: one on paper once a second person has confirmed its sheet.

    :param printed: the fingerprint of what is signed now.
    """
    sheet = row.sheet
    if row.scheme != PAPER:
        return True
    return sheet is not None and sheet.confirmed_at is not None and sheet.statement == printed


def _member(row: RevisionSignature) -> Mapping[str, str]:
    if row.sheet is not None:
        return {"role": row.role, "scheme": PAPER, "sheet": row.sheet.sha256}
    return {"key": row.key, "role": row.role, "scheme": row.scheme, "sig": row.signature}


def _members(line: EntryDraft, signatures: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The entry that would be written, as a reader of the log will see it."""
    signed = replace(line, signatures=tuple(signatures))
    members: dict[str, Any] = json.loads(entry_bytes(signed, None, clock.now()))
    return members
