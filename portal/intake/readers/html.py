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
DEEPEST = 200


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
    tree = html5lib.HTMLParser(_Shallow, namespaceHTMLElements=False).parse(text)
    for table in _outermost(tree, "table"):
        rows, merges = _laid_out(table)
        yield Sheet("", fill_merged(rows, merges))


class _Shallow(html5lib.getTreeBuilder("etree")):  # type: ignore[misc]
    """A tree of bounded depth: the parser's time grows with the square of it, and no table is nested so."""

    def insertElementNormal(self, token: Any) -> Any:  # noqa: N802 - the library's name
        if len(self.openElements) > DEEPEST:
            raise Refused(say("网页里的标签套了{limit}层以上，不像是表格，没有打开；请在表格软件里另存为 xlsx 文件后重新上传。", limit=DEEPEST))  # fmt: skip
        return super().insertElementNormal(token)


def _outermost(element: Any, tag: str) -> Iterator[Any]:
    for child in element:
        if child.tag == tag:
            yield child
        elif tag == "table" or child.tag != "table":
            yield from _outermost(child, tag)


def _laid_out(table: Any) -> tuple[list[Row], list[Merge]]:
    rows: list[Row] = []
    merges: list[Merge] = []
    taken: dict[int, int] = {}  # column -> the last row that a cell above reaches down to
    for number, line in enumerate(_outermost(table, "tr"), 1):
        cells: list[Cell] = []
        for cell in line:
            if cell.tag in ("td", "th"):
                _place(cell, number, cells, merges, taken)
        rows.append(Row(number, cells))
    return rows, merges


def _place(cell: Any, number: int, cells: list[Cell], merges: list[Merge], taken: dict[int, int]) -> None:
    while taken.get(len(cells), 0) >= number:
        cells.append(None)
    if len(cells) > MAX_COLUMNS:  # the row is refused as it stands
        return
    left, wide, high = len(cells), _span(cell, "colspan", MAX_COLUMNS), _span(cell, "rowspan", MAX_ROWS)
    cells.append(_content(cell))
    cells.extend([None] * (wide - 1))
    if wide > 1 or high > 1:
        merges.append(Merge(number, left, number + high - 1, left + wide - 1))
        taken.update(dict.fromkeys(range(left, left + wide), number + high - 1))


def _span(cell: Any, name: str, limit: int) -> int:
    text = (cell.get(name) or "1").strip()
    return max(1, min(int(text), limit)) if text.isascii() and text.isdigit() else 1


def _content(cell: Any) -> Cell:
    formula = cell.get("x:fmla") or cell.get("fmla")
    text = "".join(cell.itertext()).replace("\xa0", " ").strip()
    if formula or text.startswith("="):
        return Formula(formula or text)
    return text
