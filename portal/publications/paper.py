"""Signed by hand: the scan of a signed 更正审批表 stands for signatures, by its SHA-256.

The way when a passphrase is lost or a token is not at hand. One person records who signed the sheet, another
confirms that it is what was signed; until then it does not count. The scan itself stays inside.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.evidence.examining import examine
from portal.files import Store
from portal.ledger.officer_signatures import PAPER
from portal.people import roles, signing_keys
from portal.people.models import Person
from portal.publications import signing
from portal.publications.models import Revision
from portal.publications.signed import RevisionSignature, SignedSheet
from portal.words import Sentence, say

KINDS = ("photo", "pdf")
Reasons = list[Sentence]


def keep(store: Store, name: str, data: bytes) -> SignedSheet:
    """Examine a scan and write it durably; a row for it, in no session yet. Slow for large photos.

    :raises Refused: when it is neither a picture nor a PDF, or the disk takes nothing.
    """
    examined = examine(name, data)
    if examined.kind not in KINDS:
        raise Refused(say("签署的审批表要扫描或者拍照成图片，或者做成PDF，再上传。"))
    original = store.put(data, suffix=examined.suffix)
    viewable = store.put(examined.viewable, suffix=".jpg").name if examined.viewable else ""
    return SignedSheet(
        name=examined.safe_name, kind=examined.kind, size=original.size, sha256=original.sha256,
        stored=original.name, viewable=viewable, at=clock.now(),
    )  # fmt: skip


def sheets_of(session: Session, revision: Revision) -> Sequence[SignedSheet]:
    """The sheets recorded on a revision that were not taken back, in their order."""
    mine = sa.select(SignedSheet).where(SignedSheet.revision_id == revision.id)
    return session.scalars(mine.where(SignedSheet.ended_at.is_(None)).order_by(SignedSheet.id)).all()


def signers(session: Session, revision: Revision) -> list[Person]:
    """Who may have signed by hand: everybody who could sign and has not."""
    signed = signing.standing(session, revision)
    here = sa.select(Person).where(Person.active, Person.department_code == revision.department_code)
    return [
        each
        for each in session.scalars(here.order_by(Person.id))
        if each.id not in signed and not signing.why_not_role(revision, each)
    ]


def why_not_record(session: Session, revision: Revision, by: Person) -> Reasons:
    """Why this person may not record a signed sheet on a revision."""
    reasons = signing.why_not_fix(session, revision) + why_not_handle(revision, by)
    if not reasons and signing.statement_of(session, revision) is None:
        reasons.append(say("请先固定待签内容，打印审批表，签名以后再上传扫描件。"))
    return reasons


def why_not_handle(revision: Revision, by: Person) -> Reasons:
    """Why this person has nothing to do with sheets signed by hand on this revision."""
    return list(roles.why_not(by, "record_sheet", department=revision.department_code))


def record(
    session: Session, revision: Revision, sheet: SignedSheet, people: Collection[Person], *, by: Person
) -> SignedSheet:
    """Record that these people signed the sheet by hand: the head, another officer, or both on one sheet."""
    signing.hold_still(session, revision)
    reasons = why_not_record(session, revision, by)
    if not people:
        reasons.append(say("请选择在这张审批表上签名的人。"))
    able = {each.id for each in signers(session, revision)}
    reasons += [
        say("{name}已经签过名，或者不能签这一稿，请重新选择。", name=each.name)
        for each in people
        if each.id not in able
    ]
    refuse_if(reasons)
    said = signing.statement_of(session, revision)
    assert said is not None  # why: why_not_record() asked
    sheet.revision_id, sheet.by_id, sheet.statement = revision.id, by.id, signing.fingerprint(said)
    refuse_if(_why_not_this_scan(session, sheet))
    session.add(sheet)
    session.flush()
    signing.clear(session, revision, people)
    session.add_all(
        RevisionSignature(
            revision_id=revision.id, person_id=each.id, role=signing_keys.role_of(each), scheme=PAPER,
            sheet_id=sheet.id, at=clock.now(),
        )
        for each in people
    )  # fmt: skip
    session.flush()
    return sheet


def _why_not_this_scan(session: Session, sheet: SignedSheet) -> Reasons:
    """One sheet carries one fingerprint: the scan of another statement's sheet is not this one's."""
    other = sa.select(SignedSheet.id).where(
        SignedSheet.sha256 == sheet.sha256, SignedSheet.statement != sheet.statement
    )
    if session.scalar(other.limit(1)) is None:
        return []
    return [say("这份扫描件以前登记在内容不同的另一份审批表上，不能再用；请打印这一稿的审批表，签好后扫描。")]


def why_not_confirm(session: Session, revision: Revision, sheet: SignedSheet, by: Person) -> Reasons:
    """Why this person may not confirm a sheet: never who recorded it."""
    reasons = signing.why_not_fix(session, revision) + why_not_handle(revision, by)
    if sheet.confirmed_at is not None or sheet.ended_at is not None:
        reasons.append(say("这张审批表已经核对过，或者已经撤回；请刷新页面查看。"))
    if sheet.by_id == by.id:
        reasons.append(say("上传的人不能核对自己上传的审批表，请由另一位同事核对。"))
    return reasons


def confirm(session: Session, revision: Revision, sheet: SignedSheet, *, by: Person) -> None:
    """A second person has seen that the scan is the sheet with this statement's fingerprint, and signed."""
    signing.hold_still(session, revision)
    session.refresh(sheet, ["confirmed_at", "ended_at"])
    refuse_if(why_not_confirm(session, revision, sheet, by))
    sheet.confirmed_by_id, sheet.confirmed_at = by.id, clock.now()
    session.flush()


def take_back(session: Session, revision: Revision, sheet: SignedSheet, *, by: Person) -> None:
    """A sheet that was recorded wrongly counts no more, nor the signatures on it; the scan stays on file."""
    signing.hold_still(session, revision)
    reasons = signing.why_not_fix(session, revision) + why_not_handle(revision, by)
    if sheet.ended_at is not None:
        reasons.append(say("这张审批表已经撤回。"))
    refuse_if(reasons)
    session.execute(sa.delete(RevisionSignature).where(RevisionSignature.sheet_id == sheet.id))
    sheet.ended_at = clock.now()
    session.flush()


def named(session: Session, names: Sequence[str]) -> Collection[str]:
    """Those of some stored names that a sheet names: for the store's sweep."""
    stored = sa.select(SignedSheet.stored).where(SignedSheet.stored.in_(names))
    viewable = sa.select(SignedSheet.viewable).where(SignedSheet.viewable.in_(names))
    return set(session.scalars(sa.union(stored, viewable)))
