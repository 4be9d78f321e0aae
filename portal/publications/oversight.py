"""What the office watches over: items a plan leaves out (D7), entities drawn too often (D16), every step (T1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from portal.clock import today
from portal.people import roles
from portal.people.models import Grant, Person
from portal.publications import drawn
from portal.publications.desk import LONGEST_LIST, UNDER_WAY
from portal.publications.models import DrawnObject, ListedItem, Publication, Revision, Step
from portal.publications.scope import REPLACING
from portal.words import Sentence

MOST_ANNOUNCED = 100  # announcements under way on one page


@dataclass(frozen=True)
class Gap:
    """A department's plans of one year against its lists: the items they leave out (D7, G13)."""

    department_code: str
    plans: Sequence[Revision]
    listed: int
    left_out: Sequence[ListedItem]


def coverage(session: Session, person: Person, year: int) -> list[Gap]:
    """Each department that plans in a year or has a list, with the listed items that none of its plans holds.

    A plan covers an item by item code or by name. Where there is no plan yet, all of the list is left out.
    """
    by_department: dict[str, list[Revision]] = {code: [] for code in _with_a_list(session, person, year)}
    for plan in _plans(session, person, year):
        by_department.setdefault(plan.department_code, []).append(plan)
    return [_gap(session, code, plans, year) for code, plans in by_department.items()]


def _gap(session: Session, department_code: str, plans: Sequence[Revision], year: int) -> Gap:
    listed = _listed(session, department_code, year)
    rows = [row for plan in plans for row in plan.content.get("items") or []]
    codes = {row["item_code"] for row in rows if row.get("item_code")}
    names = {row["item"] for row in rows if row.get("item")}
    left = [item for item in listed if item.item_code not in codes and not {item.item, item.sub_item} & names]
    return Gap(department_code, plans, len(listed), left)


def _plans(session: Session, person: Person, year: int) -> list[Revision]:
    """The newest version of each plan of a year: published, or the one still under way."""
    newer = aliased(Revision)
    query = sa.select(Revision).where(
        Revision.kind == "plan",
        Revision.state.in_((*UNDER_WAY, "done")),
        Revision.act.in_(REPLACING),
        Revision.content["plan_year"].as_integer() == year,
        ~sa.exists().where(
            newer.publication_id == Revision.publication_id,
            newer.id > Revision.id,
            newer.state.in_((*UNDER_WAY, "done")),
        ),
    )
    if not roles.may(person, "see_all_departments"):
        query = query.where(Revision.department_code == person.department_code)
    return list(session.scalars(query.order_by(Revision.department_code, Revision.id)))


def _with_a_list(session: Session, person: Person, year: int) -> list[str]:
    """The departments a person reads that have items in force then."""
    query = sa.select(ListedItem.department_code).where(*_in_force(year)).distinct()
    if not roles.may(person, "see_all_departments"):
        query = query.where(ListedItem.department_code == person.department_code)
    return list(session.scalars(query.order_by(ListedItem.department_code)))


def _listed(session: Session, department_code: str, year: int) -> list[ListedItem]:
    """The items in force today, or at the near end of a year that is not this one."""
    query = sa.select(ListedItem).where(ListedItem.department_code == department_code, *_in_force(year))
    return list(session.scalars(query.order_by(ListedItem.id)))


def _in_force(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    on = min(max(today(), date(year, 1, 1)), date(year, 12, 31))
    ends = sa.or_(ListedItem.effective_to.is_(None), ListedItem.effective_to >= on)
    return ListedItem.effective_from <= on, ends


@dataclass(frozen=True)
class DrawnNext:
    """An announcement under way that would draw somebody more often than the limit of the year (D16)."""

    revision: Revision
    reasons: Sequence[Sentence]


def drawn_next(session: Session, person: Person, limit: int) -> list[DrawnNext]:
    """The third draw before it happens: announcements of tasks that are not public yet, with whom they draw again."""
    query = sa.select(Revision).where(
        Revision.kind == "task", Revision.act == "publish", Revision.state.in_(UNDER_WAY)
    )
    if not roles.may(person, "see_all_departments"):
        query = query.where(Revision.department_code == person.department_code)
    found = session.scalars(query.order_by(Revision.id).limit(MOST_ANNOUNCED)).all()
    warned = [DrawnNext(each, drawn.warnings(session, each, limit)) for each in found]
    return [each for each in warned if each.reasons]


@dataclass(frozen=True)
class DrawnOften:
    """An entity drawn several times in a year, and the tasks that drew it."""

    name: str
    code: str
    times: int
    tasks: Sequence[Publication]


def drawn_often(session: Session, year: int, at_least: int = 3) -> list[DrawnOften]:
    """Entities drawn at least so many times in a year by published tasks, most often first (D16)."""
    often = (
        sa.select(
            DrawnObject.entity_code, sa.func.max(DrawnObject.entity_name), sa.func.count().label("times")
        )
        .where(DrawnObject.year == year, DrawnObject.entity_code != "")
        .group_by(DrawnObject.entity_code)
        .having(sa.func.count() >= at_least)
        .order_by(sa.desc("times"), DrawnObject.entity_code)
        .limit(LONGEST_LIST)
    )
    return [
        DrawnOften(name, code, times, _tasks_that_drew(session, code, year))
        for code, name, times in session.execute(often)
    ]


def _tasks_that_drew(session: Session, code: str, year: int) -> list[Publication]:
    query = (
        sa.select(Publication)
        .join(DrawnObject, DrawnObject.publication_id == Publication.id)
        .where(DrawnObject.entity_code == code, DrawnObject.year == year)
        .order_by(Publication.number)
    )
    return list(session.scalars(query))


def audit(session: Session, *, page: int, size: int) -> tuple[list[tuple[Step, Revision]], int]:
    """Every step of every revision, newest first, and how many there are."""
    total = session.scalar(sa.select(sa.func.count()).select_from(Step)) or 0
    query = (
        sa.select(Step, Revision)
        .join(Revision, Revision.id == Step.revision_id)
        .order_by(Step.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    return [(step, revision) for step, revision in session.execute(query)], total


def grants(session: Session, newest: int = 50) -> list[Grant]:
    """The latest roles given or ended, newest first."""
    moved = sa.func.coalesce(Grant.ended_at, Grant.given_at)
    return list(session.scalars(sa.select(Grant).order_by(moved.desc(), Grant.id.desc()).limit(newest)))
