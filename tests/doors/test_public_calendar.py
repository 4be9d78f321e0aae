"""工作日历: a year at a glance, any term counted day by day, and the same for machines."""

import csv
import io
import json
import re
from datetime import date
from typing import Any

import icalendar
import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.deadlines.calendar import load_calendar
from portal.deadlines.festivals import statutory_days
from portal.deadlines.notices import load_notice
from portal.work import index_step
from tests.doors.public_room import Page, words
from tests.notices import TITLE, notice_2027

DUE = "/api/v1/calendar/due"


@pytest.fixture(autouse=True)
def in_november() -> object:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=True):
        yield


@pytest.fixture
def loaded(session: Session) -> None:
    """The invented notice for 2027, loaded."""
    file = notice_2027()
    load_notice(session, file.days, year=2027, title=TITLE, digest=file.digest, by=None)
    session.commit()


def asked(visitor: FlaskClient, query: str, status: int = 200) -> dict[str, Any]:
    answer = visitor.get(f"{DUE}?{query}")
    assert answer.status_code == status, answer.text
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.content_type == kind
    body: dict[str, Any] = json.loads(answer.text)
    return body


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


# ── the interface ────────────────────────────────────────────


def test_the_interface_gives_the_last_day_and_every_day_of_the_counting(visitor: FlaskClient) -> None:
    body = asked(visitor, "start=2026-02-10&days=20")
    assert (body["start"], body["days"], body["due"]) == ("2026-02-10", 20, "2026-03-16")
    assert body["provisional"] is False and body["known_through"] == "2026-12-31"
    assert len(body["counted"]) == 20 and body["counted"][-1] == body["due"]
    assert body["skipped"][0] == {"date": "2026-02-15", "kind": "holiday", "reason": "春节放假"}
    assert {"date": "2026-03-07", "kind": "weekend", "reason": "周末"} in body["skipped"]
    assert [each["date"] for each in body["make_up"]] == ["2026-02-14", "2026-02-28"]


def test_a_named_term_comes_with_its_basis(visitor: FlaskClient) -> None:
    body = asked(visitor, "start=2026-11-16&term=recheck")
    assert (body["term"], body["days"], body["due"]) == ("recheck", 20, "2026-12-14")
    assert body["basis"] == {"kind": "clause", "text": "《示例市“双随机、一公开”抽查工作细则》第二十九条"}
    promise = asked(visitor, "start=2026-11-16&term=supplement&lang=en")["basis"]
    assert promise == {"kind": "promise", "text": "A promise of this office"}


def test_the_interface_says_when_a_date_is_provisional(visitor: FlaskClient) -> None:
    assert asked(visitor, "start=2026-12-08&days=20")["provisional"] is True


@pytest.mark.usefixtures("loaded")
def test_the_interface_follows_a_loaded_notice(visitor: FlaskClient) -> None:
    body = asked(visitor, "start=2026-12-08&days=20")
    assert (body["provisional"], body["known_through"]) == (False, "2027-12-31")


@pytest.mark.parametrize(
    ("query", "chinese", "english"),
    [
        ("", "请填写从哪一天起", "Give the day the term starts on"),
        ("start=2026-02-10", "请填写多少个工作日", "Give the number of working days"),
        ("start=10.2.2026&days=20", "“10.2.2026”不是日期", "“10.2.2026” is not a date"),
        ("start=2026-02-10&days=3661", "请填写0到3660之间的整数", "from 0 to 3660"),
        ("start=2026-02-10&days=20&term=recheck", "请只写一个", "not both"),
        ("start=2026-02-10&term=x", "没有名为“x”的期限", "There is no term named “x”"),
        ("start=2026-02-10&day=20", "没有“day”这个参数", "There is no parameter “day”"),
        ("start=2030-01-01&days=3660", "算到了2036年以后", "The term ends after 2036"),
    ],
)
def test_a_bad_question_is_a_problem_in_both_languages(
    visitor: FlaskClient, query: str, chinese: str, english: str
) -> None:
    body = asked(visitor, query, 400)
    assert body["status"] == 400 and chinese in body["detail"] and english in body["detail_en"]


