"""The demo's annual plans, with ratios, numbers and times printed as real offices print them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.demo.lists import JOINT, OTHERS
from portal.demo.reading import facts
from portal.demo.world import DIVISION, FIRST_DAY, Content, World, change, disclose

ADJUSTED_AGO = 70  # working days
NAMES = ("scjg", JOINT, *OTHERS)


def publication_days(world: World) -> Iterator[tuple[int, date]]:
    """Each plan year with the day its plans were published: in the second week of January."""
    first = world.days.ago(FIRST_DAY)
    yield first.year, first
    for year in range(first.year + 1, world.days.today.year + 1):
        on = world.days.on_or_after(date(year, 1, 9))
        if world.days.is_past(on):
            yield year, on


def plan_in_force(world: World, name: str, on: date) -> tuple[str, str]:
    """Number and title of the newest plan published before a day."""
    year = max(year for year, published in publication_days(world) if published < on)
    return number_of(name, year), title_of(world, name, year)


def number_of(name: str, year: int) -> str:
    """Area, year and serial, as the national schema has it."""
    return f"{DIVISION}{year}{NAMES.index(name) + 1:04d}"


def title_of(world: World, name: str, year: int) -> str:
    if name == JOINT:
        return f"示例市{year}年度部门联合“双随机、一公开”抽查计划"
    department = world.book.department_named(name)
    return f"{department.label if department else name}{year}年度“双随机、一公开”抽查工作计划"


def plan_plans(world: World) -> None:
    """Every department's plan of every year, and the adjustment of the market bureau's newest."""
    for year, on in publication_days(world):
        for name in NAMES:
            disclose(
                world, f"plan/{name}/{year}", "plan", _department(name), _plan(world, name, year, on), on
            )
    adjusted = world.days.ago(ADJUSTED_AGO)
    year = max(year for year, on in publication_days(world) if on < adjusted)
    change(world, f"plan/scjg/{year}", "scjg", "adjust", adjusted, lambda old: _adjusted(adjusted, old), "")


def _department(name: str) -> str:
    return "scjg" if name == JOINT else name


def _plan(world: World, name: str, year: int, on: date) -> dict[str, Any]:
    joint = name == JOINT
    department = world.book.department_named(_department(name))
    return {
        "title": title_of(world, name, year),
        "source_number": number_of(name, year),
        "department": _department(name),
        "supporting_departments": "市卫健委、市文化和旅游局" if joint else "",
        "region": DIVISION,
        "level": "市、县",
        "plan_year": str(year),
        "sampling_type": "定向",
        "scope": "跨部门" if joint else "本部门",
        "starts_on": f"{year}年1月1日",
        "ends_on": f"{year}年12月31日",
        "state": "已完成" if year < world.days.today.year else "执行中",
        "document_no": f"{department.document_prefix if department else ''}〔{year}〕{NAMES.index(name) + 2}号",
        "items": [dict(row) for row in facts("plan_rows") if row["plan"] == name],
        "filed_with": "示例市“双随机、一公开”监管联席会议办公室",
        "filed_on": on.isoformat(),
        "filing_receipt": f"示联办备〔{year}〕{NAMES.index(name) + 21}号",
        "risk_differentiation": "高风险对象提高比例和频次，低风险对象适当降低，具体见内部分类名单。",
    }


def _adjusted(on: date, content: Content) -> Content:
    items = [dict(row) for row in content["items"]]
    for row in items:
        if row["item_code"] == "B03":
            row |= {"estimated_count": "170户（其中学校周边40户）", "period": "11月30日前"}
        if row["item_code"] == "C02":
            row |= {"estimated_count": "10户", "remark": "因检定机构排期调减"}
    return content | {
        "items": items,
        "adjustment_note": "餐饮服务食品安全监督抽查增加学校周边餐饮单位40户，完成时间调整为11月30日前；"
        "用能产品监督检查数量由15户调减为10户。",
        "filed_on": on.isoformat(),
    }
