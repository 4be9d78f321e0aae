"""通报: per department, what its clocks and its plan say of a period; counted live from the office's own rows (T2).

Nothing of it is stored where the public reads. The coordinator sees every department, a head the own one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.concerns.models import Concern, ConcernTerm
from portal.concerns.quarters import Quarter
from portal.people import roles
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.publications.desk import UNDER_WAY
from portal.publications.facing import read
from portal.publications.models import Face, Publication, Release, Revision
from portal.statistics import clocks
from portal.statistics.clocks import LATE, ON_TIME, OVERDUE, RUNNING, Event
from portal.words import Sentence, say

MOST_LATE = 300  # rows listed one by one; the counts are whole
FIRST_YEAR = 2015


@dataclass(frozen=True)
class Column:
    """One figure of a line; ``now`` where it says how things stand today, whatever the period."""

    name: str
    detail: str
    label: Sentence
    now: bool = False


@dataclass(frozen=True)
class Group:
    """Columns that make one table."""

    label: Sentence
    columns: tuple[Column, ...]


GROUPS = (
    Group(
        say("计划与公示"),
        (
            Column("planned", "", say("计划事项")),
            Column("carried_out", "", say("已开展")),
            Column("disclosed", ON_TIME, say("按时公示")),
            Column("disclosed", LATE, say("逾期公示")),
            Column("disclosed", OVERDUE, say("逾期未公示"), now=True),
        ),
    ),
    Group(
        say("异议复查与反馈"),
        (
            Column("objection_received", "", say("收到")),
            Column("decided", ON_TIME, say("按时复查")),
            Column("decided", LATE, say("逾期复查")),
            Column("median", "decided", say("复查用时（中位数）")),
            Column("delivered", ON_TIME, say("按时送达")),
            Column("delivered", LATE, say("逾期送达")),
            Column("median", "delivered", say("送达用时（中位数）")),
            Column("decided", RUNNING, say("在办"), now=True),
            Column("decided", OVERDUE, say("逾期未复查"), now=True),
            Column("delivered", OVERDUE, say("逾期未送达"), now=True),
        ),
    ),
    Group(
        say("异议的结果"),
        (
            Column("ended", "corrected", say("更正")),
            Column("ended", "partly_corrected", say("部分更正")),
            Column("ended", "maintained", say("原结果无误")),
            Column("ended", "withdrawn", say("撤回")),
            Column("ended", "not_accepted", say("不予受理")),
            Column("ended", "passed_on", say("转送")),
        ),
    ),
    Group(
        say("诉求答复"),
        (
            Column("answered", ON_TIME, say("按时答复")),
            Column("answered", LATE, say("逾期答复")),
            Column("answered", RUNNING, say("待答复"), now=True),
            Column("answered", OVERDUE, say("逾期未答复"), now=True),
        ),
    ),
)


@dataclass(frozen=True)
class Period:
    """A year or a quarter, ``2026`` or ``2026Q3``."""

    name: str
    first: date
    last: date
    label: Sentence

    @classmethod
    def read(cls, text: str) -> "Period | None":
        """The period that an address names; None for whatever else was typed."""
        if quarter := Quarter.read(text):
            return cls(str(quarter), quarter.first, quarter.last, quarter.label)
        if len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) < 2100:
            year = int(text)
            return cls(text, date(year, 1, 1), date(year, 12, 31), say("{year}年", year=year))
        return None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    @classmethod
    def now(cls) -> "Period":
        """The present year."""
        found = cls.read(str(clock.today().year))
        assert found is not None
        return found


@dataclass
class Line:
    """One department's figures."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def value(self, column: Column) -> float | None:
        """What stands in a column: a count, or a median of working days that may be None."""
        if column.name == "median":
            return clocks.middle(self.days.get(column.detail, []))
        return self.counts[column.name, column.detail]


@dataclass(frozen=True)
class Late:
    """One row that was late, or is.

    :param what: disclosed, decided, delivered, answered.
    :param name: a number or receipt, where it has one; ``on`` is None while it is still open.
    """

    what: str
    department_code: str
    name: str
    title: str
    due: date
    on: date | None
    id: int = 0  # of the objection, the concern, or the draft that is not disclosed


@dataclass
class Circular:
    """Every line of one period, and the late rows one by one."""

    period: Period
    lines: dict[str, Line]
    total: Line
    late: list[Late]


