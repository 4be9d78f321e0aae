"""The demo's task announcements with whom they drew (D8, D9, D16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.demo.firms import Firm
from portal.demo.inspectors import pairs
from portal.demo.lists import JOINT, items_of
from portal.demo.plans import plan_in_force
from portal.demo.reading import facts
from portal.demo.world import DIVISION, World, disclose


@dataclass(frozen=True)
class Task:
    """One task with its days and its drawn firms."""

    facts: Mapping[str, str]
    number: str
    title: str
    plan: tuple[str, str]  # number and title; empty for an ad-hoc task
    starts: date
    ends: date
    entered: date  # when the results were entered
    firms: tuple[Firm, ...]

    @property
    def key(self) -> str:
        return self.facts["key"]

    @property
    def departments(self) -> list[str]:
        """Who carries it out; one sheet each (D15)."""
        return self.facts["implementing"].split() or [self.facts["department"]]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The list rows that the task inspects."""
        source = JOINT if self.facts["scope"] == "joint" else self.facts["department"]
        codes = self.facts["item_codes"].split()
        return [row for row in items_of(source) if row["item_code"] in codes]


def draw_tasks(world: World) -> Iterator[Task]:
    """All tasks, oldest first, each with its draw."""
    for serial, row in enumerate(facts("tasks"), start=1):
        starts = world.days.ago(int(row["starts_before"]))
        ends = world.days.after(starts, int(row["span"]))
        name = JOINT if row["scope"] == "joint" else row["department"]
        firms = world.town.draw(
            row["sector"],
            int(row["sample"]),
            starts.year,
            lambda firm, row=row: _suits(firm, row),  # type: ignore[misc]
        )
        yield Task(
            facts=row,
            number=f"{DIVISION}{starts:%Y%m%d}{serial:02d}",
            title=f"示例市{starts.year}年{row['title']}",
            plan=plan_in_force(world, name, starts) if row["source"] == "plan" else ("", ""),
            starts=starts,
            ends=ends,
            entered=world.days.after(ends, int(row["entered_after"])),
            firms=tuple(firms),
        )


def _suits(firm: Firm, row: Mapping[str, str]) -> bool:
    return row["mode"] != "info" or firm.type != "个体工商户"  # 企业公示信息: firms and cooperatives only


def announce(world: World, task: Task) -> None:
    """With the lock the announcement goes out (G19)."""
    disclose(world, f"task/{task.key}", "task", task.facts["department"], announcement(task), task.starts)


def announcement(task: Task) -> dict[str, Any]:
    """The announcement in the office's words."""
    row, drawn_on = task.facts, task.starts.isoformat()
    withheld = row["names"] == "withheld"
    return {
        "title": task.title,
        "source_number": task.number,
        "department": row["department"],
        "implementing_departments": task.departments,
        "region": DIVISION,
        "task_source": "年度计划" if row["source"] == "plan" else "临时任务",
        "plan_no": task.plan[0],
        "plan_name": task.plan[1],
        "sampling_type": "不定向" if row["sector"] == "any" else "定向",
        "scope": "跨部门" if row["scope"] == "joint" else "本部门",
        "object_types": "、".join(sorted({firm.type for firm in task.firms})),
        "conditions": row["conditions"],
        "starts_on": drawn_on,
        "ends_on": task.ends.isoformat(),
        "description": _description(task),
        "items": [
            {"seq": str(at), "item_code": item["item_code"], "item": item["sub_item"] or item["item"]}
            for at, item in enumerate(task.items, start=1)
        ],
        **_draw(task),
        "names_shown": "否" if withheld else "是",
        "names_withheld_ground": "本次检查不宜事先告知，检查完成前不公示抽取名单。" if withheld else "",
        "drawn": [
            _drawn(at, firm, task, pair)
            for at, (firm, pair) in enumerate(
                zip(_by_stratum(task.firms), pairs(task.facts["department"]), strict=False), start=1
            )
        ],
        "strata": "A、B、C、D四层",
        "recusal_reasons": "；".join(_why_others(task)),
    }


def _draw(task: Task) -> dict[str, Any]:
    """How it was drawn."""
    row, drawn_on = task.facts, task.starts.isoformat()
    return {
        "pool_size": row["pool"],
        "sample_size": row["sample"],
        "ratio": f"{100 * int(row['sample']) / int(row['pool']):.1f}%",
        "draw_mode": "平台随机摇号",
        "drawn_on": drawn_on,
        "draw_attempts": "1",
        "platform_draw_no": f"CQ{task.number}",
        "locked_on": drawn_on,
        "inspectors_per_object": "2",
        "substitutions": str(_substituted(task)),
        "recusals": str(_recused(task)),
    }


def _recused(task: Task) -> int:
    return len(task.firms) % 2


def _substituted(task: Task) -> int:
    return len(task.firms) % 3


def _why_others(task: Task) -> Iterator[str]:
    if _recused(task):
        yield "与检查对象有近亲属关系，申请回避"
    if _substituted(task):
        yield "抽到的检查人员外出培训，由同组人员替换"


def _description(task: Task) -> str:
    if task.facts["source"] == "adhoc":
        return "本任务为年度抽查工作计划以外的临时抽查，按《示例市“双随机、一公开”抽查工作细则》第十五条记录并公示。"
    if task.facts["scope"] == "joint":
        return "由牵头部门会同配合部门一次上门，各部门对本部门事项分别填写检查表、分别公示结果。"
    return "抽取名单经确认锁定，任务执行期间不作更改。"


def _by_stratum(firms: Sequence[Firm]) -> list[Firm]:
    """As a platform writes its list: stratum after stratum. What is public is put into another order (W2)."""
    return sorted(firms, key=lambda firm: firm.risk_class)


def _drawn(at: int, firm: Firm, task: Task, pair: tuple[str, str]) -> dict[str, Any]:
    return {
        "seq": str(at),
        "entity_name": firm.name,
        "entity_code": firm.code,
        "registration_authority": firm.authority,
        "inspecting_unit": f"{firm.authority.removesuffix('市场监督管理局')}检查组",
        "risk_class": firm.risk_class,
        "stratum": f"{firm.risk_class}层",
        "inspectors": "、".join(pair),
        "leader": pair[0],
    }
