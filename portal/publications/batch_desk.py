"""Staff reading of batches: which there are, where their rows stand. One batch is read in ``oddities.py``."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people import roles
from portal.people.models import Person
from portal.publications.desk import UNDER_WAY
from portal.publications.models import Batch, Revision


@dataclass(frozen=True)
class BatchCount:
    """How many rows of a batch stand where."""

    batch: Batch
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.states.values())


def batches(session: Session, person: Person, *, page: int, size: int) -> tuple[list[BatchCount], int]:
    """The batches that a person may read, newest first, and how many there are."""
    everywhere = roles.may(person, "see_all_departments")
    where = sa.true() if everywhere else Batch.department_code == person.department_code
    total = session.scalar(sa.select(sa.func.count()).select_from(Batch).where(where)) or 0
    shown = session.scalars(
        sa.select(Batch).where(where).order_by(Batch.id.desc()).offset((page - 1) * size).limit(size)
    ).all()
    counts = _states(session, [batch.id for batch in shown])
    return [BatchCount(batch, counts.get(batch.id, {})) for batch in shown], total


def totals(session: Session, batch_ids: Sequence[int]) -> dict[int, int]:
    """How many rows each batch has."""
    return {batch_id: sum(states.values()) for batch_id, states in _states(session, batch_ids).items()}


def states_of(session: Session, batch_id: int) -> Mapping[str, int]:
    """How many rows of a batch stand where; the database counts."""
    return _states(session, [batch_id]).get(batch_id, {})


def part_of(
    session: Session, batch_id: int, first: Sequence[str], *, state: str, part: int, size: int
) -> Sequence[Revision]:
    """So many rows of a batch, in the order in which they came in.

    :param first: states whose rows come in the first parts; then what waits to be published.
    :param state: only rows that stand there; empty means any.
    :param part: from 1.
    """
    waits = sa.case((Revision.state.in_(first), 0), (Revision.state == "approved", 1), else_=2)
    rows = sa.select(Revision).where(Revision.batch_id == batch_id, Revision.successor_id.is_(None))
    if state:
        rows = rows.where(Revision.state == state)
    page = rows.order_by(waits, Revision.id).limit(size).offset((part - 1) * size)
    return sorted(session.scalars(page), key=lambda each: each.id)


def _states(session: Session, batch_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {}
    query = (
        sa.select(Revision.batch_id, Revision.state, sa.func.count())
        .where(Revision.batch_id.in_(batch_ids), Revision.successor_id.is_(None))
        .group_by(Revision.batch_id, Revision.state)
    )
    for batch_id, state, count in session.execute(query):
        counts.setdefault(batch_id or 0, {})[state] = count
    return counts


def is_undecided() -> sa.ColumnElement[bool]:
    """Rows under way with sure proposals that nobody has decided about."""
    return sa.and_(Revision.undecided > 0, Revision.state.in_(UNDER_WAY), Revision.successor_id.is_(None))


def undecided_by_batch(session: Session, batch_ids: Sequence[int]) -> dict[int, int]:
    """How many rows of each batch wait for a decision about proposals."""
    counted = (
        sa.select(Revision.batch_id, sa.func.count())
        .where(Revision.batch_id.in_(batch_ids), is_undecided())
        .group_by(Revision.batch_id)
    )
    return {batch_id or 0: count for batch_id, count in session.execute(counted)}


def outcome_counts_of(contents: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """How many results carry each outcome, in the words with which they would be published."""
    counts: Counter[str] = Counter()
    for content in contents:
        rows = content.get("items") or []
        counts.update({each["label"] for row in rows for each in row.get("outcomes") or []})
    return counts.most_common()
