"""A search as an .xlsx file: a sheet for each table, and one that says what was asked and what the codes mean.

Rows go to disk as they come (XlsxWriter's constant memory). Every text is written as text: no cell is a formula, a
link or, when it is made of digits, a number that loses its last ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter

from portal.clock import today
from portal.exports.flat import Column, Row, Table, Value
from portal.exports.resource import Resource

MOST_ROWS = 1_048_576  # of a sheet, its heading included: Excel's limit
LONGEST_CELL = 32_000  # Excel's own limit is 32,767
CUT_OFF = "……"
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip

Rows = Callable[[Table, Resource], Iterator[Row]]


@dataclass(frozen=True)
class Explained:
    """What the last sheet says, in the reader's language.

    :param title: the sheet's name.
    :param facts: label and value: what was asked, when, how many were found, what is missing.
    :param heads: over the columns: name, label in Chinese and in English, code table.
    :param codes: heading and rows of the code tables that occur.
    :param full: that a sheet came to its last row, with ``{sheet}``.
    :param yes_no: the words.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    codes: Sequence[Row]
    full: str
    yes_no: tuple[str, str]
    english: bool = False

    def name(self, thing: Table | Column) -> str:
        """The label of a table or a column."""
        return (thing.label_en if self.english else "") or thing.label


class _Sheet:
    """One table on its way to disk, row after row."""

    def __init__(self, book: Any, table: Table, style: Mapping[str, Any], explained: Explained) -> None:
        self.table, self.style, self.yes_no = table, style, explained.yes_no
        self.name = explained.name(table).replace(":", "").replace("：", " ")[:31]
        self.sheet, self.rows, self.left_out = book.add_worksheet(self.name), 0, 0
        for at, column in enumerate(table.columns):
            self.sheet.set_column(at, at, 12 if column.type != "text" else 22)
            self.sheet.write_string(0, at, explained.name(column), style["head"])
        self.sheet.freeze_panes(1, 1)

    def write(self, row: Row) -> None:
        if self.rows + 2 > MOST_ROWS:
            self.left_out += 1
            return
        self.rows += 1
        for at, (value, column) in enumerate(zip(row, self.table.columns, strict=True)):
            self._cell(at, value, column)

    def _cell(self, at: int, value: Value, column: Column) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_string(self.rows, at, self.yes_no[not value], self.style["text"])
        elif isinstance(value, int):
            self.sheet.write_number(self.rows, at, value, self.style["number"])
        elif column.type == "date" and (day := _day(value)):
            self.sheet.write_datetime(self.rows, at, day, self.style["day"])
        else:
            self.sheet.write_string(self.rows, at, fitting(value), self.style["text"])


def write_workbook(
    file: BinaryIO,
    tables: Sequence[Table],
    chunks: Iterable[Sequence[Resource]],
    rows: Rows,
    explained: Explained,
) -> int:
    """Write a workbook into a file; how many publications are in it."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    book.set_properties({"created": datetime.combine(today(), datetime.min.time())})
    style = {
        "head": book.add_format({"bold": True, "bottom": 1, "num_format": "@"}),
        "text": book.add_format({"valign": "top", "num_format": "@"}),
        "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"valign": "top", "num_format": "0"}),
    }
    sheets, count = [_Sheet(book, table, style, explained) for table in tables], 0
    for chunk in chunks:
        for live in chunk:
            count += 1
            for sheet in sheets:
                for row in rows(sheet.table, live):
                    sheet.write(row)
    _explain(book, style, sheets, explained)
    book.close()
    return count


def _explain(book: Any, style: Mapping[str, Any], sheets: Sequence[_Sheet], explained: Explained) -> None:
    sheet = book.add_worksheet(explained.title)
    sheet.set_column(0, 6, 24)
    full = [("", explained.full.format(sheet=each.name)) for each in sheets if each.left_out]
    columns = [
        (each.name, column.name, column.label, column.label_en, column.table)
        for each in sheets
        for column in each.table.columns
    ]
    lines: list[Sequence[Value]] = [
        *explained.facts,
        *full,
        (),
        explained.heads,
        *columns,
        (),
        *explained.codes,
    ]
    for at, line in enumerate(lines):
        for place, value in enumerate(line):
            if value is not None:
                sheet.write_string(at, place, fitting(str(value)), style["text"])


def fitting(text: str) -> str:
    """The text as far as a cell holds it, with dots where it goes on."""
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + CUT_OFF


def _day(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time())
    except ValueError:  # a redaction marker stands where the date was
        return None
