"""The platform's file of a draw: whom it drew, and what else it says of the draw, for a task that is being drafted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.codes.book import CodeBook
from portal.errors import Refused
from portal.intake.columns import known_fields
from portal.intake.heading import find_head
from portal.intake.judging import Refusal
from portal.intake.readers.rows import is_blank
from portal.intake.records import Record, Table
from portal.intake.staging import stage
from portal.publications.content import read_content
from portal.words import say

MOST_ROWS = 20_000  # a draw lists hundreds; a registry is another kind of file


@dataclass
class DrawnFile:
    """What a file says: rows of the list as content keeps them, other values as text, and the rows that come back."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def read_drawn(path: Path, book: CodeBook, wanted: Collection[str]) -> DrawnFile:
    """Read a list of drawn objects; a list with a faulty row is not taken.

    :param wanted: fields of a task that the file may say something of, such as ``pool_size``.
    :raises Refused: when it is no such file.
    """
    found = DrawnFile()
    with stage(path) as staged:
        heads = {
            sheet: head for sheet in staged.sheets if (head := find_head("task", staged.rows(sheet), {}))
        }
        if not heads:
            raise Refused(
                say(
                    "前30行里没有认出抽取名单的表头。表头一般写作：检查对象名称、统一社会信用代码、登记机关、检查单位、"
                    "检查人员、组长；改好列名后重新上传。"
                )
            )
        for record in Table("task", staged, heads).records():
            _take(record, book, wanted, found)
            if len(found.rows) + len(found.refusals) > MOST_ROWS:
                raise Refused(say("名单超过{limit}行，请确认选对了文件。", limit=MOST_ROWS))
    if not found.rows and not found.refusals:
        raise Refused(say("表头下面没有数据行，没有导入；请确认选对了文件，再重新上传。"))
    return found


def _take(record: Record, book: CodeBook, wanted: Collection[str], found: DrawnFile) -> None:
    raw = record.raw({})
    content, problems = read_content("task", {"drawn": raw["drawn"]}, book)
    found.rows += content.get("drawn") or []
    found.values |= {name: raw[name] for name in wanted if raw.get(name) is not None}
    found.refusals += [
        Refusal(row.sheet, row.number, each.column, each.value, each.sentence)
        for row in record.rows
        for each in row.complaints
    ]
    labels = known_fields("task")
    said = [row for row, values in zip(record.rows, raw["drawn"], strict=True) if _says_something(values)]
    for problem in problems:
        if problem.path.startswith("drawn/"):  # what the task itself lacks is no matter of this file
            _table, at, column = problem.path.split("/")
            row, label = said[int(at)], labels[f"drawn.{column}"].label
            found.refusals.append(Refusal(row.sheet, row.number, label, problem.value, problem.sentence))


def _says_something(values: Mapping[str, Any]) -> bool:
    return not all(is_blank(value) for value in values.values())
