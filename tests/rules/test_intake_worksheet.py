"""The rows of a workbook come past openpyxl's own parser, and say what they would say by it."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from portal.errors import Refused
from portal.intake.readers.opening import open_sheets
from portal.intake.readers.rows import Row
from portal.intake.readers.worksheet import read_rows
from portal.intake.staging import stage

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = "</sheetData></worksheet>"


def of_every_kind(path: Path, inline: bool) -> Path:
    """A workbook with a cell of every kind; texts in the cells themselves, as systems stream them, or beside."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": inline})
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    sheet = book.add_worksheet()
    sheet.set_row(0, 40)
    sheet.write_row(0, 0, ["示例甲有限公司", " 两边有空格 ", "两\n行", "<&>", 'x="1"', "_x0041_"])
    sheet.write_row(1, 0, [12, 0.05, -1e21, True, False, ""])
    sheet.write_datetime(2, 0, datetime.combine(date(2026, 3, 1), time(10, 30)), day)
    sheet.write_datetime(2, 1, date(2026, 3, 1), day)
    sheet.write_datetime(2, 2, time(8, 30), book.add_format({"num_format": "hh:mm"}))
    sheet.write_number(2, 3, 0.05, book.add_format({"num_format": "0%"}))
    sheet.write_rich_string(4, 1, "示例", bold, "乙", "有限公司")
    sheet.write_formula(4, 3, "=A1", None, "示例")
    sheet.write_formula(4, 4, "=1/0", None, "#DIV/0!")
    sheet.write_array_formula(5, 0, 5, 1, "{=A1:B1}", None, "示例")
    sheet.write_blank(6, 2, None, bold)
    book.close()
    return path


@pytest.mark.parametrize("inline", [True, False])
def test_every_cell_says_what_openpyxl_reads_in_it(tmp_path: Path, inline: bool) -> None:
    path = of_every_kind(tmp_path / "book.xlsx", inline)
    theirs = openpyxl.load_workbook(path, read_only=True).active
    theirs.reset_dimensions()
    told = [
        (cell.row, cell.column, getattr(cell.value, "text", cell.value), cell.data_type)
        for row in theirs.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    ]
    found = [
        (cell["row"], cell["column"], getattr(cell["value"], "text", cell["value"]), cell["data_type"])
        for _number, cells in read_rows(openpyxl.load_workbook(path, read_only=True).active)
        for cell in cells
        if cell["value"] not in (None, "")
    ]
    assert found == told
    assert len(found) >= 19


def with_sheet(folder: Path, xml: str) -> Path:
    """A workbook whose sheet is the given XML."""
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    path = folder / "made.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return path


def cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows_of(path: Path) -> list[Row]:
    return [row for sheet in open_sheets(path) for row in sheet.rows]


def test_a_row_keeps_its_number_over_gaps_and_one_out_of_order_is_left_out(tmp_path: Path) -> None:
    rows = f'<row r="2">{cell("A2", "甲")}</row><row r="7">{cell("B7", "乙")}</row><row r="3">{cell("A3", "丙")}</row>'
    found = rows_of(with_sheet(tmp_path, HEAD + rows + f"<row>{cell('A8', '丁')}</row>" + TAIL))
    assert found == [Row(2, ["甲"]), Row(7, [None, "乙"])]
    found = rows_of(with_sheet(tmp_path, HEAD + "<row><c><v>5</v></c><c><v>6</v></c></row>" + TAIL))
    assert found == [Row(1, [5, 6])]


def test_a_text_is_read_without_its_reading_aid_and_with_all_its_parts(tmp_path: Path) -> None:
    aided = '<c r="A1" t="inlineStr"><is><t>示例</t><rPh sb="0" eb="2"><t>shili</t></rPh></is></c>'
    parted = '<c r="B1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'
    assert rows_of(with_sheet(tmp_path, HEAD + f"<row>{aided}{parted}</row>" + TAIL)) == [
        Row(1, ["示例", "甲乙"])
    ]


@pytest.mark.parametrize(
    "broken",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD + "<row><c><v>5</v></c></row>" + TAIL,
        HEAD + "<row><c><v>5</v></c></row>",
        HEAD + "<row><c><v>5</v></row>" + TAIL,
    ],
)
def test_a_sheet_that_declares_entities_or_stops_is_refused(tmp_path: Path, broken: str) -> None:
    with pytest.raises(Refused, match="损坏"), stage(with_sheet(tmp_path, broken)):
        pass
