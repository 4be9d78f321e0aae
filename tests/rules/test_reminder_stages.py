"""What can be said of a last day on a day; pure."""

from datetime import date

import pytest

from portal.deadlines.calendar import load_calendar
from portal.notices.stages import Stage, ahead_of, stages

MONDAY = date(2026, 11, 30)


def said(on: date, due: date = MONDAY, ahead: int = 5) -> list[str]:
    return list(stages(due, on, load_calendar(), ahead=ahead))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 20), []),
        (date(2026, 11, 23), [Stage.AHEAD]),
        (date(2026, 11, 29), [Stage.AHEAD]),
        (date(2026, 11, 30), [Stage.LAST_DAY]),
        (date(2026, 12, 1), [Stage.OVERDUE]),
        (date(2026, 12, 2), [Stage.OVERDUE]),
        (date(2026, 12, 3), [Stage.OVERDUE, Stage.ESCALATED]),
        (date(2027, 6, 1), [Stage.OVERDUE, Stage.ESCALATED]),
    ],
)
def test_what_is_true_on_a_day(on: date, expected: list[str]) -> None:
    assert said(on) == expected


def test_a_holiday_and_its_make_up_days_count_as_they_are() -> None:
    """Before the Spring Festival of 2026: off from 15 to 23 February, worked on Saturdays 14 and 28."""
    back = date(2026, 2, 24)
    assert said(date(2026, 2, 9), back) == []
    assert said(date(2026, 2, 10), back) == [Stage.AHEAD]
    assert said(date(2026, 2, 14), date(2026, 2, 13)) == [Stage.OVERDUE]  # a Saturday that is worked
    assert said(date(2026, 2, 15), date(2026, 2, 14)) == []  # the first day of the holiday
    assert said(date(2026, 2, 24), date(2026, 2, 14)) == [Stage.OVERDUE]


def test_a_term_over_on_a_friday_is_overdue_on_monday() -> None:
    friday = date(2026, 11, 27)
    assert [said(date(2026, 11, day), friday) for day in (28, 29)] == [[], []]
    assert said(MONDAY, friday) == [Stage.OVERDUE]


def test_a_short_term_is_announced_two_days_ahead_and_never_more_than_the_profile_wants() -> None:
    assert (ahead_of(20, 5), ahead_of(15, 5), ahead_of(7, 5), ahead_of(5, 1), ahead_of(None, 5)) == (
        5,
        5,
        2,
        1,
        5,
    )
