"""Acts on a batch: a step for each row, in chunks that commit on their own, single rows pulled out.

A job, not a request: it is the one place below the doors that commits, per chunk of at most 300, and sooner when a
turn has lasted long enough: on SQLite whoever files meanwhile waits for one turn and not for the batch.
"""

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import now
from portal.codes.profiles import Profile
from portal.db import reading
from portal.errors import Overtaken, Refused, Stopped
from portal.people.models import Person
from portal.publications import deciding, pipeline
from portal.publications.kinds_of_finding import Picked
from portal.publications.models import Batch, Prepared, Revision, Step
from portal.publications.pacing import CHUNK, GIVE_WAY, Doing, Pace, turn
from portal.words import Sentence, say

LONGEST_TURN = timedelta(milliseconds=100)
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
    """What became of each row of a batch.

    :param left_out: rows that were not meant to go along, with why.
    :param meanwhile: rows that somebody else moved on after the page was shown.
    """

    done: int = 0
    refused: list[tuple[int, str, Sequence[Sentence]]] = field(
        default_factory=list
    )  # revision id, title, why
    left_out: list[tuple[int, str, Sequence[Sentence]]] = field(default_factory=list)
    meanwhile: list[tuple[int, str, Sequence[Sentence]]] = field(default_factory=list)


def act_on_batch(
    session: Session,
    batch: Batch,
    act: BulkAct,
    *,
    by: Person,
    note: str = "",
    only: Sequence[int] | None = None,
    seen: int | None = None,
    progress: Progress | None = None,
    rules: Profile | None = None,
) -> Outcome:
    """Carry an act out on every row of a batch that stands where the act starts.

    A row that is refused stays as it was and is told of; the others go on.

    :param progress: told of each turn; where it raises :class:`Stopped` the rows after the turn stay as they are.
    :param only: revision ids, when only some rows are meant.
    :param seen: the newest step that stood on the page; what was moved on since is refused and told of.
    :param rules: see :func:`portal.publications.pipeline.approve`.
    """
    batch_id, by_id = batch.id, by.id
    session.commit()
    with reading(session):
        outcome = Outcome(meanwhile=_meanwhile(session, batch_id, act, session.get_one(Person, by_id), seen))
        waiting = _waiting(session, batch_id, act, only)
    do = partial(_act, act=act, note=note, rules=rules, seen=seen)
    with suppress(Stopped):
        if act in ("submit", "approve", "publish"):
            _turn_by_turn(session, waiting, do, Doing(act, by_id, note, rules, seen), outcome, progress)
        else:
            _row_by_row(session, waiting, do, by_id, outcome, progress)
    return outcome


def decide_on_batch(
    session: Session, batch: Batch, picks: Sequence[Picked], *, by: Person, progress: Progress | None = None
) -> Outcome:
    """One decision about many findings: recorded on each row, by whoever decides, so that somebody else agrees.

    A row that somebody moved on since it was looked at is refused and told of.
    """
    chosen = {each.revision_id: each for each in picks}
    mine = sa.select(Revision.id).where(Revision.batch_id == batch.id, Revision.id.in_(chosen))
    waiting = list(session.scalars(mine.order_by(Revision.id)))

    def do(session: Session, revision: Revision, by: Person) -> None:
        pick = chosen[revision.id]
        if revision.successor_id or revision.step_id != pick.step_id:
            raise Overtaken(_overtaken(session, revision))
        deciding.decide(session, revision, pick.decisions, by=by, seen=pick.step_id)

    return _row_by_row(session, waiting, do, by.id, Outcome(), progress)


def _turn_by_turn(
    session: Session,
    waiting: Sequence[int],
    do: Callable[..., None],
    doing: Doing,
    outcome: Outcome,
    progress: Progress | None,
) -> None:
    pace = Pace()
    for ids in pace.turns(waiting):
        took = turn(session, ids, doing, pace)
        outcome.done += len(took.ready)
        outcome.refused += took.refused
        if took.alone:
            _row_by_row(session, took.alone, do, doing.by_id, outcome, None)
        if progress:
            progress(outcome.done + len(outcome.refused), len(waiting))


