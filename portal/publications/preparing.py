"""What an agreement fixes: the exact public bytes of a revision, before any number is given."""

from typing import Any

from sqlalchemy.orm import Session

from portal.attachments import listing
from portal.publications.gate import Released, release
from portal.publications.kinds import KINDS
from portal.publications.models import Prepared, Revision


def public_version(revision: Revision) -> Released:
    """What the gate lets out of a revision, its files included.

    :raises Refused: when a mark does not fit, or a file has no public copy.
    """
    return release(
        KINDS[revision.kind],
        revision.content,
        revision.marks,
        version=revision.publication.version + 1,
        act=revision.act,
        attachments=listing.released(revision.attachments),
    )


def prepared(session: Session, revision: Revision) -> Prepared | None:
    """The fixed public version, if there is one and no other version was published since."""
    found = session.get(Prepared, revision.id)
    return found if found is not None and found.version == revision.publication.version + 1 else None


def let_go(session: Session, revision: Revision) -> None:
    """What was fixed holds no more: the revision goes back, or another takes its place."""
    found = session.get(Prepared, revision.id)
    if found is not None:
        session.delete(found)
        session.flush()


def fix(session: Session, revision: Revision, public: Released) -> None:
    """Keep the public version for the one who carries the revision out."""
    session.add(Prepared(**row_of(revision, public)))


def row_of(revision: Revision, public: Released) -> dict[str, Any]:
    """The row that keeps it."""
    return {
        "revision_id": revision.id,
        "version": revision.publication.version + 1,
        "body": public.body,
        "record_hash": public.record_hash,
        "commitments": public.commitments,
        "salt_key": public.salt_key,
    }
