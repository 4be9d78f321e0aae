"""Charts of the office's clocks, out of the dated figures (T2). Pure: figures in, charts out.

Whether a result was in time is no condition of a search: the counts lead to no list, and each result says its
own last day.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from portal.statistics.charting import Cell, Chart, Column, Row, Series, share, summed
from portal.statistics.clocks import LATE, ON_TIME
from portal.statistics.counting import month_label
from portal.statistics.models import Figure
from portal.statistics.queries import middle
from portal.words import Label, Sentence, say

Counts = Counter[tuple[str, ...]]

ON_TIME_COLUMN, LATE_COLUMN = Column(ON_TIME, say("按时")), Column(LATE, say("逾期"))
RATE = Column("rate", say("按时率"), "share")
MEDIAN = Column("median", say("用时中位数（工作日）"), "days")
FILLS = (Series(say("按时"), "a", (ON_TIME,)), Series(say("逾期"), "b", (LATE,)))
NO_LIST = say("按时还是逾期逐条算出，没有单独的清单；每条结果的页面写明最迟哪一天、实际哪一天公示。")


def disclosed_by_year(found: Sequence[Figure], years: Sequence[int], department: str = "") -> Chart:
    """Results disclosed in time and late, by the year of disclosure."""
    return _by_year(
        found, years, "disclosed", "timeliness-by-year", say("各年公示的检查结果是否按时"),
        say("现在公示中、写明了最迟公示日期的检查结果，按公示年份计，单位：条。"), NO_LIST, department,
    )  # fmt: skip


def disclosed_by_month(found: Sequence[Figure], year: int, last: int, department: str = "") -> Chart:
    """The same by the months of a year."""
    counts: Counts = Counter()
    for each in found:
        if each.name == "disclosed" and each.year == year and department in ("", each.department_code):
            counts[str(each.month), each.detail] += each.value
    rows = tuple(
        Row(
            f"{year}-{month:02}",
            month_label(month),
            _in_time(counts, str(month)),
            str(month),
        )
        for month in range(1, last + 1)
    )
    columns = (ON_TIME_COLUMN, LATE_COLUMN, RATE)
    return Chart(
        "timeliness-by-month", "columns", say("{year}年各月公示的检查结果是否按时", year=year),
        say("现在公示中、写明了最迟公示日期的检查结果，按公示月份计，单位：条。"), say("月份"),
        columns, rows, FILLS, live=False, total=_with_rate(summed(rows, columns)), unlinked=NO_LIST,
    )  # fmt: skip


def disclosed_by_department(found: Sequence[Figure], year: int, names: Mapping[str, Label]) -> Chart:
    """The same by department; only where the profile lets the public see it."""
    counts: Counts = Counter()
    for each in found:
        if each.name == "disclosed" and each.year == year and each.department_code:
            counts[each.department_code, each.detail] += each.value
    rows = tuple(
        Row(code, label, (*_in_time(counts, code), Cell(middle(found, "disclosed", year, code))))
        for code, label in names.items()
        if counts[code, ON_TIME] + counts[code, LATE]
    )
    columns = (ON_TIME_COLUMN, LATE_COLUMN, RATE, MEDIAN)
    return Chart(
        "timeliness-by-department", "bars", say("{year}年各部门公示的检查结果是否按时", year=year),
        say("按部门的固定次序排列，不是名次；单位：条。"), say("部门"),
        columns, rows, FILLS, live=False, total=_with_rate(summed(rows, columns)), unlinked=NO_LIST,
    )  # fmt: skip


# ── objections ───────────────────────────────────────────────

ENDS: Mapping[str, Sentence] = {
    "corrected": say("更正"), "partly_corrected": say("部分更正"), "maintained": say("原结果无误，不予更正"),
    "withdrawn": say("申请人撤回"), "not_accepted": say("不予受理"), "passed_on": say("转送有权处理的单位"),
    "open": say("还在办理"),
}  # fmt: skip
HANDLED = (
    ("objection_received", "", say("收到异议")),
    ("decided", "on_time", say("按时复查")),
    ("decided", "late", say("逾期复查")),
    ("decided", "overdue", say("复查逾期未办")),
    ("delivered", "on_time", say("按时送达")),
    ("delivered", "late", say("逾期送达")),
)
NO_CASES = say("异议申请不公开，没有清单；更正了的，逐条列在更正记录里，写明理由和签署单位。")


def fates(found: Sequence[Figure], years: Sequence[int]) -> Chart:
    """What became of the objections received in each year."""
    counts: Counts = Counter()
    for each in found:
        if each.name == "fate":
            counts[str(each.year), each.detail] += each.value
    rows = tuple(
        Row(
            str(year),
            say("{year}年收到", year=year),
            (
                Cell(sum(counts[str(year), end] for end in ENDS)),
                *(Cell(counts[str(year), end]) for end in ENDS),
            ),
            str(year),
        )
        for year in sorted(years, reverse=True)
    )
    columns = (Column("received", say("收到（件）")), *(Column(name, label) for name, label in ENDS.items()))
    series = (
        Series(say("更正、部分更正"), "a", ("corrected", "partly_corrected")),
        Series(say("原结果无误"), "d", ("maintained",)),
        Series(say("撤回、不予受理、转送"), "c", ("withdrawn", "not_accepted", "passed_on")),
        Series(say("还在办理"), "e", ("open",)),
    )
    return Chart(
        "objections", "bars", say("收到的异议后来怎样"),
        say("按收到申请材料的年份计，单位：件；不标注结果的异议也计在内。各种结果相加等于收到的件数。"), say("收到的年份"),
        columns, rows, series, live=False, total=summed(rows, columns), unlinked=NO_CASES,
    )  # fmt: skip


def decided(found: Sequence[Figure], years: Sequence[int]) -> Chart:
    """Re-checks signed in time and late, by the year of signature (O3)."""
    return _by_year(
        found, years, "decided", "rechecks-by-year", say("异议复查是否按时"),
        say("按作出复查结果的年份计，从收到申请材料起算，单位：件。"), NO_CASES,
    )  # fmt: skip


def delivered(found: Sequence[Figure], years: Sequence[int]) -> Chart:
    """Answers delivered in time and late, by the year of delivery (O5)."""
    return _by_year(
        found, years, "delivered", "answers-by-year", say("复查结果送达是否按时"),
        say("按送达的年份计，从作出复查结果起算，单位：件。"), NO_CASES,
    )  # fmt: skip


def by_department(found: Sequence[Figure], names: Mapping[str, Label]) -> Chart:
    """Re-checks and answers of each department, all years; only where the profile lets the public see it."""
    counts: Counts = Counter()
    for each in found:
        counts[each.name, each.department_code, each.detail] += each.value
    rows = tuple(
        Row(code, label, tuple(Cell(counts[name, code, detail]) for name, detail, _label in HANDLED))
        for code, label in names.items()
        if any(counts[name, code, detail] for name, detail, _label in HANDLED)
    )
    columns = tuple(Column(f"{name}_{detail}".rstrip("_"), label) for name, detail, label in HANDLED)
    series = (
        Series(say("按时复查"), "a", ("decided_on_time",)),
        Series(say("逾期复查"), "b", ("decided_late",)),
    )
    return Chart(
        "objections-by-department", "bars", say("各部门办理异议是否按时"),
        say("各年合计，按部门的固定次序排列，不是名次；单位：件。"), say("部门"),
        columns, rows, series, live=False, total=summed(rows, columns), unlinked=NO_CASES,
    )  # fmt: skip


def answered(found: Sequence[Figure], years: Sequence[int]) -> Chart:
    """Requests voiced in inspections, answered in time and late, by the year of the answer (O7)."""
    return _by_year(
        found, years, "answered", "requests-by-year", say("检查中收集的诉求是否按时答复"),
        say("按答复的年份计，单位：件。"), say("诉求不公开，没有清单。"),
    )  # fmt: skip


def _by_year(found: Sequence[Figure], years: Sequence[int], clock: str, name: str, title: Sentence, counts_what: Sentence, unlinked: Sentence, department: str = "") -> Chart:  # fmt: skip
    counts: Counts = Counter()
    for each in found:
        if each.name == clock and each.year and department in ("", each.department_code):
            counts[str(each.year), each.detail] += each.value
    timed = any(each.name == "median" and each.detail == clock for each in found)
    rows = tuple(
        Row(
            str(year),
            say("{year}年", year=year),
            (
                *_in_time(counts, str(year)),
                *([Cell(middle(found, clock, year, department))] if timed else []),
            ),
            str(year),
        )
        for year in sorted(years)
    )
    columns = (ON_TIME_COLUMN, LATE_COLUMN, RATE, *([MEDIAN] if timed else []))
    total = _with_rate(summed(rows, columns))
    return Chart(
        name, "columns", title, counts_what, say("年份"), columns, rows, FILLS, live=False, total=total,
        unlinked=unlinked,
    )  # fmt: skip


def _in_time(counts: Counts, key: str) -> tuple[Cell, ...]:
    on_time, late = counts[key, ON_TIME], counts[key, LATE]
    return Cell(on_time), Cell(late), share(on_time, on_time + late)


def _with_rate(row: Row) -> Row:
    """The rate of a whole is that of its sums, never a sum of rates."""
    on_time, late, _rate, *rest = row.cells
    return Row(row.key, row.label, (on_time, late, share(row.value(0), row.value(0) + row.value(1)), *rest))
