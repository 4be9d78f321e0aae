"""What an agreement fixes: the exact public bytes of a revision, before any number is given."""

from sqlalchemy.orm import Session

from portal.publications.gate import Released
from portal.publications.models import Prepared, Revision


def fix(session: Session, revision: Revision, public: Released) -> None:
    """Keep the public version for the one who carries the revision out."""
    session.add(
        Prepared(
            revision_id=revision.id,
            version=revision.publication.version + 1,
            body=public.body,
            record_hash=public.record_hash,
            commitments=public.commitments,
            salt_key=public.salt_key,
        )
    )
