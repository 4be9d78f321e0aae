"""One example of each kind: a list in force, a plan, a task with its drawn list, a result on that list."""

from typing import Any

MARKET = {"code": "scjg", "label": "示例市市场监督管理局"}
EMERGENCY = {"code": "yjgl", "label": "示例市应急管理局"}


def code(table: str, code: str, label: str, version: str = "2022") -> dict[str, str]:
    return {"code": code, "table": f"{table}@{version}", "label": label}


FOUND_NOTHING = code("outcome", "1", "未发现问题")
PUT_RIGHT = code("outcome", "5", "发现问题已责令改正")


def item_list(**changes: Any) -> dict[str, Any]:
    """A department's list of three items, in force since 2024."""
    items = [
        {
            "seq": "1",
            "item_code": "A01",
            "item": "公示信息抽查",
            "legal_basis": "《企业信息公示暂行条例》第十四条",
        },
        {
            "seq": "2",
            "item_code": "B05",
            "item": "获证食品经营单位监督检查",
            "inspected_object": "食品经营者",
        },
        {"seq": "3", "item_code": "C09", "item": "定量包装商品销售监督检查", "sampling_ratio": "5%"},
    ]
    return {
        "title": "示例市市场监督管理局随机抽查事项清单",
        "department": MARKET,
        "edition": "2024年版",
        "effective_from": "2024-01-01",
        "items": items,
    } | changes


def plan(**changes: Any) -> dict[str, Any]:
    """A year's plan of two rows, with ratios as offices print them."""
    return {
        "title": "示例市市场监督管理局2026年度抽查工作计划",
        "source_number": "33990020260001",
        "department": MARKET,
        "plan_year": 2026,
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "items": [
            {
                "seq": "1",
                "item_code": "A01",
                "item": "公示信息抽查",
                "ratio": "A:3%",
                "estimated_count": "60-70家",
            },
            {"seq": "2", "item_code": "B05", "item": "获证食品经营单位监督检查", "ratio": "10-20%"},
        ],
    } | changes


def task(**changes: Any) -> dict[str, Any]:
    """A task that drew two firms out of a pool of forty."""
    drawn = [
        {"seq": "1", "entity_name": "示例北顺达商贸有限公司", "entity_code": "9133990075TNM5LB3J"},
        {"seq": "2", "entity_name": "示例西丰盛机械厂", "entity_code": "91339900QD7612PLT6"},
    ]
    return {
        "title": "2026年第三批食品经营单位定向抽查",
        "source_number": "33990020261012003",
        "department": MARKET,
        "drawn_on": "2026-10-12",
        "locked_on": "2026-10-12",
        "pool_size": 40,
        "sample_size": 2,
        "inspectors_per_object": 2,
        "names_shown": True,
        "items": [{"seq": "1", "item_code": "B05", "item": "获证食品经营单位监督检查"}],
        "drawn": drawn,
    } | changes


def result(**changes: Any) -> dict[str, Any]:
    """A result of two items of that list: one put right, one in order."""
    items = [
        {
            "seq": "1",
            "item_code": "B05",
            "item": "获证食品经营单位监督检查",
            "checked": True,
            "outcomes": [PUT_RIGHT],
            "problem": "进货查验记录缺2个批次。",
            "disposition": "责令限期改正。",
        },
        {
            "seq": "2",
            "item_code": "A01",
            "item": "公示信息抽查",
            "checked": True,
            "outcomes": [FOUND_NOTHING],
        },
    ]
    return {
        "entity_name": "示例北顺达商贸有限公司",
        "entity_code": "9133990075TNM5LB3J",
        "task_no": "33990020261012003",
        "task_name": "2026年第三批食品经营单位定向抽查",
        "department": MARKET,
        "inspected_on": "2026-10-22",
        "completed_on": "2026-10-23",
        "publish_by": "2026-11-20",
        "items": items,
    } | changes
