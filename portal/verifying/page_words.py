"""How each released value is to be read on a page: in Chinese, without blanks. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.publications.fields import Field
from portal.publications.kinds import KINDS
from portal.verifying.page_text import squeezed

UNGROUPED = {"plan_year"}  # a number that is no amount

# Released, and shown elsewhere than beside their label, or not at all: the reason in a word
ELSEWHERE = {
    "list": {"title": "heading", "items": "table"},
    "plan": {"title": "heading", "items": "table"},
    "task": {
        "title": "heading", "items": "table", "drawn": "table", "plan_no": "name", "plan_name": "own words",
        "names_shown": "the list itself", "names_withheld_ground": "sentence",
    },
    "result": {
        "items": "table", "task_name": "own words", "plan_no": "name", "plan_name": "own words",
        "department": "own words", "inspector_count": "own words", "inspected_on": "own words",
        "completed_on": "own words", "sampling_type": "own words", "scope": "own words", "task_source": "flag",
        "task_ended_on": "term", "publish_by": "term", "follow_up_closed": "trail", "follow_up_closed_on": "trail",
        "rectifies": "banner", "platform_published_on": "term", "entity_name": "own words", "entity_code": "own words",
    },
}  # fmt: skip
ROWS_ELSEWHERE = {"seq", "ratio_low", "ratio_high"}  # counted, or parsed beside what was printed


def read_of(field: Field, value: Any) -> str:
    """A value as its page says it.

    >>> from portal.publications.fields import shown
    >>> read_of(shown("on", "日期", "Date", "date"), "2026-11-03")
    '2026年11月3日'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return str(value) if field.name in UNGROUPED else f"{value:,}"
    if isinstance(value, Mapping):
        return squeezed(str(value.get("label", "")))
    if isinstance(value, list):
        return ("；" if field.type == "texts" else "、").join(read_of(field, each) for each in value)
    return day(value) if field.type == "date" else squeezed(str(value))


def day(text: str) -> str:
    """A date as running text says it; a marker stays what it is."""
    year, dash, rest = text.partition("-")
    month, _dash, date = rest.partition("-")
    if not (dash and year.isdigit() and month.isdigit() and date.isdigit()):
        return squeezed(text)
    return f"{int(year)}年{int(month)}月{int(date)}日"


def public(kind: str, table: str = "") -> list[Field]:
    """The fields on the allow-list of a kind, or of the rows of one of its tables."""
    fields = KINDS[kind].by_name[table].rows if table else KINDS[kind].fields
    return [field for field in fields if field.public]


def labelled(kind: str, fields: Mapping[str, Any]) -> Iterator[tuple[Field, str]]:
    """Each value that stands beside the label of its field."""
    for field in public(kind):
        if fields.get(field.name) is not None and field.name not in ELSEWHERE[kind]:
            yield field, read_of(field, fields[field.name])


def everything(kind: str, fields: Mapping[str, Any]) -> set[str]:
    """Each released value, those of rows and of lists too, as a page could quote it."""
    found = set()
    for field in public(kind):
        value = fields.get(field.name)
        if field.type == "rows" and isinstance(value, list):
            rows = [row for row in value if isinstance(row, Mapping)]
            found |= {read_of(each, row.get(each.name)) for row in rows for each in public(kind, field.name)}
        else:
            found.add(read_of(field, value))
    return found


def names_of_fields(kind: str) -> set[str]:
    """The labels of a kind's fields, those of rows too."""
    fields = [*KINDS[kind].fields, *(row for field in KINDS[kind].fields for row in field.rows)]
    return {squeezed(field.label) for field in fields}
