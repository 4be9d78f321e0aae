"""Concerns (诉求): quarters, the seven working days of bringing back, what a clock counts as."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.codes.profiles import PROMISE, load_profile, profile_names
from portal.concerns import requirements
from portal.concerns.handling import TERM, counted
from portal.concerns.models import CATEGORIES, Concern, ConcernStep, ConcernTerm
from portal.concerns.quarters import Quarter
from portal.concerns.summary import Counts, Summary, how_it_ended
from portal.concerns.workbook import COLUMNS, ROW_HEADS, WIDTHS, file_name
from portal.deadlines.calendar import load_calendar
from portal.publications.dating import Terms
from portal.words import say

TERMS = Terms(load_profile("shili"), load_calendar())
DAYS = st.dates(date(2007, 1, 1), date(2099, 12, 31))


def term(brought_back_on: date, days: int | None = 7, **more: object) -> ConcernTerm:
    return ConcernTerm(came="collected", brought_back_on=brought_back_on, days=days, unit="working", basis="",
                       kind="promise", **more)  # fmt: skip


# ── quarters ─────────────────────────────────────────────────


@given(DAYS)
def test_every_day_lies_in_its_quarter_and_in_no_other(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert Quarter.of(quarter.first) == Quarter.of(quarter.last) == quarter
    assert quarter.next.first == quarter.last + timedelta(days=1)
    assert quarter.next.before == quarter < quarter.next


@given(DAYS)
def test_a_quarter_is_read_as_addresses_write_it(day: date) -> None:
    assert Quarter.read(str(Quarter.of(day))) == Quarter.of(day)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026Q0", "2026Q5", "2026q3", " 2026Q3", "20260Q3", "２０２６Q3", "2026Q3\n"]
)
def test_what_is_no_quarter_is_not_guessed(text: str) -> None:
    assert Quarter.read(text) is None


def test_a_year_has_four_quarters_with_their_chinese_names() -> None:
    ends = [(str(Quarter(2026, each).first), str(Quarter(2026, each).last)) for each in range(1, 5)]
    assert ends == [
        ("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-09-30"), ("2026-10-01", "2026-12-31"),
    ]  # fmt: skip
    assert file_name(Quarter(2026, 3)) == "诉求汇总2026年第三季度.xlsx"
    assert Quarter(2026, 4).next == Quarter(2027, 1)


# ── the term (O7) ────────────────────────────────────────────


@pytest.mark.parametrize("place", profile_names())
def test_every_place_answers_within_seven_working_days(place: str) -> None:
    found = load_profile(place).terms[TERM]
    assert (found.days, found.unit, found.starts) == (7, "working", ("brought_back_on",))
    if place == "guian":
        assert found.basis == load_profile(place).document + "第四十七条"
    else:
        assert found.basis == PROMISE


@pytest.mark.parametrize(
    ("brought_back", "due"),
    [("2026-11-06", "2026-11-17"), ("2026-09-28", "2026-10-13"), ("2026-02-10", "2026-02-26")],
)
def test_the_day_of_bringing_back_is_not_counted(brought_back: str, due: str) -> None:
    found = counted(term(date.fromisoformat(brought_back)), TERMS)
    assert found is not None
    assert (str(found.due), found.provisional, len(found.counted)) == (due, False, 7)


def test_a_day_past_the_known_calendar_is_provisional() -> None:
    found = counted(term(date(2026, 12, 28)), TERMS)
    assert found is not None and found.provisional


def test_a_clock_keeps_the_term_it_started_with() -> None:
    assert len(counted(term(date(2026, 11, 6), days=5), TERMS).counted) == 5  # type: ignore[union-attr]
    assert counted(term(date(2026, 11, 6), days=None), TERMS) is None


# ── what is counted ──────────────────────────────────────────

ENDINGS = ("", "answered_on_the_spot", "answered", "passed_on")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["collected", "passed_on", "reopened"]),
            st.sampled_from(ENDINGS),
            DAYS,
            st.sampled_from(["scjg", "yjgl"]),
            st.sampled_from(list(CATEGORIES)),
        ),
        max_size=20,
    )
)
def test_what_came_in_has_ended_or_waits_on_every_line(clocks: list[tuple[str, str, date, str, str]]) -> None:
    made = Summary(Quarter(2026, 3))
    for at, (came, ending, ended_on, department, category) in enumerate(clocks):
        each = ConcernTerm(
            id=at, came=came, department_code=department, brought_back_on=date(2026, 7, 1), due_on=date(2026, 7, 10),
            ended_on=ended_on if ending else None, ended_by=ConcernStep(state=ending) if ending else None,
        )  # fmt: skip
        made.add(Concern(category=category, term_id=at, satisfied=None), each)
    for line in (made.total, *made.departments.values(), *made.categories.values()):
        assert line.came == line.ended_or_waiting
        assert line.overdue <= line.waiting
    for lines in (made.departments, made.categories):
        whole = [sum(asdict(line)[name] for line in lines.values()) for name in COLUMNS]
        assert whole == [asdict(made.total)[name] for name in COLUMNS]
    assert made.total.came == len(clocks)


def test_an_answer_on_the_last_day_is_in_time_and_one_day_later_is_late() -> None:
    for day, ending in ((10, "in_time"), (11, "late")):
        each = term(date(2026, 7, 1), due_on=date(2026, 7, 10), ended_on=date(2026, 7, day))
        each.ended_by = ConcernStep(state="answered")
        assert how_it_ended(each) == ending


def test_the_sheets_have_a_head_for_each_column() -> None:
    assert set(COLUMNS) == set(asdict(Counts()))
    assert len(ROW_HEADS) == len(WIDTHS)
    assert not [head for head in ROW_HEADS if "联系" in head or "电话" in head]


def test_a_note_may_be_empty_only_where_nobody_needs_it() -> None:
    assert requirements.why_not_written("  ", say("请写明。")) == ["请写明。"]
    assert requirements.why_not_noted("") == []
    assert requirements.why_not_noted("长" * 2001) == ["说明最多2000个字，请缩短后再提交。"]
