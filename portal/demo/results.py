"""The demo's results: one sheet per drawn object and department (D15), outcomes in realistic shares."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.deadlines.terms import publish_by
from portal.demo.firms import Firm
from portal.demo.reading import facts, marks_in, without_marks
from portal.demo.tasks import Task
from portal.demo.world import World

NOTHING = "未发现问题"
FOUND = "发现问题已责令改正"
WHOLE = {  # these end the sheet: the object was not inspected item by item
    "通过登记的住所（经营场所）无法联系",
    "不配合检查情节严重",
    "未发现开展本次抽查涉及的经营活动",
    "注销",
    "已关闭停业或正在组织清算",
}
_FALSE, _UNTOLD = "公示信息隐瞒真实情况弄虚作假", "未按规定公示应当公示的信息"
_ABSENT, _REFUSED, _NO_BUSINESS, _GONE, _CLOSED = (
    "通过登记的住所（经营场所）无法联系",
    "不配合检查情节严重",
    "未发现开展本次抽查涉及的经营活动",
    "注销",
    "已关闭停业或正在组织清算",
)
_PENDING = "发现问题待后续处理"

# shares in percent, in line with published totals (常州 2017, 四川 2015, 青岛 2019)
SHARES: dict[str, dict[str, float]] = {
    "mix": {NOTHING: 75, FOUND: 12, _ABSENT: 4.5, _NO_BUSINESS: 2.5, _PENDING: 3, _REFUSED: 0.8, _GONE: 1.2, _CLOSED: 1},
    "info": {NOTHING: 76, _UNTOLD: 10, _FALSE: 3, _ABSENT: 7, FOUND: 2, _GONE: 1.2, _REFUSED: 0.8},
    "registration": {NOTHING: 76, _ABSENT: 10, FOUND: 9, _NO_BUSINESS: 2, _CLOSED: 1, _GONE: 2},
    "safety": {NOTHING: 66, FOUND: 27, _PENDING: 5, _NO_BUSINESS: 2},
    "product": {"合格": 86, "不合格": 12, _NO_BUSINESS: 2},
    "joint": {NOTHING: 79, FOUND: 17, _NO_BUSINESS: 4},
}  # fmt: skip
_SUB_ITEMS = {  # which of several sub-items a task of a sector inspects
    "food": ("食品销售单位证后监管",),
    "catering": ("餐饮服务单位证后监管",),
    "retail": ("不符合产品包装、标识要求的检查", "进货检查验收制度执行情况的检查"),
    "measure": ("集贸市场、加油站、餐饮店",),
}
_STATUS = {_GONE: "注销"}


@dataclass(frozen=True)
class Sheet:
    """One department's sheet on one object."""

    key: str
    department: str
    raw: dict[str, Any]
    marks: list[dict[str, Any]]

    @property
    def outcome(self) -> str:
        """The weightiest outcome: what stands in the first row that is not clean, or in the first."""
        outcomes = [row["outcomes"] for row in self.raw["items"]]
        return str(next((each for each in outcomes if each not in (NOTHING, "合格")), outcomes[0]))


def sheets(world: World, task: Task) -> Iterator[Sheet]:
    """Every sheet of a task, object by object."""
    visits = _visits(world, task)
    sure = task.facts["surely"].split("|") if task.facts["surely"] else []
    for nth, firm in enumerate(task.firms):
        for at, department in enumerate(task.departments):
            items = [task.items[at]] if len(task.departments) > 1 else _items_for(task, firm)
            outcome = sure[nth] if nth < len(sure) else _outcome(world, task)
            finding = _finding(world, task, outcome, plain=nth < len(sure))
            yield _sheet(world, task, firm, department, items, nth, visits[nth], outcome, finding)


def _visits(world: World, task: Task) -> list[date]:
    """A working day within the task for each object, in order."""
    span = int(task.facts["span"])
    return [
        world.days.after(task.starts, day)
        for day in sorted(world.rng.choices(range(2, span), k=len(task.firms)))
    ]


def _items_for(task: Task, firm: Firm) -> list[dict[str, Any]]:
    wanted = _SUB_ITEMS.get(task.facts["sector"], ())
    if task.facts["mode"] in ("info", "registration"):
        word = {"农民专业合作社": "农民专业合作社", "个体工商户": "个体工商户"}.get(firm.type, "企业")
        return [row for row in task.items if row["sub_item"].startswith(word)]
    chosen = [row for row in task.items if row["sub_item"].startswith(wanted)] if wanted else task.items
    return chosen[:3]


