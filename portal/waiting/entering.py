"""What waits to be entered: results of inspections that are over (D11). Who inspects, enters (G28.4)."""

from collections.abc import Sequence

from portal.waiting.disclosure import TaskCount, ended_tasks
from portal.waiting.source import Asked, Item, Pile, Source, pile
from portal.words import say


def _tasks(asked: Asked) -> Sequence[TaskCount]:
    """Read once for each desk that is laid."""
    if "ended" not in asked.kept:
        asked.kept["ended"] = ended_tasks(asked.session, asked.person, asked.terms)
    found: Sequence[TaskCount] = asked.kept["ended"]
    return found


def _item(task: TaskCount, days: int) -> Item:
    return Item(
        "disclosure", f"{task.department_code}/{task.task_no}", task.title, task.task_no, task.department_code,
        None, task.due, days if task.due else 0, count=task.missing,
    )  # fmt: skip


def _mine(asked: Asked) -> Pile:
    days = asked.terms.profile.publish_days
    own = [task for task in _tasks(asked) if task.department_code == asked.person.department_code]
    return pile([_item(each, days) for each in own], asked.on)


def _due(asked: Asked) -> Sequence[Item]:
    days = asked.terms.profile.publish_days
    return [_item(each, days) for each in _tasks(asked) if each.due is not None and each.due <= asked.on]


SOURCES: tuple[Source, ...] = (
    Source(
        "enter",
        say("检查结果待录入"),
        say("检查期限已经过去，抽中的还没有结果；请录入或者从文件导入。"),
        ("import",),
        _mine,
        _due,
    ),
)
