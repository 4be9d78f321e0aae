"""Loading a State Council notice: an act on record, in the ledger, and what is known of each year."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.deadlines.calendar import Calendar, base_years, load_calendar, notice_year
from portal.deadlines.festivals import NEW_YEAR, festival, statutory_days, statutory_name
from portal.deadlines.models import CalendarDay, CalendarLoad, CalendarNotice
from portal.deadlines.notice_files import NoticeDay
from portal.errors import refuse_if
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.words import Sentence, listed, say

TITLE_LENGTH = 200
OUT_FROM = (11, 1)  # next year's notice came out between 22 October and 16 December, from 2010 to 2025
ALWAYS_NAMED = {(1, 1), (5, 1), (10, 1)}
MOST_REASONS = 10
SATURDAY = 5


class Loader(Protocol):
    """Whoever loads a notice: a person of the office."""

    @property
    def id(self) -> int: ...


def load_notice(
    session: Session,
    days: Sequence[NoticeDay],
    *,
    year: int,
    title: str = "",
    digest: str,
    by: Loader | None,
    replacing: bool = False,
) -> CalendarNotice:
    """Load one year's notice, with its line in the ledger; the calendar follows it from the commit on.

    The file that is in force already changes nothing and gives its notice back. Open terms are not worked out
    again here: whoever keeps them compares their ``entry_index``.

    :param title: of the notice with its document number; a plain one without.
    :param digest: SHA-256 of the file, hex.
    :param by: None for the person at the machine.
    :param replacing: whether a notice of the same year may be replaced.
    :raises Refused: with every reason of :func:`why_not_load`.
    """
    book.lock(session)  # two people with one year's notice: the second sees what the first has loaded
    present = newest_notice(session, year)
    if present is not None and present.sha256 == digest:
        return present
    title = title.strip() or default_title(year)
    days = _tidied(days, year)
    refuse_if(why_not_load(days, year=year, title=title, known=load_calendar(session), replacing=replacing))
    entry = book.write(session, _line(days, year, title, digest, present))
    notice = CalendarNotice(
        year=year, title=title, loaded_at=clock.now(), sha256=digest, entry_index=entry.index
    )
    notice.days = [CalendarDay(day=each.day, working=each.working, name=each.name) for each in days]
    session.add(notice)
    session.flush()
    if by is not None:
        session.add(CalendarLoad(notice_id=notice.id, by_id=by.id))
        session.flush()
    return notice


def why_not_load(
    days: Sequence[NoticeDay], *, year: int, title: str, known: Calendar, replacing: bool = False
) -> list[Sentence]:
    """Why these days can not be a year's notice; empty means they can."""
    return [
        *_about_the_year(year, known, replacing),
        *_about_the_title(title),
        *list(_about_the_days(days, year))[:MOST_REASONS],
    ]


def default_title(year: int) -> str:
    """What the State Council calls a year's notice."""
    return f"国务院办公厅关于{year}年部分节假日安排的通知"


def _about_the_title(title: str) -> Iterator[Sentence]:
    if len(title) > TITLE_LENGTH or not title.isprintable():
        yield say("通知的标题太长，或者含有不能用的符号。请写200字以内的标题和文号。")


def _about_the_year(year: int, known: Calendar, replacing: bool) -> Iterator[Sentence]:
    latest = clock.today().year + 1
    if not base_years()[0] <= year <= latest:
        yield say(
            "只能载入{first}年到{last}年的放假安排，文件里是{year}年。请检查文件和年份。",
            first=base_years()[0],
            last=latest,
            year=year,
        )
    elif known.knows(year) and not replacing:
        yield say(
            "{year}年的放假安排已经有了。国务院办公厅另发通知调整的，请选择“替换”后重新载入（命令行加 --replace），"
            "新的安排会替换这一年全部的旧安排。",
            year=year,
        )


def _about_the_days(days: Sequence[NoticeDay], year: int) -> Iterator[Sentence]:
    states: dict[date, set[bool]] = {}
    for each in days:
        states.setdefault(each.day, set()).add(each.working)
    for day in sorted(states):
        yield from _about_one(day, states[day], year)
    for each in days:
        if each.day.year == year and notice_year(each.day, each.name) != year:
            yield say("{day}的元旦假属于下一年的通知。请删去这一天后重新载入。", day=each.day.isoformat())
    missing = [day for day in _must_be_named(year) if day not in states]
    if missing:
        yield say(
            "缺少法定节假日：{days}。文件可能不完整，请对照通知原文补齐后重新载入。",
            days=listed([_named(day) for day in missing], say("{one}、{next}")),
        )


