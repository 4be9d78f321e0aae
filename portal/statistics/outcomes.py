"""Charts of what was found: over the months, by outcome, department, item and region. Pure: counts in, charts out.

Outcomes stand in the order of the code table, departments and regions in their own: nobody is ranked. Only
items are ordered by how often they were inspected, for there may be hundreds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from portal.statistics.charting import Cell, Chart, Column, Row, Series, Where, share, summed
from portal.statistics.counting import Asked, Counted, month_label, month_of
from portal.words import Label, Sentence, say

Names = Mapping[str, Label]
Cells = Callable[[int, Where], tuple[Cell, ...]]

MOST_ITEMS = 30  # rows of the page; the file has them all
RESULTS = Column("results", say("结果（条）"))
DRAWN = (Series(say("公示的结果"), "a", ("results",)),)
OUTCOME = Label("检查结果", "Outcome")
SEVERAL = say("一条记录有几种结果的，每种各计一次，所以各行相加可能多于记录数。")


def by_year(counts: Mapping[tuple[str, str, int], int], kinds: Mapping[str, Sentence], years: Sequence[int], department: str) -> Chart:  # fmt: skip
    """Everything public by the year of publication, a column per kind; results are drawn."""
    totals: Counter[tuple[str, int]] = Counter()
    for (_department, kind, year), count in counts.items():
        totals[kind, year] += count
    more = {"department": department} if department else {}
    rows = tuple(
        Row(
            str(year),
            say("{year}年", year=year),
            tuple(Cell(totals[kind, year], {"kind": kind, "year": str(year), **more}) for kind in kinds),
            str(year),
        )
        for year in sorted(years)
    )
    columns = tuple(Column(kind, label) for kind, label in kinds.items())
    return Chart(
        "published-by-year", "columns", say("各年公示了多少"),
        say("现在公示中的四类公示，按首次公示的年份计；图上是检查结果的条数。"), say("公示年份"),
        columns, rows, (Series(say("检查结果"), "a", ("result",)),),
        total=summed(rows, columns, [{"kind": kind, **more} for kind in kinds]),
    )  # fmt: skip


def by_month(found: Iterable[Counted], asked: Asked, last: int) -> Chart:
    """Results by the month of publication.

    :param last: the last month that has begun.
    """
    counts: Counter[int] = Counter()
    for each in found:
        counts[each.month] += each.count
    rows = _months(asked, last, lambda month, where: (Cell(counts[month], where),))
    return Chart(
        "results-by-month", "columns", say("{year}年各月公示的检查结果", year=asked.year),
        say("现在公示中的检查结果，按首次公示的月份计，单位：条。"), say("月份"),
        (RESULTS,), rows, DRAWN, total=summed(rows, (RESULTS,), [asked.where]),
    )  # fmt: skip


def by_outcome(found: Sequence[Counted], asked: Asked, names: Names) -> Chart:
    """Results by outcome, each with its share of the records."""
    counts, records = _by_code(found), sum(each.count for each in found)
    columns = (RESULTS, Column("share", say("占记录数"), "share"))
    rows = tuple(
        Row(code, label, (Cell(counts[code], {**asked.where, "outcome": code}), share(counts[code], records)))
        for code, label in names.items()
        if counts[code]
    )
    return Chart(
        "outcomes", "bars", say("{year}年公示的检查结果，按结果", year=asked.year),
        SEVERAL, OUTCOME, columns, rows, DRAWN,
        total=Row("records", say("记录数"), (Cell(records, asked.where), Cell(None))),
    )  # fmt: skip


def by_outcome_and_month(found: Sequence[Counted], asked: Asked, names: Names, last: int) -> Chart:
    """A strip of months for each outcome."""
    counts: Counter[tuple[str, int]] = Counter()
    for each in found:
        counts.update(dict.fromkeys(((code, each.month) for code in each.outcomes), each.count))
    months = range(1, last + 1)
    columns = tuple(Column(f"{month:02}", month_label(month)) for month in months)
    total = Column("results", say("全年"))
    rows = tuple(
        Row(
            code,
            label,
            (
                *(
                    Cell(counts[code, month], _with(asked, {"outcome": code, **month_of(asked.year, month)}))
                    for month in months
                ),
                Cell(sum(counts[code, month] for month in months), {**asked.where, "outcome": code}),
            ),
        )
        for code, label in names.items()
        if any(counts[code, month] for month in months)
    )
    return Chart(
        "outcomes-by-month", "multiples", say("{year}年各种检查结果，按月", year=asked.year),
        say("一格是一个月，每一行的柱高按本行最多的月份画，不同行的高低不能相比；条数见表。"), OUTCOME,
        (*columns, total), rows, tuple(Series(each.label, "a", (each.name,)) for each in columns),
    )  # fmt: skip


def by_department(found: Sequence[Counted], asked: Asked, names: Names, outcomes: Names) -> Chart:
    """Results by department, and within each by outcome."""
    totals: Counter[str] = Counter()
    counts: Counter[tuple[str, str]] = Counter()
    for each in found:
        totals[each.department] += each.count
        counts.update(dict.fromkeys(((each.department, code) for code in each.outcomes), each.count))
    held = [code for code in outcomes if any(counts[name, code] for name in totals)]
    rows = tuple(
        Row(
            code,
            label,
            tuple(
                Cell(count, {**asked.where, "department": code, **more})
                for count, more in (
                    (totals[code], {}),
                    *((counts[code, each], {"outcome": each}) for each in held),
                )
            ),
        )
        for code, label in names.items()
        if totals[code]
    )
    columns = (RESULTS, *(Column(f"outcome-{code}", outcomes[code]) for code in held))
    return Chart(
        "outcomes-by-department", "bars", say("{year}年公示的检查结果，按部门", year=asked.year),
        say("按部门的固定次序排列，不是名次。{several}", several=SEVERAL), say("部门"), columns, rows, DRAWN,
        total=summed(rows, columns, [asked.where, *({**asked.where, "outcome": code} for code in held)]),
    )  # fmt: skip


def by_item(counts: Counter[str], asked: Asked, most: int | None = MOST_ITEMS) -> Chart:
    """Results by what was inspected, the most frequent items first."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:most]
    rows = tuple(
        Row(name, Label(name, ""), (Cell(count, {**asked.where, "item": name}),)) for name, count in ordered
    )
    return Chart(
        "results-by-item", "bars", say("{year}年公示的检查结果，按抽查事项", year=asked.year),
        say("按公示的事项名称计，一条记录查了几个事项的，每个各计一次；事项名称依法隐去的不计。"), say("抽查事项"),
        (RESULTS,), rows, DRAWN,
    )  # fmt: skip