def test_the_longest_term_is_counted(visitor: FlaskClient) -> None:
    body = asked(visitor, "start=2007-01-01&days=3660")
    assert len(body["counted"]) == 3660 and body["due"] > "2021"


# ── to take away ─────────────────────────────────────────────


def test_the_csv_has_every_day_of_a_year(visitor: FlaskClient) -> None:
    answer = visitor.get("/calendar/days.csv?year=2026")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 365 and sum(row["is_workday"] == "true" for row in rows) == 248
    assert rows[44] == {
        "date": "2026-02-14", "weekday": "6", "is_workday": "true", "kind": "make_up",
        "name": "春节", "name_en": "Spring Festival", "provisional": "false",
    }  # fmt: skip


def test_the_csv_of_all_years_begins_with_2007_and_ends_where_the_calendar_does(visitor: FlaskClient) -> None:
    lines = visitor.get("/calendar/days.csv").data.decode("utf-8-sig").splitlines()
    known = load_calendar()
    assert lines[1].startswith("2007-01-01,1,false,holiday,元旦")
    assert lines[-1].startswith(known.known_through.isoformat())
    assert len(lines) - 1 == (known.known_through - date(2006, 12, 31)).days


@pytest.mark.usefixtures("loaded")
def test_the_json_names_where_a_year_comes_from(visitor: FlaskClient) -> None:
    body = json.loads(visitor.get("/calendar/days.json").text)
    years = {each["year"]: each for each in body["years"]}
    assert body["known_through"] == "2027-12-31" and min(years) == 2007
    assert years[2026]["notice"] is None
    assert years[2027]["notice"] == {"title": TITLE, "entry": 0, "file": notice_2027().digest}
    assert {"date": "2027-02-14", "is_workday": True, "name": "春节", "name_en": "Spring Festival"} in (
        years[2027]["days"]
    )


def test_the_json_of_a_year_without_notice_says_so(visitor: FlaskClient) -> None:
    (year,) = json.loads(visitor.get("/calendar/days.json?year=2027").text)["years"]
    assert year["provisional"] is True
    assert [each["date"] for each in year["days"]] == [day.isoformat() for day in statutory_days(2027)]


def test_the_calendar_file_has_all_day_events_whose_names_stay(visitor: FlaskClient) -> None:
    answer = visitor.get("/calendar/holidays.ics?year=2026")
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    told = {str(each["UID"]).split("@")[0]: each for each in events}
    spring = told["2026-02-15-off"]
    assert (spring.decoded("DTSTART"), spring.decoded("DTEND")) == (date(2026, 2, 15), date(2026, 2, 24))
    assert str(spring["SUMMARY"]) == "春节放假，共9天"
    assert str(told["2026-02-14-work"]["SUMMARY"]) == "春节调休上班"
    assert len(told) == len(events) == 7 + 6
    assert visitor.get("/calendar/holidays.ics?year=2026").data == answer.data


@pytest.mark.parametrize("file", ["days.csv", "days.json", "holidays.ics"])
@pytest.mark.parametrize("year", ["2006", "2028", "x", "2026a"])
def test_a_year_outside_is_refused_with_a_sentence(visitor: FlaskClient, file: str, year: str) -> None:
    answer = visitor.get(f"/calendar/{file}?year={year}")
    assert answer.status_code == 400
    assert "不在工作日历里" in words(BeautifulSoup(answer.text, "html.parser"))


def test_each_link_for_taking_away_opens(app: Flask, page: Page) -> None:
    links = [each["href"] for each in page("/calendar/?start=2026-02-06&term=recheck").select(".panel a")]
    assert len(links) == 5
    assert {app.test_client().get(link).status_code for link in links} == {200}
