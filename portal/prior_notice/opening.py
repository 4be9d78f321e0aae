"""What somebody may open who says whom they are and shows a code: notices, opinions sought, own declarations."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.objections.notice_codes import holding
from portal.prior_notice import answering, keys
from portal.prior_notice.models import Opinion
from portal.publications.models import Revision
from portal.publications.prior import PriorNotice

MOST = 20  # of each kind that one code is tried on


@dataclass(frozen=True)
class Opened:
    """What a code opened; ``known`` says that it proves who somebody is, whatever else it opens."""

    notices: Sequence[int] = ()
    opinions: Sequence[int] = ()
    known: bool = False

    def __bool__(self) -> bool:
        return self.known


def by_code(session: Session, subject: str, code: str) -> Opened:
    """What a letter's code or a check sheet's 核验码 opens. Slow on purpose: only reads, then lets go.

    :param subject: see :func:`portal.prior_notice.keys.subject_typed`.
    """
    notices = [(each.id, _of_notice(session, each)) for each in _notices(session, subject)]
    opinions = [(each.id, each.code_hash) for each in _opinions(session, subject)]
    sheets = holding(session, None, subject)
    session.rollback()  # the connection is given back before the slow part
    known = keys.fits(sheets, code)
    told = [each for each, sealed in notices if keys.fits(sealed, code)]
    asked = [each for each, sealed in opinions if known or keys.fits([sealed], code)]
    return Opened(told, asked, known or bool(told or asked))


def _notices(session: Session, subject: str) -> list[PriorNotice]:
    query = sa.select(PriorNotice).where(PriorNotice.subject == subject, PriorNotice.told_at.is_not(None))
    found = session.scalars(query.order_by(PriorNotice.told_at.desc()).limit(MOST))
    return [each for each in found if answering.is_readable(each)]


def _of_notice(session: Session, notice: PriorNotice) -> Sequence[str]:
    """The letter's own code, and those of the check sheet of the same task."""
    told = notice.told
    revision = session.get(Revision, told.revision_id) if told else None
    task_no = str(revision.content.get("task_no") or "") if revision else ""
    return [notice.code_hash, *holding(session, task_no, notice.subject)]


def _opinions(session: Session, subject: str) -> Sequence[Opinion]:
    query = sa.select(Opinion).where(Opinion.subject == subject)
    return session.scalars(query.order_by(Opinion.id.desc()).limit(MOST)).all()
