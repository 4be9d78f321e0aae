"""How far an import has come, and what it refused: the two rows that every chunk writes."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.errors import Overtaken
from portal.intake.judging import Refusal
from portal.intake.models import Import, ImportRefusal
from portal.words import say


def move_on(session: Session, import_id: int, done: int, records: int, counted: Mapping[str, int]) -> None:
    """Note one chunk. Two processes on one import: one goes on, the other is told.

    :param done: how many records came before the chunk.
    :param counted: by how much each of the import's counters rises.
    """
    moved = session.execute(
        sa.update(Import)
        .where(Import.id == import_id, Import.position == done, Import.finished_at.is_(None))
        .values(
            position=done + records,
            **{name: getattr(Import, name) + value for name, value in counted.items()},
        )
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        session.rollback()
        raise Overtaken(say("同一个文件正在另一处导入，这里停止；请等它完成后查看结果。"))


def keep_refusals(session: Session, import_id: int, refusals: Sequence[Refusal]) -> None:
    """Write the refused rows down, so that they can be fetched and mended."""
    if rows := _rows(import_id, refusals):
        session.execute(sa.insert(ImportRefusal), rows)


def _rows(import_id: int, refusals: Sequence[Refusal]) -> list[dict[str, Any]]:
    """Refusals as the table keeps them: a row's cells stand with its first reason."""
    rows: list[dict[str, Any]] = []
    before = None
    for each in refusals:
        place = (each.sheet, each.row)
        rows.append(
            {
                "import_id": import_id,
                "sheet": each.sheet[:60],
                "row": each.row,
                "column": each.column[:120],
                "value": each.value[:2000],
                "sentence": each.sentence,
                "cells": each.cells if place != before else [],
            }
        )
        before = place
    return rows
