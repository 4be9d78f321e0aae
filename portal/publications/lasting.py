"""What changed last, what was taken down among it: for feeds and digests. Only tables of ``PUBLIC_TABLES``.

A record whose words are off keeps its kind, its department and its year of publication, which its gone page shows.
Nothing else of it may decide where it is told of: see :class:`Lasting`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.models import Face
from portal.publications.newest import newest_of_each

TAKEN_DOWN = ("held", "withdrawn", "erased")
TAKEN_BACK = ("correct", "withdraw", "hold", "restore", "erase")  # acts that the feed of corrections tells of


@dataclass(frozen=True)
class Lasting:
    """Conditions that can be decided of a record whatever became of it; empty means any."""

    kind: str = ""
    department: str = ""
    year: int = 0

    def holds(self, face: Face) -> bool:
        """Whether a record fits, live or not.

        >>> Lasting(kind="result").holds(Face(kind="task"))
        False
        """
        return (
            self.kind in ("", face.kind)
            and self.department in ("", face.department_code)
            and self.year in (0, face.year)
        )

    @property
    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same for the database."""
        given = ((Face.kind, self.kind), (Face.department_code, self.department), (Face.year, self.year))
        return [column == wanted for column, wanted in given if wanted]


def changed(session: Session, within: Lasting, *, limit: int, offset: int = 0) -> Sequence[Face]:
    """What was published, changed or taken down, the last first.

    What expired is no news: on one day it would push everything else out.
    """
    query = sa.select(Face).where(Face.face != "expired", *within.conditions)
    return session.scalars(query.order_by(*_LAST_FIRST).limit(limit).offset(offset)).all()


def taken_down(session: Session, within: Lasting, *, limit: int) -> Sequence[Face]:
    """What is off now but for what expired, the last taken down first."""
    wanted = newest_of_each(
        Face.number, Face.face, TAKEN_DOWN, *within.conditions, order=_LAST_FIRST, most=limit
    )
    query = sa.select(Face).where(Face.number.in_(wanted))
    return session.scalars(query.order_by(*_LAST_FIRST).limit(limit)).all()


def changed_of_entity(session: Session, code: str, *, limit: int) -> Sequence[Face]:
    """What is live about one entity, what changed last first."""
    query = sa.select(Face).where(Face.live, Face.entity_code == code)
    return session.scalars(query.order_by(*_LAST_FIRST).limit(limit)).all()


_LAST_FIRST = (Face.changed_at.desc(), Face.entry_index.desc())
