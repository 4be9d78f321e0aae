"""Where a task or a plan does not add up, in sentences (D7, D8, D11, D15). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.statistics.planning import PlanItem, PlanProgress, outside
from portal.statistics.reconciling import Part, TaskProgress
from portal.words import Label, Sentence, say

Offices = Mapping[str, Label]
MOST_NAMED = 30  # items that one gap lists


@dataclass(frozen=True)
class Gap:
    """One thing that does not fit.

    :param name: for machines.
    :param rows: what it is about, one by one: items as they were printed, numbers.
    """

    name: str
    sentence: Sentence
    rows: Sequence[str] = ()


# ── a task ───────────────────────────────────────────────────


def of_task(progress: TaskProgress, offices: Offices, planned: frozenset[str] | None) -> list[Gap]:
    """Everything that does not fit in one task.

    :param planned: the names of all items in the plan that the announcement names; None where it is not public.
    """
    parts = (gap for part in progress.parts for gap in _of_part(part, progress, offices))
    return [*_of_announcement(progress), *parts, *_beside_its_plan(progress, planned)]


def _of_announcement(progress: TaskProgress) -> Iterator[Gap]:
    task = progress.task
    if not task.source_number:
        yield Gap("no_number", say("公告没有任务编号，检查结果对不上这次任务。"))
    if task.drawn is None:
        yield Gap("no_sample", say("公告没有写明抽取了多少户，数字无法核对。"))
    elif task.listed is not None and task.listed != task.drawn:
        yield Gap(
            "list_differs",
            say("公告写明抽取{drawn}户，公示的名单上是{listed}户。", drawn=task.drawn, listed=task.listed),
        )
    if task.repeated:
        yield Gap("repeated", say("抽取名单上有{n}户是重复的。", n=task.repeated))
    if progress.due is None:
        yield Gap("no_end", say("公告没有写明任务的结束日期，算不出结果最迟哪一天公示。"))


def _of_part(part: Part, progress: TaskProgress, offices: Offices) -> Iterator[Gap]:
    who = offices.get(part.office) or _together(progress, offices)
    if part.office not in progress.task.parts:
        yield Gap(
            "not_implementing",
            say("{office}公示了{n}户的结果，公告却没有把它列为实施部门。", office=who, n=part.disclosed),
        )
    elif part.surplus:
        yield Gap(
            "surplus",
            say(
                "{office}公示了{n}户的结果，比抽取的多{more}户。",
                office=who,
                n=part.disclosed,
                more=part.surplus,
            ),
        )
    if part.beside:
        yield Gap(
            "not_on_list",
            say("{office}公示了{n}户的结果，检查对象不在抽取名单上。", office=who, n=part.beside),
        )
    if part.past:
        yield _past(part, who)


def _past(part: Part, who: Sentence) -> Gap:
    if not part.disclosed and not part.expired:
        return Gap("no_results", say("公示期限已过，{office}还没有公示一户的结果。", office=who))
    if part.overdue_at_least == part.past:
        return Gap("overdue", say("{office}有{n}户的结果逾期未公示。", office=who, n=part.past))
    return Gap("past", say("公示期限已过，{office}有{n}户没有可以查看的结果。", office=who, n=part.past))


def _together(progress: TaskProgress, offices: Offices) -> Sentence:
    """Who answers where the objects were shared out."""
    task = progress.task
    if len(task.offices) == 1:
        return offices.get(task.offices[0]) or say("实施部门")
    return say("各实施部门一共")


def _beside_its_plan(progress: TaskProgress, planned: frozenset[str] | None) -> Iterator[Gap]:
    task = progress.task
    if task.ad_hoc:
        if task.plan_no:
            yield Gap("ad_hoc_with_plan", say("公告标明是计划外的临时任务，却又写了所属的计划。"))
    elif not task.plan_named:
        yield Gap("no_plan", say("公告没有写属于哪份计划，也没有标明是临时任务。"))
    elif not task.plan_no:
        yield Gap("no_plan_number", say("公告写了所属的计划，没有可以核对的计划编号。"))
    elif planned is None:
        yield Gap("unknown_plan", say("公告所写的计划没有公示，或者已经撤下。"), (task.plan_no,))
    elif astray := outside(task, planned):
        yield Gap("not_planned", say("这次任务查的{n}个事项，所属的计划里没有。", n=len(astray)), astray)


# ── a plan ───────────────────────────────────────────────────


def of_plan(plan: PlanProgress, source_number: str) -> list[Gap]:
    """Everything that does not fit in one plan."""
    return [*_of_items(plan, source_number), *_of_its_tasks(plan), *_of_lists(plan)]


def _of_items(plan: PlanProgress, source_number: str) -> Iterator[Gap]:
    if not source_number:
        yield Gap("no_number", say("计划没有编号，任务公告对不上这份计划。"))
    if (untouched := plan.untouched) and plan.over:
        sentence = say("计划的期间已过，有{n}个事项没有开展过任务。", n=len(untouched))
        yield Gap("untouched", sentence, _labels(untouched))
    elif untouched:
        yield Gap("not_yet", say("有{n}个事项还没有开展任务。", n=len(untouched)), _labels(untouched))
    if (short := plan.short) and plan.over:
        yield Gap("short", say("有{n}个事项抽取的数量少于计划数量。", n=len(short)), _labels(short))


def _of_its_tasks(plan: PlanProgress) -> Iterator[Gap]:
    if plan.astray:
        rows = [f"{number} {item}" for number, item in plan.astray[:MOST_NAMED]]
        yield Gap("not_planned", say("任务查的{n}个事项不在计划里。", n=len(plan.astray)), rows)
    if past := plan.total("past"):
        numbers = [each.task.number for each in plan.tasks if each.total("past")]
        yield Gap("past", say("公示期限已过，按计划抽到的有{n}户没有可以查看的结果。", n=past), numbers)


def _of_lists(plan: PlanProgress) -> Iterator[Gap]:
    for each in plan.left_out:
        sentence = say(
            "事项清单{number}上有{n}个事项，该部门{year}年公示的计划都没有列入。",
            number=each.number,
            n=len(each.items),
            year=plan.year,
        )
        yield Gap("left_out", sentence, each.items[:MOST_NAMED])


def _labels(items: Sequence[PlanItem]) -> list[str]:
    return [each.label for each in items[:MOST_NAMED]]
