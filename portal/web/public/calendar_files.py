"""The working-day calendar to take away: CSV with every day, JSON with what is announced, a calendar file."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
from flask import Response, json, request

from portal import clock
from portal.deadlines.calendar import Calendar, DayState, Kind, load_calendar
from portal.deadlines.holidays import Holiday, holidays_of
from portal.deadlines.models import CalendarNotice
from portal.deadlines.notices import current_notices
from portal.errors import Refused
from portal.web.public.room import follows_ledger, public, reading, settings
from portal.web.public.term_asked import FIRST
from portal.web.rendering import absolute, said
from portal.web.saving import csv_file
from portal.web.typed import whole_number
from portal.words import say

COLUMNS = ("date", "weekday", "is_workday", "kind", "name", "name_en", "provisional")


@public.get("/calendar/days.csv")
@follows_ledger
def calendar_csv() -> Response:
    """Every day of a year, or of all years from 2007 on, one a row; weekday 1 is Monday."""
    calendar = load_calendar(reading())
    days = (
        _row(state, provisional=not calendar.knows(year))
        for year in _years(calendar)
        for state in calendar.year_of(year)
    )
    return csv_file([COLUMNS, *days], "days.csv")


@public.get("/calendar/days.json")
@follows_ledger
def calendar_json() -> Response:
    """What each year's notice takes out of Monday to Friday, and puts in."""
    calendar, notices = load_calendar(reading()), current_notices(reading())
    body = {
        "known_through": calendar.known_through.isoformat(),
        "years": [_year(calendar, year, notices.get(year)) for year in _years(calendar)],
    }
    return _download(json.dumps(body, ensure_ascii=False, sort_keys=False).encode(), "application/json")


@public.get("/calendar/holidays.ics")
@follows_ledger
def calendar_ics() -> Response:
    """Holidays and worked weekends as all-day events, from last year on or of one year."""
    calendar, notices = load_calendar(reading()), current_notices(reading())
    years = [year for year in _years(calendar) if "year" in request.args or year >= clock.today().year - 1]
    book = icalendar.Calendar()
    book.add("prodid", "-//double-random portal//working days//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", said(say("放假与调休上班")))
    for year in years:
        if calendar.knows(year):
            stamp = notices[year].loaded_at if year in notices else datetime(year, 1, 1, tzinfo=UTC)
            for holiday in holidays_of(calendar, year):
                _add(book, holiday, stamp)
    return _download(book.to_ical(), "text/calendar; charset=utf-8", "holidays.ics")


def asked_year(calendar: Calendar) -> int | None:
    """The year in the address; None when none is asked for.

    :raises Refused: at a year that the calendar does not cover.
    """
    text = request.args.get("year", "").strip()
    year, last = whole_number(text), calendar.known_through.year + 1
    if not text:
        return None
    if year is None or not FIRST.year <= year <= last:
        raise Refused(
            say(
                "“{text}”不在工作日历里。请填写{first}到{last}之间的年份。",
                text=text[:20],
                first=FIRST.year,
                last=last,
            )
        )
    return year


def _years(calendar: Calendar) -> Iterable[int]:
    asked = asked_year(calendar)
    return range(FIRST.year, calendar.known_through.year + 1) if asked is None else [asked]


def _row(state: DayState, provisional: bool) -> tuple[object, ...]:
    words = (str(state.name), state.name.english)
    flags = ("true" if state.working else "false", "true" if provisional else "false")
    return (state.day.isoformat(), state.day.isoweekday(), flags[0], state.kind.value, *words, flags[1])


def _year(calendar: Calendar, year: int, notice: CalendarNotice | None) -> dict[str, Any]:
    if calendar.knows(year):
        named = calendar.announced(year)
    else:
        named = [state for state in calendar.year_of(year) if state.kind is Kind.HOLIDAY]
    days = [
        {
            "date": state.day.isoformat(),
            "is_workday": state.working,
            "name": str(state.name),
            "name_en": state.name.english,
        }
        for state in named
    ]
    source = {"title": notice.title, "entry": notice.entry_index, "file": notice.sha256} if notice else None
    return {"year": year, "provisional": not calendar.knows(year), "notice": source, "days": days}


def _add(book: icalendar.Calendar, holiday: Holiday, stamp: datetime) -> None:
    name = holiday.name
    off = say("{name}放假，共{days}天", name=name, days=holiday.days)
    _event(book, "off", holiday.first, holiday.last, said(off), stamp)
    for day in holiday.make_up:
        _event(book, "work", day, day, said(say("{name}调休上班", name=name)), stamp)


def _event(book: icalendar.Calendar, kind: str, first: date, last: date, words: str, stamp: datetime) -> None:
    event = icalendar.Event()
    # the same day keeps its UID whatever is loaded later, so that a calendar changes the event and adds none
    event.add("uid", f"{first.isoformat()}-{kind}@{urlsplit(settings().base_url).hostname or 'portal'}")
    event.add("dtstamp", stamp)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", words)
    event.add("transp", "TRANSPARENT")
    event.add("url", absolute(f"/calendar/?year={first.year}"))
    book.add_component(event)


def _download(body: bytes, kind: str, name: str = "") -> Response:
    response = Response(body, content_type=kind)
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
