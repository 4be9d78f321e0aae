"""What waits on the desks of the demo's staff today."""

from collections.abc import Sequence
from dataclasses import replace

from portal.demo import opinions, prior_notices
from portal.demo.afterwards import Published
from portal.demo.days import moment
from portal.demo.entering import act, enter_batch
from portal.demo.results import FOUND, Sheet
from portal.demo.tasks import Task, announcement
from portal.demo.world import Content, World, identity, propose, unchanged
from portal.publications import pipeline, requirements
from portal.publications.proposing import Proposal

APPROVED, SUBMITTED, SENT_BACK = 12, 18, 2  # rows of the batch; the rest are drafts
UNLISTED = "对无人机餐饮配送经营情况的检查"


def leave_a_batch(world: World, task: Task, sheets: Sequence[Sheet]) -> None:
    """A batch whose rows stand in every state, with one that D6 holds."""
    department = task.facts["department"]

    def enter() -> None:
        drafts = enter_batch(world, task, department, sheets)
        ids = [draft.id for draft in drafts]
        _enter_unlisted(world, sheets[-1])
        submitted = ids[: APPROVED + SUBMITTED]
        act(world, task, department, "submit", only=submitted)

    def agree() -> None:
        ids = [world.newest(sheet.key).id for sheet in sheets]
        act(world, task, department, "approve", only=ids[:APPROVED], rules=world.profile)
        back = ids[APPROVED : APPROVED + SENT_BACK]
        note = "处理情况没有写明改正期限，请补充后重新提交。"
        act(world, task, department, "send_back", only=back, note=note)

    world.timeline.add(moment(world.days.ago(2), 10, 50), enter)
    world.timeline.add(moment(world.days.ago(1), 15, 20), agree)
    prior_notices.plan_telling(world, department)
    opinions.plan_declarations(world, department)


def _enter_unlisted(world: World, sheet: Sheet) -> None:
    """D6: its item was on no list in force on the day; it stays a draft until the head decides."""
    item = sheet.raw["items"][0] | {"item": UNLISTED, "item_code": "", "seq": "1"}
    raw = sheet.raw | {"items": [item], "source_number": f"{sheet.raw['source_number']}W"}
    content = world.read("result", raw)
    held = requirements.why_held(world.session, content)
    proposal = Proposal(content, identity("held"), held=held, source="演示数据")
    pipeline.draft_many(world.session, "result", [proposal], by=world.drafter(sheet.department))


def leave_proposals(world: World, published: Published, tasks: Sequence[Task]) -> None:
    """A correction and a withdrawal that wait for the head, an adjustment and a task for the reviewer."""
    sheet, _ = published.take("t28", FOUND)
    propose(world, sheet.key, sheet.department, "correct", world.days.ago(1), _amended,
            "发现的问题表述不准确，经核对现场检查记录表补正。")  # fmt: skip
    other, _ = published.take("t27")
    propose(world, other.key, other.department, "withdraw", world.days.ago(0), unchanged,
            "同一次检查重复录入，保留另一条公示记录。")  # fmt: skip
    propose(world, "list/nyj", "nyj", "adjust", world.days.ago(1), _with_note, "")
    _propose_task(world, tasks)


def _amended(content: Content) -> Content:
    row = content["items"][0] | {"problem": "药品阴凉柜内2个品种距有效期不足6个月，未按规定设置近效期标识。"}
    return content | {"items": [row, *content["items"][1:]]}


def _with_note(content: Content) -> Content:
    items = [
        row | {"sampling_ratio": "20%"} if row["item_code"] == "NY05" else row for row in content["items"]
    ]
    return content | {"items": items, "adjustment_note": "“对兽药的监督检查”抽查比例由30%调整为20%。"}


def _propose_task(world: World, tasks: Sequence[Task]) -> None:
    """An announcement that would draw somebody a third time this year (D16): the reviewer is told."""
    like = next(task for task in tasks if task.key == "t30")
    on = world.days.ago(0)
    twice = world.town.drawn_twice("retail", on.year)[:2]
    firms = (*twice, *(firm for firm in like.firms if firm not in twice))[:20]
    task = replace(
        like,
        facts={**like.facts, "key": "waiting", "pool": "652", "sample": str(len(firms))},
        number=f"339900{on:%Y%m%d}35",
        title=f"示例市{on.year}年电动自行车销售单位抽查",
        starts=on,
        ends=world.days.after(on, 15),
        firms=tuple(firms),
    )

    def write() -> None:
        by = world.drafter("scjg")
        raw = announcement(task) | {"ends_on": task.ends.isoformat()}
        draft = pipeline.draft(world.session, "task", world.read("task", raw), by=by)
        pipeline.submit(world.session, draft, by=by)

    world.timeline.add(moment(on, 11, 25), write)
