"""工作日历: a year at a glance, and any term counted day by day."""

import re
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal.work import index_step
from tests.doors.public_room import Page, words
from tests.notices import TITLE


@pytest.fixture(autouse=True)
def in_november() -> object:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=True):
        yield


# ── the page ─────────────────────────────────────────────────


def test_the_present_year_is_shown_with_its_holidays_by_word_and_shape(page: Page) -> None:
    soup = page("/calendar/")
    assert "2026年的工作日" in words(soup) and "全年工作日248天" in words(soup)
    assert len(soup.select("table.cal-month")) == 12
    assert len(soup.select(".cal-month .off")) == 365 - 248
    assert {words(each) for each in soup.select(".cal-month .swap .k")} >= {
        "春节调休上班 班",
        "国庆节调休上班 班",
    }
    assert "2026-02-15 至 2026-02-23" in words(soup)


def test_a_term_is_counted_day_by_day_with_its_basis(page: Page) -> None:
    soup = page("/calendar/?start=2026-02-06&term=recheck")
    text = words(soup)
    assert "最迟 2026年3月12日" in text and "暂定" not in words(soup.select_one(".answer"))
    assert "《示例市“双随机、一公开”抽查工作细则》第二十九条" in text
    assert "2月15日至23日，放假9天，不计" in text and "2月14日（星期六）调休上班，计入" in text
    numbers = [words(each) for each in soup.select("table.cal:not(.cal-month) td:not(.zero) .c")]
    assert numbers == [f"第 {each}" for each in range(1, 21)]
    listed = [words(each) for each in soup.select(".daylist tbody tr")]
    assert listed[0] == "2026-02-06 星期五 起算日，不计入" and listed[1] == "2026-02-07 星期六 不计入（周末）"
    assert listed[-1] == "2026-03-12 星期四 第20个"


def test_a_number_of_days_is_counted_as_well(page: Page) -> None:
    assert "最迟 2026年2月14日" in words(page("/calendar/?start=2026-02-13&days=1"))
    assert "最迟 2026年2月13日" in words(page("/calendar/?start=2026-02-13&days=0"))


def test_a_date_past_the_known_calendar_says_that_it_is_provisional_and_why(page: Page) -> None:
    answer = words(page("/calendar/?start=2026-12-08&term=recheck").select_one(".answer"))
    assert "最迟 2027年1月6日" in answer and "暂定" in answer
    assert "2027年的放假安排还没有载入" in answer and "不猜测调休" in answer


@pytest.mark.usefixtures("loaded")
def test_once_the_notice_is_loaded_the_date_is_certain_and_the_year_names_it(page: Page) -> None:
    answer = words(page("/calendar/?start=2027-01-20&term=recheck").select_one(".answer"))
    assert "最迟 2027年2月22日" in answer and "暂定" not in answer
    year = words(page("/calendar/?year=2027"))
    assert TITLE in year and "公示存证第0行" in year and "2027-02-05 至 2027-02-11" in year


@pytest.mark.parametrize("year", [2007, 2020, 2027])
def test_every_year_up_to_the_one_after_the_known_can_be_chosen(page: Page, year: int) -> None:
    soup = page(f"/calendar/?year={year}")
    assert f"{year}年的工作日" in words(soup)
    assert [each["value"] for each in soup.select("#y option[selected]")] == [str(year)]
    assert ("还没有载入" in words(soup)) == (year == 2027)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("start=2026-02-30&days=5", "“2026-02-30”不是日期，请写成2026-11-23的样子。"),
        ("start=20260210&days=5", "不是日期"),
        ("start=2026-W07-2&days=5", "不是日期"),
        ("start=２０２６-02-10&days=5", "不是日期"),
        ("start=2006-12-31&days=5", "工作日历从2007-01-01到2036-12-31"),
        ("start=2026-02-10&days=-1", "“-1”不是天数，请填写0到366之间的整数。"),
        ("start=2026-02-10&days=367", "不是天数"),
        ("start=2026-02-10&days=1e3", "不是天数"),
        ("start=2026-02-10", "请填写多少个工作日"),
        ("days=5", "请填写从哪一天起"),
        ("start=2026-02-10&term=atlantis", "没有名为“atlantis”的期限。可以用的有：publish（检查结果公示）"),
        ("start=2036-12-20&days=20", "算到了2036年以后"),
        ("year=2006", "“2006”不在工作日历里。请填写2007到2027之间的年份。"),
        ("year=2028", "不在工作日历里"),
        ("year=abc", "不在工作日历里"),
    ],
)
def test_what_can_not_be_counted_is_answered_with_a_sentence_and_the_form_kept(
    page: Page, query: str, said: str
) -> None:
    soup = page(f"/calendar/?{query}", 400)
    (error,) = soup.select(".error-text")
    assert said in words(error)
    field = soup.select_one(f"[aria-describedby={error['id']}]")
    assert field is not None
    given = dict(pair.split("=") for pair in query.split("&"))
    if field["name"] in given and field.name == "input":
        assert field["value"] == given[field["name"]]


def test_what_was_typed_is_shown_as_text_and_nothing_else(page: Page) -> None:
    soup = page("/calendar/?start=<script>alert(1)</script>&days=5", 400)
    assert not soup.select("main script") and "<script>alert" in words(soup)


def test_the_page_reads_in_english(page: Page) -> None:
    soup = page("/calendar/?start=2026-12-08&term=recheck&lang=en")
    text = words(soup.select_one("main"))
    assert "Due 6 January 2027" in text and "Provisional" in text and "Wednesday" in text
    assert "Rules of Shili City on Double-Random Inspection, Article 29" in text
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"（测试.*", "", text)), text
    wrong = page("/calendar/?start=x&days=5&lang=en", 400)
    assert "is not a date" in words(wrong.select_one(".error-text"))


def test_the_footer_leads_there_from_every_page(page: Page) -> None:
    assert "工作日历" in words(page("/").select_one("footer"))


def test_it_sets_no_cookie_and_is_read_again_only_when_something_moved(visitor: FlaskClient) -> None:
    first = visitor.get("/calendar/")
    assert "Set-Cookie" not in first.headers
    same = visitor.get("/calendar/", headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304


def test_a_loaded_notice_makes_a_new_edition_of_the_page(visitor: FlaskClient, request: Any) -> None:
    first = visitor.get("/calendar/?year=2027")
    request.getfixturevalue("loaded")
    again = visitor.get("/calendar/?year=2027", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200 and TITLE in again.text


@pytest.mark.usefixtures("loaded")
def test_the_public_ledger_and_whatever_follows_it_take_the_line(
    app: Flask, page: Page, visitor: FlaskClient
) -> None:
    assert "载入放假安排" in words(page("/log/"))
    assert index_step(app) == 1
    assert [visitor.get(each).status_code for each in ("/feeds/all.atom", "/")] == [200, 200]
