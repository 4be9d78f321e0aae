"""A year's notice: read from any of its files or refused with the place, and what the calendar makes of it."""

from datetime import date, timedelta

import pytest
import time_machine

from portal.deadlines.calendar import Calendar, Kind, load_calendar
from portal.deadlines.counting import day_by_day, stretches
from portal.deadlines.festivals import festival, statutory_days
from portal.deadlines.holidays import holidays_of
from portal.deadlines.notice_files import NoticeDay, read_notice
from portal.deadlines.notices import what_is_missing, why_not_load, years_known
from portal.deadlines.working_days import count
from portal.errors import Refused
from tests.notices import (
    FIXTURES,
    TITLE,
    as_csv,
    as_holiday_cn,
    calendar_with_2027,
    days_2027,
    notice_2027,
    renamed,
)

BASE = load_calendar()


def why_not(days: list[NoticeDay], year: int = 2027, known: Calendar = BASE, replacing: bool = False) -> str:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=False):
        return "\n".join(why_not_load(days, year=year, title=TITLE, known=known, replacing=replacing))


# ── files ────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_three_kinds_of_file_say_the_same(encoding: str) -> None:
    days = list(notice_2027().days)
    for text in (as_csv(days), as_holiday_cn(days)):
        assert list(read_notice(text.encode(encoding)).days) == days


def test_the_file_that_is_about_holds_three_years() -> None:
    file = read_notice((FIXTURES / "workday_overrides_2024_2026.json").read_bytes())
    assert file.years == [2024, 2025, 2026]
    assert sum(1 for each in file.of(2026) if not each.working) == 33
    assert sum(1 for each in file.of(2026) if each.working) == 6


def test_a_december_alone_goes_with_the_year_after_it() -> None:
    file = read_notice(as_csv(days_2027(d2026_12_31=False)).encode())
    assert file.years == [2027] and file.of(2027) == list(file.days)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有一天"),
        ("date,name,is_workday\n", "没有一天"),
        ("日期,名称\n2027-01-01,元旦\n", "第1行应是列名"),
        ("date,date,is_workday\n2027-01-01,元旦,false\n", "第1行应是列名"),
        ("date,name,is_workday\n2027-02-30,春节,false\n", "第2行的日期“2027-02-30”读不出来"),
        ("date,name,is_workday\n20270206,春节,false\n", "第2行的日期“20270206”读不出来"),
        ("date,name,is_workday\n２０２７-02-06,春节,false\n", "读不出来"),
        ("date,name,is_workday\n\n2027-02-06,春节,maybe\n", "第3行没有写明上班还是放假（“maybe”）"),
        ("date,name,is_workday\n2027-02-06,春节\n", "没有写明"),
        ("date,name,is_workday\n2027-02-06,=HYPERLINK(1),false\n", "名称太长或者含有不能用的符号"),
        ('date,name,is_workday\n2027-02-06,"春节,false\n', "引号不成对"),
        ('{"2027-01-01": {"name": "元旦"}}', "“2027-01-01”一项没有写明"),
        ('{"2027-01-01": {"is_workday": 1}}', "没有写明"),
        ('{"2027-01-01": {"is_workday": false}, "2027-01-01": {"is_workday": true}}', "写了两次"),
        ('{"year": 2027, "days": [{"date": 20270101, "isOffDay": true}]}', "days 的第1项的日期"),
        ('{"year": 2027, "days": [3]}', "days 的第1项没有写明"),
        ('{"2027-01-01": {"name": ["元旦"], "is_workday": false}}', "名称太长"),
        ("{", "不是合格的JSON"),
        ("[" * 100_000, "不是合格的JSON"),
        ('["2027-01-01"]', "没有认出这个JSON"),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_notice(text.encode())
    assert said in str(refusal.value)


@pytest.mark.parametrize("data", ["元旦".encode("gb18030"), "元旦".encode("utf-16"), b"\xff" * 10])
def test_another_encoding_is_not_guessed(data: bytes) -> None:
    with pytest.raises(Refused, match="UTF-8"):
        read_notice(b"date,name,is_workday\n2027-01-01," + data + b",false\n")


def test_a_file_that_is_no_years_notice_is_not_read_whole() -> None:
    with pytest.raises(Refused, match="1MB"):
        read_notice(b" " * (2**20 + 1))


