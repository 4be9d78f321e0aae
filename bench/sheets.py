"""The county's publications in the office's words: lists, plans, tasks with whom they drew, results, corrections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bench.town import DIVISION, Firm, department_of, department_rows, firm, items_of
from portal.demo.reading import facts, marks_in, without_marks
from portal.demo.results import FOUND, NOTHING, SHARES, WHOLE

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = 5
PER_FIRM = 2.2  # results of one firm in five years, on average
CORRECTED = WITHDRAWN = 0.005  # of all results
PENDING = "发现问题待后续处理"
NO_MEASURE = "无需后续处置"
GOODS = "糕点 酱油 纸箱 电线 插座 童装 瓷砖 水泥 阀门 灯具 桶装水 口罩 蜂蜜 茶叶 轮胎 油漆 玩具 锁具".split()
_REASONS = (
    "检查日期录入有误，已按现场记录更正。",
    "后续处置措施漏填，经核对检查表后补充。",
    "发现的问题表述不准确，按复核意见更正。",
)


@dataclass(frozen=True)
class Task:
    """One task: when it was announced, who carries it out, how many it drew."""

    nth: int
    department: str
    size: int
    starts: date
    items: tuple[dict[str, Any], ...]

    @property
    def ends(self) -> date:
        return workday(self.starts + timedelta(days=30))

    @property
    def published(self) -> date:
        return workday(self.ends + timedelta(days=10))

    @property
    def changed(self) -> date:
        """When its corrections and withdrawals were made."""
        return workday(self.published + timedelta(days=20))

    @property
    def number(self) -> str:
        return f"{DIVISION}{self.starts:%Y%m%d}{self.nth:05d}"

    @property
    def title(self) -> str:
        return f"示例市{self.starts.year}年{self.items[0]['item']}专项抽查（第{self.nth + 1}次）"


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment in China."""
    return datetime.combine(on, time(hour, minute), SHANGHAI)


def workday(on: date) -> date:
    """The day, or the Monday after it."""
    return on + timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > 4 else 0)


def tasks(seed: int, size: int, until: date) -> list[Task]:
    """As many tasks as it takes for so many results, oldest first."""
    rng, left, found = Random(f"{seed}/tasks"), size, []
    days = YEARS * 365 - 75
    while left > 0:
        department = department_of(rng) if found else "scjg"  # whose people the demo knows best
        sample = min(left, rng.randint(150, 450))
        starts = workday(until - timedelta(days=70 + rng.randrange(1, days)))
        listed = items_of(department)
        items = tuple(rng.sample(listed, min(rng.choice((1, 1, 2, 3)), len(listed))))
        found.append((starts, department, sample, items))
        left -= sample
    found.sort(key=lambda each: (each[0], each[1], each[2]))
    return [
        Task(nth, department, sample, starts, items)
        for nth, (starts, department, sample, items) in enumerate(found)
    ]


def firms_of(seed: int, task: Task, size: int) -> list[Firm]:
    """Whom a task drew, in the order in which the public reads the list."""
    rng = Random(f"{seed}/{task.nth}/firms")
    pool = max(int(size / PER_FIRM), task.size)
    drawn = [firm(seed, nth) for nth in rng.sample(range(pool), task.size)]
    return sorted(drawn, key=lambda each: (each.code, each.name))


def changes_of(seed: int, task: Task) -> dict[int, str]:
    """Which of a task's results were corrected or withdrawn later: place in the task -> act."""
    rng = Random(f"{seed}/{task.nth}/changes")
    rolls = [(nth, rng.random()) for nth in range(task.size)]
    return {
        nth: "correct" if roll < CORRECTED else "withdraw"
        for nth, roll in rolls
        if roll < CORRECTED + WITHDRAWN
    }


def item_list(department: str, label: str, on: date) -> dict[str, Any]:
    return {
        "title": f"{label}随机抽查事项清单（{on.year}年版）",
        "source_number": f"{DIVISION}{on.year}QD{_place(department):02d}",
        "department": department,
        "region": DIVISION,
        "edition": f"{on.year}年版",
        "effective_from": (on - timedelta(days=10)).isoformat(),
        "items": [dict(row) for row in items_of(department)],
    }


def plan_no(department: str, year: int) -> str:
    return f"{DIVISION}{year}{_place(department):04d}"


def plan_name(label: str, year: int) -> str:
    return f"{label}{year}年度“双随机、一公开”抽查工作计划"


def plan(department: str, label: str, year: int) -> dict[str, Any]:
    return {
        "title": plan_name(label, year),
        "source_number": plan_no(department, year),
        "department": department,
        "region": DIVISION,
        "plan_year": str(year),
        "sampling_type": "定向",
        "scope": "本部门",
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "items": [
            {
                "seq": str(at),
                "item_code": row["item_code"],
                "item": row["item"],
                "item_class": row["item_class"],
                "methods": row["methods"],
                "ratio": "5%",
            }
            for at, row in enumerate(items_of(department)[:20], start=1)
        ],
    }


