"""The holidays by name, and the days that the law itself makes holidays. Pure.

全国年节及纪念日放假办法 (国务院令第795号, in force from 2025): 除夕 to 初三, 清明, 端午, 中秋 by the lunar and
solar calendars; 1 January, 1–2 May, 1–3 October by date.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from portal.words import Label

NEW_YEAR = "元旦"

# Worked out with lunardate, checked with holidays.
_SPRING_FESTIVAL = "0206 0126 0213 0203 0123 0211 0131 0219 0208 0128"  # 正月初一, 2027 to 2036
_QINGMING = "0405 0404 0404 0405 0405 0404 0404 0405 0405 0404"
_DRAGON_BOAT = "0609 0528 0616 0605 0624 0612 0601 0620 0610 0530"
_MID_AUTUMN = "0915 1003 0922 0912 1001 0919 0908 0927 0916 1004"
_FIRST_YEAR = 2027
LUNAR_THROUGH = 2036  # beyond, a holiday by the lunar calendar is not known to be one

_FIXED = {
    (1, 1): NEW_YEAR, (5, 1): "劳动节", (5, 2): "劳动节",
    (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节",
}  # fmt: skip
_SINCE_2025 = {(5, 2)}

_NAMES = (  # Chinese, English, and what other tables call it
    (NEW_YEAR, "New Year's Day", ()),
    ("春节", "Spring Festival", ("除夕",)),
    ("清明节", "Tomb-sweeping Day", ("清明",)),
    ("劳动节", "Labour Day", ("五一",)),
    ("端午节", "Dragon Boat Festival", ("端午",)),
    ("中秋节", "Mid-autumn Festival", ("中秋",)),
    ("国庆节", "National Day", ("国庆",)),
    (
        "抗战胜利70周年纪念日",
        "70th anniversary of victory in the War of Resistance",
        ("Anti-Fascist 70th Day",),
    ),
)
_JOINED = re.compile(r"[、，,和及]")


@lru_cache(maxsize=256)
def festival(name: str) -> Label:
    """A holiday's name in both languages, however a table writes it; an unknown one as it is.

    >>> festival("Tomb-sweeping Day"), festival("清明").english, festival("国庆节、中秋").english
    ('清明节', 'Tomb-sweeping Day', 'National Day and Mid-autumn Festival')
    """
    parts = [_festivals().get(part.strip(), (part.strip(), "")) for part in _JOINED.split(name)]
    english = " and ".join(word for _chinese, word in parts) if all(word for _, word in parts) else ""
    return Label("、".join(chinese for chinese, _english in parts), english)


def is_statutory_holiday(day: date) -> bool:
    """Whether the law itself makes a day a holiday; lunar ones are known from 2027 to 2036."""
    return bool(statutory_name(day))


def statutory_name(day: date) -> str:
    """The holiday that the law makes of a day; empty when none."""
    return _lunar_holidays().get(day) or _FIXED.get((day.month, day.day), "")


def statutory_days(year: int) -> list[date]:
    """The days of a year that are holidays by law; before 2027 those by date alone."""
    fixed = [date(year, *each) for each in _FIXED if year >= 2025 or each not in _SINCE_2025]
    return sorted({*fixed, *(day for day in _lunar_holidays() if day.year == year)})


@lru_cache(maxsize=1)
def _festivals() -> Mapping[str, tuple[str, str]]:
    return {
        each: (chinese, english)
        for chinese, english, others in _NAMES
        for each in (chinese, english, *others)
    }


@lru_cache(maxsize=1)
def _lunar_holidays() -> Mapping[date, str]:
    days = {}
    tables = {"清明节": _QINGMING, "端午节": _DRAGON_BOAT, "中秋节": _MID_AUTUMN, "春节": _SPRING_FESTIVAL}
    for name, table in tables.items():
        for year, text in enumerate(table.split(), start=_FIRST_YEAR):
            day = date(year, int(text[:2]), int(text[2:]))
            days[day] = name
            if name == "春节":  # 除夕 to 初三
                days |= {date.fromordinal(day.toordinal() + each): name for each in (-1, 1, 2)}
    return days
