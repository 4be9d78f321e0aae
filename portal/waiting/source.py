"""One kind of thing that waits for somebody: who it waits for, what they have to do, by when. Reading only.

Every source answers two questions with one statement each: what waits for this person, and, for those who look
after a department or all of them, what has reached its last day in whoever's hands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.people import roles
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.words import Sentence

MOST_MINE = 50  # of each source, the nearest; how many more there are is counted
MOST_DUE = 500  # that have reached their last day, of each source
MOST_COUNTED = 200  # whose last day is counted here and not by the database

Condition = sa.ColumnElement[bool]
CountDue = Callable[[Any, Terms], date | None]


@dataclass(frozen=True)
class Asked:
    """For whom the desk is laid, on which day, by which rules."""

    session: Session
    person: Person
    terms: Terms
    on: date
    at: datetime
    kept: dict[str, Any] = field(default_factory=dict, compare=False)  # what several sources read once

    @property
    def oversees(self) -> bool:
        """Whether what others have in hand concerns this person: a head, the joint-conference office."""
        return roles.may(self.person, "see_circular")

    @property
    def sees_all(self) -> bool:
        return roles.may(self.person, "see_all_departments")


@dataclass(frozen=True)
class Item:
    """One thing that waits.

    :param page: which page of the staff's room it is done on, and ``key`` what that page takes.
    :param days: length of its term in working days; 0 where none is drawn.
    :param provisional: as it was counted; None: by the calendar of today.
    :param holder: names of who has it; empty: whoever holds the role.
    :param count: rows of a batch that stand together.
    """

    page: str
    key: str
    title: str
    note: str
    department_code: str
    since: datetime | None
    due: date | None = None
    days: int = 0
    provisional: bool | None = None
    holder: str = ""
    count: int = 1


@dataclass(frozen=True)
class Pile:
    """What waits of one source: how much, how much of it is late, what is due first."""

    count: int = 0
    late: int = 0
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Source:
    """One kind of waiting.

    :param label: as a heading of the desk.
    :param todo: what has to be done, as a sentence.
    :param acts: those of :data:`portal.people.roles.ACTS` that others wait for here; who may do the first has it.
    :param mine: what waits for the person who asks.
    :param due: what has reached its last day in the departments that the person looks after.
    """

    name: str
    label: Sentence
    todo: Sentence
    acts: tuple[str, ...]
    mine: Callable[[Asked], Pile]
    due: Callable[[Asked], Sequence[Item]]

    def is_for(self, person: Person) -> bool:
        return roles.may(person, self.acts[0])

    @property
    def holders(self) -> Sentence:
        """The roles that have it, where nobody is named."""
        return roles.labels(roles.ACTS[self.acts[0]].roles)


def pile(items: Sequence[Item], on: date, *, count: int | None = None, most: int = MOST_MINE) -> Pile:
    """The nearest of some items.

    :param count: how many there are, when not all of them were read.
    """
    ordered = sorted(items, key=lambda each: (each.due or date.max, str(each.since or "")))
    late = sum(each.count for each in items if each.due is not None and each.due < on)
    total = sum(each.count for each in items) if count is None else count
    return Pile(total, late, ordered[:most])


# ── sources that the database answers ────────────────────────


def here(department: Any, asked: Asked) -> Condition:
    """That a column names the department of the person who asks."""
    mine: Condition = department == asked.person.department_code
    return mine


def nobody(asked: Asked) -> Sequence[Item]:
    """Of a source that has no last day nothing has reached it."""
    return ()


def nothing(kind: type[sa.types.TypeEngine[Any]]) -> sa.ColumnElement[Any]:
    """An empty column, of a type that PostgreSQL can compare."""
    return sa.cast(sa.null(), kind)


def rows(
    key: Any,
    title: Any,
    department: Any,
    since: Any,
    *,
    note: Any = "",
    due: Any = None,
    days: Any = 0,
    provisional: Any = None,
    holder: Any = "",
) -> sa.Select[Any]:
    """The columns that every source gives; conditions and joins are added by whoever asks."""
    return sa.select(
        sa.cast(key, sa.String).label("key"),
        sa.cast(title, sa.String).label("title"),
        sa.cast(note, sa.String).label("note"),
        sa.cast(department, sa.String).label("department_code"),
        (nothing(sa.DateTime) if since is None else since).label("since"),
        (nothing(sa.Date) if due is None else due).label("due"),
        (sa.literal(days) if isinstance(days, int) else days).label("days"),
        (nothing(sa.Boolean) if provisional is None else provisional).label("provisional"),
        sa.cast(holder, sa.String).label("holder"),
    )


Where = Callable[[Asked], Condition]


@dataclass(frozen=True)
class Question:
    """What the database is asked of one source.

    :param waits: conditions that hold for whatever waits, whoever has it.
    :param department: the column of the department that answers for it.
    :param mine: a further condition for what waits for one person; that it is their department's where none is given.
    :param count_due: works the last day out, where no column holds it.
    """

    page: str
    rows: Callable[[], sa.Select[Any]]
    waits: Where
    department: Any
    mine: Where | None = None
    count_due: CountDue | None = None
    days: str = ""  # name of the profile's term, for the clock
    dated: bool = True  # whether it has a last day at all

    def of_mine(self, asked: Asked) -> Pile:
        """What waits for the person."""
        theirs = self.mine(asked) if self.mine else here(self.department, asked)
        return self._read(asked, self.rows().where(self.waits(asked), theirs), MOST_MINE)

    def of_all_due(self, asked: Asked) -> Sequence[Item]:
        """What has reached its last day in the departments that the person looks after."""
        if not self.dated:
            return ()
        query = self.rows().where(self.waits(asked))
        if not asked.sees_all:
            query = query.where(here(self.department, asked))
        if self.count_due is None:
            found = query.subquery()
            query = sa.select(found).where(found.c.due <= asked.on)
        items = self._read(asked, query, MOST_DUE).items
        return [each for each in items if each.due is not None and each.due <= asked.on]

    def _read(self, asked: Asked, query: sa.Select[Any], most: int) -> Pile:
        found = query.subquery()
        late = sa.func.count(sa.case((found.c.due < asked.on, 1))).over()
        ordered = (
            sa.select(found, sa.func.count().over().label("total"), late.label("late"))
            .order_by(found.c.due.is_(None), found.c.due, found.c.since, found.c.key)
            .limit(MOST_COUNTED if self.count_due else most)
        )
        read = asked.session.execute(ordered).all()
        items = [self._item(row, asked.terms) for row in read]
        total = read[0].total if read else 0
        if self.count_due:
            return pile(items, asked.on, count=total, most=most)
        return Pile(total, read[0].late if read else 0, items)

    def _item(self, row: Any, terms: Terms) -> Item:
        due = self.count_due(row, terms) if self.count_due else row.due
        days = row.days or (terms.profile.terms[self.days].days if self.days in terms.profile.terms else 0)
        return Item(
            self.page, row.key, row.title, row.note, row.department_code, row.since, due, days,
            row.provisional, row.holder or "",
        )  # fmt: skip


def source(name: str, label: Sentence, todo: Sentence, acts: str, question: Question) -> Source:
    """A source that the database answers.

    :param acts: their names, the one first whose roles have it.
    """
    return Source(name, label, todo, tuple(acts.split()), question.of_mine, question.of_all_due)
