"""Many new drafts at once, for imports: what :func:`~portal.publications.pipeline.draft_many` does, row by row
the same, without an object for each (a fifth of its time for 300).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import refuse_if
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Batch, Publication, Revision, Step
from portal.publications.proposing import Proposal, title_of

_PUBLICATIONS, _REVISIONS, _STEPS = (cast(sa.Table, each.__table__) for each in (Publication, Revision, Step))


def enter(
    session: Session, kind: str, proposals: Sequence[Proposal], *, by: Person, batch: Batch | None = None
) -> list[int]:
    """New publications, each with its first draft. Returns the revisions' ids.

    :param proposals: each with its ``identity``.
    """
    for code in {each.content["department"]["code"] for each in proposals}:
        refuse_if(roles.why_not(by, "draft", department=code))
    now = clock.now()
    publications = _publications(session, kind, proposals, now)
    common = {
        "kind": kind, "act": "publish", "state": "draft", "author_id": by.id, "created_at": now,
        "batch_id": batch.id if batch else None,
        "withheld_basis": "", "reason": "", "basis": "", "admitted_note": "",
    }  # fmt: skip
    rows = [
        common
        | {
            "publication_id": publication_id,
            "department_code": each.content["department"]["code"],
            "title": title_of(kind, each.content),
            "content": dict(each.content),
            "marks": list(each.marks),
            "held": list(each.held),
            "source": each.source,
        }
        for publication_id, each in zip(publications, proposals, strict=True)
    ]
    session.execute(sa.insert(_REVISIONS), rows)
    # asked for afterwards: SQLite gives what it inserts back in order only one by one
    made = sa.select(Revision.publication_id, Revision.id).where(Revision.publication_id.in_(publications))
    ids = {row.publication_id: row.id for row in session.execute(made)}
    revisions = [ids[each] for each in publications]
    _first_steps(session, revisions, by, now)
    return revisions


def _publications(session: Session, kind: str, proposals: Sequence[Proposal], now: datetime) -> list[int]:
    rows = [
        {
            "kind": kind,
            "department_code": each.content["department"]["code"],
            "identity": each.identity,
            "version": 0,
            "created_at": now,
        }
        for each in proposals
    ]
    session.execute(sa.insert(_PUBLICATIONS), rows)
    named = [each.identity for each in proposals]
    made = sa.select(Publication.identity, Publication.id).where(Publication.kind == kind)
    ids = {row.identity: row.id for row in session.execute(made.where(Publication.identity.in_(named)))}
    return [ids[each] for each in named]


def _first_steps(session: Session, revisions: Sequence[int], by: Person, now: datetime) -> None:
    steps = [
        {"revision_id": each, "state": "draft", "by_id": by.id, "at": now, "note": ""} for each in revisions
    ]
    session.execute(sa.insert(_STEPS), steps)
    first = sa.select(Step.id).where(Step.revision_id == Revision.id).scalar_subquery()
    session.execute(
        sa.update(Revision)
        .where(Revision.id.in_(revisions))
        .values(step_id=first)
        .execution_options(synchronize_session=False)
    )
