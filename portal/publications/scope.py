"""公示范围调整 (W1): what is withheld changes, the words do not. Quick, no correction, and no difference is shown.

And who signs: a correction, a withdrawal, a restoration (O2), and an adjustment of scope that ends a hold.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.attachments import listing
from portal.publications.models import Face, Hold, Publication, Revision, Step
from portal.words import Sentence, say

RESCOPE = "rescope"
SIGNED_BY_HEAD = ("correct", "withdraw", "restore")  # O2
REPLACING = ("publish", "adjust", "correct", RESCOPE)  # acts that make a new public version


def why_not_as_it_stands(face: Face) -> list[Sentence]:
    """Why the scope of what is public can not be adjusted now; what is on hold is adjusted to be shown again."""
    if face.live or face.face == "held":
        return []
    return [say("{number}现在不在公示中，不能调整公示范围；请先恢复公示。", number=face.number)]


def why_not_submit(session: Session, revision: Revision) -> list[Sentence]:
    """Why an adjustment of scope is none."""
    if revision.act != RESCOPE:
        return []
    before = standing(session, revision.publication)
    if before is not None and _scope(before) == _scope(revision):
        return [say("隐去的内容和现在公示的完全相同，没有可以调整的；请先改动隐去标注，或者作废这一稿。")]
    return []


def why_not_carry_out(session: Session, revision: Revision) -> list[Sentence]:
    """A hold that came after a reviewer agreed: only the head shows again what is on hold."""
    if revision.act != RESCOPE:
        return []
    agreed = sa.select(Step.at).where(Step.revision_id == revision.id, Step.state == "approved")
    newest = session.scalar(agreed.order_by(Step.id.desc()).limit(1))
    came_since = _held(revision.publication_id).where(Hold.at > newest)
    if newest is not None and session.scalar(sa.select(came_since)):
        return [say("同意之后这条记录暂停了公示，请退回，由主要负责人重新签署同意。")]
    return []


def needs_head(session: Session, revision: Revision) -> bool:
    """Whether the head agrees to a revision, and no reviewer."""
    if revision.act in SIGNED_BY_HEAD:
        return True
    return revision.act == RESCOPE and bool(session.scalar(sa.select(_held(revision.publication_id))))


def waits_for_head() -> sa.ColumnElement[bool]:
    """The same for queries over revisions."""
    ends_a_hold = sa.and_(Revision.act == RESCOPE, _held(Revision.publication_id))
    return sa.or_(Revision.act.in_(SIGNED_BY_HEAD), ends_a_hold)


def standing(session: Session, publication: Publication, at: datetime | None = None) -> Revision | None:
    """The revision whose words are the newest public version; None when nothing of it is public.

    :param at: a moment in the past; left out, now.
    """
    query = (
        sa.select(Revision)
        .where(Revision.publication_id == publication.id, Revision.state == "done")
        .where(Revision.act.in_(REPLACING), Revision.withheld_ground.is_(None))
        .order_by(Revision.id.desc())
        .limit(1)
    )
    if at is not None:
        done = sa.exists().where(Step.revision_id == Revision.id, Step.state == "done", Step.at <= at)
        query = query.where(done)
    return session.scalar(query)


def _held(publication_id: object) -> sa.Exists:
    return sa.exists().where(Hold.publication_id == publication_id, Hold.ended_at.is_(None))


def _scope(revision: Revision) -> set[tuple[object, ...]]:
    parts = ("path", "start", "end", "ground", "basis", "page", "x0", "y0", "x1", "y1")
    words = {tuple(mark.get(part) for part in parts) for mark in revision.marks}
    files = {
        (each["file"], *(mark.get(part) for part in parts))
        for each in revision.attachments
        for mark in listing.marks([each])
    }
    return words | files
