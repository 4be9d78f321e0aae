"""The table of a chart to take away: CSV for a spreadsheet, JSON for machines. The numbers of the page, no others."""

from collections.abc import Iterator
from typing import Any

from flask import Response, json

from portal import clock
from portal.statistics.charting import Cell, Chart, Column, Row
from portal.web.public.picturing import Pictures, list_of
from portal.web.rendering import absolute, said
from portal.web.saving import csv_file
from portal.words import say

SHARE = say("{label}（百分比）")


def as_csv(chart: Chart, at: Pictures) -> Response:
    """The sum stands under the rows as on the page."""
    heads = [said(say("代码")), said(chart.head), *map(_heading, chart.columns), said(say("截至"))]
    narrowed = "-".join(filter(None, (chart.name, str(at.asked.year), at.asked.department)))
    return csv_file([heads, *_lines(chart, _as_of(chart, at))], f"{narrowed}.csv")


def _lines(chart: Chart, as_of: str) -> Iterator[list[str]]:
    for row in (*chart.rows, *([chart.total] if chart.total else [])):
        key = "" if row is chart.total else row.key
        cells = [shown(cell, column) for cell, column in zip(row.cells, chart.columns, strict=True)]
        yield [key, said(row.label), *cells, as_of]


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
