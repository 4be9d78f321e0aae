"""Where a sheet's head is, what stands above it, and which rows below are no records."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from portal.intake.cells import shown
from portal.intake.columns import KEY, Columns, fold, known_fields, match, synonyms
from portal.intake.readers.rows import Row, is_blank

_LOOK_AT = 30
_TOTAL = re.compile(r"(本页|全部)?(合计|总计|小计|共计|累计)(数|户数)?([(:].*)?")
_FOOTER = re.compile(
    r"(填报人|填表人|制表人?|审核人|复核人|经办人|单位负责人|负责人签字|联系人|联系电话|填报单位|填报日期|填表日期"
    r"|填报时间|注|说明|备注|附注)\d?[:.].*"
)
_LABELLED = re.compile(r"^([^:：]{2,20})[:：]\s*(\S.*)$")


@dataclass(frozen=True)
class Head:
    """A recognised head: its columns, the last of its rows, and what the rows above it say."""

    columns: Columns
    row: int
    title: str = ""
    labelled: Mapping[str, str] = field(default_factory=dict)  # field -> what stands above the head


def find_head(kind: str, rows: Iterable[Row], mapping: Mapping[str, str]) -> Head | None:
    """The row, or pair of rows, near the top whose names say most: the kind's key column and one more at least.

    Of equals the first, and one row before two.
    """
    top = list(islice(rows, _LOOK_AT))
    best: tuple[Columns, int, int] | None = None
    for height in (1, 2):
        for at in range(len(top) + 1 - height):
            columns = match(kind, _names(top[at : at + height]), mapping)
            if KEY[kind] in columns.fields.values() and _worth(columns) > (_worth(best[0]) if best else 1):
                best = columns, at, height
    if best is None:
        return None
    columns, at, height = best
    return Head(columns, top[at + height - 1].number, *_above(kind, top[:at]))


def _worth(columns: Columns) -> int:
    return len(set(columns.fields.values()))


def _names(rows: Sequence[Row]) -> list[str]:
    width = max(len(row.cells) for row in rows)
    lines = [[shown(cell).strip() for cell in row.cells] + [""] * (width - len(row.cells)) for row in rows]
    return ["\n".join(part for part in parts if part) for parts in zip(*lines, strict=True)]


def _above(kind: str, rows: Sequence[Row]) -> tuple[str, dict[str, str]]:
    """The title and what is written as 「任务编号：…」 above a head."""
    title = ""
    labelled: dict[str, str] = {}
    for row in rows:
        texts = list(dict.fromkeys(_texts(row)))
        pairs = [pair for pair in map(_LABELLED.match, texts) if pair]
        labelled |= {path: pair[2] for pair in pairs if (path := _top_field(kind, pair[1]))}
        if not title and len(texts) == 1 and not pairs:
            title = texts[0]
    return title, labelled


def _top_field(kind: str, name: str) -> str | None:
    path = synonyms(kind).get(fold(name))
    return path if path and "." not in path and path in known_fields(kind) else None


def is_record(row: Row, columns: Columns) -> bool:
    """Whether a row below the head is a record: no total, no signature line, no head repeated on a new page."""
    first = next((shown(cell).strip() for cell in row.cells if not is_blank(cell)), "")
    closing = _closing(first)
    if closing == "total":
        return False
    if closing == "signature":
        return len(set(_texts(row))) > 4
    return first not in columns.names or _texts(row) != [name for name in columns.names if name.strip()]


def _closing(first: str) -> Literal["total", "signature", ""]:
    """What a row that begins so most likely is, when it is no record."""
    plain = "".join(first.split()).replace("：", ":").replace("（", "(")
    if not plain or _TOTAL.fullmatch(plain):
        return "total"
    return "signature" if _FOOTER.fullmatch(plain) else ""


def _texts(row: Row) -> list[str]:
    return [shown(cell).strip() for cell in row.cells if not is_blank(cell)]
