"""The table of a chart to take away: CSV for a spreadsheet, JSON for machines. The numbers of the page, no others."""

import csv
import io
from typing import Any

from flask import Response, json

from portal import clock
from portal.statistics.charting import Cell, Chart, Column, Row
from portal.web.public.picturing import Pictures, list_of
from portal.web.rendering import absolute, said
from portal.words import say

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
SHARE = say("{label}（百分比）")


def as_csv(chart: Chart, at: Pictures) -> Response:
    """With a byte order mark, or Excel takes it for GBK; the sum stands under the rows as on the page."""
    text = io.StringIO()
    table = csv.writer(text)
    heads = [
        said(say("代码")),
        said(chart.head),
        *(_heading(each) for each in chart.columns),
        said(say("截至")),
    ]
    table.writerow(map(guarded, heads))
    as_of = _as_of(chart, at)
    for row in (*chart.rows, *([chart.total] if chart.total else [])):
        key = "" if row is chart.total else row.key
        cells = [shown(cell, column) for cell, column in zip(row.cells, chart.columns, strict=True)]
        table.writerow([guarded(key), guarded(said(row.label)), *cells, as_of])
    answer = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    narrowed = "-".join(filter(None, (chart.name, str(at.asked.year), at.asked.department)))
    answer.headers["Content-Disposition"] = f'attachment; filename="{narrowed}.csv"'
    return answer


def as_json(chart: Chart, at: Pictures) -> Response:
    """The same with machine names, and the address of the records behind each number."""
    body = {
        "chart": chart.name,
        "title": said(chart.title),
        "counts": said(chart.counts),
        "year": at.asked.year,
        "department": at.asked.department or None,
        "as_of": _as_of(chart, at) or None,
        "ledger_size": at.ledger_size if chart.live else None,
        "columns": [
            {"name": each.name, "label": said(each.label), "unit": each.unit} for each in chart.columns
        ],
        "rows": [_row(row, chart) for row in chart.rows],
        "total": _row(chart.total, chart) if chart.total else None,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=False) + "\n"
    return Response(text, content_type="application/json")


def shown(cell: Cell, column: Column) -> str:
    """A number as a file holds it: shares in per cent with one place, as on the page; empty where there is none.

    >>> shown(Cell(0.98712), Column("rate", say("按时率"), "share")), shown(Cell(60, upto=70), Column("n", say("户")))
    ('98.7', '60—70')
    """
    if cell.value is None:
        return ""
    if column.unit == "share":
        return f"{100 * cell.value:.1f}"
    return f"{cell.value:g}—{cell.upto:g}" if cell.upto is not None else f"{cell.value:.10g}"


def guarded(text: str) -> str:
    """A text that no spreadsheet runs.

    >>> guarded("=1+1"), guarded("示例")
    ("'=1+1", '示例')
    """
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text


def _heading(column: Column) -> str:
    return said(say(SHARE.template, label=column.label)) if column.unit == "share" else said(column.label)


def _as_of(chart: Chart, at: Pictures) -> str:
    """The day of what is counted live, the moment of what the dated figures say."""
    if chart.live:
        return clock.today().isoformat()
    return clock.stamp(at.counted_at) if at.counted_at else ""


def _row(row: Row, chart: Chart) -> dict[str, Any]:
    named = list(zip(chart.columns, row.cells, strict=True))
    return {
        "key": row.key,
        "label": said(row.label),
        "values": {column.name: cell.value for column, cell in named},
        "up_to": {column.name: cell.upto for column, cell in named if cell.upto is not None},
        "records": {
            column.name: absolute(list_of(cell.where)) for column, cell in named if cell.where and cell.value
        },
    }
