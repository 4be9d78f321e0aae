"""Charts of what was planned, drawn and disclosed (D7–D11): every plan of a year beside its tasks; announcements by month.

Asked in a fixed number of questions, however many plans there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.publications.dating import Terms
from portal.publications.models import Face
from portal.statistics.charting import Cell, Chart, Column, Row, Series, summed
from portal.statistics.counting import Asked, month_label, month_of
from portal.statistics.planning import PlanItem, plan_items
from portal.statistics.progress import bodies, of_tasks
from portal.statistics.reconciling import TaskProgress
from portal.words import Label, say

MOST_PLANS = 200  # plans of one year that a page compares


@dataclass(frozen=True)
class Compared:
    """One live plan beside its tasks.

    :param low: objects that its items plan at least and, ``high``, at most, as far as numbers are printed; None
        where no item prints one.
    """

    number: str
    source_number: str
    title: str
    department: str
    items: Sequence[PlanItem]
    tasks: Sequence[TaskProgress]

    @property
    def touched(self) -> int:
        """Items that a task took up."""
        return sum(1 for each in self.items if each.tasks)

    @property
    def drawn(self) -> int:
        """Objects drawn, each task once."""
        return sum(each.task.drawn or 0 for each in self.tasks)

    @property
    def disclosed(self) -> int:
        return sum(each.total("disclosed") for each in self.tasks)

    @property
    def planned(self) -> tuple[int, int] | None:
        """Objects planned at least and at most, of the items that print a number; None where none does."""
        printed = [each.planned for each in self.items if each.planned]
        ends = [(each.low, each.high) for each in printed]
        if not ends:
            return None
        return (
            sum(low if low is not None else high or 0 for low, high in ends),
            sum(high if high is not None else low or 0 for low, high in ends),
        )


def compared(session: Session, asked: Asked, terms: Terms) -> list[Compared]:
    """The live plans for a year, each with its tasks, in order of number."""
    query = sa.select(Face).where(Face.live, Face.kind == "plan").order_by(Face.department_code, Face.number)
    if asked.department:
        query = query.where(Face.department_code == asked.department)
    plans = [each for each in bodies(session, session.scalars(query).all()) if each[1].get("plan_year") == asked.year][:MOST_PLANS]  # fmt: skip
    tasks = _tasks(session, {face.source_number for face, _fields in plans} - {""}, terms)
    return [
        Compared(
            face.number,
            face.source_number,
            face.title,
            face.department_code,
            plan_items(fields.get("items") or [], tasks[face.source_number]),
            tasks[face.source_number],
        )
        for face, fields in plans
    ]


def _tasks(session: Session, numbers: Iterable[str], terms: Terms) -> Mapping[str, list[TaskProgress]]:
    query = sa.select(Face).where(Face.live, Face.kind == "task", Face.plan_no.in_(sorted(numbers)))
    found: dict[str, list[TaskProgress]] = defaultdict(list)
    for each in of_tasks(session, session.scalars(query.order_by(Face.number)).all(), terms):
        found[each.task.plan_no].append(each)
    return found


COLUMNS = (
    Column("items", say("计划事项")),
    Column("items_taken_up", say("已开展")),
    Column("tasks", say("公告任务（次）")),
    Column("planned", say("计划抽查（户）")),
    Column("drawn", say("已抽取（户）")),
    Column("disclosed", say("已公示结果（份）")),
)


def by_plan(plans: Sequence[Compared], asked: Asked, names: Mapping[str, Label]) -> Chart:
    """Planned, drawn and disclosed, plan by plan."""
    rows = tuple(_row(plan, names) for plan in plans)
    series = (
        Series(say("计划抽查"), "d", ("planned",)), Series(say("已抽取"), "a", ("drawn",)),
        Series(say("已公示结果"), "c", ("disclosed",)),
    )  # fmt: skip
    return Chart(
        "plans", "sets", say("{year}年度计划：计划、抽取与公示", year=asked.year),
        say("计划抽查按计划写明的户数相加，只写比例的事项没有数，写一个范围的图上画最少的；联合抽查各部门各出一份结果。"), say("计划"),
        COLUMNS, rows, series, total=summed(rows, COLUMNS),
        unlinked=say("事项和户数不是记录，没有清单；点开计划，看每个事项由哪些任务开展、数字怎样相加。"),
    )  # fmt: skip


def _row(plan: Compared, names: Mapping[str, Label]) -> Row:
    low, high = plan.planned or (None, None)
    tasks = {"kind": "task", "plan": plan.source_number} if plan.source_number else None
    return Row(
        plan.number,
        Label(plan.title, ""),
        (
            Cell(len(plan.items)),
            Cell(plan.touched),
            Cell(len(plan.tasks), tasks),
            Cell(low, upto=high if high != low else None),
            Cell(plan.drawn),
            Cell(plan.disclosed),
        ),
        str(names.get(plan.department, plan.department)),
        is_plan=True,
    )


def announced_by_month(found: Sequence[tuple[int, bool, int]], asked: Asked, last: int) -> Chart:
    """Announcements by month: under a plan, and outside any (D8)."""
    counts: Counter[tuple[int, bool]] = Counter()
    for month, ad_hoc, count in found:
        counts[month, ad_hoc] += count
    where = {**asked.where, "kind": "task"}
    columns = (
        Column("tasks", say("公告（次）")),
        Column("planned", say("计划内")),
        Column("ad_hoc", say("临时任务")),
    )
    rows = tuple(
        Row(
            f"{asked.year}-{month:02}",
            month_label(month),
            (
                Cell(
                    counts[month, False] + counts[month, True],
                    {name: value for name, value in {**where, **month_of(asked.year, month)}.items() if name != "year"},
                ),
                Cell(counts[month, False]),
                Cell(counts[month, True]),
            ),
            str(month),
        )
        for month in range(1, last + 1)
    )  # fmt: skip
    series = (Series(say("计划内"), "a", ("planned",)), Series(say("临时任务（计划外）"), "d", ("ad_hoc",)))
    return Chart(
        "draws-by-month", "columns", say("{year}年各月公告的抽查任务", year=asked.year),
        say("现在公示中的抽查任务公告，按首次公示的月份计，单位：次。"), say("月份"),
        columns, rows, series, total=summed(rows, columns, [where]),
        unlinked=say("计划内和临时任务没有分开的清单，抽查任务对账里逐次标明。"),
    )  # fmt: skip
