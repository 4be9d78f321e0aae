"""工作日历: which days are worked, and how any term is counted, day by day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from babel.dates import format_date
from flask import render_template, request

from portal import clock
from portal.deadlines.calendar import Calendar, DayState, Kind, load_calendar
from portal.deadlines.counting import CountedDay, day_by_day, reason_of, stretches
from portal.deadlines.holidays import holidays_of
from portal.deadlines.notices import current_notices
from portal.errors import Refused
from portal.web.public.calendar_files import asked_year
from portal.web.public.room import follows_ledger, profile, public, reading
from portal.web.public.term_asked import FIRST, LAST, Asked, ask
from portal.web.rendering import in_english
from portal.words import Sentence

MOST_DAYS = 366
QUESTION = ("start", "term", "days")
WEEK = 7

Week = list[CountedDay | DayState]


@public.get("/calendar/")
@follows_ledger
def calendar() -> tuple[str, int]:
    """One year's days, and the counting of a term when one is asked for."""
    known = load_calendar(reading())
    reasons: dict[str, Sentence] = {}
    try:
        year = asked_year(known)
    except Refused as refusal:
        year, reasons = None, {"year": refusal.reasons[0]}
    asked = ask(request.args, profile(), known, MOST_DAYS) if _is_asked() else None
    if asked:
        reasons |= asked.reasons
    year = year or _fitting(asked, known)
    days = _days(asked, known)
    page = render_template(
        "public/calendar.html",
        known=known,
        year=year,
        years=range(known.known_through.year + 1, FIRST.year - 1, -1),
        notice=current_notices(reading(), year).get(year),
        months=list(_months(known, year)),
        holidays=holidays_of(known, year),
        counts=_counts(known, year),
        asked=asked,
        days=days,
        weeks=_weeks(days, known),
        stretches=stretches(days),
        reasons=reasons,
        reason_of=reason_of,
        weekday=weekday,
        month=month,
        days_in_words=days_in_words,
        heads=[(weekday(day), _short(day)) for day in (date(2024, 1, 1 + each) for each in range(WEEK))],
        limits=(FIRST, LAST, MOST_DAYS),
        today=clock.today(),
    )
    return page, 400 if reasons else 200


def weekday(day: date) -> str:
    """星期四, or Thursday."""
    return format_date(day, "EEEE", "en" if in_english() else "zh")


def month(day: date) -> str:
    """7月, or July."""
    return format_date(day, "LLLL", "en") if in_english() else f"{day.month}月"


def days_in_words(first: date, last: date, beside: date) -> str:
    """2月9日至14日, or 9 to 14 February; with the year where it is not that of ``beside``."""
    if in_english():
        form = "d MMMM y" if last.year != beside.year else "d MMMM"
        whole = format_date(last, form, "en")
        same = (first.year, first.month) == (last.year, last.month)
        begin = str(first.day) if same else format_date(first, form, "en")
        return whole if first == last else f"{begin} to {whole}"
    begin = _chinese(first, beside)
    return begin if first == last else f"{begin}至{_chinese(last, first, brief=True)}"


def _chinese(day: date, beside: date, brief: bool = False) -> str:
    """With as much of the date as the one beside it does not say; ``brief`` drops its month too."""
    if day.year != beside.year:
        return f"{day.year}年{day.month}月{day.day}日"
    if brief and day.month == beside.month:
        return f"{day.day}日"
    return f"{day.month}月{day.day}日"


def _short(day: date) -> str:
    return format_date(day, "EEE", "en") if in_english() else format_date(day, "EEEEE", "zh")


def _is_asked() -> bool:
    return any(request.args.get(name, "").strip() for name in QUESTION)


def _fitting(asked: Asked | None, known: Calendar) -> int:
    """The year to show when none is asked for: the counting's, or the present one."""
    wanted = asked.start if asked and asked.start else clock.today()
    return min(max(wanted.year, FIRST.year), known.known_through.year + 1)


def _months(known: Calendar, year: int) -> Iterator[tuple[date, list[list[DayState | None]]]]:
    """The first of each month with its weeks; a week begins on Monday, None stands for other months' days."""
    for _month, days in groupby(known.year_of(year), key=lambda state: state.day.month):
        states = list(days)
        cells: list[DayState | None] = [None] * states[0].day.weekday()
        cells += states
        cells += [None] * (-len(cells) % WEEK)
        yield states[0].day, [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)]


def _counts(known: Calendar, year: int) -> dict[Kind, int]:
    kinds = [state.kind for state in known.year_of(year)]
    return {kind: kinds.count(kind) for kind in Kind}


def _days(asked: Asked | None, known: Calendar) -> Sequence[CountedDay]:
    if asked is None or asked.start is None or asked.due is None:
        return ()
    return day_by_day(asked.start, asked.due, known)


def _weeks(days: Sequence[CountedDay], known: Calendar) -> list[Week]:
    """The counting in whole weeks: the term's days, and around it plain days of the same weeks."""
    if not days:
        return []
    first, last = days[0].day, days[-1].day
    before = [first - timedelta(days=each) for each in range(first.weekday(), 0, -1)]
    after = [last + timedelta(days=each) for each in range(1, WEEK - last.weekday())]
    cells: Week = [*map(known.state, before), *days, *map(known.state, after)]
    return [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)]
