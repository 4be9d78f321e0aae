"""The quarter's summary as a spreadsheet for the joint-conference office. Chinese, as it is reported (O7).

Every text is written as text: a cell that begins with ``= + - @`` is what a firm said, never a formula. Contacts
stay out.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from sqlalchemy.orm import Session

from portal.clock import SHANGHAI, now, today
from portal.codes.models import Department
from portal.concerns.models import CAME, CATEGORIES, STATES, Concern, ConcernTerm
from portal.concerns.quarters import Quarter
from portal.concerns.summary import Counts, Summary, how_it_ended, rows, summarise
from portal.people.models import Person
from portal.words import Sentence, say

LONGEST_CELL = 32_000  # Excel's own limit is 32,767

Names = Mapping[str, Department]

COLUMNS: Mapping[str, Sentence] = {
    "collected": say("收集"),
    "received": say("转入"),
    "reopened": say("再次办理"),
    "on_the_spot": say("当场答复"),
    "in_time": say("按时答复"),
    "late": say("逾期答复"),
    "passed_on": say("转办"),
    "waiting": say("待答复"),
    "overdue": say("其中已逾期"),
    "satisfied": say("回访满意"),
    "unsatisfied": say("回访不满意"),
}
ROW_HEADS = (
    "序号", "企业名称", "统一社会信用代码/注册号", "任务编号", "检查日期", "诉求类别", "诉求内容", "收集部门", "收集人",
    "办理部门", "来由", "带回（收到）日期", "最迟答复日期", "期限是否暂定", "期限依据", "实际日期", "办理结果", "答复或转办说明",
    "回访", "现在状态",
)  # fmt: skip
WIDTHS = (6, 26, 22, 18, 12, 16, 50, 26, 10, 26, 10, 14, 14, 10, 30, 12, 12, 50, 10, 18)


def file_name(quarter: Quarter) -> str:
    """What the file is called: ``诉求汇总2026年第三季度.xlsx``."""
    return f"诉求汇总{quarter.label}.xlsx"


def workbook(session: Session, quarter: Quarter, person: Person, departments: Names) -> bytes:
    """A sheet of totals and a sheet of rows, of the departments that a person may see."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    style = {
        "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
        "title": book.add_format({"bold": True, "font_size": 16}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "0"}),
    }
    _totals(book, style, summarise(session, quarter, person), departments)
    _rows(book, style, rows(session, quarter, person), departments)
    book.close()
    return buffer.getvalue()


def _totals(book: Any, style: Mapping[str, Any], summary: Summary, departments: Names) -> None:
    sheet = book.add_worksheet("汇总")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(COLUMNS), 11)
    sheet.write_string(0, 0, f"诉求汇总（{summary.quarter.label}）", style["title"])
    at = f"{now().astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    sheet.write_string(
        1, 0, f"按检查日期归入季度；办理情况截至{at}。一件诉求转办或者重新办理的，各部门、各次分别计数。"
    )
    by_department = [(departments[code].label, line) for code, line in sorted(summary.departments.items())]
    by_category = [(label, summary.categories[name]) for name, label in CATEGORIES.items()]
    after = _table(sheet, style, 3, "部门", [*by_department, ("合计", summary.total)])
    after = _table(sheet, style, after + 1, "诉求类别", [*by_category, ("合计", summary.total)])
    sheet.write_string(after + 1, 0, f"此前季度收集、尚未答复：{summary.carried_over}件")


def _table(
    sheet: Any, style: Mapping[str, Any], at: int, head: str, lines: Sequence[tuple[str, Counts]]
) -> int:
    for column, label in enumerate((head, *COLUMNS.values())):
        sheet.write_string(at, column, label, style["head"])
    for row, (label, line) in enumerate(lines, at + 1):
        sheet.write_string(row, 0, label)
        for column, name in enumerate(COLUMNS, 1):
            sheet.write_number(row, column, getattr(line, name), style["number"])
    return at + 1 + len(lines)


def _rows(
    book: Any, style: Mapping[str, Any], found: Iterable[tuple[Concern, ConcernTerm]], departments: Names
) -> None:
    sheet = book.add_worksheet("明细")
    for column, (head, width) in enumerate(zip(ROW_HEADS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, style["head"])
    sheet.freeze_panes(1, 2)
    for at, (concern, term) in enumerate(found, 1):
        for column, value in enumerate(_cells(concern, term, departments)):
            _write(sheet, at, column, value, style)


def _cells(concern: Concern, term: ConcernTerm, departments: Names) -> tuple[str | int | date | None, ...]:
    return (
        concern.id, concern.entity_name, concern.entity_code, concern.task_no, concern.inspected_on,
        CATEGORIES[concern.category], concern.asked, departments[concern.department_code].label, concern.taken_by,
        departments[term.department_code].label, CAME[term.came], term.brought_back_on, term.due_on,
        "暂定" if term.provisional else "", term.basis, term.ended_on, _ending(term),
        term.ended_by.note if term.ended_by else "", _called_back(concern), STATES[concern.state],
    )  # fmt: skip


def _ending(term: ConcernTerm) -> str:
    name = how_it_ended(term)
    if name == "waiting" and term.is_late(today()):
        return "待答复，已逾期"
    return COLUMNS[name]


def _called_back(concern: Concern) -> str:
    if concern.satisfied is None:
        return ""
    return "满意" if concern.satisfied else "不满意"


def _write(
    sheet: Any, row: int, column: int, value: str | int | date | None, style: Mapping[str, Any]
) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, style["day"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, style["number"])
    else:
        sheet.write_string(row, column, value[:LONGEST_CELL], style["text"])