def circular(session: Session, period: Period, person: Person, terms: Terms) -> Circular:
    """The figures of a period for the departments that a person answers for.

    Events are counted in the period they happened in; what runs is counted as it stands today.
    """
    only = None if roles.may(person, "see_all_departments") else person.department_code
    made = Circular(period, {code: Line() for code in _offices(session, only)}, Line(), [])
    for face, kept in clocks.disclosures(
        session, terms.profile, terms.calendar, department=only, during=(period.first, period.last)
    ):
        _enter(made, clocks.disclosed(face, kept))
        if not kept.in_time and period.holds(kept.on):
            made.late.append(Late("disclosed", face.department_code, face.number, face.title, kept.due, kept.on))  # fmt: skip
    for event in clocks.running_and_ended(session, terms.calendar):
        if only in (None, event.department_code):
            _enter(made, event)
    for name, code, count in _plans(session, period.first.year):
        if only in (None, code):
            _add(made, code, name, "", count)
    for each in _not_disclosed(session, only):
        _add(made, each.department_code, "disclosed", OVERDUE)
        made.late.append(each)
    made.late += [*_late_objections(session, period, only), *_late_concerns(session, period, only)]
    made.late.sort(key=lambda each: (each.on is not None, each.due, each.name))
    del made.late[MOST_LATE:]
    return made


def _enter(made: Circular, event: Event) -> None:
    """Count an event that happened in the period, or stands today."""
    if event.on is None or made.period.holds(event.on):
        _add(made, event.department_code, event.name, event.detail)
        if event.days is not None:
            for line in (made.lines[event.department_code], made.total):
                line.days[event.name].append(event.days)


def _add(made: Circular, code: str, name: str, detail: str, count: int = 1) -> None:
    for line in (made.lines.setdefault(code, Line()), made.total):
        line.counts[name, detail] += count


def _offices(session: Session, only: str | None) -> Sequence[str]:
    """Who has ever entered anything: an office that disclosed nothing has its line too."""
    query = sa.select(Publication.department_code).distinct().order_by(Publication.department_code)
    return [only] if only is not None else session.scalars(query).all()


def _plans(session: Session, year: int) -> Iterator[tuple[str, str, int]]:
    """Planned items of the live plans of a year, and those of them that a public task took up (T2)."""
    bodies = sa.select(Face, Release.body).join(Release, Release.id == Face.release_id).where(Face.live)
    done: dict[str, set[str]] = defaultdict(set)
    for face, body in session.execute(bodies.where(Face.kind == "task", Face.plan_no != "")):
        done[face.plan_no] |= _items(body)
    for face, body in session.execute(bodies.where(Face.kind == "plan")):
        fields = read(body or "{}").get("fields", {})
        if fields.get("plan_year") != year:
            continue
        rows = fields.get("items") or []
        yield "planned", face.department_code, len(rows)
        taken = done[face.plan_no] if face.plan_no else set()
        yield "carried_out", face.department_code, sum(1 for row in rows if taken & _names(row))


def _items(body: str | None) -> set[str]:
    return {name for row in read(body or "{}").get("fields", {}).get("items") or [] for name in _names(row)}


def _names(row: dict[str, str]) -> set[str]:
    """What an item can be told by: a plan may print its code where the task prints its name."""
    return {each for each in (row.get("item_code"), row.get("item")) if each}


def _not_disclosed(session: Session, only: str | None) -> Iterator[Late]:
    """Results that are past their last day and still with the office."""
    due = Revision.content["publish_by"].as_string()
    query = sa.select(Revision).where(
        Revision.kind == "result",
        Revision.act == "publish",
        Revision.state.in_(UNDER_WAY),
        due < clock.today().isoformat(),
    )
    if only is not None:
        query = query.where(Revision.department_code == only)
    for each in session.scalars(query.order_by(Revision.id)):
        last = date.fromisoformat(each.content["publish_by"])
        yield Late("disclosed", each.department_code, "", each.title, last, None, each.id)


def _late_objections(session: Session, period: Period, only: str | None) -> Iterator[Late]:
    """Late in the period, or overdue today. The row names the receipt and the result, never the objector."""
    for case, term in clocks.clock_rows(session):
        how = clocks.standing(term.due, term.met_on)
        if term.void_on is not None or how not in (LATE, OVERDUE) or only not in (None, case.department_code):
            continue
        if term.met_on is None or period.holds(term.met_on):
            yield Late(
                clocks.CLOCKS[term.name], case.department_code, case.receipt, case.result_number, term.due,
                term.met_on, case.id,
            )  # fmt: skip


def _late_concerns(session: Session, period: Period, only: str | None) -> Iterator[Late]:
    query = sa.select(Concern, ConcernTerm).join(ConcernTerm, ConcernTerm.concern_id == Concern.id)
    for concern, term in session.execute(query.where(ConcernTerm.due_on.is_not(None))):
        due, on = term.due_on, term.ended_on
        if due is None or term.outcome == "passed_on" or clocks.standing(due, on) not in (LATE, OVERDUE):
            continue
        if only in (None, term.department_code) and (on is None or period.holds(on)):
            yield Late("answered", term.department_code, "", concern.entity_name, due, on, concern.id)