def _row_by_row(
    session: Session,
    waiting: Sequence[int],
    do: Callable[..., None],
    by_id: int,
    outcome: Outcome,
    progress: Progress | None,
) -> Outcome:
    session.commit()
    for chunk in _chunks(waiting):
        began = now()
        officer = session.get_one(Person, by_id)
        for revision in _rows(session, chunk):
            _try(session, revision, do, officer, outcome)
            if now() - began > LONGEST_TURN:
                _give_way(session)
                began = now()
        session.commit()
        session.expunge_all()
        if progress:
            progress(outcome.done + len(outcome.refused), len(waiting))
    return outcome


def _give_way(session: Session) -> None:
    """Commit, and let whoever waits for the one writer of SQLite have a turn."""
    session.commit()
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(GIVE_WAY)


def _try(session: Session, revision: Revision, do: Callable[..., None], by: Person, outcome: Outcome) -> None:
    try:
        with session.begin_nested():
            do(session, revision, by=by)
    except Refused as refusal:
        outcome.refused.append((revision.id, revision.title, refusal.reasons))
    else:
        outcome.done += 1


def _act(
    session: Session,
    revision: Revision,
    *,
    act: BulkAct,
    by: Person,
    note: str,
    rules: Profile | None,
    seen: int | None,
) -> None:
    if seen is not None and (revision.step_id or 0) > seen:
        raise Overtaken(_overtaken(session, revision))
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


def _overtaken(session: Session, revision: Revision) -> Sentence:
    """Who was first; of a revision that was replaced, who replaced it."""
    replaced = revision.successor_id
    return pipeline.overtaken(session, session.get_one(Revision, replaced) if replaced else revision)


def _meanwhile(
    session: Session, batch_id: int, act: BulkAct, by: Person, seen: int | None
) -> list[tuple[int, str, Sequence[Sentence]]]:
    """Rows that left where the act starts after the page was shown, by somebody else's hand."""
    if seen is None:
        return []
    moved = (
        sa.select(Revision.id, Revision.title, Person.name)
        .join(Step, Step.id == Revision.step_id)
        .join(Person, Person.id == Step.by_id)
        .where(Revision.batch_id == batch_id, Revision.successor_id.is_(None), Revision.step_id > seen)
        .where(Step.by_id != by.id, Revision.state.not_in(FROM[act]))
        .order_by(Revision.id)
    )
    return [
        (row.id, row.title, [say("{name}已经办理，这一行没有再动。", name=row.name)])
        for row in session.execute(moved)
    ]


def _waiting(session: Session, batch_id: int, act: BulkAct, only: Sequence[int] | None) -> Sequence[int]:
    """The rows that stand where an act starts; eight bytes each, however many there are."""
    rows: sa.Select[Any] = sa.select(Revision.id).where(
        Revision.batch_id == batch_id, Revision.state.in_(FROM[act])
    )
    if act == "accept":
        rows = rows.where(Revision.undecided > 0)
    if only is not None:
        rows = rows.where(Revision.id.in_(only))
    if act == "publish":
        rows = _in_public_order(session, rows)
    return array("q", session.scalars(rows.order_by(Revision.id).execution_options(yield_per=10_000)))


def _in_public_order(session: Session, rows: sa.Select[Any]) -> sa.Select[Any]:
    """Numbers are given in an order that released values make: that of the file may tell what is withheld (W2).

    By code and name as they are released; of equals by the hash of the released record. The database sorts.
    """
    sqlite = session.get_bind().dialect.name == "sqlite"
    body: sa.ColumnElement[Any] = (
        sa.type_coerce(Prepared.body, sa.JSON) if sqlite else sa.cast(Prepared.body, sa.JSON)
    )
    shown = [body["fields", name].as_string() for name in ("entity_code", "entity_name")]
    keys = [sa.func.coalesce(each, "").collate("BINARY" if sqlite else "C") for each in shown]
    fixed = rows.outerjoin(Prepared, Prepared.revision_id == Revision.id)
    return fixed.order_by(Prepared.revision_id.is_not(None), *keys, Prepared.record_hash)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))


def _rows(session: Session, ids: Sequence[int]) -> list[Revision]:
    rows = session.scalars(sa.select(Revision).where(Revision.id.in_(ids)))
    return sorted(rows, key=lambda each: ids.index(each.id))