def announcement(task: Task, label: str, drawn: Sequence[Firm]) -> dict[str, Any]:
    on = task.starts.isoformat()
    return {
        "title": task.title,
        "source_number": task.number,
        "department": task.department,
        "region": DIVISION,
        "task_source": "年度计划",
        "plan_no": plan_no(task.department, task.starts.year),
        "plan_name": plan_name(label, task.starts.year),
        "sampling_type": "定向",
        "scope": "本部门",
        "starts_on": on,
        "ends_on": task.ends.isoformat(),
        "description": "抽取名单经确认锁定，任务执行期间不作更改。",
        "items": [
            {"seq": str(at), "item_code": each["item_code"], "item": each["sub_item"] or each["item"]}
            for at, each in enumerate(task.items, start=1)
        ],
        "pool_size": str(task.size * 17),
        "sample_size": str(task.size),
        "ratio": "5.9%",
        "draw_mode": "平台随机摇号",
        "drawn_on": on,
        "draw_attempts": "1",
        "platform_draw_no": f"CQ{task.number}",
        "locked_on": on,
        "inspectors_per_object": "2",
        "names_shown": "是",
        "drawn": [drawn_row(at, each) for at, each in enumerate(drawn, start=1)],
    }


def drawn_row(at: int, each: Firm) -> dict[str, str]:
    return {
        "seq": str(at),
        "entity_name": each.name,
        "entity_code": each.code,
        "registration_authority": each.authority,
        "inspecting_unit": f"{each.authority.removesuffix('市场监督管理局')}检查组",
        "risk_class": each.risk_class,
        "stratum": f"{each.risk_class}层",
        "inspectors": "检查员甲01、检查员乙02",
        "leader": "检查员甲01",
    }


def sheet(task: Task, label: str) -> dict[str, Any]:
    """What all results of a task share, in the office's words; the rest is a placeholder."""
    return {
        "entity_name": "示例",
        "source_number": "0",
        "task_no": task.number,
        "task_name": task.title,
        "plan_no": plan_no(task.department, task.starts.year),
        "plan_name": plan_name(label, task.starts.year),
        "task_source": "年度计划",
        "sampling_type": "定向",
        "scope": "本部门",
        "department": task.department,
        "inspected_on": task.starts.isoformat(),
        "task_ended_on": task.ends.isoformat(),
        "inspector_count": "2",
        "publish_by": task.published.isoformat(),
        "items": [
            {
                "seq": str(at),
                "item_code": each["item_code"],
                "item": each["sub_item"] or each["item"],
                "item_class": each["item_class"],
                "methods": each["methods"],
                "checked": "是",
                "outcomes": NOTHING,
            }
            for at, each in enumerate(task.items, start=1)
        ],
    }


@dataclass(frozen=True)
class Visit:
    """One inspection: when, how it came out, what was found where."""

    on: date
    outcome: str
    row: int
    problem: str
    disposition: str
    follow_up: str
    marks: tuple[dict[str, Any], ...]


def visits(seed: int, task: Task) -> Iterator[Visit]:
    """How each of a task's inspections went."""
    rng = Random(f"{seed}/{task.nth}/visits")
    shares = SHARES["mix"]
    outcomes, limits = list(shares), list(accumulate(shares.values()))
    for _ in range(task.size):
        on = workday(task.starts + timedelta(days=rng.randrange(2, 28)))
        outcome = rng.choices(outcomes, cum_weights=limits)[0]
        row = 0 if outcome in WHOLE else rng.randrange(len(task.items))
        yield _visit(rng, on, outcome, row)


def _visit(rng: Random, on: date, outcome: str, row: int) -> Visit:
    fitting = _findings(outcome)
    if not fitting:
        return Visit(on, outcome, row, "", "", NO_MEASURE, ())
    found = rng.choice(fitting)
    marks = [
        mark for name in ("problem", "disposition") for mark in marks_in(found[name], f"items/{row}/{name}")
    ]
    problem = without_marks(found["problem"])
    if outcome in (FOUND, PENDING):
        problem += f"涉及{rng.choice(GOODS)}等{rng.randrange(1, 60)}件，货号{rng.randrange(10_000):04d}。"
    disposition = without_marks(found["disposition"])
    return Visit(on, outcome, row, problem, disposition, found["follow_up"] or NO_MEASURE, tuple(marks))


@lru_cache
def _findings(outcome: str) -> list[dict[str, str]]:
    return [row for row in facts("findings") if row["outcome"] == outcome]


def reason_of(nth: int) -> str:
    """Why a result was corrected."""
    return _REASONS[nth % len(_REASONS)]


@lru_cache
def _place(department: str) -> int:
    return next(at for at, row in zip(count(1), department_rows(), strict=False) if row["code"] == department)
