"""Staff reading of batches: which there are, where their rows stand, one page of rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people import roles
from portal.people.models import Person
from portal.publications.desk import UNDER_WAY, is_held
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


@dataclass(frozen=True)
class BatchRows:
    """One page of a batch's rows, and the counts beside them."""

    rows: Sequence[Revision]
    total: int
    states: Mapping[str, int]
    held: int
    undecided: int
    outcomes: Sequence[tuple[str, int]]


def batch_rows(session: Session, batch: Batch, *, only: str, page: int, size: int) -> BatchRows:
    """Rows of a batch, replaced revisions left out.

    :param only: a state, ``held``, ``undecided``, or empty for all.
    """
    mine = sa.and_(Revision.batch_id == batch.id, Revision.successor_id.is_(None))
    waiting = sa.and_(mine, is_undecided())
    narrowed = {"": mine, "held": sa.and_(mine, is_held()), "undecided": waiting}.get(
        only, sa.and_(mine, Revision.state == only)
    )
    total = _count(session, narrowed)
    rows = session.scalars(
        sa.select(Revision).where(narrowed).order_by(Revision.id).offset((page - 1) * size).limit(size)
    ).all()
    held = _count(session, sa.and_(mine, is_held()))
    states = _states(session, [batch.id]).get(batch.id, {})
    return BatchRows(rows, total, states, held, _count(session, waiting), outcome_counts(session, mine))


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


def _count(session: Session, where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Revision).where(where)) or 0


def outcome_counts(session: Session, where: sa.ColumnElement[bool]) -> list[tuple[str, int]]:
    """How many results carry each outcome, in the words with which they would be published."""
    counts: Counter[str] = Counter()
    contents = session.scalars(sa.select(Revision.content["items"]).where(where, Revision.kind == "result"))
    for items in contents:
        labels = {each["label"] for row in items or [] for each in row.get("outcomes") or []}
        counts.update(labels)
    return counts.most_common()
