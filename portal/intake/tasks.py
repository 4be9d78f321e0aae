"""A task announcement made from a file of results: whom it drew and what was inspected."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.intake.item_book import ItemBook
from portal.intake.judging import Judge, Judged, identity
from portal.intake.records import Record
from portal.publications.content import read_content
from portal.words import say

_CARRIED = {
    "task_name": "title",
    "task_no": "source_number",
    "region": "region",
    "task_source": "task_source",
    "plan_no": "plan_no",
    "plan_name": "plan_name",
    "sampling_type": "sampling_type",
    "scope": "scope",
    "task.starts_on": "starts_on",
    "task_ended_on": "ends_on",
}


@dataclass
class MadeTask:
    """What the rows of one task say of it; grows with the objects it drew."""

    first: Record
    values: dict[str, Any] = field(default_factory=dict)
    departments: dict[str, None] = field(default_factory=dict)
    items: dict[tuple[str, str], None] = field(default_factory=dict)
    drawn: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, record: Record, raw: Mapping[str, Any], items: ItemBook) -> None:
        """Take in one sheet, whether or not it will be accepted: it was drawn all the same."""
        self.departments[str(raw.get("department") or "")] = None
        for path, name in _CARRIED.items():
            value = record.value(path) if "." in path else raw.get(path)
            if value is not None:
                self.values.setdefault(name, value)
        for row in raw["items"]:
            items.resolve(row, "", None)
            self.items[(str(row.get("item_code") or ""), str(row.get("item") or ""))] = None
        entity = {
            name: raw[name]
            for name in ("entity_name", "entity_code", "registration_authority")
            if raw.get(name)
        }
        if "entity_name" in entity:
            self.drawn.setdefault(str(entity.get("entity_code") or entity["entity_name"]), entity)

    def raw(self) -> dict[str, Any]:
        """The announcement as ``read_content`` reads it."""
        named = [name for name in self.departments if name]
        return self.values | {
            "title": self.values.get("title") or self.values.get("source_number"),
            "department": named[0] if named else None,
            "implementing_departments": named if len(named) > 1 else None,
            "sample_size": len(self.drawn),
            "items": [{"item_code": code, "item": item} for code, item in self.items if item],
            "drawn": [{"seq": str(at), **entity} for at, entity in enumerate(self.drawn.values(), 1)],
        }


def make_tasks(records: Iterable[Record], judge: Judge) -> Iterator[Judged]:
    """One announcement for each task number in a file of results, in order of appearance.

    A task that can not be made is told of in a warning; its results are taken in all the same.
    """
    tasks: dict[str, MadeTask] = {}
    for record in records:
        raw = record.raw(judge.given)
        if number := str(raw.get("task_no") or "").strip():
            tasks.setdefault(number, MadeTask(record)).add(record, raw, judge.items)
    for number, task in tasks.items():
        content, problems = read_content("task", task.raw(), judge.book)
        reasons = [each.sentence for each in problems if not each.path.startswith(("drawn/", "items/"))]
        reasons = reasons or judge.why_not_theirs(content["department"]["code"])
        if reasons:
            judge.warn(say("没有生成任务公告{number}：{reason}", number=number, reason=reasons[0]))
        else:
            record = Record("task", task.first.head, task.first.rows[:1], (number,))
            yield Judged(record, content, identity("task", content), beside=True)
