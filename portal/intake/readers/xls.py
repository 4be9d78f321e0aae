"""Real .xls workbooks (BIFF), which hold at most 65,536 rows and are read whole."""

import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlrd

from portal.errors import Refused
from portal.intake.readers.merged import Merge, fill_merged
from portal.intake.readers.rows import Cell, CellError, Formula, Row, Sheet
from portal.words import say

_FORMULA, _MERGED_CELLS, _BOF, _EOF = 0x0006, 0x00E5, 0x0809, 0x000A


def read_xls(path: Path) -> Iterator[Sheet]:
    """The visible sheets in order.

    :raises Refused: when the workbook is locked.
    """
    with _open(path) as book:
        for index in range(book.nsheets):
            sheet = book.sheet_by_index(index)
            formulas, merges = _beside_the_cells(book, index)
            if sheet.visibility == 0:
                yield Sheet(sheet.name, fill_merged(_rows(book, sheet, formulas), merges))
            book.unload_sheet(index)


def _open(path: Path) -> Any:
    try:
        return xlrd.open_workbook(str(path), on_demand=True, logfile=_Silence())
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower():
            raise Refused(say("文件设了密码，打不开；请取消密码保护后重新上传。")) from error
        raise


class _Silence:
    """xlrd writes its doubts about a file here."""

    def write(self, text: str) -> None:
        pass


def _rows(book: Any, sheet: Any, formulas: set[tuple[int, int]]) -> Iterator[Row]:
    for at in range(sheet.nrows):
        cells = [_cell(cell, book.datemode) for cell in sheet.row(at)]
        for column in range(len(cells)):
            if (at, column) in formulas:
                cells[column] = Formula(f"={cells[column] or ''}")
        yield Row(at + 1, cells)


def _cell(cell: Any, datemode: int) -> Cell:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(cell.value) if cell.value.is_integer() else float(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    return None


def _date(serial: float, datemode: int) -> Cell:
    try:
        moment: datetime = xlrd.xldate_as_datetime(serial, datemode)
    except (ValueError, OverflowError):
        return float(serial)
    return moment


def _beside_the_cells(book: Any, index: int) -> tuple[set[tuple[int, int]], list[Merge]]:
    """Which cells hold formulas and which are merged: xlrd tells neither, the records do."""
    memory, at = book.mem, book._sh_abs_posn[index]
    formulas: set[tuple[int, int]] = set()
    merges: list[Merge] = []
    depth = 0
    while at + 4 <= len(memory):
        code, length = struct.unpack_from("<HH", memory, at)
        body = memory[at + 4 : at + 4 + length]
        depth += (code == _BOF) - (code == _EOF)
        if code == _FORMULA and length >= 4 and depth == 1:
            formulas.add(struct.unpack_from("<HH", body))
        elif code == _MERGED_CELLS and length >= 2:
            for top, bottom, left, right in struct.iter_unpack("<HHHH", body[2 : 2 + (length - 2) // 8 * 8]):
                merges.append(Merge(top + 1, left, bottom + 1, right))
        if depth == 0:
            break
        at += 4 + length
    return formulas, merges
