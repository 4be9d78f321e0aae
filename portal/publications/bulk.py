"""Acts on a batch: a step for each row, in chunks that commit on their own, single rows pulled out.

A job, not a request: it is the one place below the doors that commits, per chunk of at most 300.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.profiles import Profile
from portal.errors import Refused
from portal.people.models import Person
from portal.publications import deciding, facing, ordering, pipeline
from portal.publications.models import Batch, Prepared, Revision
from portal.words import Sentence

CHUNK = 300
BulkAct = Literal["submit", "approve", "publish", "send_back", "accept"]
FROM: dict[BulkAct, tuple[str, ...]] = {
    "submit": ("draft", "sent_back"),
    "approve": ("submitted",),
    "publish": ("approved",),
    "send_back": ("submitted", "approved"),
    "accept": ("draft", "sent_back", "submitted"),  # every sure proposal of a row
}
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What became of each row of a batch."""

    done: int = 0
    refused: list[tuple[int, str, Sequence[Sentence]]] = field(
        default_factory=list
    )  # revision id, title, why


def act_on_batch(
    session: Session,
    batch: Batch,
    act: BulkAct,
    *,
    by: Person,
    note: str = "",
    only: Sequence[int] | None = None,
    progress: Progress | None = None,
    rules: Profile | None = None,
) -> Outcome:
    """Carry an act out on every row of a batch that stands where the act starts.

    A row that is refused stays as it was and is told of; the others go on.

    :param only: revision ids, when only some rows are meant.
    :param rules: see :func:`portal.publications.pipeline.approve`.
    """
    outcome = Outcome()
    batch_id, by_id = batch.id, by.id
    waiting = _waiting(session, batch_id, act, only)
    if act == "publish":
        waiting = _in_public_order(session, waiting)
    session.commit()
    for chunk in _chunks(waiting):
        officer = session.get_one(Person, by_id)
        for revision in _rows(session, chunk):
            _act_on_row(session, revision, act, officer, note, outcome, rules)
        session.commit()
        session.expunge_all()
        if progress:
            progress(outcome.done + len(outcome.refused), len(waiting))
    return outcome


def _act_on_row(
    session: Session,
    revision: Revision,
    act: BulkAct,
    by: Person,
    note: str,
    outcome: Outcome,
    rules: Profile | None,
) -> None:
    try:
        with session.begin_nested():
            if act == "submit":
                pipeline.submit(session, revision, by=by, note=note)
            elif act == "approve":
                pipeline.approve(session, revision, by=by, note=note, rules=rules)
            elif act == "publish":
                pipeline.carry_out(session, revision, by=by)
            elif act == "accept":
                deciding.accept_sure(session, revision, by=by)
            else:
                pipeline.send_back(session, revision, by=by, note=note)
    except Refused as refusal:
        outcome.refused.append((revision.id, revision.title, refusal.reasons))
    else:
        outcome.done += 1


def _waiting(session: Session, batch_id: int, act: BulkAct, only: Sequence[int] | None) -> list[int]:
    rows = sa.select(Revision.id).where(Revision.batch_id == batch_id, Revision.state.in_(FROM[act]))
    if act == "accept":
        rows = rows.where(Revision.undecided > 0)
    if only is not None:
        rows = rows.where(Revision.id.in_(only))
    return list(session.scalars(rows.order_by(Revision.id)))


def _in_public_order(session: Session, ids: Sequence[int]) -> list[int]:
    """Numbers are given in an order that released values make: that of the file may tell what is withheld (W2)."""
    keys: dict[int, tuple[object, ...]] = {}
    for chunk in _chunks(ids):
        found = sa.select(Prepared.revision_id, Prepared.body).where(Prepared.revision_id.in_(chunk))
        keys |= {each: ordering.key_of(facing.read(body)["fields"]) for each, body in session.execute(found)}
    return sorted(ids, key=lambda each: (each in keys, keys.get(each, ()), each))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))


def _rows(session: Session, ids: Sequence[int]) -> list[Revision]:
    rows = session.scalars(sa.select(Revision).where(Revision.id.in_(ids)))
    return sorted(rows, key=lambda each: ids.index(each.id))
