"""The refused rows of an import, to read and as a workbook to mend and send in again."""

import io
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from sqlalchemy.orm import Session

from portal.intake.models import Import, ImportBatch, ImportRefusal
from portal.words import say


def refusals_of(session: Session, import_id: int) -> Iterator[ImportRefusal]:
    """Every reason in the order of the file, streamed."""
    wanted = sa.select(ImportRefusal).where(ImportRefusal.import_id == import_id).order_by(ImportRefusal.id)
    return iter(session.scalars(wanted.execution_options(yield_per=500)))


def unfinished_batches(session: Session) -> set[int]:
    """Batches of imports that are still under way: not to be acted on yet."""
    wanted = sa.select(ImportBatch.batch_id).join(Import, Import.id == ImportBatch.import_id)
    return set(session.scalars(wanted.where(Import.finished_at.is_(None))))


def refusals_workbook(session: Session, one: Import) -> bytes:
    """The refused rows with the reasons before and the original cells behind, all of them as text.

    It can be mended and imported as it is: the columns in front are no fields and are left out.
    """
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    heads = dict(one.head)
    for name, refusals in groupby(refusals_of(session, one.id), key=lambda each: each.sheet):
        _write_sheet(book, name, heads.get(name, []), refusals)
    if not book.worksheets():
        book.add_worksheet()
    book.close()
    return buffer.getvalue()


def _write_sheet(book: Any, name: str, head: list[str], refusals: Iterator[ImportRefusal]) -> None:
    sheet = book.add_worksheet(_sheet_name(name))
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    front = [say("原表行号"), say("有误的列"), say("原值"), say("退回理由")]
    _write_row(sheet, 0, [*front, *head], bold)
    for at, (row, reasons) in enumerate(groupby(refusals, key=lambda each: each.row), 1):
        given = list(reasons)
        told = [
            str(row),
            "；".join(each.column for each in given if each.column),
            "；".join(each.value for each in given if each.value),
            "\n".join(each.sentence for each in given),
        ]
        _write_row(sheet, at, [*told, *given[0].cells], text)


def _write_row(sheet: Any, at: int, values: list[str], style: Any) -> None:
    for column, value in enumerate(values):
        sheet.write_string(at, column, str(value)[:32_000], style)


def _sheet_name(name: str) -> str | None:
    """A spreadsheet's sheets have at most 31 letters, and not every one."""
    return "".join(character for character in name if character not in "[]:*?/\\'")[:31] or None
