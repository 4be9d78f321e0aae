"""The quarter's concerns for the joint-conference office (O7): per department, per category, row by row.

What is counted is each clock (one department on one concern): so many came in, each of them ended in one way or
runs. ``collected + received + reopened == on_the_spot + in_time + late + passed_on + waiting``, always.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import today
from portal.concerns.models import CAME, CATEGORIES, Concern, ConcernTerm
from portal.concerns.quarters import Quarter
from portal.people import roles
from portal.people.models import Person


@dataclass
class Counts:
    """One line of the summary. ``overdue`` is part of ``waiting``; ``satisfied`` and ``unsatisfied`` are those of
    concerns whose last answer this line gave, by the newest call back."""

    collected: int = 0
    received: int = 0
    reopened: int = 0
    on_the_spot: int = 0
    in_time: int = 0
    late: int = 0
    passed_on: int = 0
    waiting: int = 0
    overdue: int = 0
    satisfied: int = 0
    unsatisfied: int = 0

    def add(self, concern: Concern, term: ConcernTerm) -> None:
        """Count one clock."""
        self._count(_CAME[term.came])
        self._count(how_it_ended(term))
        if term.ended_on is None and term.is_late(today()):
            self._count("overdue")
        if term.id == concern.term_id and concern.satisfied is not None and term.ended_on is not None:
            self._count("satisfied" if concern.satisfied else "unsatisfied")

    def _count(self, name: str) -> None:
        setattr(self, name, getattr(self, name) + 1)

    @property
    def came(self) -> int:
        return self.collected + self.received + self.reopened

    @property
    def ended_or_waiting(self) -> int:
        return self.on_the_spot + self.in_time + self.late + self.passed_on + self.waiting


_CAME = dict(zip(CAME, ("collected", "received", "reopened"), strict=True))


@dataclass
class Summary:
    """One quarter's counts, with the concerns of earlier quarters that are still open."""

    quarter: Quarter
    total: Counts = field(default_factory=Counts)
    departments: dict[str, Counts] = field(default_factory=dict)
    categories: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in CATEGORIES})
    carried_over: int = 0

    def add(self, concern: Concern, term: ConcernTerm) -> None:
        """Count one clock on each line it belongs to."""
        for line in (
            self.total,
            self.departments.setdefault(term.department_code, Counts()),
            self.categories.setdefault(concern.category, Counts()),
        ):
            line.add(concern, term)


def how_it_ended(term: ConcernTerm) -> str:
    """The column of :class:`Counts` that a clock belongs to by its end."""
    if term.ended_on is None:
        return "waiting"
    if term.outcome == "answered_on_the_spot":
        return "on_the_spot"
    if term.outcome == "passed_on":
        return "passed_on"
    return "late" if term.is_late(today()) else "in_time"


def rows(session: Session, quarter: Quarter, person: Person) -> Iterator[tuple[Concern, ConcernTerm]]:
    """Each clock on what was voiced in a quarter, of the departments that a person may see; streamed."""
    wanted = (
        sa.select(Concern, ConcernTerm)
        .join(ConcernTerm, ConcernTerm.concern_id == Concern.id)
        .where(Concern.inspected_on.between(quarter.first, quarter.last), _theirs(person))
        .order_by(Concern.inspected_on, Concern.id, ConcernTerm.id)
        .execution_options(yield_per=500)
    )
    return iter(session.execute(wanted))


def summarise(session: Session, quarter: Quarter, person: Person) -> Summary:
    """What was voiced in a quarter and what became of it up to now: every department's for the coordinator, one's
    own for the others."""
    made = Summary(quarter)
    for concern, term in rows(session, quarter, person):
        made.add(concern, term)
    made.carried_over = session.scalar(_carried_over(quarter, person)) or 0
    return made


def _carried_over(quarter: Quarter, person: Person) -> sa.Select[int]:
    """Voiced before the quarter and unanswered now."""
    return (
        sa.select(sa.func.count())
        .select_from(Concern)
        .join(ConcernTerm, ConcernTerm.id == Concern.term_id)
        .where(Concern.inspected_on < quarter.first, ConcernTerm.ended_on.is_(None), _theirs(person))
    )


def _theirs(person: Person) -> sa.ColumnElement[bool]:
    if roles.may(person, "see_all_departments"):
        return sa.true()
    return ConcernTerm.department_code == person.department_code
