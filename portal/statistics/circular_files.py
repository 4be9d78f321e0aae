"""The circular (通报) as a spreadsheet and as CSV. Chinese, as it is sent round.

Every text is written as text: a title that begins with ``= + - @`` is a name, never a formula.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import xlsxwriter

from portal.clock import SHANGHAI, now
from portal.codes.models import Department
from portal.statistics.circular import GROUPS, Circular, Column, Late, Line

Names = Mapping[str, Department]

WHAT = {"disclosed": "结果公示", "decided": "异议复查", "delivered": "复查反馈", "answered": "诉求答复"}
LATE_HEADS = ("时限", "部门", "编号", "名称", "最迟日期", "实际日期")


def file_name(made: Circular, form: str) -> str:
    """What the file is called: ``抽查公示通报2026年第三季度.xlsx``."""
    return f"抽查公示通报{made.period.label}.{form}"


def as_csv(made: Circular, departments: Names) -> bytes:
    """One row per department and one in all; with a byte order mark, or Excel takes it for GBK."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["部门", *(str(heading(each)) for each in columns())])
    for label, line in _lines(made, departments):
        values = [line.value(each) for each in columns()]
        writer.writerow([label, *("" if value is None else f"{value:g}" for value in values)])
    return buffer.getvalue().encode("utf-8-sig")


def as_workbook(made: Circular, departments: Names) -> bytes:
    """A sheet of figures and a sheet of what was late."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
    _figures(book.add_worksheet("通报"), head, made, departments)
    _late(book.add_worksheet("逾期明细"), head, made, departments)
    book.close()
    return buffer.getvalue()


def columns() -> Iterator[Column]:
    """Every column of every table, in order."""
    return (column for group in GROUPS for column in group.columns)


def heading(column: Column) -> str:
    """A column's head where its table's heading does not stand above it."""
    return f"{column.label}（截至今日）" if column.now else str(column.label)


def _lines(made: Circular, departments: Names) -> Iterator[tuple[str, Line]]:
    for code, line in sorted(made.lines.items()):
        yield departments[code].label if code in departments else code, line
    yield "合计", made.total


def _figures(sheet: Any, head: Any, made: Circular, departments: Names) -> None:
    sheet.set_column(0, 0, 34)
    at = f"{now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    sheet.write_string(0, 0, f"抽查公示通报（{made.period.label}），截至{at}", head)
    for column, label in enumerate(["部门", *map(heading, columns())]):
        sheet.write_string(2, column, label, head)
    for row, (name, line) in enumerate(_lines(made, departments), 3):
        sheet.write_string(row, 0, name)
        for column, each in enumerate(columns(), 1):
            value = line.value(each)
            if value is not None:
                sheet.write_number(row, column, value)
    sheet.freeze_panes(3, 1)


def _late(sheet: Any, head: Any, made: Circular, departments: Names) -> None:
    sheet.set_column(0, 5, 20)
    for column, label in enumerate(LATE_HEADS):
        sheet.write_string(0, column, label, head)
    for row, each in enumerate(made.late, 1):
        for column, text in enumerate(_cells(each, departments)):
            sheet.write_string(row, column, text)
    sheet.freeze_panes(1, 0)


def _cells(each: Late, departments: Names) -> tuple[str, ...]:
    office = departments.get(each.department_code)
    return (
        WHAT[each.what], office.label if office else each.department_code, each.name, each.title,
        each.due.isoformat(), each.on.isoformat() if each.on else "未办",
    )  # fmt: skip
