"""The working days for machines: the counting interface, and the calendar to take away."""

import csv
import io
import json
from datetime import date
from typing import Any

import icalendar
import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from portal.deadlines.calendar import load_calendar
from portal.deadlines.festivals import statutory_days
from tests.doors.public_room import Page, words
from tests.notices import TITLE, notice_2027

DUE = "/api/v1/calendar/due"


@pytest.fixture(autouse=True)
def in_november() -> object:
    with time_machine.travel("2026-11-25T04:00:00Z", tick=True):
        yield


def asked(visitor: FlaskClient, query: str, status: int = 200) -> dict[str, Any]:
    answer = visitor.get(f"{DUE}?{query}")
    assert answer.status_code == status, answer.text
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.content_type == kind
    body: dict[str, Any] = json.loads(answer.text)
    return body


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
        ("", "缺少参数start", "The parameter start is missing"),
        ("start=2026-02-10", "请填写多少个工作日", "Give the number of working days"),
        ("start=10.2.2026&days=20", "参数start应当是日期", "start must be a date"),
        ("start=2026-02-10&days=3661", "应当是0到3660之间的整数", "from 0 to 3660"),
        ("start=2026-02-10&days=20&term=recheck", "请只写一个", "not both"),
        ("start=2026-02-10&term=x", "参数term没有“x”这个值", "term can not be “x”"),
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
