"""Staff reading of notices before disclosure: which pile each lies in, and what is in a pile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.people import roles
from portal.people.models import Person
from portal.publications.models import Batch, Publication, Revision
from portal.publications.prior import PriorAnswer, PriorNotice
from portal.words import Sentence, say

UNDER_WAY = ("draft", "submitted", "approved", "sent_back")


@dataclass(frozen=True)
class Pile:
    """One pile of notices: its name in the address, its label, what lies in it on a day."""

    name: str
    label: Sentence
    holds: Callable[[date], sa.ColumnElement[bool]]


@dataclass(frozen=True)
class Line:
    """One notice in a list, with the revision under way."""

    notice: PriorNotice
    revision: Revision


def _undecided() -> sa.ColumnElement[bool]:
    mine = sa.and_(
        PriorAnswer.notice_id == PriorNotice.id, PriorAnswer.says != "none", PriorAnswer.decided_at.is_(None)
    )
    return sa.exists().where(mine)


def _cleared() -> sa.ColumnElement[bool]:
    """Whose last word was that there is nothing to say."""
    newest = sa.select(PriorAnswer.says).where(PriorAnswer.notice_id == PriorNotice.id)
    last = newest.order_by(PriorAnswer.id.desc()).limit(1).correlate(PriorNotice).scalar_subquery()
    return sa.func.coalesce(last, "") == "none"


def _over(on: date) -> sa.ColumnElement[bool]:
    return sa.or_(PriorNotice.due < on, _cleared())


PILES: tuple[Pile, ...] = (
    Pile("untold", say("待告知"), lambda on: PriorNotice.told_at.is_(None)),
    Pile(
        "waiting",
        say("等待答复"),
        lambda on: sa.and_(PriorNotice.told_at.is_not(None), ~_undecided(), ~_over(on)),
    ),
    Pile("answered", say("有意见，待决定"), lambda on: _undecided()),
    Pile(
        "over",
        say("可以公示"),
        lambda on: sa.and_(PriorNotice.told_at.is_not(None), ~_undecided(), _over(on)),
    ),
)


def _of(person: Person) -> sa.Select[PriorNotice, Revision]:
    """The notices whose record is not public yet and still under way, of the departments a person reads."""
    query: sa.Select[PriorNotice, Revision] = (
        sa.select(PriorNotice, Revision)
        .join(Publication, Publication.id == PriorNotice.publication_id)
        .join(Revision, Revision.publication_id == Publication.id)
        .where(
            Publication.number.is_(None), Revision.state.in_(UNDER_WAY), Revision.withheld_ground.is_(None)
        )
    )
    if not roles.may(person, "see_all_departments"):
        query = query.where(PriorNotice.department_code == person.department_code)
    return query


def counts(session: Session, person: Person, *, batch_id: int | None = None) -> dict[str, int]:
    """How many lie in each pile; one statement."""
    on = clock.today()
    columns = [sa.func.count(sa.case((pile.holds(on), 1))) for pile in PILES]
    query = _of(person).with_only_columns(*columns)
    if batch_id is not None:
        query = query.where(Revision.batch_id == batch_id)
    row = session.execute(query).one()
    return {pile.name: count for pile, count in zip(PILES, row, strict=True)}


def lines(session: Session, person: Person, pile: Pile, *, page: int, size: int) -> Sequence[Line]:
    """One page of a pile: what must be public first, first."""
    last = Revision.content["publish_by"].as_string()
    query = _of(person).where(pile.holds(clock.today())).order_by(last, PriorNotice.id)
    rows = session.execute(query.limit(size).offset((page - 1) * size))
    return [Line(notice, revision) for notice, revision in rows]


def untold_batches(session: Session, person: Person) -> list[tuple[Batch, int]]:
    """The batches of one's own department whose public text is fixed and whose entities were not told yet."""
    counted = (
        _of(person)
        .with_only_columns(Revision.batch_id, sa.func.count().label("count"))
        .where(PriorNotice.told_at.is_(None), Revision.state == "approved")
        .where(PriorNotice.department_code == person.department_code)
        .group_by(Revision.batch_id)
        .subquery()
    )
    query = sa.select(Batch, counted.c.count).join(counted, counted.c.batch_id == Batch.id)
    return [(batch, count) for batch, count in session.execute(query.order_by(Batch.id.desc()))]


def newest_revision(session: Session, notice: PriorNotice) -> Revision:
    """The last revision of the publication, whatever became of it."""
    query = sa.select(Revision).where(Revision.publication_id == notice.publication_id)
    return session.scalars(query.order_by(Revision.id.desc()).limit(1)).one()
