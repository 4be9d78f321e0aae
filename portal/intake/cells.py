"""What one cell says, for the field it is meant for, or why it can not be taken."""

import re
from datetime import date, datetime

from portal.intake.readers.rows import Cell, CellError, Formula
from portal.publications.fields import Field
from portal.words import Sentence, label_of, say

_EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen digits of a number and makes zeros of the rest
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{2,}")
_IDENTIFIERS = frozenset(
    (
        "entity_code", "task_no", "plan_no", "source_number", "item_code", "rectifies", "document_no",
        "platform_draw_no", "inspector_ids", "legal_representative_id", "phone", "identity_number", "internal_id",
    )
)  # fmt: skip
_AS_PRINTED = frozenset(
    ("ratio", "sampling_ratio", "estimated_count", "frequency", "period", "ratio_by_risk")
)
_BLANK_MARKS = frozenset({"-", "--", "—", "——", "/", "\\", "无数据", "N/A", "n/a", "NULL", "null"})

Taken = str | int | float | bool | date | None


def take(cell: Cell, field: Field) -> tuple[Taken, Sentence | None]:
    """The value as :func:`portal.publications.content.read_content` wants it, or a sentence."""
    if isinstance(cell, str):
        return _take_text(cell, field)
    if cell is None:
        return None, None
    if isinstance(cell, Formula):
        return None, _formula()
    if isinstance(cell, CellError):
        return None, say("这个单元格显示错误值“{value}”；请改为正确的内容后重新上传。", value=cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _take_date(cell, field)
    return (cell, None) if isinstance(cell, bool) else _take_number(cell, field)


def _take_text(text: str, field: Field) -> tuple[Taken, Sentence | None]:
    words = text.strip()
    if not words or words in _BLANK_MARKS:
        return None, None
    if text.startswith("="):
        return None, _formula()
    if field.name in _IDENTIFIERS and _SCIENTIFIC.fullmatch(words):
        return None, _became_a_number(words, field)
    return text, None


def _formula() -> Sentence:
    return say("这个单元格是公式，系统不取公式的结果；请复制后用“选择性粘贴—数值”粘回原处，再重新上传。")


def _take_date(day: date, field: Field) -> tuple[Taken, Sentence | None]:
    if field.type == "date":
        return day, None
    if field.name in _IDENTIFIERS or field.name in _AS_PRINTED:
        return None, say(
            "“{label}”被电子表格改成了日期{day}；请把这一列设为文本格式，按原来的写法重新填写。",
            label=label_of(field),
            day=day.isoformat(),
        )
    return day.isoformat(), None


def _take_number(number: int | float, field: Field) -> tuple[Taken, Sentence | None]:
    exact = float(number).is_integer() and abs(number) < _EXACT_BELOW
    if field.name in _IDENTIFIERS:
        return (str(int(number)), None) if exact else (None, _became_a_number(f"{number:g}", field))
    if field.type == "date":
        return number, None
    return (int(number) if exact else f"{number:.10g}"), None


def _became_a_number(shown: str, field: Field) -> Sentence:
    return say(
        "“{label}”被电子表格改成了数字“{value}”，后面几位已经丢失；请把这一列设为文本格式后重新填写。",
        label=label_of(field),
        value=shown,
    )


def shown(cell: Cell) -> str:
    """The cell as a refusal repeats it, and as the workbook of refused rows gives it back."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_BELOW:
        return str(int(cell))
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(cell)
