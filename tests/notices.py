"""The invented notice for 2027 that tests load, and where the files are."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from portal.deadlines.calendar import Calendar
from portal.deadlines.notice_files import NoticeDay, NoticeFile, read_notice

FIXTURES = Path(__file__).parent / "fixtures"
TITLE = "2027年放假安排（测试数据，不是国务院办公厅的通知）"


def notice_2027() -> NoticeFile:
    """The file as a person would load it."""
    return read_notice((FIXTURES / "notice_2027_for_tests.csv").read_bytes())


def days_2027(**changes: bool | None) -> list[NoticeDay]:
    """Its days, some changed: ``d2027_02_09=True`` is worked, ``None`` is not named."""
    told = {date.fromisoformat(name[1:].replace("_", "-")): state for name, state in changes.items()}
    kept = [each for each in notice_2027().days if each.day not in told]
    return kept + [NoticeDay(day, state, "春节") for day, state in told.items() if state is not None]


def calendar_with_2027() -> Calendar:
    """The base with that notice over it, without a database."""
    days = notice_2027().days
    states = {each.day: each.working for each in days}
    return Calendar(date(2027, 12, 31), states, {each.day: each.name for each in days}, frozenset({2027}))


def as_csv(days: list[NoticeDay]) -> str:
    """The same days as a spreadsheet of another office would write them."""
    lines = [f"{each.day:%Y/%m/%d},{each.name},{'上班' if each.working else '放假'}" for each in days]
    return "\n".join(["日期,名称,状态", *lines, ""])


def as_holiday_cn(days: list[NoticeDay]) -> str:
    """The same days in holiday-cn's shape."""
    rows = [{"name": each.name, "date": each.day.isoformat(), "isOffDay": not each.working} for each in days]
    return json.dumps({"year": 2027, "papers": [], "days": rows}, ensure_ascii=False)


def renamed(days: list[NoticeDay], day: date, name: str) -> list[NoticeDay]:
    """The same days, one under another name."""
    return [replace(each, name=name) if each.day == day else each for each in days]
