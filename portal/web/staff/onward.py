"""Where somebody who clears a batch goes after a decision: to the next row, in the list or on a page of its own."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import request, url_for

from portal.db import db
from portal.publications.models import Revision
from portal.web.typed import whole_number


@dataclass(frozen=True)
class Neighbours:
    """The rows before and after one in its batch, those that stand at the same point; 0 where there is none."""

    before: int = 0
    after: int = 0


def neighbours(revision: Revision) -> Neighbours:
    """The nearest rows of the same batch in the same state."""
    if revision.batch_id is None:
        return Neighbours()
    same = (
        Revision.batch_id == revision.batch_id,
        Revision.state == revision.state,
        Revision.successor_id.is_(None),
    )
    before = sa.select(sa.func.max(Revision.id)).where(*same, Revision.id < revision.id)
    after = sa.select(sa.func.min(Revision.id)).where(*same, Revision.id > revision.id)
    return Neighbours(db.session.scalar(before) or 0, db.session.scalar(after) or 0)


def onward(revision: Revision) -> str:
    """The address that the form asked for; empty: stay with the row.

    ``from=batch`` goes back to the list, to the row that ``next`` names; ``then=next`` goes to that row's own page.
    """
    if revision.batch_id is None:
        return ""
    after = whole_number(request.values.get("next", "")) or 0
    if request.values.get("then") == "next" and after:
        return url_for("staff.revision", revision_id=after, _anchor="act")
    if request.values.get("from") == "batch" or request.values.get("then") == "next":
        only = request.values.get("only") or None
        return url_for(
            "staff.batch", batch_id=revision.batch_id, only=only, _anchor=f"row-{after}" if after else "next"
        )
    return ""
