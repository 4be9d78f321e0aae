"""What a task announcement promises and a plan plans, read from the released body alone. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.redaction.masking import has_marker

Fields = Mapping[str, Any]
Row = Mapping[str, Any]

# numbers as offices print them: 60-70家, 不低于250户, 40户左右, 70批次, 130
_RANGE = re.compile(r"(\d+)\s*(?:[-—–~～至到]+)\s*(\d+)")
_ONE = re.compile(r"\d+")
_AT_LEAST = re.compile(r"不低于|不少于|至少|以上|≥")
_AT_MOST = re.compile(r"不超过|不高于|不多于|至多|以下|以内|≤")
_PERCENT = re.compile(r"\d+(?:\.\d+)?\s*[%％]")
_OTHER_UNITS = re.compile(r"批次|项目|台|件|次")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True)
class Announced:
    """One task as its live announcement tells it.

    :param drawn: objects drawn, as announced; None where that is not said or withheld.
    :param listed: rows of the public list; None where no list is public.
    :param whole: whether every row of that list can be compared with a result: none of it is withheld.
    :param repeated: rows of that list about an object that stands there already.
    :param offices: codes of the implementing departments; the lead's where none is named.
    :param joint: each department answers for a sheet of its own on each object (D15).
    :param items: for each item the task inspects, the names it can be told by.
    """

    number: str
    source_number: str
    title: str
    department: str
    offices: tuple[str, ...]
    joint: bool
    drawn: int | None
    listed: int | None
    whole: bool
    repeated: int
    ends_on: date | None
    plan_no: str
    plan_named: bool
    ad_hoc: bool
    items: tuple[frozenset[str], ...]
    labels: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Who answers for a sheet of each object: each department, or, under ``""``, all of them together."""
        return self.offices if self.joint else ("",)

    def concerns(self, department: str) -> bool:
        """Whether a department leads it or carries it out; everybody's where none is asked for."""
        return department in ("", self.department, *self.offices)


def announced(number: str, department: str, fields: Fields) -> Announced:
    """Read one announcement."""
    drawn, rows = fields.get("sample_size"), _rows(fields, "drawn")
    shown = isinstance(fields.get("drawn"), list)
    return Announced(
        number=number,
        source_number=link(fields.get("source_number")),
        title=str(fields.get("title") or ""),
        department=department,
        offices=_offices(fields) or (department,),
        joint=_code(fields.get("scope")) == "joint",
        drawn=drawn if isinstance(drawn, int) else len(rows) if shown else None,
        listed=len(rows) if shown else None,
        whole=shown and all(_is_told(row) for row in rows),
        repeated=_repeated(rows),
        ends_on=_day(fields.get("ends_on")),
        plan_no=link(fields.get("plan_no")),
        plan_named=bool(fields.get("plan_no") or fields.get("plan_name")),
        ad_hoc=_code(fields.get("task_source")) == "adhoc",
        items=tuple(names_of(row) for row in _rows(fields, "items")),
        labels=tuple(str(row.get("item") or "") for row in _rows(fields, "items")),
    )


def names_of(row: Row) -> frozenset[str]:
    """What an item can be told by: a plan may print its code where the task prints its name."""
    told = (row.get("item_code"), row.get("item"), row.get("sub_item"))
    return frozenset(name for name in map(link, told) if name)


def names_in(rows: Iterable[Row]) -> frozenset[str]:
    """The names of all items of a table."""
    return frozenset(name for row in rows for name in names_of(row))


def link(value: Any) -> str:
    """A number or name by which records are found beside each other; a withheld one leads nowhere."""
    text = value if isinstance(value, str) else ""
    return "" if "〔" in text and has_marker(text) else text


@dataclass(frozen=True)
class Planned:
    """A printed number as far as it can be read: from ``low`` to ``high`` objects, None where it is open.

    :param about: the office prints 左右, or lets the real number decide.
    """

    low: int | None
    high: int | None
    about: bool = False


def planned_number(printed: Any) -> Planned | None:
    """A plan's 抽查数量; None where it names no objects: a percentage, batches, nothing.

    >>> planned_number("60-70家")
    Planned(low=60, high=70, about=False)
    >>> planned_number("不低于250户")
    Planned(low=250, high=None, about=False)
    >>> planned_number("40户左右").about
    True
    >>> planned_number("70批次") is planned_number("5%") is None
    True
    """
    text = _PERCENT.sub("", link(printed))
    about = "左右" in text or "约" in text or "为准" in text
    text = _ASIDE.sub("", text)
    if _OTHER_UNITS.search(text):
        return None
    if found := _RANGE.search(text):
        low, high = int(found[1]), int(found[2])
        return Planned(low, high, about) if low <= high else None
    one = _ONE.search(text)
    if one is None:
        return None
    number = int(one[0])
    if _AT_LEAST.search(text):
        return Planned(number, None, about)
    return Planned(None if _AT_MOST.search(text) else number, number, about)


def _rows(fields: Fields, table: str) -> list[Row]:
    rows = fields.get(table)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _is_told(row: Row) -> bool:
    return bool(link(row.get("entity_code")) and link(row.get("entity_name")))


def _repeated(rows: list[Row]) -> int:
    codes = [code for code in (link(row.get("entity_code")) for row in rows) if code]
    return len(codes) - len(set(codes))


def _offices(fields: Fields) -> tuple[str, ...]:
    given = fields.get("implementing_departments")
    codes = [_code(each) for each in given] if isinstance(given, list) else []
    return tuple(dict.fromkeys(code for code in codes if code))


def _code(value: Any) -> str:
    return str(value.get("code") or "") if isinstance(value, Mapping) else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None  # a withheld date is a marker
