"""The terms of one objection: set, counted again, met or void. Each row says its basis and how it was counted."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Term
from portal.deadlines.terms import due_by, due_of
from portal.deadlines.working_days import Due, WorkingCalendar
from portal.objections.models import Objection, ObjectionTerm
from portal.publications.dating import Terms


def set_term(
    session: Session,
    objection: Objection,
    name: str,
    dates: Mapping[str, date],
    terms: Terms,
    *,
    cause: str = "set",
    entry_index: int | None = None,
) -> ObjectionTerm:
    """Start a term of the profile, or start it again; the counting it replaces stays on record.

    :param dates: what the term may start from, such as ``{"received_on": …}``.
    :raises LookupError: when the profile has no such term: then there is nothing to promise by.
    """
    due = due_by(name, dates, terms.profile, terms.calendar)
    if due is None:
        raise LookupError(f"the profile {terms.profile.name!r} has no term {name!r} to count from {dates}")
    rule = terms.profile.terms[name]
    start = next(dates[each] for each in rule.starts if dates.get(each))
    row = ObjectionTerm(
        objection_id=objection.id, name=name, starts_on=start, days=rule.days, unit=rule.unit, due=due.due,
        provisional=due.provisional, basis=rule.basis, basis_kind=rule.kind, cause=cause,
        counted_at=clock.now(), entry_index=entry_index,
    )  # fmt: skip
    _replace(objection, name)
    objection.terms.append(row)
    session.flush()
    return row


def count_again(
    session: Session, objection: Objection, term: ObjectionTerm, calendar: WorkingCalendar
) -> ObjectionTerm | None:
    """The same term by a newer calendar; None when its day and its certainty stay as they were."""
    due = counted(term, calendar)
    if (due.due, due.provisional) == (term.due, term.provisional):
        term.counted_at = clock.now()
        return None
    row = ObjectionTerm(
        objection_id=term.objection_id, name=term.name, starts_on=term.starts_on, days=term.days,
        unit=term.unit, due=due.due, provisional=due.provisional, basis=term.basis,
        basis_kind=term.basis_kind, cause="calendar", counted_at=clock.now(),
    )  # fmt: skip
    _replace(objection, term.name)
    objection.terms.append(row)
    session.flush()
    return row


def first_due(received_on: date, terms: Terms) -> Due:
    """The last day of the re-check of what is received on a day (O3).

    :raises LookupError: when the profile has no re-check.
    """
    due = due_by("recheck", {"received_on": received_on}, terms.profile, terms.calendar)
    if due is None:
        raise LookupError(f"the profile {terms.profile.name!r} has no term 'recheck'")
    return due


def counted(term: ObjectionTerm, calendar: WorkingCalendar) -> Due:
    """How a term is counted, day by day."""
    return due_after(term.starts_on, term.days, term.unit, calendar)


def due_after(start: date, days: int, unit: str, calendar: WorkingCalendar) -> Due:
    """The last day of so many days, working or calendar ones, after day zero."""
    return due_of(
        Term(days, "calendar" if unit == "calendar" else "working", (), "", "promise"), start, calendar
    )


def meet(objection: Objection, name: str, on: date, act: str) -> None:
    """The act that ends a term happened on a day."""
    term = objection.term(name)
    if term is not None and term.runs:
        term.met_on, term.met_by = on, act


def void(objection: Objection, on: date) -> None:
    """The case ended without the acts that its terms wait for."""
    for term in objection.terms:
        if term.runs:
            term.void_on = on


def _replace(objection: Objection, name: str) -> None:
    standing = objection.term(name)
    if standing is not None and standing.runs:
        standing.replaced_at = clock.now()
