"""When a site has become too large for the embedded engine."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications import queries
from portal.publications.models import Face
from portal.settings import Settings
from portal.words import Sentence, say

OUTGROWN = 100_000  # live publications; beyond that a common word takes Whoosh longer than readers wait


def why_outgrown(session: Session, settings: Settings, most: int = OUTGROWN) -> Iterator[Sentence]:
    """What to run when there are more live publications than Whoosh can search quickly; nothing while it can.

    Cheap at every size: a ledger that is short enough is not counted through, a long one only so far.
    """
    if settings.search_engine != "whoosh" or queries.ledger_size(session) <= most:
        return
    some = sa.select(Face.number).where(Face.live).limit(most + 1).subquery()
    if (session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > most:
        yield say(
            "公示中的记录超过{most}条，现用的检索引擎会变慢。请先运行 portal index rebuild --engine tantivy，"
            "再设置 PORTAL_SEARCH_ENGINE=tantivy 并重启。",
            most=most,
        )
