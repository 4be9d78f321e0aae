"""The demo's item lists: Zhejiang's real list of 63 rows for the market bureau, Fenyang's joint items, others."""

from typing import Any

from portal.demo.reading import facts
from portal.demo.world import DIVISION, FIRST_DAY, Content, World, change, disclose

ADJUSTED_AGO = 250  # working days
OTHERS = ("swj", "zjj", "nyj", "wlj", "yjgl", "wjw")
JOINT = "joint"

_ADDED = {
    "seq": "64",
    "category": "信用与市场秩序",
    "item_code": "A13",
    "item": "电子商务经营者披露信息的检查",
    "legal_basis": "《电子商务法》第十五条、第七十六条",
    "inspecting_body": "市、县级市场监督管理部门",
    "inspected_object": "电子商务经营者",
    "item_class": "一般",
    "sampling_ratio": "5%",
    "frequency": "每年1次",
    "methods": "网络监测",
    "remark": "本次新增",
}


def items_of(list_name: str) -> list[dict[str, Any]]:
    """The rows of a list."""
    if list_name == "scjg":
        return [dict(row) for row in facts("items_scjg")]
    return [dict(row) for row in facts("items_other") if row["list"] == list_name]


def plan_lists(world: World) -> None:
    """Every department's list on the first day, and the adjustment of one (D2)."""
    first = world.days.ago(FIRST_DAY)
    for name in ("scjg", JOINT, *OTHERS):
        department = "scjg" if name == JOINT else name
        disclose(world, f"list/{name}", "list", department, _list(world, name, department, first.year), first)
    change(
        world,
        "list/scjg",
        "scjg",
        "adjust",
        world.days.ago(ADJUSTED_AGO),
        lambda old: _adjusted(world, old),
        "",
    )


def _list(world: World, name: str, department: str, year: int) -> dict[str, Any]:
    label = world.book.department_named(department)
    office = label.label if label else department
    title = "示例市市场监管领域部门联合抽查事项清单" if name == JOINT else f"{office}随机抽查事项清单"
    return {
        "title": f"{title}（{year}年版）",
        "source_number": f"{DIVISION}{year}QD{('scjg', JOINT, *OTHERS).index(name) + 1:02d}",
        "department": department,
        "region": DIVISION,
        "edition": f"{year}年版",
        "effective_from": f"{year}-01-01",
        "document_no": f"{label.document_prefix if label else ''}发〔{year}〕{3 + len(name)}号",
        "joint": "是" if name == JOINT else "否",
        "items": items_of(name),
        "platform_published_on": f"{year}-01-08",
        "filed_with": "示例市“双随机、一公开”监管联席会议办公室",
        "filed_on": f"{year}-01-10",
        "filing_receipt": f"示联办备〔{year}〕{len(name)}号",
        "internal_note": "报备材料已归档，联系人见通讯录。",
    }


def _adjusted(world: World, content: Content) -> Content:
    """One item more, one no longer in force, one with another ratio."""
    on = world.days.ago(ADJUSTED_AGO)
    items = [dict(row) for row in content["items"]]
    for row in items:
        if row["item_code"] == "A12":
            row |= {"in_force": False, "remark": "本次调整为失效"}
        if row["item_code"] == "B03" and row.get("sub_item") == "餐饮服务单位证后监管":
            row["sampling_ratio"] = "抽查比例不少于5%"
    added = world.read("list", {**content, "items": [_ADDED]})["items"]
    return content | {
        "title": f"示例市市场监督管理局随机抽查事项清单（{on.year}年修订）",
        "edition": f"{on.year}年修订",
        "effective_from": on.isoformat(),
        "adjustment_note": "新增“电子商务经营者披露信息的检查”；“奥林匹克标志、特殊标志等标志违法使用行为的检查”"
        "调整为失效；餐饮服务单位证后监管的抽查比例调整为不少于5%。",
        "items": [*items, *added],
        "platform_published_on": on.isoformat(),
    }
