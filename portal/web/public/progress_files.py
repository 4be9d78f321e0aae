"""公示对账 as JSON: the numbers of the pages, in the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, json

from portal import clock
from portal.statistics.gaps import Gap
from portal.statistics.planning import PlanItem, PlanProgress
from portal.statistics.progress import Loose
from portal.statistics.reconciling import Part, TaskProgress
from portal.web.rendering import said

SUMS = ("disclosed", "inspected", "not_reached", "closed", "moved", "expired", "within", "undated", "past",
        "surplus")  # fmt: skip


def answer(body: Mapping[str, Any]) -> Response:
    """A body as JSON, in the order it is written."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=False) + "\n"
    return Response(text, content_type="application/json")


def of_task(task: TaskProgress, gaps: Sequence[Gap], as_of: datetime | None) -> dict[str, Any]:
    """One task: for each part ``drawn + surplus = disclosed + expired + within + undated + past``."""
    return {
        **_line(task),
        "due_provisional": task.provisional,
        "parts": [_part(part, task.task.offices) for part in task.parts],
        "follow_up": {"problems": task.follow_up.problems, **asdict(task.follow_up)},
        "gaps": _gaps(gaps),
        **_dated(as_of),
    }


def of_plan(plan: PlanProgress, gaps: Sequence[Gap], as_of: datetime | None) -> dict[str, Any]:
    """One plan. A task that inspects several items stands under each; the sums count it once."""
    return {
        "number": plan.number,
        "year": plan.year,
        "drawn": plan.drawn,
        **{name: plan.total(name) for name in SUMS},
        "items": [_item(each) for each in plan.items],
        "tasks": [_line(each) for each in plan.tasks],
        "ad_hoc": [_line(each) for each in plan.ad_hoc],
        "gaps": _gaps(gaps),
        **_dated(as_of),
    }


def of_year(
    year: int, tasks: Sequence[TaskProgress], loose: Sequence[Loose], as_of: datetime | None
) -> dict[str, Any]:
    """All tasks announced in a year, and results whose task has no announcement."""
    return {
        "year": year,
        "tasks": [_line(each) for each in tasks],
        "without_announcement": [asdict(each) for each in loose],
        **_dated(as_of),
    }


def _line(task: TaskProgress) -> dict[str, Any]:
    return {
        "number": task.task.number,
        "source_number": task.task.source_number,
        "title": task.task.title,
        "department": task.task.department,
        "ad_hoc": task.task.ad_hoc,
        "plan_no": task.task.plan_no,
        "drawn": task.task.drawn,
        "owed": task.total("drawn") if task.task.drawn is not None else None,
        **{name: task.total(name) for name in SUMS},
        "not_on_list": task.total("beside"),
        "due": task.due.isoformat() if task.due else None,
    }


def _part(part: Part, offices: Sequence[str]) -> dict[str, Any]:
    return {
        "departments": [part.office] if part.office else list(offices),
        "owed": part.drawn,
        **{name: getattr(part, name) for name in SUMS},
        "withheld_or_taken_down": part.apart,
        "overdue_at_least": part.overdue_at_least,
        "overdue_at_most": part.overdue_at_most,
        "not_on_list": part.beside,
    }


def _item(item: PlanItem) -> dict[str, Any]:
    planned = item.planned
    return {
        "item_code": item.row.get("item_code"),
        "item": item.row.get("item"),
        "plan_item_name": item.row.get("plan_item_name"),
        "ratio": item.row.get("ratio"),
        "estimated_count": item.row.get("estimated_count"),
        "planned": asdict(planned) if planned else None,
        "tasks": [each.task.number for each in item.tasks],
        "drawn": item.drawn,
        "disclosed": item.total("disclosed"),
    }


def _gaps(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    return [{"name": each.name, "text": said(each.sentence), "rows": list(each.rows)} for each in gaps]


def _dated(as_of: datetime | None) -> dict[str, Any]:
    return {
        "today": clock.today().isoformat(),
        "figures_as_of": clock.stamp(as_of) if as_of else None,
    }