def _sheet(
    world: World,
    task: Task,
    firm: Firm,
    department: str,
    items: list[dict[str, Any]],
    nth: int,
    on: date,
    outcome: str,
    finding: dict[str, str],
) -> Sheet:
    marked = world.rng.randrange(len(items)) if outcome not in WHOLE else 0
    rows = [_row(at, item, outcome if outcome in WHOLE or at == marked else _clean(task), finding if at == marked else {})
            for at, item in enumerate(items)]  # fmt: skip
    marks = [
        mark
        for name in ("problem", "disposition")
        for mark in marks_in(finding.get(name, ""), f"items/{marked}/{name}")
    ]
    serial = f"{task.number}{nth + 1:03d}{task.departments.index(department) + 1}"
    raw = {
        "entity_name": firm.name,
        "entity_code": firm.code,
        "entity_type": firm.type,
        "entity_status": _STATUS.get(outcome, "存续"),
        "registration_authority": firm.authority,
        "region": firm.region,
        "source_number": serial,
        "department": department,
        "inspected_on": on.isoformat(),
        "inspector_count": "2",
        "items": rows,
        **_of_task(world, task, on),
        **_follow_up(world, task, finding, on),
        **_internal(world, firm),
    }
    return Sheet(f"result/{task.key}/{nth}/{department}", department, raw, marks)


def _outcome(world: World, task: Task) -> str:
    shares = SHARES.get(task.facts["mode"], SHARES["mix"])
    return world.rng.choices(list(shares), list(shares.values()))[0]


def _clean(task: Task) -> str:
    return "合格" if task.facts["mode"] == "product" else NOTHING


def _finding(world: World, task: Task, outcome: str, plain: bool) -> dict[str, str]:
    """Words for what was found: of the kind of task, else of the sector, else those that fit anybody.

    :param plain: with nothing in them to withhold.
    """
    themes = [task.facts["mode"], task.facts["sector"], "any"]
    for theme in themes:
        fitting = [
            row
            for row in facts("findings")
            if row["theme"] == theme and row["outcome"] == outcome and not (plain and "⟦" in row["problem"])
        ]
        if fitting:
            return world.rng.choice(fitting)
    return {}


def _row(at: int, item: dict[str, Any], outcome: str, finding: dict[str, str]) -> dict[str, Any]:
    return {
        "seq": str(at + 1),
        "item_code": item["item_code"],
        "item": item["sub_item"] or item["item"],
        "item_class": item["item_class"],
        "methods": item["methods"],
        "checked": "否" if outcome in WHOLE else "是",
        "outcomes": outcome,
        "problem": without_marks(finding.get("problem", "")),
        "disposition": without_marks(finding.get("disposition", "")),
    }


def _of_task(world: World, task: Task, on: date) -> dict[str, Any]:
    due = publish_by({"task_ended_on": task.ends}, world.profile, world.days.calendar)
    return {
        "task_no": task.number,
        "task_name": task.title,
        "plan_no": task.plan[0],
        "plan_name": task.plan[1],
        "task_source": "年度计划" if task.facts["source"] == "plan" else "临时任务",
        "sampling_type": "不定向" if task.facts["sector"] == "any" else "定向",
        "scope": "跨部门" if task.facts["scope"] == "joint" else "本部门",
        "completed_on": on.isoformat(),
        "task_ended_on": task.ends.isoformat(),
        "publish_by": due.due.isoformat() if due else "",
    }


def _follow_up(world: World, task: Task, finding: dict[str, str], on: date) -> dict[str, Any]:
    measure = finding.get("follow_up", "无需后续处置")
    if measure == "无需后续处置":
        return {"follow_up": measure}
    closed_on = world.days.after(on, world.rng.randrange(5, 12))
    closed = measure.startswith("责令") and closed_on <= task.entered
    return {
        "follow_up": measure,
        "follow_up_closed": "是" if closed else "否",
        "follow_up_closed_on": closed_on.isoformat() if closed else "",
    }


def _internal(world: World, firm: Firm) -> dict[str, Any]:
    """What has no way out (W2, W3)."""
    leader, member = world.rng.sample(("检查员甲01", "检查员乙02", "检查员丙03", "检查员丁04"), 2)
    return {
        "inspectors": f"{leader}、{member}",
        "leader": leader,
        "inspector_ids": f"3399{leader[-2:]}、3399{member[-2:]}",
        "legal_representative": firm.representative,
        "phone": firm.phone,
        "risk_class": firm.risk_class,
    }
