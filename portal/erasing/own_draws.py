"""What our own draw keeps of an announcement that is erased: its words, and the bundle that shows them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.draws.models import Draw, DrawFace
from portal.erasing.blanking import MARKER
from portal.erasing.taking import Taking


def own_draws(session: Session, found: Taking) -> int:
    """Title, conditions and reasons of the draws of a task. A bundle that shows what is erased is shown no more:
    whoever kept it can still check the draw."""
    draws = session.scalars(sa.select(Draw).where(Draw.chain_id.in_(_chains(found)))).all()
    return sum(_take(session, found, draw) for draw in draws)


def _chains(found: Taking) -> sa.Select[int]:
    """The announced draw's, and so those of the draws that it replaced."""
    return sa.select(Draw.chain_id).where(Draw.publication_id == found.standing.publication_id)


def _take(session: Session, found: Taking, draw: Draw) -> bool:
    face = session.get(DrawFace, draw.commit_index)
    bundle = face.bundle if face else None
    shows = bundle is not None and (found.is_whole or found.blanked(bundle) != bundle)
    if face is not None and shows:
        face.bundle = None
    task = found.blanked_in(draw.task)
    reason = MARKER if found.is_whole and draw.reason else found.blanked(draw.reason)
    changed = shows or (task, reason) != (draw.task, draw.reason)
    draw.task, draw.reason = task, reason
    return changed
