"""The office's clocks as events (T2): disclosed, decided, delivered, answered; in time, late, or overdue today.

In time or late is read from the terms themselves: the day of the act that ends a term against its last day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile
from portal.concerns.models import ConcernTerm
from portal.deadlines.calendar import Calendar
from portal.deadlines.terms import Disclosure, disclosure
from portal.deadlines.working_days import between
from portal.objections.models import Objection, ObjectionTerm
from portal.publications.facing import read
from portal.publications.models import Face, Release

CLOCKS = {"recheck": "decided", "feedback": "delivered"}  # the term, and what ends it
ON_TIME, LATE, RUNNING, OVERDUE = "on_time", "late", "running", "overdue"


@dataclass(frozen=True)
class Event:
    """One thing that happened to a clock, or how it stands.

    :param name: disclosed, objection_received, decided, delivered, ended, answered.
    :param on: the day it happened; None for what runs today.
    :param days: working days that it took.
    """

    name: str
    detail: str
    department_code: str
    on: date | None
    days: int | None = None


@dataclass(frozen=True)
class Fate:
    """One objection by the day it was received; the outcome is empty while it is open."""

    department_code: str
    received_on: date
    outcome: str


def events(session: Session, profile: Profile, calendar: Calendar) -> Iterator[Event]:
    """Every event of every clock; nothing of what was filed or asked for is in them."""
    for face, kept in disclosures(session, profile, calendar):
        yield disclosed(face, kept)
    yield from running_and_ended(session, calendar)


def running_and_ended(session: Session, calendar: Calendar) -> Iterator[Event]:
    """The events of objections and of requests."""
    yield from _objections(session, calendar)
    yield from _concerns(session)


def disclosed(face: Face, kept: Disclosure) -> Event:
    """The disclosure of a result as an event."""
    detail = ON_TIME if kept.in_time else LATE
    return Event("disclosed", detail, face.department_code, kept.on, kept.nth if kept.days else None)


def disclosures(
    session: Session,
    profile: Profile,
    calendar: Calendar,
    *,
    department: str | None = None,
    during: tuple[date, date] | None = None,
) -> Iterator[tuple[Face, Disclosure]]:
    """Each live result with how it kept the term of D11; those that name no last day are left out.

    :param during: leaves out what was surely not disclosed from the first to the second day.
    """
    query = sa.select(Face, Release.body).join(Release, Release.id == Face.release_id)
    query = query.where(Face.live, Face.kind == "result").execution_options(yield_per=500)
    if department is not None:
        query = query.where(Face.department_code == department)
    if during is not None and profile.stops_the_clock == "site":  # else the platform's own day counts (D18)
        query = query.where(Face.published_on.between(*during))
    for face, body in session.execute(query):
        kept = disclosure(read(body)["fields"], face.published_on, profile, calendar) if body else None
        if kept is not None:
            yield face, kept


def clock_rows(session: Session) -> Iterator[tuple[Objection, ObjectionTerm]]:
    """The re-check and the feedback term of each objection as they count now."""
    query = (
        sa.select(Objection, ObjectionTerm)
        .join(ObjectionTerm, ObjectionTerm.objection_id == Objection.id)
        .where(ObjectionTerm.name.in_(CLOCKS), ObjectionTerm.replaced_at.is_(None))
        .order_by(Objection.id, ObjectionTerm.id)
    )
    for row in session.execute(query):
        yield row[0], row[1]


def fates(session: Session) -> Iterator[Fate]:
    """Every objection and what became of it."""
    for objection, term in clock_rows(session):
        if term.name == "recheck":
            ended = term.met_on or term.void_on
            yield Fate(objection.department_code, objection.received_on, objection.outcome if ended else "")


def standing(due: date, met_on: date | None) -> str:
    """How a term stands: met in time or late, running, or overdue today."""
    if met_on is not None:
        return ON_TIME if met_on <= due else LATE
    return RUNNING if clock.today() <= due else OVERDUE


def middle(days: Sequence[int]) -> float | None:
    """The median; None of nothing."""
    return median(days) if days else None


def _objections(session: Session, calendar: Calendar) -> Iterator[Event]:
    for objection, term in clock_rows(session):
        place = objection.department_code
        if term.name == "recheck":
            yield Event("objection_received", "", place, objection.received_on)
            if ended := term.met_on or term.void_on:
                yield Event("ended", objection.outcome, place, ended)
        if term.void_on is None:
            start = objection.received_on if term.name == "recheck" else term.starts_on
            days = between(start, term.met_on, calendar) if term.met_on else None
            yield Event(CLOCKS[term.name], standing(term.due, term.met_on), place, term.met_on, days)


def _concerns(session: Session) -> Iterator[Event]:
    """Requests (诉求): one that was passed on goes on with the next department's clock."""
    for term in session.scalars(sa.select(ConcernTerm).where(ConcernTerm.due_on.is_not(None))):
        if term.due_on is not None and term.outcome != "passed_on":
            yield Event("answered", standing(term.due_on, term.ended_on), term.department_code, term.ended_on)