# ── what may be loaded ───────────────────────────────────────


def test_the_years_own_notice_may_be_loaded() -> None:
    assert why_not(days_2027()) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (days_2027(d2027_02_09=True), "2027-02-09是星期一到星期五"),
        (days_2027(d2027_02_07=True), "2027-02-07（春节）是法定节假日，不会安排上班"),
        (days_2027(d2028_01_02=False), "2028-01-02不在2027年"),
        (days_2027(d2026_11_30=False), "2026-11-30不在2027年"),
        ([*days_2027(), NoticeDay(date(2027, 2, 14), False, "春节")], "2027-02-14既写了放假又写了上班"),
        (days_2027(d2027_01_01=None), "缺少法定节假日：2027-01-01（元旦）"),
        (days_2027(d2027_05_01=None), "2027-05-01（劳动节）"),  # a Saturday, and named all the same
        (days_2027(d2027_06_09=None, d2027_09_15=None), "2027-06-09（端午节）、2027-09-15（中秋节）"),
        (renamed(days_2027(d2027_12_31=False), date(2027, 12, 31), "元旦"), "2027-12-31的元旦假属于下一年"),
    ],
)
def test_what_no_notice_can_say_is_refused_in_a_sentence(days: list[NoticeDay], said: str) -> None:
    assert said in why_not(days)


@pytest.mark.parametrize("year", [1, 2003, 2028, 2072])
def test_a_year_that_has_no_notice_yet_is_refused(year: int) -> None:
    assert f"只能载入2004年到2027年的放假安排，文件里是{year}年" in why_not([], year)


def test_a_known_year_is_replaced_only_when_that_is_said() -> None:
    assert "已经有了" in why_not(days_2027(), known=calendar_with_2027())
    assert why_not(days_2027(), known=calendar_with_2027(), replacing=True) == ""


def test_a_december_before_the_year_belongs_to_its_new_year() -> None:
    assert why_not(days_2027(d2026_12_31=False)) == ""


# ── what the calendar makes of it ────────────────────────────


def test_a_loaded_year_is_followed_to_the_day() -> None:
    calendar = calendar_with_2027()
    assert calendar.is_make_up_day(date(2027, 2, 14)) and not calendar.is_working(date(2027, 2, 11))
    assert calendar.is_working(date(2027, 2, 12))
    first, ours = date(2026, 1, 1), calendar
    same = [first + timedelta(days=each) for each in range(365)]
    assert [ours.is_working(day) for day in same] == [BASE.is_working(day) for day in same]


def test_a_term_is_no_longer_provisional_and_moves_with_the_notice() -> None:
    start = date(2027, 1, 20)
    before, after = count(start, 20, BASE), count(start, 20, calendar_with_2027())
    assert before.provisional and not after.provisional
    assert (before.due, after.due) == (date(2027, 2, 19), date(2027, 2, 20 + 2))


def test_a_notice_replaces_its_year_in_the_base_wholly() -> None:
    bare = Calendar(
        BASE.known_through, {date(2026, 1, 1): False}, {date(2026, 1, 1): "元旦"}, frozenset({2026})
    )
    assert bare.is_working(date(2026, 2, 17)) and not bare.is_working(date(2026, 2, 28))
    assert [state.day for state in bare.announced(2026)] == [date(2026, 1, 1)]


def test_a_bridge_in_december_stays_with_the_notice_it_came_with() -> None:
    assert not BASE.is_working(date(2018, 12, 31))  # of 2019's notice
    replaced = Calendar(BASE.known_through, {}, {}, frozenset({2018}))
    assert not replaced.is_working(date(2018, 12, 31)) and replaced.is_working(date(2018, 12, 29))
    assert BASE.announced(2019)[0].day == date(2018, 12, 29)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_second_source_says_the_same_of_every_day(year: int) -> None:
    file = read_notice((FIXTURES / "workday_overrides_2024_2026.json").read_bytes())
    other = Calendar(
        BASE.known_through,
        {each.day: each.working for each in file.of(year)},
        {each.day: each.name for each in file.of(year)},
        frozenset({year}),
    )
    assert [state.kind for state in other.year_of(year)] == [state.kind for state in BASE.year_of(year)]


