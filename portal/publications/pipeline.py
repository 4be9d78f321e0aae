"""The life of a revision, in order: draft, revise, submit, send back, abandon, admit, approve, carry out.

Each act is a function that says who does it (``by=``), refuses in sentences and never commits. Moving from one
state to the next compares and swaps ``revisions.step_id``: of two people acting at once, one succeeds and the
other is told (:class:`~portal.errors.Overtaken`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.errors import Overtaken, Refused, refuse_if
from portal.ledger.models import Entry
from portal.people import roles
from portal.people.models import Person
from portal.publications import preparing, prior, publishing, requirements, signing
from portal.publications.gate import Released
from portal.publications.models import Batch, Publication, Revision, Step
from portal.publications.proposing import Proposal, revision_of, successor_of
from portal.publications.scope import RESCOPE, standing
from portal.stepping import take
from portal.words import Sentence, say


def draft(
    session: Session,
    kind: str,
    content: Mapping[str, Any],
    *,
    by: Person,
    act: str = "publish",
    publication: Publication | None = None,
    reason: str = "",
    basis: str = "",
    marks: Sequence[Mapping[str, Any]] = (),
    dismissed: Sequence[Mapping[str, Any]] = (),
    batch: Batch | None = None,
    identity: str = "",
) -> Revision:
    """Propose one act: a new publication, or an adjustment, correction, withdrawal or restoration of one.

    A ``rescope`` keeps the words that are public, whatever content is given. A record withheld in full can be
    proposed for publication again: secrets end.
    """
    if publication is not None:  # of two who draft at once, the second sees the first's draft
        session.execute(sa.select(Publication.id).where(Publication.id == publication.id).with_for_update())
    refuse_if(requirements.why_not_draft(session, kind, act, publication, by))
    proposal = Proposal(content, identity, marks=marks, dismissed=dismissed)
    if publication is None:
        return draft_many(session, kind, [proposal], by=by, batch=batch)[0]
    before = standing(session, publication)
    if before is not None:  # the files that stand beside the words now stand beside the new ones
        words = before.content if act == RESCOPE else content
        proposal = replace(proposal, content=words, attachments=before.attachments)
    revision = revision_of(publication, act, proposal, by, batch)
    revision.reason, revision.basis = reason, basis
    _begin(session, [revision], by)
    return revision


def draft_many(
    session: Session, kind: str, proposals: Sequence[Proposal], *, by: Person, batch: Batch | None = None
) -> list[Revision]:
    """New publications in one go, each with its first draft. Who inspects, enters (G28.4)."""
    for code in {each.content["department"]["code"] for each in proposals}:
        refuse_if(roles.why_not(by, "draft", department=code))
    publications = [
        Publication(
            kind=kind,
            department_code=each.content["department"]["code"],
            identity=each.identity or secrets.token_hex(32),
            created_at=clock.now(),
        )
        for each in proposals
    ]
    session.add_all(publications)
    session.flush()
    revisions = [
        revision_of(publication, "publish", each, by, batch)
        for publication, each in zip(publications, proposals, strict=True)
    ]
    _begin(session, revisions, by)
    return revisions


def revise(
    session: Session, revision: Revision, *, by: Person, seen: int | None = None, **changes: Any
) -> Revision:
    """Replace a revision by a changed one; the old one stays on record as abandoned.

    :param changes: any of content, marks, dismissed, attachments, withheld_ground, withheld_basis, reason,
        basis.
    """
    rewritten = requirements.is_rewritten(revision, changes)
    refuse_if(requirements.why_not_revise(revision, by, rewritten=rewritten))
    successor = successor_of(revision, changes, by)
    session.add(successor)
    state = revision.state
    signing.let_go(session, revision)
    _step(session, revision, "abandoned", by, say("由新的一稿替代。"), seen)
    _begin(session, [successor], by)
    revision.successor_id = successor.id
    if state == "submitted" and not rewritten:
        _step(session, successor, "submitted", by, say("改动标注后继续审核。"))
    return successor


def submit(
    session: Session, revision: Revision, *, by: Person, note: str = "", seen: int | None = None
) -> None:
    """Hand a draft over for review."""
    refuse_if(requirements.why_not_submit(session, revision, by))
    _step(session, revision, "submitted", by, note, seen)


def send_back(
    session: Session, revision: Revision, *, by: Person, note: str, seen: int | None = None
) -> None:
    """Give a revision back to its author, saying why."""
    refuse_if(requirements.why_not_send_back(session, revision, by))
    if not note.strip():
        raise Refused(say("请写明退回的理由，拟稿人才知道要改什么。"))
    signing.let_go(session, revision)
    _step(session, revision, "sent_back", by, note, seen)


def abandon(
    session: Session, revision: Revision, *, by: Person, note: str = "", seen: int | None = None
) -> None:
    """Give a revision up; what it says stays on record."""
    refuse_if(requirements.why_not_abandon(session, revision, by))
    signing.let_go(session, revision)
    _step(session, revision, "abandoned", by, note, seen)


def admit(session: Session, revision: Revision, *, by: Person, note: str) -> None:
    """D6: the head decides that a result whose item was on no list in force may go on all the same."""
    refuse_if(roles.why_not(by, "admit", department=revision.department_code))
    if not note.strip():
        raise Refused(say("请写明同意继续办理的理由，这项决定会留痕。"))
    revision.admitted_by_id, revision.admitted_note = by.id, note


def approve(
    session: Session,
    revision: Revision,
    *,
    by: Person,
    note: str = "",
    seen: int | None = None,
    rules: Profile | None = None,
) -> None:
    """Agree to a revision, its marks included: from here on its public bytes are fixed.

    :param rules: by which a notice before disclosure is owed; every door gives them.
    """
    refuse_if(requirements.why_not_approve(session, revision, by))
    _step(session, revision, "approved", by, note, seen)
    if rules is not None:
        prior.owe(session, revision, rules)
    if revision.act in ("withdraw", "restore") or revision.withheld_ground:
        return
    if signing.is_signed(revision):
        signing.fix(session, revision)  # when the first of two signed, if not now
        return
    preparing.fix(session, revision, preview(revision))


def preview(revision: Revision) -> Released:
    """The public version exactly as the gate would let it out now."""
    return preparing.public_version(revision)


def carry_out(
    session: Session,
    revision: Revision,
    *,
    by: Person,
    seen: int | None = None,
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Entry | None:
    """Do in public what was agreed to. Returns the ledger entry; none when the whole record is withheld.

    :param extra: further members of the ledger's entry, such as the objection that a correction answers.
    """
    prior.hold_still(session, revision)
    if revision.act != "publish":
        publishing.stand_still(session, revision.publication)
    refuse_if(requirements.why_not_carry_out(session, revision, by))
    signatures = signing.collected(session, revision)
    _step(session, revision, "done", by, "", seen)
    if revision.withheld_ground:
        revision.publication.withheld_ground = revision.withheld_ground
        return None
    revision.publication.withheld_ground = None
    return publishing.in_public(session, revision, extra, signatures)


def _begin(session: Session, revisions: Sequence[Revision], by: Person) -> None:
    session.add_all(revisions)
    session.flush()
    steps = [Step(revision_id=each.id, state="draft", by_id=by.id, at=clock.now()) for each in revisions]
    session.add_all(steps)
    session.flush()
    for revision, step in zip(revisions, steps, strict=True):
        revision.step_id = step.id
    session.flush()


def _step(
    session: Session, revision: Revision, state: str, by: Person, note: str, seen: int | None = None
) -> None:
    """Move to a state, unless somebody moved first: the step that was looked at must still be the latest."""
    step = Step(revision_id=revision.id, state=state, by_id=by.id, at=clock.now(), note=note)
    if not take(session, revision, step, seen):
        raise Overtaken(overtaken(session, revision))


def overtaken(session: Session, revision: Revision) -> Sentence:
    """Who did what first."""
    last = session.scalar(
        sa.select(Step)
        .join(Revision, Revision.step_id == Step.id)
        .where(Revision.id == revision.id)
        .execution_options(populate_existing=True)
    )
    if last is None:
        return say("这份稿件刚刚有变动，请刷新页面后再办理。")
    return say("{name}刚刚办理了这份稿件，您的操作没有执行；请刷新页面查看后再办理。", name=last.by.name)
