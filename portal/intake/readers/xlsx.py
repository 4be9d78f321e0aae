"""True xlsx workbooks, read as a stream."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import range_boundaries

from portal.errors import Refused
from portal.intake.readers.merged import Merge, fill_merged
from portal.intake.readers.rows import Cell, CellError, Formula, Row, Sheet
from portal.intake.readers.worksheet import read_rows
from portal.words import say

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+\d+:[A-Z]+\d+)"')
_MANY_MERGES = 50_000


def read_xlsx(path: Path) -> Iterator[Sheet]:
    """The visible sheets in order."""
    with (
        path.open("rb") as file,  # given a path, openpyxl goes by its name
        closing(openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)) as book,
    ):
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                merges = _merges(path, sheet._worksheet_path)
                yield Sheet(sheet.title, fill_merged(_rows(sheet), merges))


def _rows(sheet: Any) -> Iterator[Row]:
    for number, cells in read_rows(sheet):
        row: list[Cell] = [None] * (cells[-1]["column"] if cells else 0)
        for cell in cells:
            if cell["column"] <= len(row):
                row[cell["column"] - 1] = _cell(sheet, cell)
        yield Row(number, row)


def _cell(sheet: Any, cell: Mapping[str, Any]) -> Cell:
    value = cell["value"]
    if value is None:
        return None
    if isinstance(value, str):
        return _text(value, cell["data_type"])
    if isinstance(value, float):
        return _number(value, ReadOnlyCell(sheet, **cell).number_format or "")
    if isinstance(value, int):  # bool is one of them
        return value
    if isinstance(value, (datetime, date)):
        return value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return Formula(str(getattr(value, "text", "") or getattr(value, "ref", value)))  # an array formula


def _text(value: str, data_type: str) -> Cell:
    if data_type == "f":
        return Formula(value)
    return CellError(value) if data_type == "e" else value


def _number(value: float, number_format: str) -> Cell:
    """As printed: what the clerk sees as 5% is 0.05 in the file."""
    return f"{round(value * 100, 6):g}%" if "%" in number_format else value


def _merges(path: Path, member: str) -> list[Merge]:
    """Merged ranges stand after all rows: look through the member's bytes for them first."""
    found: list[Merge] = []
    with zipfile.ZipFile(path) as archive, archive.open(member.lstrip("/")) as stream:
        rest = b""
        while block := stream.read(1 << 20):
            text = rest + block
            end = 0
            for match in _MERGE.finditer(text):
                left, top, right, bottom = range_boundaries(match.group(1).decode())
                found.append(Merge(top, left - 1, bottom, right - 1))
                end = match.end()
            rest = text[max(end, len(text) - 80) :]
    if len(found) > _MANY_MERGES:
        raise Refused(say("合并的单元格太多，无法读取；请取消合并后重新上传。"))
    return found
