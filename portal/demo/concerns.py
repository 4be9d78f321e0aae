"""The demo's concerns (诉求): what firms voiced in joint inspections, one in each state that a concern rests in.

``concerns.csv`` says on which task, so many working days ago, and what became of it; it was brought back on the
working day after the inspection, and the days of its ``life`` are counted from then. One is overdue, one was
answered late, and an earlier quarter has some too, so that its summary has rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from portal.concerns import handling
from portal.concerns.models import Concern, Told
from portal.demo.days import moment
from portal.demo.firms import Firm
from portal.demo.reading import facts
from portal.demo.tasks import Task
from portal.demo.world import World

HOURS: Mapping[str, tuple[int, int]] = {
    "spot": (17, 15),
    "pass": (9, 40),
    "take": (10, 30),
    "answer": (14, 10),
    "call": (15, 45),
    "reopen": (16, 20),
    "close": (16, 50),
}
NOTED = ("pass", "call", "reopen", "close")  # take the next of the row's notes


class _Voiced:
    """A row of ``concerns.csv`` and the acts of its life."""

    def __init__(self, world: World, row: Mapping[str, str], task: Task) -> None:
        self._world, self._row, self._task = world, row, task
        self._id = 0
        self._notes = iter(row["note"].split("|"))

    def plan(self) -> None:
        days, ago = self._world.days, int(self._row["ago"])
        self._world.timeline.add(moment(days.ago(ago - 1), 17, 5), self._record)
        for name, detail, after in self._acts():
            note = next(self._notes) if name in NOTED else ""
            on = moment(days.ago(ago - 1 - after), *HOURS[name])
            self._world.timeline.add(on, partial(getattr(self, f"_{name}"), detail, note))

    def _acts(self) -> Iterator[tuple[str, str, int]]:
        for each in filter(None, self._row["life"].split("|")):
            what, days = each.split()
            name, _, detail = what.partition(":")
            yield name, detail, int(days)

    @property
    def _concern(self) -> Concern:
        return self._world.session.get_one(Concern, self._id)

    @property
    def _firm(self) -> Firm:
        return self._task.firms[int(self._row["nth"])]

    def _record(self) -> None:
        world, row, ago = self._world, self._row, int(self._row["ago"])
        told = Told(
            entity_name=self._firm.name, entity_code=self._firm.code, asked=row["asked"],
            category=row["category"], contact=row["contact"], task_no=self._task.number,
            inspected_on=world.days.ago(ago), brought_back_on=world.days.ago(ago - 1), taken_by="检查员甲01",
        )  # fmt: skip
        by = world.drafter(row["department"])
        self._id = handling.record(world.session, told, by=by, terms=world.terms).id

    def _spot(self, _: str, __: str) -> None:
        by = self._world.drafter(self._row["department"])
        handling.answer_on_the_spot(self._world.session, self._concern, by=by, answer=self._row["answer"])

    def _pass(self, to: str, note: str) -> None:
        world, by = self._world, self._world.drafter(self._row["department"])
        handling.pass_on(world.session, self._concern, by=by, to=to, note=note, terms=world.terms)

    def _take(self, _: str, __: str) -> None:
        concern = self._concern
        by = self._world.drafter(concern.holder_code)
        handling.take_over(self._world.session, concern, by=by)

    def _answer(self, _: str, __: str) -> None:
        concern = self._concern
        by = self._world.staff.person(concern.holder_code, "reviewer")
        handling.answer(self._world.session, concern, by=by, answer=self._row["answer"])

    def _call(self, satisfied: str, note: str) -> None:
        by = self._world.drafter(self._row["department"])
        handling.call_back(self._world.session, self._concern, by=by, satisfied=satisfied == "yes", note=note)

    def _reopen(self, _: str, note: str) -> None:
        world, by = self._world, self._world.drafter(self._row["department"])
        handling.reopen(world.session, self._concern, by=by, note=note, terms=world.terms)

    def _close(self, _: str, note: str) -> None:
        by = self._world.drafter(self._row["department"])
        handling.close(self._world.session, self._concern, by=by, note=note)


def plan_concerns(world: World, tasks: Sequence[Task]) -> None:
    """Every concern from its recording to where it stands today."""
    by_key = {task.key: task for task in tasks}
    for row in facts("concerns"):
        _Voiced(world, row, by_key[row["task"]]).plan()
