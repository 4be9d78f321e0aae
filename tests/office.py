"""What an office does all day, for tests: disclose, correct, withdraw, by the people who may."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal.publications import pipeline
from portal.publications.models import Publication, Revision
from portal.publications.scope import needs_head
from tests.cast import Cast


def disclose(session: Session, cast: Cast, kind: str, content: Mapping[str, Any], **more: Any) -> Publication:
    """Draft by 何知远, agreement and publication by 宋清和."""
    revision = pipeline.draft(session, kind, content, by=cast.he, **more)
    return carry_through(session, cast, revision)


def carry_through(session: Session, cast: Cast, revision: Revision) -> Publication:
    """Take a draft through review into the public, by whoever must agree to its act."""
    agrees = cast.lin if needs_head(session, revision) else cast.song
    pipeline.submit(session, revision, by=cast.he)
    pipeline.approve(session, revision, by=agrees)
    pipeline.carry_out(session, revision, by=agrees)
    session.commit()
    return revision.publication


def propose(
    session: Session, cast: Cast, publication: Publication, act: str, reason: str, **changes: Any
) -> Revision:
    """A draft by 何知远 that changes a published record."""
    content = publication.revisions[-1].content | changes
    return pipeline.draft(
        session, publication.kind, content, by=cast.he, act=act, publication=publication, reason=reason
    )


def correct(
    session: Session, cast: Cast, publication: Publication, reason: str, **changes: Any
) -> Publication:
    """A correction (更正), signed by the head."""
    return carry_through(session, cast, propose(session, cast, publication, "correct", reason, **changes))


def withdraw(session: Session, cast: Cast, publication: Publication, reason: str) -> Publication:
    """A withdrawal (撤下公示), signed by the head."""
    return carry_through(session, cast, propose(session, cast, publication, "withdraw", reason))
