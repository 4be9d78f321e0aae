"""HTML tables saved under an .xls name, as many office systems export them. Read whole, so bounded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib

from portal.errors import Refused
from portal.intake.readers.merged import Merge, fill_merged
from portal.intake.readers.rows import MAX_COLUMNS, MAX_ROWS, Cell, Formula, Row, Sheet
from portal.intake.readers.text import encoding_of
from portal.words import say

MAX_HTML = 24 * 2**20


def read_html(path: Path) -> Iterator[Sheet]:
    """Each outermost table as a sheet, row and column spans filled."""
    if path.stat().st_size > MAX_HTML:
        raise Refused(
            say(
                "网页格式的表格超过{limit}MB；请在表格软件里打开，另存为 xlsx 文件后重新上传。",
                limit=MAX_HTML // 2**20,
            )
        )
    text = path.read_text(encoding=encoding_of(path))
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    for table in _outermost(tree, "table"):
        rows, merges = _laid_out(table)
        yield Sheet("", fill_merged(rows, merges))


def _outermost(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif tag == "table" or child.tag != "table":
            yield from _outermost(child, tag)


def _laid_out(table: Any) -> tuple[list[Row], list[Merge]]:
    rows: list[Row] = []
    merges: list[Merge] = []
    taken: set[tuple[int, int]] = set()
    for number, line in enumerate(_outermost(table, "tr"), 1):
        cells: list[Cell] = []
        for cell in line:
            if cell.tag in ("td", "th"):
                _place(cell, number, cells, merges, taken)
        rows.append(Row(number, cells))
    return rows, merges


def _place(
    cell: Any, number: int, cells: list[Cell], merges: list[Merge], taken: set[tuple[int, int]]
) -> None:
    while (number, len(cells)) in taken:
        cells.append(None)
    left, wide, high = len(cells), _span(cell, "colspan", MAX_COLUMNS), _span(cell, "rowspan", MAX_ROWS)
    cells.append(_content(cell))
    cells.extend([None] * (wide - 1))
    if wide > 1 or high > 1:
        merges.append(Merge(number, left, number + high - 1, left + wide - 1))
        reach = min(high, 2_000)  # a false rowspan of a million takes no memory
        taken.update((number + down, left + right) for down in range(1, reach) for right in range(wide))


def _span(cell: Any, name: str, limit: int) -> int:
    text = (cell.get(name) or "1").strip()
    return max(1, min(int(text), limit)) if text.isascii() and text.isdigit() else 1


def _content(cell: Any) -> Cell:
    formula = cell.get("x:fmla") or cell.get("fmla")
    text = "".join(cell.itertext()).replace("\xa0", " ").strip()
    if formula or text.startswith("="):
        return Formula(formula or text)
    return text
