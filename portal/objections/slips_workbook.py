"""Codes as a spreadsheet, for an office that prints them into its own notices. It can be brought in again.

Every cell is text: a number of eighteen digits stays whole, and a name that begins with ``=`` stays a name.
"""

import io
from collections.abc import Sequence

import xlsxwriter

from portal.objections.notice_codes import Slip, Task
from portal.words import say


def slips_workbook(task: Task, slips: Sequence[Slip], address: str) -> bytes:
    """One row per object: name, entity code, task number, code, where to object.

    :param address: of the page where an objection is filed.
    """
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet(str(say("核验码")))
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    sheet.set_column(0, 4, 26)
    head = (
        say("检查对象名称"),
        say("统一社会信用代码"),
        say("任务编号"),
        say("核验码"),
        say("提出异议的网址"),
    )
    for column, name in enumerate(head):
        sheet.write_string(0, column, str(name), bold)
    for at, slip in enumerate(slips, 1):
        row = (slip.entity_name, slip.entity_code, task.task_no, slip.code, address)
        for column, value in enumerate(row):
            sheet.write_string(at, column, value, text)
    book.close()
    return buffer.getvalue()
