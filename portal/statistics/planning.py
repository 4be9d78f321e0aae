"""A year's plan beside the tasks that carried it out (D7, D8). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.statistics.announced import Announced, Planned, link, names_in, names_of, planned_number
from portal.statistics.reconciling import TaskProgress

Row = Mapping[str, Any]


@dataclass(frozen=True)
class PlanItem:
    """One row of a plan with the tasks that took it up.

    :param planned: the printed number as far as it can be read.
    """

    row: Row
    planned: Planned | None
    tasks: Sequence[TaskProgress]

    @property
    def label(self) -> str:
        return link(self.row.get("plan_item_name")) or link(self.row.get("item"))

    @property
    def drawn(self) -> int:
        """Objects that its tasks drew."""
        return sum(each.task.drawn or 0 for each in self.tasks)

    def total(self, name: str) -> int:
        return sum(each.total(name) for each in self.tasks)

    @property
    def fell_short(self) -> bool:
        """Whether fewer were drawn than the least that was planned."""
        return bool(
            self.tasks
            and self.planned
            and self.planned.low is not None
            and not self.planned.about
            and self.drawn < self.planned.low
        )


@dataclass(frozen=True)
class ListGap:
    """Items in force on a list that no plan of the department holds (D7, G13)."""

    number: str
    title: str
    items: Sequence[str]


@dataclass(frozen=True)
class PlanProgress:
    """One plan: its items, its tasks, and what does not fit.

    :param over: whether the time of the plan is over.
    :param ad_hoc: the department's tasks of that year outside any plan (D8).
    :param astray: items that its tasks inspect and the plan does not hold: (task's number, item).
    """

    number: str
    year: int
    items: Sequence[PlanItem]
    tasks: Sequence[TaskProgress]
    ad_hoc: Sequence[TaskProgress]
    left_out: Sequence[ListGap]
    over: bool

    @property
    def untouched(self) -> list[PlanItem]:
        """Items that no task has taken up."""
        return [each for each in self.items if not each.tasks]

    @property
    def short(self) -> list[PlanItem]:
        return [each for each in self.items if each.fell_short]

    @property
    def astray(self) -> list[tuple[str, str]]:
        names = names_in(item.row for item in self.items)
        return [(each.task.number, label) for each in self.tasks for label in outside(each.task, names)]

    @property
    def drawn(self) -> int:
        """Objects drawn, each task once however many items it inspects."""
        return sum(each.task.drawn or 0 for each in self.tasks)

    def total(self, name: str) -> int:
        """The sum of one count over the tasks, each task once."""
        return sum(each.total(name) for each in self.tasks)


def outside(task: Announced, planned: frozenset[str]) -> list[str]:
    """Items that a task inspects and a plan does not hold, by any of their names."""
    items = zip(task.items, task.labels, strict=True)
    return [label for item, label in items if item and not item & planned]


def plan_items(rows: Iterable[Row], tasks: Sequence[TaskProgress]) -> list[PlanItem]:
    """Each row of a plan with the tasks that inspect its item."""
    return [
        PlanItem(
            row,
            planned_number(row.get("estimated_count")),
            [each for each in tasks if any(names_of(row) & item for item in each.task.items)],
        )
        for row in rows
    ]


def left_out(number: str, fields: Mapping[str, Any], planned: frozenset[str], on: date) -> ListGap | None:
    """What a list in force on a day holds and no plan does; None where nothing is left out.

    :param planned: the names of all items in the department's plans of the year.
    """
    starts, ends = (link(fields.get(name)) for name in ("effective_from", "effective_to"))
    rows = fields.get("items")
    if not isinstance(rows, list) or (starts and starts > on.isoformat()) or (ends and ends < on.isoformat()):
        return None
    missing = dict.fromkeys(
        link(row.get("item"))
        for row in rows
        if row.get("in_force") is not False and names_of(row) and not names_of(row) & planned
    )
    items = [item for item in missing if item]
    return ListGap(number, str(fields.get("title") or ""), items) if items else None
