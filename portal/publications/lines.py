"""The ledger's line of an act, as far as it is known before the act: what officers sign, and what is then written.

Made in one place, so that what is signed and what is written are the same.
"""

from sqlalchemy.orm import Session

from portal.ledger.entry import EntryDraft
from portal.publications import preparing, scope
from portal.publications.models import Face, Prepared, Publication, Release, Revision

# the rule each act rests on, by its number in docs/rules.md
BASIS = {
    "publish": "D1",
    "adjust": "D2",
    scope.RESCOPE: "W1",
    "correct": "O2",
    "withdraw": "O2",
    "restore": "O2",
    "hold": "W1",
    "expire": "W1",
    "erase": "W1",
}
IN_LEDGER = {scope.RESCOPE: "adjust"}  # told apart by its basis; else an act's own name


def proposed(session: Session, revision: Revision) -> EntryDraft | None:
    """The line that a revision of a published record will write; None while its words are not fixed."""
    number = revision.publication.number
    face = session.get(Face, number) if number else None
    if face is None:
        return None
    if revision.act == "withdraw":
        return down(revision.publication, face, "withdraw", revision.reason)
    if revision.act == "restore":
        return back(revision, face, session.get_one(Release, face.release_id))
    prepared = preparing.prepared(session, revision)
    return None if prepared is None else up(revision, prepared, face.number)


def up(revision: Revision, prepared: Prepared, number: str) -> EntryDraft:
    """Of ``publish``, ``adjust``, ``rescope``, ``correct``."""
    return EntryDraft(
        type=IN_LEDGER.get(revision.act, revision.act),
        number=number,
        version=prepared.version,
        record=prepared.record_hash,
        commitments=tuple(prepared.commitments),
        reason=revision.reason,
        basis=BASIS[revision.act],
        department_code=revision.publication.department_code,
    )


def down(publication: Publication, face: Face, act: str, reason: str) -> EntryDraft:
    """Of ``withdraw``, ``hold``, ``expire``."""
    return EntryDraft(
        type=act,
        number=face.number,
        version=face.version,
        reason=reason,
        basis=BASIS[act],
        department_code=publication.department_code,
    )


def back(revision: Revision, face: Face, newest: Release) -> EntryDraft:
    """Of ``restore``."""
    return EntryDraft(
        type="restore",
        number=face.number,
        version=face.version,
        record=newest.record_hash,
        reason=revision.reason,
        basis=BASIS["restore"],
        department_code=revision.publication.department_code,
    )
