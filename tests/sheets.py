"""Files of results as offices send them, about invented firms, and the import of them, for tests."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from portal.intake.importing import run
from portal.intake.models import Import
from portal.intake.report import Options, Report
from portal.publications.models import Batch, Publication, Revision
from tests.cast import Cast

HEAD = (
    "抽查任务编号", "抽查任务名称", "抽查机关", "检查对象名称", "统一社会信用代码", "事项编号", "检查事项",
    "检查日期", "检查结果", "平台公示日期",
)  # fmt: skip
OURS, THEIRS = "示例市市场监督管理局", "示例市应急管理局"


def code(at: int) -> str:
    """A valid USCC of an invented firm."""
    stem = f"91339900{at:09d}"
    return stem + uscc.calc_check_digit(stem)


def sheet(at: int, **other: str) -> dict[str, str]:
    """One row about the firm numbered ``at``."""
    plain = (
        "33990020260001", "食品抽查", OURS, f"示例{at}食品有限公司", code(at), "B01", "食品生产检查",
        "2026-03-02", "未发现问题", "2026-03-20",
    )  # fmt: skip
    return dict(zip(HEAD, plain, strict=True)) | other


def written(path: Path, rows: Iterable[dict[str, str]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, head)
        out.writeheader()
        out.writerows(rows)
    return path


def taken_in(session: Session, cast: Cast, path: Path, **options: Any) -> Report:
    return run(session, path, Options(**({"kind": "result", "by": cast.he} | options)))


def drafts(session: Session, kind: str = "result") -> list[Revision]:
    return list(session.scalars(sa.select(Revision).where(Revision.kind == kind).order_by(Revision.id)))


def everything(session: Session) -> list[int | None]:
    tables = (Import, Batch, Publication, Revision)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
