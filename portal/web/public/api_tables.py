"""``/api/v1/departments``, ``codes``, ``fields`` and ``statistics``: what the records' codes and fields mean."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from flask import abort

from portal.clock import stamp
from portal.codes.book import REGION_TABLE
from portal.codes.models import CodeValue, Region
from portal.publications import queries
from portal.publications.fields import Field
from portal.publications.kinds import KINDS
from portal.statistics.models import Figure
from portal.statistics.queries import figures
from portal.web.describing import Body, Endpoint, Param, describes
from portal.web.kept.state import state
from portal.web.public import api_table_shapes as shapes
from portal.web.public.room import follows_ledger, public, reading, words
from portal.words import say

REGIONS = "region"


@public.get("/api/v1/departments")
@follows_ledger
@describes(Endpoint("tables", say("公示部门"), shapes.DEPARTMENTS))
def api_departments() -> Body:
    """Every department, those no longer in use among them."""
    return {
        "departments": [
            {
                "code": each.code,
                "label": each.label,
                "label_en": each.label_en,
                "short": each.short,
                "region": each.region_code,
                "phone": each.phone,
                "valid_from": _day(each.valid_from),
                "valid_to": _day(each.valid_to),
            }
            for each in words().departments.values()
        ]
    }


def tables() -> list[str]:
    """The names of the code tables."""
    return sorted({value.table for value in queries.code_values(reading())} | {REGIONS})


@public.get("/api/v1/codes")
@follows_ledger
@describes(Endpoint("tables", say("有哪些代码表"), shapes.TABLES))
def api_tables() -> Body:
    """Which code tables there are."""
    return {"tables": tables()}


@public.get("/api/v1/codes/<table>")
@follows_ledger
@describes(
    Endpoint(
        "tables",
        say("一张代码表"),
        shapes.CODES,
        say("各个版本都在：记录里写的是公示当时的版本和名称。"),
        params=(Param("table", say("代码表的名称。"), {"type": "string"}, "outcome", "path", True, tables),),
        problems=(404,),
    )
)
def api_codes(table: str) -> Body:
    """All versions of one code table."""
    if table == REGIONS:
        found = reading().scalars(sa.select(Region).order_by(Region.code))
        return {"table": table, "codes": [_region(each) for each in found]}
    values = [_code(each) for each in queries.code_values(reading()) if each.table == table]
    return {"table": table, "codes": values or abort(404)}


def _code(value: CodeValue) -> Body:
    return {
        "table": f"{value.table}@{value.version}",
        "code": value.code,
        "label": value.label,
        "label_en": value.label_en,
        "valid_from": _day(value.valid_from),
        "valid_to": _day(value.valid_to),
    }


def _region(region: Region) -> Body:
    return {
        "table": REGION_TABLE,
        "code": region.code,
        "label": region.label,
        "label_en": region.label_en or region.label,
        "valid_from": None,
        "valid_to": None,
    }


@public.get("/api/v1/fields")
@follows_ledger
@describes(
    Endpoint("tables", say("四类公示的各项"), shapes.FIELDS, say("每一项的中英文名称、类型和所用的代码表。"))
)
def api_fields() -> Body:
    """Every public field of every kind, in both languages."""
    return {
        "kinds": [
            {
                "kind": kind.name,
                "label": kind.label,
                "label_en": kind.label_en,
                "prefix": kind.prefix,
                "fields": _fields(kind.public_fields()),
            }
            for kind in KINDS.values()
        ]
    }


def _fields(fields: Iterable[Field]) -> list[Body]:
    return [
        {
            "name": each.name,
            "label": each.label,
            "label_en": each.label_en,
            "type": each.type,
            "required": each.required,
            "table": each.table or None,
            "rows": _fields(row for row in each.rows if row.public),
        }
        for each in fields
    ]


@public.get("/api/v1/statistics")
@follows_ledger
@describes(
    Endpoint(
        "tables", say("统计数据"), shapes.FIGURES, say("每天统计一次，与统计页同一批数；写明截至的时间。")
    )
)
def api_statistics() -> Body:
    """The dated figures."""
    counted = state(reading()).counted
    return {
        "as_of": stamp(counted) if counted else None,
        "figures": [_figure(each) for each in figures(reading())],
    }


def _figure(each: Figure) -> Body:
    return {
        "name": each.name,
        "department_code": each.department_code or None,
        "kind": each.kind or None,
        "year": each.year or None,
        "month": each.month or None,
        "detail": each.detail or None,
        "value": each.value / 2 if each.name == "median" else each.value,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
