"""The labels of codes in English, and the code tables themselves, read once for a whole file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.exports.flat import Column, Labelled, Row, as_published
from portal.publications import queries
from portal.publications.kinds import KINDS

CODES = (
    Column("table", "代码表", "Code table"),
    Column("version", "版本", "Version"),
    Column("code", "代码", "Code"),
    Column("label", "名称", "Label"),
    Column("label_en", "英文名称", "Label in English"),
    Column("valid_from", "启用日期", "Valid from", "date"),
    Column("valid_to", "停用日期", "Valid until", "date"),
)
DEPARTMENTS = (
    Column("code", "部门代码", "Department, code"),
    Column("label", "部门", "Department"),
    Column("short", "简称", "Short name"),
    Column("label_en", "英文名称", "Label in English"),
    Column("region", "地区代码", "Region, code"),
    Column("valid_from", "启用日期", "Valid from", "date"),
    Column("valid_to", "停用日期", "Valid until", "date"),
)


def in_english(session: Session) -> Labelled:
    """Says a code in English; as it was published where the code has no English.

    Everything is read before this returns: the session may be closed while a file is still written.
    """
    labels = {("kind", kind.name): kind.label_en for kind in KINDS.values()}
    labels |= {("", each.code): each.label_en for each in session.scalars(sa.select(Department))}
    labels |= {("region", each.code): each.label_en for each in session.scalars(sa.select(Region))}
    for each in queries.code_values(session):
        labels[each.table, each.code] = labels[f"{each.table}@{each.version}", each.code] = each.label_en

    def labelled(value: Mapping[str, Any]) -> str:
        table, code = str(value.get("table", "")), str(value.get("code", ""))
        known = labels.get(("region" if table.startswith("region") else table, code))
        return known or as_published(value)

    return labelled


def code_rows(session: Session, tables: Iterable[str] = ()) -> Sequence[Row]:
    """The values of some code tables in all their versions; of every table when none is named."""
    query = sa.select(CodeValue).order_by(
        CodeValue.table, CodeValue.version, CodeValue.position, CodeValue.id
    )
    if wanted := set(tables):
        query = query.where(CodeValue.table.in_(wanted))
    return [
        (each.table, each.version, each.code, each.label, each.label_en, _day(each.valid_from), _day(each.valid_to))
        for each in session.scalars(query)
    ]  # fmt: skip


def department_rows(session: Session) -> Sequence[Row]:
    """Every department, those of the past included."""
    return [
        (each.code, each.label, each.short, each.label_en, each.region_code, _day(each.valid_from), _day(each.valid_to))
        for each in queries.departments(session).values()
    ]  # fmt: skip


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
