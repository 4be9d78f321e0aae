"""Charts: nought on the scale, lengths as the numbers, labels whole, and nothing small that points at anybody."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.statistics import outcomes, timeliness
from portal.statistics.charting import Cell, Chart, Column, Form, Row, Series, pooled, summed
from portal.statistics.counting import Asked, Counted, month_of
from portal.statistics.models import Figure
from portal.web.public.charts import HEAD, PLOT, drawing, ticks, wrapped
from portal.words import Label, say

COUNTS = st.lists(st.tuples(st.integers(0, 9999), st.integers(0, 99)), min_size=1, max_size=12)
TEXT = st.text("示例监督检查食品安全，。（）“”ABCdef 012-", max_size=60)


def chart(form: Form, values: list[tuple[int, int]]) -> Chart:
    """Rows of two counts, both drawn."""
    columns = (Column("on_time", say("按时")), Column("late", say("逾期")))
    rows = tuple(
        Row(str(at), say("{n}月", n=at), (Cell(one), Cell(other)), str(at))
        for at, (one, other) in enumerate(values)
    )
    series = (Series(say("按时"), "a", ("on_time",)), Series(say("逾期"), "b", ("late",)))
    return Chart("c", form, say("图"), say("条"), say("月份"), columns, rows, series, total=summed(rows, columns))  # fmt: skip


@given(st.integers(0, 10_000_000))
def test_a_scale_begins_at_nought_reaches_the_most_and_has_few_even_steps(most: int) -> None:
    marks = ticks(most)
    assert marks[0] == 0 and marks[-1] >= most and 2 <= len(marks) <= 5
    assert {after - before for before, after in zip(marks, marks[1:], strict=False)} == {marks[1]}
    assert most == 0 or marks[-2] < most, "no step is empty"


@given(COUNTS)
def test_columns_stand_on_nought_and_are_as_high_as_their_numbers(values: list[tuple[int, int]]) -> None:
    made = drawing(chart("columns", values))
    unit = PLOT / ticks(max(map(sum, values)))[-1]
    for fill, at in (("a", 0), ("b", 1)):
        heights = [rect.height for rect in made.rects if rect.fill == fill]
        assert heights == pytest.approx([pair[at] * unit for pair in values if pair[at]])
    assert all(rect.x >= 0 and rect.x + rect.width <= 100 for rect in made.rects)
    assert all(rect.y >= HEAD - 0.01 and rect.y + rect.height <= HEAD + PLOT + 0.01 for rect in made.rects)
    [axis] = [line for line in made.lines if line.kind == "axis"]
    assert axis.y == HEAD + PLOT


@pytest.mark.parametrize("form", ["bars", "sets"])
@given(values=COUNTS)
def test_bars_begin_at_the_axis_and_are_as_long_as_their_numbers(form: Form, values: list[tuple[int, int]]) -> None:  # fmt: skip
    made = drawing(chart(form, values))
    drawn = [value for pair in values for value in pair if value]
    assert len(made.rects) == len(drawn)
    if drawn:
        units = [rect.width / value for rect, value in zip(made.rects, drawn, strict=True)]
        assert units == pytest.approx([units[0]] * len(units))
    assert all(rect.x + rect.width < 80 and rect.y + rect.height <= made.height for rect in made.rects)
    said = [text.words.replace(",", "") for text in made.texts if text.kind == "amount"]
    assert said == [str(n) for pair in values for n in ([sum(pair)] if form == "bars" else pair)]


@given(COUNTS)
def test_a_strip_has_a_place_for_every_month_and_its_own_scale(values: list[tuple[int, int]]) -> None:
    made = drawing(chart("multiples", values))
    highest = {round(rect.height, 6) for rect in made.rects if rect.height > 2.59}
    assert len(made.rects) == sum(1 for pair in values for value in pair if value)
    assert highest <= {2.6} and (not made.rects or highest)


@given(TEXT, st.integers(6, 20))
def test_a_label_keeps_every_sign_and_no_line_is_much_too_long(text: str, most: int) -> None:
    lines = wrapped(text, most)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= 2 * most + 8 for line in lines)
    assert not any(line[:1] in ("，", "。", "）", "”") for line in lines[1:] if len(line) > most / 2)


@given(st.dictionaries(st.sampled_from(["商业秘密", "个人隐私", "国家秘密", "其他"]), st.integers(1, 30)))
def test_what_is_pooled_adds_up_and_no_small_count_stands_by_its_name(counts: dict[str, int]) -> None:
    told = pooled(counts, 5)
    assert sum(told.values()) == sum(counts.values())
    assert all(count >= 5 for name, count in told.items() if name)
    assert told.get("", 5) >= 5 or set(told) == {""}, "a lone small one can not be told by subtraction"


# ── what is counted ──────────────────────────────────────────

NAMES = {"1": Label("未发现问题", ""), "5": Label("发现问题已责令改正", ""), "9": Label("合格", "")}
FOUND = [
    Counted(3, "scjg", ("5", "1"), 2),
    Counted(4, "scjg", ("1",), 3),
    Counted(4, "yjgl", (), 1),
]


def test_outcomes_are_counted_each_and_records_once() -> None:
    made = outcomes.by_outcome(FOUND, Asked(2026, "scjg"), NAMES)
    assert [(row.key, row.value(0)) for row in made.rows] == [("1", 5), ("5", 2)]
    assert made.total and made.total.value(0) == 6 and made.rows[0].cells[1].value == 5 / 6
    assert made.rows[0].cells[0].where == {
        "kind": "result", "year": "2026", "department": "scjg", "outcome": "1",
    }  # fmt: skip


def test_months_that_have_not_begun_are_not_there_and_name_their_days() -> None:
    made = outcomes.by_month(FOUND, Asked(2026), 4)
    assert [row.value(0) for row in made.rows] == [0, 0, 2, 4]
    assert made.rows[1].cells[0].where == {
        "kind": "result", "published_from": "2026-02-01", "published_to": "2026-02-28",
    }  # fmt: skip
    assert (
        month_of(2024, 2)["published_to"] == "2024-02-29"
        and month_of(2024, 12)["published_to"] == "2024-12-31"
    )


def test_departments_stand_in_their_order_and_items_by_how_often() -> None:
    names = {"yjgl": Label("应急", ""), "scjg": Label("市场", "")}
    made = outcomes.by_department(FOUND, Asked(2026), names, NAMES)
    assert [row.key for row in made.rows] == ["yjgl", "scjg"]
    assert [cell.value for cell in made.rows[1].cells] == [5, 5, 2]
    items = outcomes.by_item(Counter({"甲": 1, "乙": 4, "丙": 1}), Asked(2026), 2)
    assert [row.key for row in items.rows] == ["乙", "丙"]


def test_a_rate_of_all_years_is_made_of_sums() -> None:
    found = [
        Figure(name="disclosed", department_code="", year=year, month=month, detail=detail, value=value)
        for year, month, detail, value in ((2025, 1, "on_time", 1), (2026, 2, "on_time", 8), (2026, 3, "late", 1))
    ]  # fmt: skip
    made = timeliness.disclosed_by_year(found, [2026, 2025])
    assert [row.cells[2].value for row in made.rows] == [1.0, 8 / 9]
    assert made.total and made.total.cells[2].value == 0.9
    assert [row.value(0) for row in timeliness.disclosed_by_month(found, 2026, 3).rows] == [0, 8, 0]


def test_what_became_of_objections_adds_up_to_what_was_received() -> None:
    found = [
        Figure(name="fate", department_code="", year=2026, detail=detail, value=value)
        for detail, value in (("corrected", 2), ("maintained", 3), ("open", 1))
    ]
    [row] = timeliness.fates(found, [2026]).rows
    assert row.value(0) == 6 == sum(row.value(at) for at in range(1, len(row.cells)))
    assert sum(timeliness.fates(found, [2026]).drawn(row)) == 6
