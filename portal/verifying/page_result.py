"""The page of a result, which says most of its fields in words of its own. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.publications.kinds import KINDS
from portal.verifying.page_text import Element
from portal.verifying.page_words import read_of
from portal.words import Sentence, label_of, say

Record = Mapping[str, Any]
RESULT = KINDS["result"]
ROW = {field.name: field for field in RESULT.by_name["items"].rows}
IN_PLAN = ("（年度计划内）", "临时任务（计划外）", "")
NOTHING = "－"


def problems(main: Element, places: Mapping[str, Sequence[str]], fields: Record) -> Iterator[Sentence]:
    """What the page of a result shows otherwise than its data says, beyond its labelled fields."""
    for label, name, allowed in _own_words(fields):
        for each in places.get(label, []):
            if each not in allowed:
                yield say("“{field}”显示为“{shown}”，与公示数据不符。", field=label_of(RESULT.by_name[name]), shown=each[:60])  # fmt: skip
        if "" not in allowed and label not in places:
            yield say("没有显示“{field}”，公示数据中有。", field=label_of(RESULT.by_name[name]))
    yield from _items(main, fields.get("items"))
    yield from _closed(main, places, fields)


def lead(fields: Record) -> list[str]:
    """What the first sentence says: the day, how many items, and each outcome as often as it was found."""
    rows = [row for row in fields.get("items") or [] if isinstance(row, Mapping)]
    found: Counter[str] = Counter()
    for row in rows:
        outcomes = row.get("outcomes")
        found.update(map(_outcome, outcomes) if isinstance(outcomes, list) else [_outcome(outcomes)])
    del found[""]
    told = [f"{times}项“{label}”" if len(rows) > 1 else f"“{label}”" for label, times in found.items()]  # fmt: skip
    whole = "，".join(told) if len(told) != 1 or len(rows) == 1 else f"均为“{next(iter(found))}”"
    return [_read(fields, "inspected_on") + "，", f"对该对象检查{len(rows)}项：{whole}。"]


def _read(fields: Record, name: str) -> str:
    return read_of(RESULT.by_name[name], fields.get(name))


def _outcome(value: Any) -> str:
    return read_of(ROW["outcomes"], value)


def _own_words(fields: Record) -> Iterator[tuple[str, str, set[str]]]:
    """Label on the page, field, and what may stand there."""
    officers = (
        f"（{_read(fields, 'inspector_count')}名执法检查人员）" if fields.get("inspector_count") else ""
    )
    on, completed = _read(fields, "inspected_on"), _read(fields, "completed_on")
    ended = "" if not completed else "，当日结束" if completed == on else f"，{completed}结束"
    task = _read(fields, "task_name") or _read(fields, "task_no")
    kinds = "·".join(filter(None, (_read(fields, "sampling_type"), _read(fields, "scope"))))
    yield "检查对象", "entity_name", {_read(fields, "entity_name")}
    yield "代码", "entity_code", {_read(fields, "entity_code")}
    yield "检查机关", "department", {_read(fields, "department") + officers}
    yield "检查日期", "inspected_on", {on + ended}
    yield "抽查任务", "task_name", {task + each for each in IN_PLAN}
    yield "抽查计划", "plan_name", {_read(fields, "plan_name") or _read(fields, "plan_no")}
    yield "抽查类型", "sampling_type", {kinds}


def _items(main: Element, rows: Any) -> Iterator[Sentence]:
    shown = list(main.first("table", "tbl-items").first("tbody").all("tr"))
    expected = [_row(row) for row in rows] if isinstance(rows, list) else []
    label = label_of(RESULT.by_name["items"])
    if len(shown) != len(expected):
        yield say(
            "“{field}”显示{shown}行，公示数据有{rows}行。", field=label, shown=len(shown), rows=len(expected)
        )
        return
    for at, (line, cells) in enumerate(zip(shown, expected, strict=True), start=1):
        found = [each.text() for each in line.children if isinstance(each, Element)]
        for name, one, other in zip(("item", "outcomes", "problem"), found, cells, strict=False):
            if one != other:
                yield say("“{field}”第{row}行的“{column}”与公示数据不符。", field=label, row=at, column=label_of(ROW[name]))  # fmt: skip


def _row(row: Any) -> list[str]:
    """The three cells of a row."""
    if not isinstance(row, Mapping):
        return ["", "", NOTHING]
    said = {name: read_of(field, row.get(name)) for name, field in ROW.items()}
    about = "·".join(filter(None, (said["item_code"], said["item_class"], said["methods"])))
    unchecked = "·未检查" if row.get("checked") is False else ""
    outcomes = row.get("outcomes")
    found = "".join(map(_outcome, outcomes)) if isinstance(outcomes, list) else said["outcomes"]
    return [said["item"] + about + unchecked, found, said["problem"] + said["disposition"] or NOTHING]


def _closed(main: Element, places: Mapping[str, Sequence[str]], fields: Record) -> Iterator[Sentence]:
    """When the follow-up was closed stands in the trail; without a day, beside its label."""
    closed, on = RESULT.by_name["follow_up_closed"], fields.get("follow_up_closed_on")
    if on and fields.get("follow_up_closed") is True:
        lines = [each.text() for each in main.first("ol", "trail").all("li")]
        how = _read(fields, "follow_up") or "未写明方式"
        if f"{on}后续处置办结：{how}" not in lines:
            yield say("后续处置的办结日期与公示数据不符。")
    for each in places.get(closed.label, []):
        if each != _read(fields, "follow_up_closed"):
            yield say("“{field}”显示为“{shown}”，与公示数据不符。", field=label_of(closed), shown=each[:60])
