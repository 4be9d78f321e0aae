"""Working days: day zero is not counted, in-lieu weekends are, and what nobody announced is not guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.codes.profiles import load_profile
from portal.deadlines.calendar import Kind, is_statutory_holiday, load_calendar
from portal.deadlines.terms import disclosure, due_by, publish_by
from portal.deadlines.working_days import between, count
from tests.notices import FIXTURES

CALENDAR = load_calendar()

# facts from the State Council's notices for 2024, 2025 and 2026 (holiday-cn, MIT)
CASES = (FIXTURES / "deadline_cases_2024_2026.csv").read_text("utf-8").splitlines()[1:]


def test_no_case_is_lost() -> None:
    assert len(CASES) == 292


@pytest.mark.parametrize("case", CASES)
def test_the_state_councils_calendar_is_followed(case: str) -> None:
    start, days, due = case.split(",")
    assert count(date.fromisoformat(start), int(days), CALENDAR).due == date.fromisoformat(due)


def test_the_day_an_event_happens_is_not_counted() -> None:
    monday = date(2026, 11, 23)
    assert count(monday, 1, CALENDAR).due == date(2026, 11, 24)
    assert count(monday, 0, CALENDAR).due == monday


def test_a_weekend_that_is_worked_in_lieu_counts() -> None:
    assert CALENDAR.is_working(date(2026, 2, 14)) and CALENDAR.is_make_up_day(date(2026, 2, 14))
    assert count(date(2026, 2, 13), 1, CALENDAR).due == date(2026, 2, 14)


def test_the_spring_festival_is_skipped_and_shown() -> None:
    due = count(date(2026, 2, 6), 20, CALENDAR)
    assert due.due == date(2026, 3, 12)
    assert date(2026, 2, 17) in due.skipped and date(2026, 2, 28) in due.counted
    assert len(due.counted) == 20 and due.counted[-1] == due.due


def test_a_term_past_the_known_calendar_is_provisional() -> None:
    due = count(date(2026, 12, 20), 20, CALENDAR)
    assert due.provisional and date(2027, 1, 1) in due.skipped
    assert not count(date(2026, 11, 23), 20, CALENDAR).provisional


def test_past_the_known_calendar_only_the_law_makes_holidays() -> None:
    statutory = [date(2027, 2, 5), date(2027, 2, 8), date(2027, 4, 5), date(2027, 6, 9), date(2027, 10, 1)]
    assert all(is_statutory_holiday(day) and not CALENDAR.is_working(day) for day in statutory)
    assert CALENDAR.is_working(date(2027, 2, 9))  # a bridge day would be a guess
    assert not CALENDAR.is_working(date(2027, 2, 20))  # and so would be a worked Saturday


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.integers(0, 60))
def test_every_day_of_a_term_is_either_counted_or_skipped(start: date, days: int) -> None:
    due = count(start, days, CALENDAR)
    all_days = [start + timedelta(days=each + 1) for each in range((due.due - start).days)]
    assert sorted(due.counted + due.skipped) == all_days
    assert between(start, due.due, CALENDAR) == len(due.counted) == days


@given(st.dates(date(2007, 1, 1), date(2036, 1, 1)), st.integers(0, 120), st.integers(0, 120))
def test_counting_on_from_a_last_day_is_counting_at_once(start: date, days: int, more: int) -> None:
    whole = count(start, days + more, CALENDAR)
    assert count(count(start, days, CALENDAR).due, more, CALENDAR).due == whole.due
    assert count(start, days, CALENDAR).counted == whole.counted[:days]


@given(st.dates(date(2007, 1, 1), date(2036, 1, 1)), st.integers(1, 120))
def test_a_term_ends_on_a_working_day_and_later_starts_end_no_earlier(start: date, days: int) -> None:
    due = count(start, days, CALENDAR)
    assert CALENDAR.is_working(due.due) and due.due > start
    assert count(start + timedelta(days=1), days, CALENDAR).due >= due.due
    assert due.provisional == (due.due > CALENDAR.known_through)


def test_no_day_of_the_known_years_is_provisional_or_unexplained() -> None:
    for year in range(2007, CALENDAR.known_through.year + 1):
        states = list(CALENDAR.year_of(year))
        assert len(states) in (365, 366) and CALENDAR.knows(year)
        unexplained = [each for each in states if each.day.weekday() < 5 and not (each.working or each.name)]
        assert not unexplained
        assert [each for each in states if each.kind is Kind.MAKE_UP and not each.name] == []


def test_a_result_is_due_twenty_working_days_after_its_task_ended() -> None:
    profile = load_profile("shili")
    dates = {"inspected_on": "2026-10-13", "task_ended_on": "2026-10-30"}
    due = publish_by(dates, profile, CALENDAR)
    assert due is not None and due.due == date(2026, 11, 27)


def test_without_the_tasks_end_the_inspection_starts_the_clock() -> None:
    due = publish_by({"inspected_on": "2026-10-13"}, load_profile("shili"), CALENDAR)
    assert due is not None and due.due == date(2026, 11, 10)
    assert publish_by({}, load_profile("shili"), CALENDAR) is None


def test_a_disclosure_knows_on_which_working_day_of_its_term_it_came() -> None:
    fields = {"inspected_on": "2026-10-22", "completed_on": "2026-10-23", "publish_by": "2026-11-20"}
    kept = disclosure(fields, date(2026, 11, 12), load_profile("shili"), CALENDAR)
    assert kept is not None and kept.in_time
    assert (kept.ran_from, kept.days, kept.nth) == ("completed_on", 20, 14)
    late = disclosure(fields, date(2026, 11, 21), load_profile("shili"), CALENDAR)
    assert late is not None and not late.in_time and late.rested and late.nth == 20


def test_the_platforms_own_day_stops_the_clock_where_the_place_says_so() -> None:
    fields = {"completed_on": "2026-10-23", "publish_by": "2026-11-20", "platform_published_on": "2026-11-20"}
    here = date(2026, 11, 23)
    national, own = load_profile("anyang"), load_profile("shili")
    assert national.stops_the_clock != "site" == own.stops_the_clock
    found = [disclosure(fields, here, profile, CALENDAR) for profile in (national, own)]
    assert [each.in_time for each in found if each] == [True, False]


@pytest.mark.parametrize("start", ["", "〔依法隐去：其他依法不予公开〕", "2019-10-23", "2026-11-21"])
def test_a_term_whose_start_is_not_told_has_no_days_to_count(start: str) -> None:
    fields = {"inspected_on": start, "publish_by": "2026-11-20"}
    kept = disclosure(fields, date(2026, 11, 12), load_profile("shili"), CALENDAR)
    assert kept is not None and kept.in_time and kept.days == 0
    assert (
        disclosure(fields | {"publish_by": start[:1]}, date(2026, 11, 12), load_profile("shili"), CALENDAR)
        is None
    )


@pytest.mark.parametrize("place", ["shili", "anyang"])
def test_a_re_check_is_due_twenty_working_days_after_receipt_everywhere(place: str) -> None:
    received = {"received_on": date(2026, 11, 16)}
    due = due_by("recheck", received, load_profile(place), CALENDAR)
    assert due is not None and due.due == date(2026, 12, 14)


def test_a_term_that_a_place_does_not_have_is_not_due() -> None:
    pushed = {"pushed_on": date(2026, 11, 16)}
    assert due_by("respond", pushed, load_profile("shili"), CALENDAR) is None
    due = due_by("respond", pushed, load_profile("guian"), CALENDAR)  # GA40
    assert due is not None and due.due == date(2026, 11, 18)
