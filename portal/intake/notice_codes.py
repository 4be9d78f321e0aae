"""核验码 from the platform that printed the notices: a file of task number, entity code and code, row by row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from portal.errors import Refused
from portal.intake.cells import take
from portal.intake.columns import fold
from portal.intake.readers.opening import open_sheets
from portal.intake.readers.rows import Cell, CellError, Formula, Row
from portal.objections.brought_codes import Brought, RefusedRow
from portal.publications.entity_codes import read_entity_code
from portal.publications.fields import Field, internal
from portal.publications.kinds import KINDS
from portal.words import Sentence, say

MOST_ROWS = 10_000
HEAD_WITHIN = 20  # rows: titles and notes may stand above the head

_NAMES: Mapping[str, Sequence[str]] = {
    "task_no": ("任务编号", "抽查任务编号"),
    "entity_code": ("统一社会信用代码", "统一社会信用代码/注册号", "信用代码", "注册号"),
    "code": ("核验码", "身份核验码", "通知书核验码"),
}
_COLUMNS = {fold(name): column for column, names in _NAMES.items() for name in names}
_TASK_NO = KINDS["task"].by_name["source_number"]
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_CODE = internal("code", "核验码", "Verification code")

Read = tuple[list[Brought], list[RefusedRow]]


def read_notice_codes(path: Path) -> Read:
    """The rows of every sheet that has the three columns, and the rows that can not be read.

    :raises Refused: when the file is no table, has none of the columns, or too many rows.
    """
    rows: list[Brought] = []
    refused: list[RefusedRow] = []
    found = False
    for sheet in open_sheets(path):
        columns: Mapping[str, int] | None = None
        for row in sheet.rows:
            if columns is None:
                columns = _head(row)
                if columns is None and row.number > HEAD_WITHIN:
                    break
                continue
            _take(row, columns, rows, refused)
        found = found or columns is not None
    if not found:
        raise Refused(say("没有找到表头；请在第一行写明“任务编号”“统一社会信用代码”“核验码”三列后重新上传。"))
    return rows, refused


def _head(row: Row) -> Mapping[str, int] | None:
    found: dict[str, int] = {}
    for at, cell in enumerate(row.cells):
        column = _COLUMNS.get(fold(cell)) if isinstance(cell, str) else None
        if column is not None:
            found.setdefault(column, at)
    return found if len(found) == len(_NAMES) else None


def _take(row: Row, columns: Mapping[str, int], rows: list[Brought], refused: list[RefusedRow]) -> None:
    if len(rows) + len(refused) >= MOST_ROWS:
        raise Refused(say("文件超过{limit}行，请拆成几个文件后分别导入。", limit=MOST_ROWS))
    cells = {name: row.cells[at] if at < len(row.cells) else None for name, at in columns.items()}
    reasons = list(_reasons(cells))
    if reasons:
        refused.append(RefusedRow(row.number, reasons[0]))
        return
    entity, _reason = read_entity_code(cells["entity_code"], own_number=True)
    task_no, _reason = take(cells["task_no"], _TASK_NO)
    rows.append(Brought(row.number, str(task_no).strip(), entity or "", str(cells["code"]).strip()))


def _reasons(cells: Mapping[str, Cell]) -> Iterator[Sentence]:
    task_no, reason = take(cells["task_no"], _TASK_NO)
    if reason or task_no is None:
        yield reason or say("没有写任务编号，请补上。")
    entity, reason = _entity_code(cells["entity_code"])
    if reason or not entity:
        yield reason or say("没有写统一社会信用代码，请补上。")
    yield from _why_no_code(cells["code"], _CODE)


def _entity_code(cell: Cell) -> tuple[str | None, Sentence | None]:
    if cell is None or isinstance(cell, Formula | CellError):
        return None, None
    return read_entity_code(cell, own_number=True)


def _why_no_code(cell: Cell, field: Field) -> Iterator[Sentence]:
    if isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell.strip()):
        cell = 0
    if cell is not None and not isinstance(cell, str | Formula | CellError):
        yield say("核验码被电子表格存成了数字，前面的0可能已经丢失；请把这一列设为文本格式后重新填写。")
        return
    code, reason = take(cell, field)
    if reason or code is None:
        yield reason or say("没有写核验码，请补上。")
