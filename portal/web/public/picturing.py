"""The charts of one request: what the address asks, and each chart by its name, each question asked once."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import request, url_for

from portal import clock
from portal.errors import Refused
from portal.publications import queries
from portal.publications.kinds import KINDS
from portal.statistics import counting, outcomes, plans, timeliness
from portal.statistics.charting import Chart, Where
from portal.statistics.counting import Asked, Counted
from portal.statistics.models import Figure
from portal.statistics.queries import figures
from portal.web.kept.state import state
from portal.web.public.progress import terms
from portal.web.public.room import profile, reading, words
from portal.words import Label, label_of, say

MOST_YEARS = 10  # years beside each other in one chart
OVERALL = "overall"  # the overview, which tells everybody's counts
BROWSED = {"item", "plan"}  # conditions that only a browse page has

INSIDE = {"timeliness-by-department", "objections-by-department"}  # public by the profile's setting (T2)
THEMES: Mapping[str, Sequence[str]] = {
    "outcomes": (
        "results-by-month", "outcomes", "outcomes-by-month", "outcomes-by-department", "results-by-item", "results-by-region",
    ),
    "timeliness": ("timeliness-by-year", "timeliness-by-month", "timeliness-by-department"),
    "objections": ("objections", "rechecks-by-year", "answers-by-year", "objections-by-department", "requests-by-year"),
    "plans": ("plans", "draws-by-month"),
}  # fmt: skip


class Pictures:
    """The charts that one address asks for."""

    def __init__(self, asked: Asked, *, whole: bool = False) -> None:
        """:param whole: rows that a page cuts off are there, for files."""
        self.asked = asked
        self.whole = whole

    def chart(self, name: str) -> Chart:
        """One chart by its name."""
        return CHARTS[name](self)

    @property
    def today(self) -> date:
        return clock.today()

    @property
    def last(self) -> int:
        """The last month of the year that has begun."""
        today = clock.today()
        return 12 if self.asked.year < today.year else today.month if self.asked.year == today.year else 0

    @cached_property
    def years(self) -> list[int]:
        """Every year in which something live was published, and this one and the one asked for; newest first."""
        held = {year for _department, _kind, year in counting.by_year(reading()) if year}
        return sorted({*held, self.asked.year, clock.today().year}, reverse=True)

    @cached_property
    def by_year(self) -> Mapping[tuple[str, str, int], int]:
        return counting.by_year(reading(), self.asked.department)

    @cached_property
    def found(self) -> Sequence[Counted]:
        return counting.results(reading(), self.asked)

    @cached_property
    def figures(self) -> Sequence[Figure]:
        return figures(reading())

    @cached_property
    def figured_years(self) -> list[int]:
        """The years of the clocks, newest first."""
        clocks = ("disclosed", "objection_received", "fate", "decided", "delivered", "answered")
        held = {each.year for each in self.figures if each.name in clocks and each.year}
        return sorted(held or {clock.today().year}, reverse=True)[:MOST_YEARS]

    @cached_property
    def counted_at(self) -> datetime | None:
        return state(reading()).counted

    @cached_property
    def ledger_size(self) -> int:
        return queries.ledger_size(reading())


# ── the charts by name ───────────────────────────────────────


def _published(at: Pictures) -> Chart:
    kinds = {kind.name: label_of(kind) for kind in KINDS.values()}
    held = sorted({year for _d, _k, year in at.by_year if year} | {clock.today().year})[-MOST_YEARS:]
    return outcomes.by_year(at.by_year, kinds, held, at.asked.department)


CHARTS: Mapping[str, Callable[[Pictures], Chart]] = {
    "published-by-year": _published,
    "results-by-month": lambda at: outcomes.by_month(at.found, at.asked, at.last),
    "outcomes": lambda at: outcomes.by_outcome(at.found, at.asked, outcome_names()),
    "outcomes-by-month": lambda at: outcomes.by_outcome_and_month(
        at.found, at.asked, outcome_names(), at.last
    ),
    "outcomes-by-department": lambda at: outcomes.by_department(
        at.found, at.asked, department_names(), outcome_names()
    ),
    "results-by-item": lambda at: outcomes.by_item(
        counting.items(reading(), at.asked), at.asked, None if at.whole else outcomes.MOST_ITEMS
    ),
    "results-by-region": lambda at: _by_region(at),
    "timeliness-by-year": lambda at: timeliness.disclosed_by_year(
        at.figures, at.figured_years, at.asked.department
    ),
    "timeliness-by-month": lambda at: timeliness.disclosed_by_month(
        at.figures, at.asked.year, at.last, at.asked.department
    ),
    "timeliness-by-department": lambda at: timeliness.disclosed_by_department(
        _told(at), at.asked.year, department_names()
    ),
    "objections": lambda at: timeliness.fates(at.figures, at.figured_years),
    "rechecks-by-year": lambda at: timeliness.decided(at.figures, at.figured_years),
    "answers-by-year": lambda at: timeliness.delivered(at.figures, at.figured_years),
    "objections-by-department": lambda at: timeliness.by_department(_told(at), department_names()),
    "requests-by-year": lambda at: timeliness.answered(at.figures, at.figured_years),
    "plans": lambda at: plans.by_plan(
        plans.compared(reading(), at.asked, terms()), at.asked, department_names(short=True)
    ),
    "draws-by-month": lambda at: plans.announced_by_month(
        counting.tasks(reading(), at.asked), at.asked, at.last
    ),
}


def _told(at: Pictures) -> Sequence[Figure]:
    """The figures of departments; none where the profile keeps them inside."""
    return [each for each in at.figures if each.department_code] if profile().department_clocks_public else ()


def _by_region(at: Pictures) -> Chart:
    counts = counting.regions(reading(), at.asked)
    names = {code: label_of(each) for code, each in queries.regions(reading(), set(counts) - {""}).items()}
    return outcomes.by_region(counts, at.asked, names)


def outcome_names() -> dict[str, Label]:
    """Outcomes in the order of their table, those no longer in force last."""
    return {each.code: label_of(each) for each in words().known("outcome")}


def department_names(*, short: bool = False) -> dict[str, Label]:
    """Departments in their fixed order."""
    return {
        code: Label(each.short if short else each.label, each.label_en)
        for code, each in words().departments.items()
    }


# ── the address ──────────────────────────────────────────────


def asked(theme: str = "") -> Asked:
    """Year and department in the address.

    :param theme: whose counts are asked for, or :data:`OVERALL`; those of clocks are told by department only where the profile says so.
    :raises Refused: at a value that there is not; the page answers 400.
    """
    year, department = request.args.get("year", "").strip(), request.args.get("department", "").strip()
    if year and not re.fullmatch(r"(19|20)[0-9]{2}", year):
        raise Refused(say("“{value}”不是年份，请写四位数字，例如2026。", value=year[:40]))
    if department and department not in words().departments:
        raise Refused(say("没有代码为“{value}”的部门，请在页面上选择部门。", value=department[:40]))
    if department and theme == OVERALL:
        raise Refused(say("概览不分部门，请打开检查结果、计划与抽取各页选择部门。"))
    if department and theme == "objections":
        raise Refused(say("异议和诉求的统计不分部门，请去掉网址里的部门。"))
    if department and theme == "timeliness" and not profile().department_clocks_public:
        raise Refused(say("本站不公开各部门的时限统计，请去掉网址里的部门。"))
    return Asked(int(year or clock.today().year), department)


def theme_of(chart: str) -> str:
    """The page that a chart stands on; empty for the overview."""
    return next((theme for theme, charts in THEMES.items() if chart in charts), "")


def list_of(where: Where) -> str:
    """The address of the list that holds exactly the records under some conditions."""
    asked: dict[str, Any] = dict(where)
    if BROWSED & set(asked):
        return url_for("public.browse", plural=KINDS[asked.pop("kind")].plural, **asked)
    return url_for("public.search", **asked)
