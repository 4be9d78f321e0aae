"""Excel-2003 XML, under whatever name it comes."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from defusedxml.ElementTree import iterparse

from portal.errors import Refused
from portal.intake.readers.merged import Merge, fill_as_they_come
from portal.intake.readers.rows import MAX_COLUMNS, Cell, CellError, Formula, Row, Sheet
from portal.words import say

_NS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read_spreadsheetml(path: Path) -> Iterator[Sheet]:
    """The sheets in order, as a stream."""
    events = iterparse(str(path), events=("start", "end"), forbid_dtd=True)
    for event, element in events:
        if event == "start" and element.tag == f"{_NS}Worksheet":
            rows = fill_as_they_come(_rows(events))
            yield Sheet(element.get(f"{_NS}Name", ""), rows)
            for _ in rows:  # whoever asked left rows unread
                pass


def _rows(events: Any) -> Iterator[tuple[Row, list[Merge]]]:
    number, table = 0, None
    for event, element in events:
        if event == "start":
            table = element if element.tag == f"{_NS}Table" else table
        elif element.tag == f"{_NS}Row":
            number = int(element.get(f"{_NS}Index", number + 1))
            merges: list[Merge] = []
            yield Row(number, _cells(element, number, merges)), merges
            if table is not None:
                table.clear()
        elif element.tag == f"{_NS}Worksheet":
            element.clear()
            return


def _cells(row: Any, number: int, merges: list[Merge]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iterfind(f"{_NS}Cell"):
        at = int(cell.get(f"{_NS}Index", len(cells) + 1)) - 1
        across, down = int(cell.get(f"{_NS}MergeAcross", 0)), int(cell.get(f"{_NS}MergeDown", 0))
        if not len(cells) <= at <= at + across <= MAX_COLUMNS or down < 0:
            raise Refused(
                say("第{row}行的列序号不对或者列太多，没有导入；请在表格软件里另存后重新上传。", row=number)
            )
        cells.extend([None] * (at - len(cells)))
        cells.append(_value(cell))
        cells.extend([None] * across)
        if across or down:
            merges.append(Merge(number, at, number + down, at + across))
    return cells


def _value(cell: Any) -> Cell:
    data = cell.find(f"{_NS}Data")
    text = "" if data is None else "".join(data.itertext())
    if cell.get(f"{_NS}Formula"):
        return Formula(cell.get(f"{_NS}Formula"))
    kind = None if data is None else data.get(f"{_NS}Type")
    if kind == "Number":
        number = float(text)
        return int(number) if number.is_integer() and "." not in text else number
    if kind == "DateTime":
        return datetime.fromisoformat(text)
    if kind == "Boolean":
        return text.strip() == "1"
    return CellError(text) if kind == "Error" else text
