"""Single values as offices write them: dates in a dozen shapes, 是/否/√, numbers with their units, codes.

Each reader returns the value as a record's content keeps it, or None when the words say nothing it knows.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from portal.codes.book import Value

_DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:[\sT]*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}秒?)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_HANZI_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]"
)
_WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?$")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
_EARLIEST, _LATEST = 1990, 2100

_YES = {"是", "√", "✓", "✔", "有", "y", "yes", "true", "1", "已", "已办结", "有效", "对", "公示", "联合"}
_NO = {"否", "×", "✗", "✘", "x", "无", "n", "no", "false", "0", "未", "未办结", "失效", "错", "不公示"}
_UNITS = re.compile(r"(?:户|家|个|人|次|名|件|项|批次|批|年度|年|日)$")
_SEPARATORS = re.compile(r"([、,，;；/|\n+＋和或及与])")
_MOST_IN_A_LABEL = 12  # separators; without a bound ten thousand of them in one cell are read for an hour


def plain(raw: object) -> str:
    """The words of a cell, without control characters, on one line, trimmed."""
    return " ".join(prose(raw).split())


def prose(raw: object) -> str:
    """The words of a cell with their line breaks; whole numbers without the spreadsheet's ``.0``."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw)
    if text.isprintable():  # nearly every cell: nothing to take out
        return unicodedata.normalize("NFC", text).strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u3000", " ")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def is_blank(text: str) -> bool:
    """Whether a text has no words.

    >>> [is_blank(x) for x in ("", "  ", "\u3000", "示例")]
    [True, True, True, False]
    """
    return not (text.strip() if text.isprintable() else plain(text))


def read_date(raw: object) -> str | None:
    """A day as ``YYYY-MM-DD``; day-first and two-digit years are refused: they can be read two ways.

    >>> [read_date(x) for x in ("2026年1月3日", "2026.01.03", "20260103", "二〇二六年一月三日", "46025")]
    ['2026-01-03', '2026-01-03', '2026-01-03', '2026-01-03', '2026-01-03']
    """
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    return _day_of(plain(raw))


@lru_cache(maxsize=1024)  # an import asks for the same few hundred days 100,000 times
def _day_of(words: str) -> str | None:
    text = _WEEKDAY.sub("", unicodedata.normalize("NFKC", words)).strip()
    day = _written(text) or _in_hanzi(text) or _serial(text)
    return day.isoformat() if day and _EARLIEST <= day.year <= _LATEST else None


def _written(text: str) -> date | None:
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    return _day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def _in_hanzi(text: str) -> date | None:
    match = _HANZI_DATE.fullmatch(text)
    if match is None:
        return None
    year = int("".join(str("〇一二三四五六七八九".index(c)) for c in re.sub("[○零]", "〇", match[1])))
    return _day(year, _below_hundred(match[2]), _below_hundred(match[3]))


def _below_hundred(text: str) -> int:
    """
    >>> [_below_hundred(x) for x in ("三", "十", "十一", "二十", "三十一")]
    [3, 10, 11, 20, 31]
    """
    digits = "〇一二三四五六七八九"
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return digits.index(ones) if ones in digits else 0
    return (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)


def _serial(text: str) -> date | None:
    """A day that a spreadsheet shows as its number of days."""
    return _EXCEL_DAY_ZERO + timedelta(days=int(float(text))) if _SERIAL.fullmatch(text) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_yes_no(raw: object) -> bool | None:
    """是, √, 有, Y, 1 … or their opposites."""
    if isinstance(raw, bool):
        return raw
    word = unicodedata.normalize("NFKC", plain(raw)).casefold()
    return True if word in _YES else False if word in _NO or plain(raw) == "×" else None


def read_number(raw: object) -> int | None:
    """A whole number; thousands separators and a unit such as 户 or 家 may stand with it.

    >>> read_number("1，234 户")
    1234
    """
    text = unicodedata.normalize("NFKC", plain(raw)).replace(" ", "")
    text = _UNITS.sub("", text)
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    text = re.sub(r"\.0+$", "", text)
    return int(text) if re.fullmatch(r"\d{1,12}", text) else None


def read_several(text: str, find: Callable[[str], Value | None]) -> tuple[list[Value], list[str]]:
    """The values named in a cell, and the words that name none.

    A label may itself hold a 、 (「隐瞒真实情况、弄虚作假」), so the longest run of words that is known wins.
    """
    parts = _SEPARATORS.split(text)
    found: list[Value] = []
    unknown: list[str] = []
    at = 0
    while at < len(parts):
        value, after = _longest(parts, at, find)
        if value is not None and value not in found:
            found.append(value)
        elif value is None and parts[at].strip():
            unknown.append(parts[at].strip())
        at = after + 1  # the separator after it
    return found, unknown


def _longest(parts: list[str], at: int, find: Callable[[str], Value | None]) -> tuple[Value | None, int]:
    furthest = min(len(parts), at + 2 * _MOST_IN_A_LABEL + 1)
    for end in range(furthest, at, -2):
        value = find("".join(parts[at:end]))
        if value is not None:
            return value, end
    return None, at + 1
