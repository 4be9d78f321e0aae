"""统计: charts drawn on the server beside their tables; every number of a record leads to the records behind it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, render_template

from portal.errors import Refused
from portal.statistics.charting import Chart
from portal.statistics.models import Figure
from portal.web.problems import problem
from portal.web.public import statistics_files
from portal.web.public.charts import PER_LARGE_LINE, PER_LINE, drawing
from portal.web.public.picturing import CHARTS, INSIDE, OVERALL, THEMES, Pictures, asked, list_of, theme_of
from portal.web.public.room import follows_ledger, profile, public, words
from portal.web.rendering import display, in_english, said

Sums = dict[tuple[str, ...], int]
ACTS = ("adjust", "rescope", "correct", "withdraw", "expire", "erase")
OVERVIEW = ("published-by-year", "results-by-month", "timeliness-by-month", "objections")
CHART = f"any({', '.join(repr(name) for name in CHARTS)})"


@public.get("/statistics/")
@follows_ledger
def statistics() -> str:
    """Counts of what is public, what was found, what was corrected, what is withheld."""
    at = Pictures(asked(OVERALL))
    found = at.figures
    return render_template(
        "public/statistics.html",
        at=at,
        charts={name: at.chart(name) for name in OVERVIEW},
        as_of=at.counted_at,
        years=at.years[:6],
        by_department=at.by_year,
        clocks={
            name: _sums(found, name, lambda each: (each.detail, str(each.year)))
            for name in ("disclosed", "objection_received", "decided", "ended")
        },
        this_year=str(at.asked.year),
        acts={name: _sums(found, name, lambda each: (str(each.year),)) for name in ACTS},
        withheld=_sums(found, "withheld", lambda each: (each.department_code, each.kind, each.detail)),
    )


@public.get(f"/statistics/<any({', '.join(THEMES)}):theme>/")
@follows_ledger
def statistics_of(theme: str) -> str:
    """One theme: its charts, each beside its table."""
    at = Pictures(asked(theme))
    return render_template(
        "public/statistics_of.html",
        at=at,
        theme=theme,
        charts=[at.chart(name) for name in _shown(theme)],
        departments=_departments(theme),
        now=_standing(at.figures) if theme == "objections" else {},
    )


@public.get(f"/statistics/<{CHART}:chart>.csv")
@follows_ledger
def chart_csv(chart: str) -> Response:
    """The rows of a chart's table, for a spreadsheet."""
    return _file_of(chart, statistics_files.as_csv)


@public.get(f"/statistics/<{CHART}:chart>.json")
@follows_ledger
def chart_json(chart: str) -> Response:
    """The same for machines, with the address of the records behind each number."""
    return _file_of(chart, statistics_files.as_json)


def _file_of(name: str, written: Callable[[Chart, Pictures], Response]) -> Response:
    try:
        at = Pictures(asked(theme_of(name)), whole=True)
    except Refused as refused:
        return problem(400, refused.reasons)
    return written(at.chart(name), at)


@public.app_context_processor
def give_charts() -> dict[str, Any]:
    """Let templates draw a chart and link a number."""
    return {"drawing_of": drawing_of, "list_of": list_of}


def drawing_of(chart: Chart) -> Any:
    """A chart laid out in the reader's language."""
    per_line = PER_LARGE_LINE if display() == "large" else PER_LINE
    return drawing(chart, said, short=_short, per_line=per_line)


def _short(value: float) -> str:
    """A number of a scale: 12000 as 1.2万, or 12k."""
    if value < 10_000:
        return f"{value:g}"
    return f"{value / 1000:g}k" if in_english() else f"{value / 10_000:g}万"


def _shown(theme: str) -> Sequence[str]:
    hidden = set() if profile().department_clocks_public else INSIDE
    return [name for name in THEMES[theme] if name not in hidden]


def _departments(theme: str) -> Sequence[Any]:
    """Departments that a page can be narrowed to; none where its counts are not told apart."""
    if theme == "objections" or (theme == "timeliness" and not profile().department_clocks_public):
        return []
    return list(words().departments.values())


def _standing(found: Sequence[Figure]) -> dict[tuple[str, str], int]:
    """How many clocks run and are overdue today, by (clock, running or overdue)."""
    counts: dict[tuple[str, str], int] = {}
    for each in found:
        if each.detail in ("running", "overdue"):
            key = (each.name, each.detail)
            counts[key] = counts.get(key, 0) + each.value
    return counts


def _sums(found: Sequence[Figure], name: str, key: Callable[[Figure], tuple[str, ...]]) -> Sums:
    sums: Sums = {}
    for each in found:
        if each.name == name:
            sums[key(each)] = sums.get(key(each), 0) + each.value
    return sums
