"""The nine columns in which the national publicity system discloses spot-check results, one row an item. Pure.

Seven facts of the sheet are repeated on each row; the rows of a sheet stand in the order of their serial numbers. The
national table names no inspected object: there it stands on the page of the object. Our number is not among the nine
either, so rows join with everybody else's by 抽查任务编号.
"""

from collections.abc import Iterator

from portal.exports.flat import Column, Labelled, Row, Table, as_published, cells_of
from portal.exports.resource import Resource
from portal.publications.fields import Field
from portal.publications.kinds import KINDS

_RESULT = KINDS["result"]
_ITEM = {field.name: field for field in _RESULT.by_name["items"].rows}
_OF_SHEET = ("plan_no", "plan_name", "task_no", "task_name", "sampling_type", "department", "completed_on")
_OF_ITEM = ("item", "outcomes")


def _column(field: Field) -> Column:
    return Column(field.name, field.label, field.label_en, "date" if field.type == "date" else "text")


NATIONAL = Table(
    "national",
    "全国统一九栏表",
    "National table of nine columns",
    "result",
    "items",
    tuple(_column(field) for field in (*(_RESULT.by_name[name] for name in _OF_SHEET), *(_ITEM[name] for name in _OF_ITEM))),
)  # fmt: skip


def national_rows(live: Resource, labelled: Labelled = as_published) -> Iterator[Row]:
    """A row for each item of a result; none for other kinds."""
    if live["kind"] != "result":
        return
    fields = live["fields"]
    sheet = [cells_of(_RESULT.by_name[name], fields[name], labelled)[-1] for name in _OF_SHEET]
    for row in fields["items"] if isinstance(fields["items"], list) else ():
        yield (*sheet, *(cells_of(_ITEM[name], row.get(name), labelled)[-1] for name in _OF_ITEM))
