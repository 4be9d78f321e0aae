"""Staff reading: what waits for whom, and what was done to a publication. Nothing here acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Batch, Publication, Revision, Step
from portal.publications.scope import waits_for_head
from portal.words import Sentence, say

UNDER_WAY = ("draft", "submitted", "approved", "sent_back")
CLOCK_FIELDS = ("inspected_on", "completed_on", "task_ended_on")  # what the terms of D11 may start from
LONGEST_LIST = 500

Dates = Mapping[str, str | None]
DueOn = Callable[[str, Dates], date | None]


@dataclass(frozen=True)
class Queue:
    """One pile on a desk: its name in the address, its label, and what is in it for a person."""

    name: str
    label: Sentence
    act: str  # who may do this act has this pile
    holds: Callable[[Person], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Line:
    """One thing on a desk: a single revision, or all rows of a batch in one state."""

    title: str
    kind: str
    act: str
    state: str
    department_code: str
    since: datetime
    by: str
    count: int
    revision_id: int | None = None
    batch_id: int | None = None
    due: date | None = None
    task_no: str = ""  # tells tasks of one name apart


def _own(person: Person) -> sa.ColumnElement[bool]:
    return Revision.department_code == person.department_code


def _by_me(state: str) -> Callable[[Person], sa.ColumnElement[bool]]:
    return lambda person: sa.and_(Revision.state == state, Revision.author_id == person.id)


def _from_others(*, signed: bool) -> Callable[[Person], sa.ColumnElement[bool]]:
    def holds(person: Person) -> sa.ColumnElement[bool]:
        proposed = waits_for_head() if signed else sa.not_(waits_for_head())
        return sa.and_(_own(person), Revision.state == "submitted", Revision.author_id != person.id, proposed)

    return holds


def is_held() -> sa.ColumnElement[bool]:
    """Rows that intake held back and no head has admitted (D6)."""
    return sa.and_(sa.cast(Revision.held, sa.String) != "[]", Revision.admitted_by_id.is_(None))


def _all_under_way(person: Person) -> sa.ColumnElement[bool]:
    everywhere = roles.may(person, "see_all_departments")
    return sa.and_(Revision.state.in_(UNDER_WAY), sa.true() if everywhere else _own(person))


QUEUES: tuple[Queue, ...] = (
    Queue("returned", say("退回给我"), "draft", _by_me("sent_back")),
    Queue("review", say("待我审核"), "approve", _from_others(signed=False)),
    Queue("sign", say("待我签署"), "sign", _from_others(signed=True)),
    Queue(
        "outside",
        say("清单外待决定"),
        "admit",
        lambda person: sa.and_(_own(person), Revision.state.in_(("draft", "sent_back")), is_held()),
    ),
    Queue(
        "publish",
        say("待公示"),
        "publish",
        lambda person: sa.and_(_own(person), Revision.state == "approved"),
    ),
    Queue("drafts", say("我的草稿"), "draft", _by_me("draft")),
    Queue("all", say("全部在办"), "see_work", _all_under_way),
)


def queues_of(person: Person) -> list[Queue]:
    """The piles on a person's desk."""
    return [queue for queue in QUEUES if roles.may(person, queue.act)]


def lines(session: Session, queue: Queue, person: Person, due_on: DueOn) -> list[Line]:
    """What is in a pile: the overdue first, then by due day, then by what has waited longest.

    :param due_on: the publish-by day of a kind with these dates; None when no term runs.
    """
    where = queue.holds(person)
    found = [*_singles(session, where, due_on), *_batched(session, where, due_on)]
    return sorted(found, key=lambda line: (line.due or date.max, line.since))


def _dates() -> list[sa.ColumnElement[Any]]:
    return [Revision.content[name].as_string().label(name) for name in CLOCK_FIELDS]


def _task_no() -> sa.ColumnElement[Any]:
    said = [Revision.content[name].as_string() for name in ("task_no", "source_number")]
    return sa.func.coalesce(*said, "").label("task_no")


def _due(row: Any, due_on: DueOn) -> date | None:
    if row.act != "publish":
        return None
    return due_on(row.kind, {name: getattr(row, name) for name in CLOCK_FIELDS})


def _singles(session: Session, where: sa.ColumnElement[bool], due_on: DueOn) -> list[Line]:
    query = (
        sa.select(
            Revision.id, Revision.title, Revision.kind, Revision.act, Revision.state,
            Revision.department_code, Step.at, Person.name, *_dates(), _task_no(),
        )
        .join(Step, Step.id == Revision.step_id)
        .join(Person, Person.id == Step.by_id)
        .where(where, Revision.batch_id.is_(None))
        .order_by(Step.at)
        .limit(LONGEST_LIST)
    )  # fmt: skip
    return [
        Line(
            row.title, row.kind, row.act, row.state, row.department_code, row.at, row.name, 1,
            revision_id=row.id, due=_due(row, due_on), task_no=row.task_no,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def _batched(session: Session, where: sa.ColumnElement[bool], due_on: DueOn) -> list[Line]:
    """One line for each batch and state; its due day is that of the row that is due first."""
    counted = (
        sa.select(
            Revision.batch_id, Batch.label, Revision.kind, Revision.act, Revision.state,
            Revision.department_code, sa.func.min(Step.at).label("at"), sa.func.min(Person.name).label("name"),
            sa.func.count().label("count"), *_dates(), Batch.task_no,
        )
        .join(Batch, Batch.id == Revision.batch_id)
        .join(Step, Step.id == Revision.step_id)
        .join(Person, Person.id == Step.by_id)
        .where(where)
        .group_by(
            Revision.batch_id, Batch.label, Batch.task_no, Revision.kind, Revision.act, Revision.state,
            Revision.department_code, *[sa.text(str(9 + at)) for at, _ in enumerate(CLOCK_FIELDS, start=1)],
        )
    )  # fmt: skip
    piles: dict[tuple[int, str], Line] = {}
    for row in session.execute(counted):
        due = _due(row, due_on)
        piles[row.batch_id, row.state] = _added(piles.get((row.batch_id, row.state)), row, due)
    return list(piles.values())


def _added(pile: Line | None, row: Any, due: date | None) -> Line:
    count, since, earliest = row.count, row.at, due
    if pile is not None:
        count, since = count + pile.count, min(since, pile.since)
        earliest = min(due or date.max, pile.due or date.max)
        earliest = None if earliest == date.max else earliest
    return Line(
        row.label, row.kind, row.act, row.state, row.department_code, since, row.name, count,
        batch_id=row.batch_id, due=earliest, task_no=row.task_no,
    )  # fmt: skip


# ── one record ───────────────────────────────────────────────


@dataclass(frozen=True)
class TrailStep:
    """One step of a publication's whole history, whichever of its revisions took it."""

    step: Step
    revision_id: int
    act: str


def trail(session: Session, publication: Publication) -> list[TrailStep]:
    """经过: everything that was done to a publication, in order (T1)."""
    rows = session.execute(
        sa.select(Step, Revision.id, Revision.act)
        .join(Revision, Revision.id == Step.revision_id)
        .where(Revision.publication_id == publication.id)
        .order_by(Step.id)
    )
    return [TrailStep(step, revision_id, act) for step, revision_id, act in rows]