def _about_one(day: date, states: set[bool], year: int) -> Iterator[Sentence]:
    said = day.isoformat()
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        yield say("{day}不在{year}年。请检查日期，或者换一个年份载入。", day=said, year=year)
    elif len(states) > 1:
        yield say("{day}既写了放假又写了上班。请对照通知原文改成一种。", day=said)
    elif True in states and day.weekday() < SATURDAY:
        yield say("{day}是星期一到星期五，本来就上班，不是调休上班。请检查日期。", day=said)
    elif True in states and day in statutory_days(day.year):
        yield say("{day}是法定节假日，不会安排上班。请检查日期。", day=_named(day))


def _must_be_named(year: int) -> list[date]:
    """A statutory holiday on a weekend is off anyway, and some tables leave it out; not the three everybody names."""
    return [
        day
        for day in statutory_days(year)
        if day.weekday() < SATURDAY or (day.month, day.day) in ALWAYS_NAMED
    ]


def _named(day: date) -> Sentence:
    return say("{day}（{name}）", day=day.isoformat(), name=festival(statutory_name(day)))


def _tidied(days: Sequence[NoticeDay], year: int) -> list[NoticeDay]:
    """Each day once, in order; the December before is New Year's, whatever a table calls it."""
    own = (replace(each, name=NEW_YEAR) if each.day.year == year - 1 else each for each in days)
    return sorted(dict.fromkeys(own), key=lambda each: (each.day, each.working))


def _line(
    days: Sequence[NoticeDay], year: int, title: str, digest: str, before: CalendarNotice | None
) -> EntryDraft:
    """The ledger's line: which file, how many days; the title is its public reason."""
    counts = Counter(each.working for each in days)
    extra = {"year": year, "file": digest, "working": counts[True], "off": counts[False]}
    if before is not None:
        extra["replaces"] = before.entry_index
    return EntryDraft("calendar_update", reason=title, extra=extra)


# ── what is known ────────────────────────────────────────────


def newest_notice(session: Session, year: int) -> CalendarNotice | None:
    """The notice in force that the office loaded for a year."""
    return current_notices(session, year).get(year)


def current_notices(session: Session, year: int | None = None) -> dict[int, CalendarNotice]:
    """The notices in force that the office loaded, by year; one query."""
    wanted = sa.select(CalendarNotice).order_by(CalendarNotice.id)
    if year is not None:
        wanted = wanted.where(CalendarNotice.year == year)
    return {notice.year: notice for notice in session.scalars(wanted)}


@dataclass(frozen=True)
class YearKnown:
    """How many days one year's notice takes out of the working week, and puts in."""

    year: int
    off: int
    make_up: int


def years_known(calendar: Calendar) -> list[YearKnown]:
    """Every year whose notice is known, in order."""
    known = sorted({*base_years(), *calendar.years})
    return [_counted(calendar, year) for year in known]


def _counted(calendar: Calendar, year: int) -> YearKnown:
    counts = Counter(state.working for state in calendar.announced(year))
    return YearKnown(year, counts[False], counts[True])


def what_is_missing(calendar: Calendar, today: date) -> list[Sentence]:
    """What should be known by today and is not; empty means that nothing is to be done."""
    gaps = [year for year in calendar.years if year > calendar.known_through.year]
    reasons = [
        say(
            "已载入{year}年的放假安排，但中间缺少{missing}年的，{missing}年起的期限仍是暂定的。请补上。",
            year=year,
            missing=calendar.known_through.year + 1,
        )
        for year in gaps
    ]
    wanted = today.year + ((today.month, today.day) >= OUT_FROM)
    if not calendar.knows(wanted):
        reasons.append(
            say(
                "{year}年的放假安排还没有载入。国务院办公厅一般在上一年10月底到12月中旬公布，"
                "公布后请整理成表格，在“放假安排”页或者用 portal calendar import 载入。",
                year=wanted,
            )
        )
    return reasons
