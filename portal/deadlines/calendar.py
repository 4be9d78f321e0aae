"""The working-day calendar: what the State Council announced, and beyond that what the law alone fixes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import chinese_calendar
from chinese_calendar import constants
from sqlalchemy.orm import Session

_FRIDAY = 4

# 全国年节及纪念日放假办法 (国务院令第795号, in force from 2025): 除夕 to 初三, 清明, 端午, 中秋 by the lunar and
# solar calendars; 1 January, 1–2 May, 1–3 October by date. Worked out with lunardate, checked with holidays.
_SPRING_FESTIVAL = "0206 0126 0213 0203 0123 0211 0131 0219 0208 0128"  # 正月初一, 2027 to 2036
_QINGMING = "0405 0404 0404 0405 0405 0404 0404 0405 0405 0404"
_DRAGON_BOAT = "0609 0528 0616 0605 0624 0612 0601 0620 0610 0530"
_MID_AUTUMN = "0915 1003 0922 0912 1001 0919 0908 0927 0916 1004"
_FIRST_YEAR = 2027
_FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@dataclass(frozen=True)
class Calendar:
    """Which days are worked.

    :param known_through: the last day of the last year whose notice is known.
    :param notices: days that a notice loaded by the office decides, over the base; True is worked.
    """

    known_through: date
    notices: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether a day is worked. Past ``known_through``: Monday to Friday less the statutory holidays; make-up
        days are not guessed."""
        if day in self.notices:
            return self.notices[day]
        if not _base_from() <= day <= _base_through():
            return day.weekday() <= _FRIDAY and not is_statutory_holiday(day)
        if day in constants.holidays:  # its own is_workday looks for the ends of its table on every call
            return False
        return day in constants.workdays or day.weekday() <= _FRIDAY

    def is_make_up_day(self, day: date) -> bool:
        """A weekend that is worked in lieu (调休上班)."""
        return day.weekday() > _FRIDAY and self.is_working(day)

    def holiday(self, day: date) -> str:
        """The English name of the holiday that a day belongs to; empty when there is none or it is not known."""
        if not _base_from() <= day <= _base_through():
            return ""
        off, name = chinese_calendar.get_holiday_detail(day)
        return str(name) if off and name else ""


def load_calendar(session: Session | None = None) -> Calendar:
    """The calendar in use. The base is in the package; an office's own notices will be read from ``session``."""
    return Calendar(known_through=_base_through())


def is_statutory_holiday(day: date) -> bool:
    """Whether the law itself makes a day a holiday; lunar ones are known from 2027 to 2036."""
    return (day.month, day.day) in _FIXED or day in _lunar_holidays()


@lru_cache(maxsize=1)
def _lunar_holidays() -> frozenset[date]:
    days = set()
    for table in (_QINGMING, _DRAGON_BOAT, _MID_AUTUMN, _SPRING_FESTIVAL):
        for year, text in enumerate(table.split(), start=_FIRST_YEAR):
            days.add(date(year, int(text[:2]), int(text[2:])))
    for year, text in enumerate(_SPRING_FESTIVAL.split(), start=_FIRST_YEAR):
        first = date(year, int(text[:2]), int(text[2:])).toordinal()
        days |= {date.fromordinal(first + each) for each in (-1, 1, 2)}
    return frozenset(days)


@lru_cache(maxsize=1)
def _base_from() -> date:
    return date(min(constants.holidays).year, 1, 1)


@lru_cache(maxsize=1)
def _base_through() -> date:
    return date(max(constants.holidays).year, 12, 31)
