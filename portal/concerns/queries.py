"""Reading concerns: what waits for whom, what is due next. Nothing here acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.clock import today
from portal.concerns.models import TO_ANSWER, TO_CALL_BACK, Concern, ConcernTerm
from portal.people import roles
from portal.people.models import Person
from portal.words import Sentence, say

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Pile:
    """One pile of concerns: its name in the address, its label, and what is in it for a person."""

    name: str
    label: Sentence
    holds: Callable[[Person], Condition]


@dataclass(frozen=True)
class Line:
    """One line of the queue: a concern with its newest clock."""

    concern: Concern
    term: ConcernTerm


def _held(*states: str) -> Callable[[Person], Condition]:
    return lambda person: sa.and_(Concern.state.in_(states), _theirs(person, Concern.holder_code))


def _collected(*states: str) -> Callable[[Person], Condition]:
    return lambda person: sa.and_(Concern.state.in_(states), _theirs(person, Concern.department_code))


def _theirs(person: Person, column: InstrumentedAttribute[str]) -> Condition:
    return sa.true() if roles.may(person, "see_all_departments") else column == person.department_code


PILES: tuple[Pile, ...] = (
    Pile("all", say("全部在办"), lambda person: sa.and_(Concern.state != "closed", visible_to(person))),
    Pile("take_over", say("待接办"), _held("passed_on")),
    Pile("answer", say("待答复"), _held(*TO_ANSWER)),
    Pile("call_back", say("待回访"), _collected(*TO_CALL_BACK, "unsatisfied")),
    Pile("closed", say("已办结"), lambda person: sa.and_(Concern.state == "closed", visible_to(person))),
)


def visible_to(person: Person) -> Condition:
    """Concerns that a person may read: of departments that collected it or were ever to answer it."""
    if roles.may(person, "see_all_departments"):
        return sa.true()
    theirs = sa.select(ConcernTerm.concern_id).where(ConcernTerm.department_code == person.department_code)
    return sa.or_(Concern.department_code == person.department_code, Concern.id.in_(theirs))


def sees(person: Person, concern: Concern) -> bool:
    """Whether a person may read a concern; see :func:`visible_to`."""
    concerned = {concern.department_code, *(term.department_code for term in concern.terms)}
    return any(roles.sees(person, code) for code in concerned)


def reads_contact(person: Person, concern: Concern) -> bool:
    """Whether a person needs the contact: only those who call back, or answer now."""
    return person.department_code in (concern.department_code, concern.holder_code)


def lines(session: Session, pile: Pile, person: Person, *, page: int, size: int) -> list[Line]:
    """One page of a pile: running clocks first, by the day they are due; then what has waited longest."""
    runs = sa.case((ConcernTerm.ended_on.is_(None), 0), else_=1)
    newest = [Concern.step_id.desc()]
    rows = session.execute(
        sa.select(Concern, ConcernTerm)
        .join(ConcernTerm, ConcernTerm.id == Concern.term_id)
        .where(pile.holds(person))
        .order_by(*newest if pile.name == "closed" else (runs, ConcernTerm.due_on, Concern.id))
        .limit(size)
        .offset((page - 1) * size)
    )
    return [Line(concern, term) for concern, term in rows]


def counts(session: Session, person: Person) -> Mapping[str, int]:
    """How many concerns are in each pile, by its name."""
    return {
        pile.name: session.scalar(sa.select(sa.func.count()).select_from(Concern).where(pile.holds(person)))
        or 0
        for pile in PILES
    }


def overdue(session: Session, person: Person) -> int:
    """How many that a person may read are past their last day and unanswered."""
    late = (
        sa.select(sa.func.count())
        .select_from(Concern)
        .join(ConcernTerm, ConcernTerm.id == Concern.term_id)
        .where(visible_to(person), ConcernTerm.ended_on.is_(None), ConcernTerm.due_on < today())
    )
    return session.scalar(late) or 0