def by_region(counts: Counter[str], asked: Asked, names: Names) -> Chart:
    """Results by the region of the inspected object, in the order of the codes."""
    known = sorted((code, count) for code, count in counts.items() if code)
    rows = [
        Row(code, names.get(code) or Label(code, ""), (Cell(count, {**asked.where, "region": code}),))
        for code, count in known
    ]
    if counts[""]:
        rows.append(Row("", say("没有写明地区"), (Cell(counts[""]),)))
    return Chart(
        "results-by-region", "bars", say("{year}年公示的检查结果，按地区", year=asked.year),
        say("按检查对象所在的地区计，以地区代码为序。"), say("地区"), (RESULTS,), tuple(rows), DRAWN,
        total=summed(rows, (RESULTS,), [asked.where]),
        unlinked=say("没有写明地区的结果没有单独的清单。") if counts[""] else None,
    )  # fmt: skip


def _by_code(found: Iterable[Counted]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in found:
        counts.update(dict.fromkeys(each.outcomes, each.count))
    return counts


def _months(asked: Asked, last: int, cells: Cells) -> tuple[Row, ...]:
    return tuple(
        Row(
            f"{asked.year}-{month:02}",
            month_label(month),
            cells(month, _with(asked, month_of(asked.year, month))),
            str(month),
        )
        for month in range(1, last + 1)
    )


def _with(asked: Asked, more: Where) -> Where:
    """A search for results of a month, which names the year by its days."""
    return {name: value for name, value in {**asked.where, **more}.items() if name != "year"}
