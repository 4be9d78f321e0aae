"""The examples of the read API's document: an invented firm, every field that a kind has."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.publications.fields import Field, Kind
from portal.publications.kinds import KINDS

Example = dict[str, Any]
OFFICE = {
    "code": "scjg",
    "label": "示例市市场监督管理局",
    "label_en": "Shili City Administration for Market Regulation",
}
HASH = "5d1c2f0f4c5a5b0a7c9c5fb2b8d3f2d4a8d9f3a1f5b1e7f60718293a4b5c6d7e"
AT = "2026-11-20T02:00:00Z"
FIRM, CODE = "示例北顺达商贸有限公司", "9133990075TNM5LB3J"
NUMBERS = {"list": "QD-2026-0001", "plan": "JH-2026-0001", "task": "RW-2026-0001", "result": "JG-2026-000001"}

VALUES: Mapping[str, Any] = {
    "title": "示例", "entity_name": FIRM, "entity_code": CODE, "task_no": "33990020261012003",
    "department": {"code": "scjg", "label": OFFICE["label"]}, "inspected_on": "2026-10-22", "plan_year": 2026,
    "item": "获证食品经营单位监督检查", "item_code": "B05", "problem": "使用〔依法隐去：商业秘密〕生产",
    "outcomes": [{"code": "5", "table": "outcome@2022", "label": "发现问题已责令改正"}],
}  # fmt: skip


def live(kind: Kind) -> Example:
    """A live publication of a kind."""
    number = NUMBERS[kind.name]
    notes = [
        {
            "path": "items/0/problem",
            "ground": "trade_secret",
            "label": "商业秘密",
            "basis": "《中华人民共和国政府信息公开条例》第十五条",
        }
    ]
    return {
        **_head(kind, number, 41),
        "state": "live",
        "corrected": False,
        "contested": False,
        "version": 1,
        "record_hash": HASH,
        "record_json": f"/{kind.plural}/{number}/record.json",
        "title": FIRM if kind.name == "result" else VALUES["title"],
        "source_number": None,
        "task_no": VALUES["task_no"] if kind.name == "result" else None,
        "plan_no": None,
        "fields": _fields(kind.public_fields()),
        "notes": notes if kind.name == "result" else [],
        "attachments": [],
    }


def _fields(fields: Iterable[Field]) -> Example:
    return {
        each.name: [_fields(row for row in each.rows if row.public)]
        if each.type == "rows" and each.name == "items"
        else VALUES.get(each.name)
        for each in fields
    }


def _head(kind: Kind, number: str, entry: int) -> Example:
    return {
        "number": number,
        "kind": kind.name,
        "permalink": f"/{kind.plural}/{number}",
        "department": OFFICE,
        "published_on": "2026-11-20",
        "changed_at": AT,
        "entry": entry,
    }


def gone() -> Example:
    """A result that was withdrawn."""
    return {
        **_head(KINDS["result"], "JG-2026-000002", 57),
        "state": "withdrawn",
        "reason": "检查对象有误，结果不属于该企业。",
    }


def changes() -> Example:
    """A withdrawal, and nothing more."""
    change = {
        "entry": 57,
        "act": "withdraw",
        "at": AT,
        "number": "JG-2026-000002",
        "reason": gone()["reason"],
        "drop_versions": [],
        "publication": gone(),
    }
    return {"head": 57, "after": 57, "next": None, "changes": [change]}


def versions() -> Example:
    """Two versions, the first still shown."""

    def version(n: int, act: str, reason: str | None) -> Example:
        return {
            "version": n,
            "act": act,
            "entry": 40 + n,
            "published_at": AT,
            "reason": reason,
            "record_hash": HASH,
            "record_json": f"/results/JG-2026-000001/versions/{n}/record.json",
        }

    corrected = version(2, "correct", "检查日期有误")
    return {"number": "JG-2026-000001", "versions": [corrected, version(1, "publish", None)]}


def entity() -> Example:
    """A firm with one result and the task that drew it."""
    task = {
        "number": "RW-2026-0001",
        "kind": "task",
        "title": "示例市2026年食品经营单位抽查",
        "department_code": "scjg",
        "published_on": "2026-10-12",
        "permalink": "/tasks/RW-2026-0001",
    }
    where = f"/api/v1/publications?entity={CODE}"
    return {"code": CODE, "names": [FIRM], "total": 1, "publications": where, "tasks": [task]}


def acts() -> Example:
    """One withdrawal."""
    act = {
        "entry": 57,
        "act": "withdraw",
        "at": AT,
        "number": "JG-2026-000002",
        "version": None,
        "department_code": "scjg",
        "reason": gone()["reason"],
    }
    return {"total": 1, "next": None, "acts": [act]}


def departments() -> Example:
    """One department."""
    more = {
        "short": "市市场监管局",
        "region": "339900",
        "phone": "0000-1234567",
        "valid_from": None,
        "valid_to": None,
    }
    return {"departments": [OFFICE | more]}


def codes() -> Example:
    """One outcome."""
    code = {
        "table": "outcome@2022",
        "code": "1",
        "label": "未发现问题",
        "label_en": "No problem found",
        "valid_from": "2022-01-01",
        "valid_to": None,
    }
    return {"table": "outcome", "codes": [code]}


def fields() -> Example:
    """One field of results."""
    field = {
        "name": "inspected_on",
        "label": "检查日期",
        "label_en": "Inspected on",
        "type": "date",
        "required": True,
        "table": None,
        "rows": [],
    }
    kind = {
        "kind": "result",
        "label": "抽查检查结果",
        "label_en": "Inspection result",
        "prefix": "JG",
        "fields": [field],
    }
    return {"kinds": [kind]}


def figures() -> Example:
    """One count."""
    figure = {
        "name": "live",
        "department_code": "scjg",
        "kind": "result",
        "year": 2026,
        "month": None,
        "detail": None,
        "value": 128,
    }
    return {"as_of": AT, "figures": [figure]}
