"""Results on their way through the pipeline in batches: entered, submitted, agreed to, published."""

from collections.abc import Sequence

import sqlalchemy as sa

from portal import clock
from portal.codes.profiles import Profile
from portal.demo.days import moment
from portal.demo.reading import BASES
from portal.demo.results import Sheet
from portal.demo.tasks import Task
from portal.demo.world import World, identity
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.bulk import BulkAct, act_on_batch
from portal.publications.models import Batch, Revision
from portal.publications.proposing import Proposal

# whole records that are withheld with a ground (W1): the n-th sheet of a task
WITHHELD_WHOLE = {("t07", 9): "state_secret", ("t10", 21): "trade_secret"}

# sheets that nobody ever entered: what was drawn and what is public do not meet (D11)
NEVER_ENTERED = {("t14", 4), ("t14", 15)}


def publish_sheets(world: World, task: Task, sheets: Sequence[Sheet]) -> None:
    """Plan the batches of a task, one per department, from entry to publication."""
    agreed = world.days.after(task.entered, 1)
    published = world.days.after(agreed, 1)
    for department in task.departments:
        own = [sheet for sheet in sheets if sheet.department == department]

        def enter(department: str = department, own: Sequence[Sheet] = own) -> None:
            enter_batch(world, task, department, own)
            act(world, task, department, "submit")

        def agree(department: str = department) -> None:
            act(world, task, department, "approve")

        def publish(department: str = department) -> None:
            act(world, task, department, "publish")

        world.timeline.add(moment(task.entered, 10, 15), enter)
        world.timeline.add(moment(agreed, 15, 30), agree)
        world.timeline.add(moment(published, 9, 40), publish)


def enter_batch(world: World, task: Task, department: str, sheets: Sequence[Sheet]) -> list[Revision]:
    """Draft a department's sheets of a task as one batch."""
    by = world.drafter(department)
    batch = Batch(
        kind="result",
        label=f"{task.title}检查结果",
        department_code=department,
        task_no=task.number,
        created_by_id=by.id,
        created_at=clock.now(),
    )
    world.session.add(batch)
    proposals = [_proposal(world, sheet, by) for sheet in sheets]
    drafts = pipeline.draft_many(world.session, "result", proposals, by=by, batch=batch)
    for (key, nth), ground in WITHHELD_WHOLE.items():
        if key == task.key:
            pipeline.revise(
                world.session, drafts[nth], by=by, withheld_ground=ground, withheld_basis=BASES[ground]
            )
    return drafts


def act(
    world: World,
    task: Task,
    department: str,
    what: BulkAct,
    *,
    only: Sequence[int] | None = None,
    note: str = "",
    rules: Profile | None = None,
) -> None:
    """A batch act by the one whose part it is; every row of the demo is in order."""
    wanted = sa.select(Batch).where(Batch.task_no == task.number, Batch.department_code == department)
    batch = world.session.scalars(wanted).one()
    by = world.staff.person(department, "drafter" if what == "submit" else "reviewer")
    outcome = act_on_batch(world.session, batch, what, by=by, only=only, note=note, rules=rules)
    if outcome.refused:
        raise ValueError(f"the demo's own row was refused: {outcome.refused[0]}")


def _proposal(world: World, sheet: Sheet, by: Person) -> Proposal:
    signed = [{**mark, "by": by.id, "at": clock.stamp(clock.now())} for mark in sheet.marks]
    return Proposal(world.read("result", sheet.raw), identity(sheet.key), source="演示数据", marks=signed)
