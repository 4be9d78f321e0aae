"""A canary in a record, an erasure of it by the people who may, and every byte that is kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook
from sqlalchemy.orm import Session

from portal import work
from portal.db import Base
from portal.erasing import deciding
from portal.erasing.models import Erasure
from portal.erasing.requirements import Proposed
from portal.intake import importing
from portal.intake.report import Options
from portal.ledger.models import Entry
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.searching import words_packed

CANARY = "鸢尾蓝七四一九"
FIRM = f"示例{CANARY}商行"
BASIS = "《中华人民共和国个人信息保护法》第四十七条"
REASON = "误公开了个人信息，已从各个版本中删除。"
WHOLE = Proposed("personal_info", BASIS, REASON)
PART = Proposed("trade_secret", BASIS, "误公开了商业秘密。", ["items/0/problem"])
ENCODED = [
    *(CANARY.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
    json.dumps(CANARY)[1:-1].encode(),  # as JSON columns hold it
    CANARY[:2].encode(),  # as the index holds it, two by two
]


def saying(problem: str, **changes: Any) -> dict[str, Any]:
    content = examples.result(**changes)
    return content | {"items": [content["items"][0] | {"problem": problem}, content["items"][1]]}


def marks(problem: str) -> list[dict[str, Any]]:
    start = problem.index(CANARY)
    span = {"start": start, "end": start + len(CANARY), "by": 0, "note": f"{CANARY}是配方"}
    return [{"path": "items/0/problem", "ground": "trade_secret", "basis": "条例第十五条", **span}]


def erased(session: Session, cast: Cast, publication: Publication, proposed: Proposed = WHOLE) -> Erasure:
    erasure = deciding.propose(session, publication, proposed, by=cast.he)
    deciding.agree(session, erasure, by=cast.lin)
    session.commit()
    return erasure


def finished(app: Flask, session: Session, erasure: Erasure) -> Erasure:
    work.index_step(app)
    work.erasing_step(app)
    session.expire_all()
    return erasure


def bytes_everywhere(session: Session, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every file that the portal keeps, and every value of every table as text."""
    for folder in (settings.var, settings.index_dir):
        for path in folder.rglob("*"):
            if path.is_file():
                yield str(path.name), path.read_bytes()
    yield from words_packed(settings.index_dir)
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            yield table.name, repr(tuple(row)).encode()
    session.rollback()


def found_in(session: Session, settings: Settings) -> set[str]:
    return {
        name for name, held in bytes_everywhere(session, settings) if any(each in held for each in ENCODED)
    }


def lines(session: Session) -> list[tuple[int, bytes, bytes]]:
    entries = session.scalars(sa.select(Entry).order_by(Entry.index))
    return [(each.index, each.body, each.leaf_hash) for each in entries]


def imported(session: Session, cast: Cast, folder: Path) -> None:
    """The same sheet from the platform's file, refused: its day is missing."""
    book_ = Workbook()
    sheet = book_.active
    assert sheet is not None
    sheet.append(["检查对象名称", "统一社会信用代码", "抽查任务编号", "检查事项", "检查日期", "检查结果"])
    sheet.append([FIRM, "9133990075TNM5LB3J", "33990020261012003", "公示信息抽查", "不详", "未发现问题"])
    book_.save(folder / "sheet.xlsx")
    importing.run(session, folder / "sheet.xlsx", Options(kind="result", by=cast.he, department="scjg"))
