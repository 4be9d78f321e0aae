"""What happened after publication: second entries, corrections, withdrawals, holds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal import clock
from portal.deadlines.terms import publish_by
from portal.demo.days import moment
from portal.demo.entering import WITHHELD_WHOLE
from portal.demo.reading import facts
from portal.demo.results import FOUND, NOTHING, Sheet
from portal.demo.tasks import Task
from portal.demo.world import Content, World, change, disclose, unchanged
from portal.publications import duty
from portal.publications.kinds.result import RESULT

RECTIFIED = ("t01", "t05", "t10", "t15", "t17", "t20", "t24", "t26")
HELD_AND_RESTORED = "t15"
HELD_NOW = "t30"


class Published:
    """The sheets that were published, each taken at most once for what happened to it later."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sheets: dict[str, tuple[Task, list[Sheet]]] = {}

    def add(self, task: Task, sheets: Sequence[Sheet]) -> None:
        withheld = {nth for key, nth in WITHHELD_WHOLE if key == task.key}
        free = [sheet for at, sheet in enumerate(sheets) if at not in withheld and not sheet.marks]
        self._sheets[task.key] = (task, free)

    def has(self, key: str, having: str) -> bool:
        """Whether a sheet of a task with an outcome is left."""
        return any(each.outcome == having for each in self._sheets[key][1])

    def take(self, key: str, having: str = NOTHING) -> tuple[Sheet, date]:
        """A sheet of a task with an outcome, and the day it was published."""
        task, sheets = self._sheets[key]
        sheet = next(each for each in sheets if each.outcome == having)
        sheets.remove(sheet)
        return sheet, self._world.days.after(task.entered, 2)


def rectify(world: World, published: Published) -> None:
    """D14: a problem put right is entered a second time; both entries stay."""
    for key in RECTIFIED:
        sheet, on = published.take(key, FOUND)
        again = world.days.after(on, 22)
        disclose(world, f"second/{sheet.key}", "result", sheet.department,
                 lambda sheet=sheet, again=again: second_entry(world, sheet, again), world.days.after(again, 3))  # type: ignore[misc]  # fmt: skip


def second_entry(world: World, sheet: Sheet, on: date) -> dict[str, Any]:
    """The second entry's words, for a look again on a day."""
    due = publish_by({"inspected_on": on}, world.profile, world.days.calendar)
    put_right = {"outcomes": NOTHING, "problem": "", "disposition": "经复核，首次检查发现的问题已改正。"}
    return sheet.raw | {
        "inspected_on": on.isoformat(),
        "completed_on": on.isoformat(),
        "task_ended_on": "",
        "publish_by": due.due.isoformat() if due else "",
        "source_number": f"{sheet.raw['source_number']}F",
        "items": [row | put_right if row["outcomes"] == FOUND else row for row in sheet.raw["items"]],
        "follow_up": "无需后续处置",
        "follow_up_closed": "",
        "follow_up_closed_on": "",
        "rectifies": world.publication(sheet.key).number,
    }


def correct(world: World, published: Published) -> None:
    """O2: corrected with a public reason, signed by the head."""
    for row in facts("changes"):
        sheet, on = published.take(row["task"], row["having"])
        edits = [each.split("=", 1) for each in row["changes"].split("|")]

        def edit(content: Content, edits: list[list[str]] = edits) -> Content:
            for path, words in edits:
                content = changed(world, content, path, words)
            return content

        later = world.days.after(on, world.rng.randrange(15, 32))
        change(world, sheet.key, sheet.department, "correct", later, edit, row["reason"])


def changed(world: World, content: Content, path: str, words: str) -> Content:
    """The content with another value at a path; ``items/*/…`` means every row, no words an empty field."""
    table, _, rest = path.partition("/")
    if not rest:
        return content | {path: _value(world, content, path, words)}
    which, _, column = rest.partition("/")
    rows = [
        row | {column: _value(world, content, column, words)} if which in ("*", str(at)) else row
        for at, row in enumerate(content[table])
    ]
    return content | {table: rows}


def _value(world: World, content: Content, name: str, words: str) -> Any:
    """What the words of ``changes.csv`` mean: ``-1`` is the working day before, 当日 the day of the act."""
    field = RESULT.by_name.get(name) or next(
        each for each in RESULT.by_name["items"].rows if each.name == name
    )
    if not words:
        return None
    if words == "-1":
        return world.days.before(date.fromisoformat(content[name])).isoformat()
    if words == "当日":
        return clock.today().isoformat()
    match field.type:
        case "codes":
            return [world.book.value(field.table, words)]
        case "code":
            return world.book.value(field.table, words)
        case "yes_no":
            return words == "是"
        case "number":
            return int(words)
    return words


def withdraw(world: World, published: Published) -> None:
    """撤下公示, with a public reason, signed by the head."""
    for row in facts("withdrawals"):
        sheet, on = published.take(row["task"], row["having"])
        later = world.days.after(on, 12)
        change(world, sheet.key, sheet.department, "withdraw", later, unchanged, row["reason"])


def hold(world: World, published: Published) -> None:
    """暂停公示: one that was confirmed and ended, one of last night that waits for the head."""
    sheet, on = published.take(HELD_AND_RESTORED)
    night = world.days.after(on, 6)
    _hold(world, sheet, night, "来电反映公示内容可能涉及个人信息，先行暂停，待核实。")
    world.timeline.add(moment(world.days.after(night, 1), 9, 5), lambda: _confirm(world, sheet))
    change(world, sheet.key, sheet.department, "restore", world.days.after(night, 5), unchanged,
           "经核实，公示内容不涉及不应公开的信息，恢复公示。")  # fmt: skip
    recent, _ = published.take(HELD_NOW)
    _hold(world, recent, world.days.ago(0), "检查对象来电称处理情况中写有供货价格，先行暂停，待核实。")


def _hold(world: World, sheet: Sheet, on: date, reason: str) -> None:
    def act() -> None:
        by = world.staff.person(sheet.department, "duty")
        duty.hold(world.session, world.publication(sheet.key), by=by, reason=reason)

    world.timeline.add(moment(on, 19, 45), act)


def _confirm(world: World, sheet: Sheet) -> None:
    held = duty.unconfirmed(world.session, sheet.department)[0]
    duty.confirm_hold(world.session, held, by=world.staff.person(sheet.department, "head"))