def test_a_days_reason_is_known_in_both_languages() -> None:
    state = BASE.state(date(2026, 2, 14))
    assert (state.kind, state.name, state.name.english) == (Kind.MAKE_UP, "春节", "Spring Festival")
    assert BASE.state(date(2026, 2, 7)) == (date(2026, 2, 7), Kind.WEEKEND, "")
    assert festival("国庆节、中秋").english == "National Day and Mid-autumn Festival"
    assert BASE.holiday(date(2027, 6, 9)) == "端午节"  # by law alone
    assert festival("市庆日") == "市庆日" and festival("市庆日").english == ""


def test_the_statutory_days_of_2027() -> None:
    assert [day.strftime("%m%d") for day in statutory_days(2027)] == (
        "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003".split()
    )
    assert date(2024, 5, 2) not in statutory_days(2024)  # a holiday by law since 2025


# ── what a page shows ────────────────────────────────────────


def test_a_term_is_shown_day_by_day_with_the_reason_of_each() -> None:
    start = date(2026, 2, 6)
    days = day_by_day(start, count(start, 20, BASE), BASE)
    assert [each.nth for each in days][:3] == [0, None, None] and days[-1].nth == 20
    said = {each.day: str(each.reason) for each in days}
    assert said[date(2026, 2, 7)] == "周末" and said[date(2026, 2, 17)] == "春节放假"
    assert said[date(2026, 2, 28)] == "春节调休上班" and said[date(2026, 3, 12)] == ""
    assert all(each.known for each in days)


def test_a_counting_is_told_in_a_few_lines() -> None:
    start = date(2026, 2, 6)
    told = stretches(day_by_day(start, count(start, 20, BASE), BASE))
    assert [(each.first.isoformat(), each.last.isoformat(), each.days, str(each.name)) for each in told] == [
        ("2026-02-09", "2026-02-14", 6, ""),
        ("2026-02-15", "2026-02-23", 9, "春节"),
        ("2026-02-24", "2026-03-12", 14, ""),
    ]
    assert (told[2].first_nth, told[2].last_nth, told[2].make_up) == (7, 20, (date(2026, 2, 28),))


def test_a_term_of_no_days_is_its_day_zero() -> None:
    start = date(2026, 11, 23)
    days = day_by_day(start, count(start, 0, BASE), BASE)
    assert [each.nth for each in days] == [0] and stretches(days) == []


def test_days_that_nobody_announced_are_told_apart() -> None:
    start = date(2026, 12, 30)
    days = day_by_day(start, count(start, 3, BASE), BASE)
    assert [each.known for each in days] == [True, True, False, False, False, False, False]


def test_a_years_holidays_stand_with_their_worked_weekends() -> None:
    spring = next(each for each in holidays_of(BASE, 2026) if each.name == "春节")
    assert (spring.first, spring.days) == (date(2026, 2, 15), 9)
    assert spring.make_up == (date(2026, 2, 14), date(2026, 2, 28))
    by_law = holidays_of(BASE, 2027)
    assert [(str(each.name), each.days) for each in by_law][:2] == [("元旦", 1), ("春节", 4)]
    assert not any(each.make_up for each in by_law)


@pytest.mark.parametrize("year", range(2007, 2027))
def test_every_worked_weekend_stands_with_one_holiday(year: int) -> None:
    worked = [state.day for state in BASE.announced(year) if state.working]
    assert sorted(day for each in holidays_of(BASE, year) for day in each.make_up) == worked


# ── what is missing ──────────────────────────────────────────


def test_next_years_notice_is_asked_for_from_november_on() -> None:
    assert what_is_missing(BASE, date(2026, 10, 31)) == []
    (reason,) = what_is_missing(BASE, date(2026, 11, 1))
    assert "2027年的放假安排还没有载入" in reason and "portal calendar import" in reason
    assert what_is_missing(calendar_with_2027(), date(2026, 12, 31)) == []
    assert what_is_missing(calendar_with_2027(), date(2027, 11, 1)) != []


def test_a_gap_between_loaded_years_is_named() -> None:
    gap = Calendar(BASE.known_through, {date(2028, 1, 1): False}, {}, frozenset({2028}))
    assert "中间缺少2027年的" in what_is_missing(gap, date(2026, 6, 1))[0]


def test_how_many_days_each_year_takes_and_gives() -> None:
    counted = {each.year: (each.off, each.make_up) for each in years_known(BASE)}
    assert counted[2026] == (33, 6) and min(counted) == 2004
