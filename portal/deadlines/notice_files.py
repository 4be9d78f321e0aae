"""Files that hold one year's holiday notice: CSV, or JSON in the two shapes that are about.

``date,name,is_workday`` or ``日期,名称,状态`` as a spreadsheet saves it; ``{"2027-01-01": {"name", "is_workday"}}``;
and holiday-cn's ``{"year", "days": [{"date", "name", "isOffDay"}]}``. Whatever can not be read is refused with
its place; nothing is guessed.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.deadlines.calendar import notice_year
from portal.deadlines.festivals import festival
from portal.errors import Refused
from portal.words import Sentence, say

MAX_BYTES = 2**20
MAX_DAYS = 5000
NAME_LENGTH = 40

_DATE = re.compile(r"([0-9]{4})(?:-|/|年)([0-9]{1,2})(?:-|/|月)([0-9]{1,2})日?")  # as spreadsheets rewrite it
_PLAIN_NAME = re.compile(
    r"[^\x00-\x1f\x7f=+@\-][^\x00-\x1f\x7f]*|"
)  # no letter of a name may start a formula
_COLUMNS = {
    "date": "date", "day": "date", "日期": "date",
    "name": "name", "名称": "name", "节日": "name", "假日": "name",
    "is_workday": "working", "isworkday": "working", "workday": "working", "是否上班": "working",
    "isoffday": "off", "is_off_day": "off", "是否放假": "off",
    "state": "state", "状态": "state", "安排": "state",
}  # fmt: skip
_YES = {
    "true": True,
    "1": True,
    "yes": True,
    "是": True,
    "false": False,
    "0": False,
    "no": False,
    "否": False,
}
_STATES = {
    "上班": True, "班": True, "调休上班": True, "work": True, "workday": True, "working": True,
    "放假": False, "休": False, "休息": False, "off": False, "holiday": False, "offday": False,
}  # fmt: skip


@dataclass(frozen=True)
class NoticeDay:
    """One day of a notice: off, or worked in lieu."""

    day: date
    working: bool
    name: str = ""


@dataclass(frozen=True)
class NoticeFile:
    """What a file says.

    :param digest: SHA-256 of its bytes, hex.
    """

    days: tuple[NoticeDay, ...]
    digest: str

    @property
    def years(self) -> list[int]:
        """The years whose notices the days belong to; a December alone goes with the year after it."""
        months: dict[int, set[int]] = {}
        for each in self.days:
            months.setdefault(notice_year(each.day, each.name), set()).add(each.day.month)
        return sorted(year for year in months if not (months[year] == {12} and year + 1 in months))

    def of(self, year: int) -> list[NoticeDay]:
        """The days of one year's notice."""
        its_own = {year, year - 1} - (set(self.years) - {year})
        return [each for each in self.days if notice_year(each.day, each.name) in its_own]


def read_notice(data: bytes) -> NoticeFile:
    """Read a file by its content, never by its name.

    :raises Refused: when any of it can not be read, with the place.
    """
    if len(data) > MAX_BYTES:
        raise Refused(say("文件超过1MB，不像是一年的放假安排。请检查文件后重新载入。"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(say("文件不是UTF-8编码。请在表格软件里另存为“CSV UTF-8”后重新载入。")) from None
    rows = _from_json(text) if text.lstrip()[:1] in ("{", "[") else _from_csv(text)
    days = tuple(rows)
    if not days:
        raise Refused(say("文件里没有一天放假或者调休上班的安排。请检查文件后重新载入。"))
    if len(days) > MAX_DAYS:
        raise Refused(say("文件里的日期太多，不像是放假安排。请只列放假和调休上班的日期。"))
    return NoticeFile(days, hashlib.sha256(data).hexdigest())


# ── CSV ──────────────────────────────────────────────────────


def _from_csv(text: str) -> Iterator[NoticeDay]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error:
        raise Refused(
            say("从第{line}行起引号不成对，分不清各列。请检查后重新载入。", line=reader.line_num)
        ) from None
    if not rows:
        return
    head = [_COLUMNS.get(cell.strip().casefold(), "") for cell in rows[0][1]]
    states = [column for column in head if column in ("working", "off", "state")]
    if head.count("date") != 1 or len(states) != 1 or head.count("name") > 1:
        raise Refused(
            say("第1行应是列名，例如 date,name,is_workday，或者 日期,名称,状态。请改好后重新载入。")
        )
    for line, row in rows[1:]:
        yield _csv_day(
            say("第{line}行", line=line), dict(zip(head, [cell.strip() for cell in row], strict=False))
        )


def _csv_day(place: Sentence, cells: dict[str, str]) -> NoticeDay:
    day = _date(place, cells.get("date", ""))
    column = next((each for each in ("working", "off", "state") if each in cells), "")
    said = cells.get(column, "").casefold()
    known = _STATES if column == "state" else _YES
    if said not in known:
        raise Refused(
            say(
                "{place}没有写明上班还是放假（“{said}”）。is_workday 写 true 或 false，状态写“上班”或“放假”。",
                place=place,
                said=said[:20],
            )
        )
    return NoticeDay(day, known[said] != (column == "off"), _name(place, cells.get("name", "")))


# ── JSON ─────────────────────────────────────────────────────


def _from_json(text: str) -> Iterator[NoticeDay]:
    try:
        data = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Refused(say("文件不是合格的JSON。请重新下载或者改好后再载入。")) from None
    if isinstance(data, dict) and isinstance(data.get("days"), list):
        for at, each in enumerate(data["days"], start=1):
            place = say("days 的第{at}项", at=at)
            yield _json_day(place, each, each.get("date") if isinstance(each, dict) else None)
    elif isinstance(data, dict):
        for key, each in data.items():
            yield _json_day(say("“{key}”一项", key=key[:20]), each, key)
    else:
        raise Refused(say("没有认出这个JSON的格式。可以用日期作键，或者用 holiday-cn 的 days 列表。"))


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Refused(say("“{key}”写了两次，不知道以哪一次为准。请改好后重新载入。", key=twice[:20]))
    return found


def _json_day(place: Sentence, given: Any, day: Any) -> NoticeDay:
    states = [
        given[key] != inverted
        for key, inverted in (("is_workday", False), ("isOffDay", True))
        if isinstance(given, dict) and isinstance(given.get(key), bool)
    ]
    if len(states) != 1:
        raise Refused(
            say("{place}没有写明上班还是放假：is_workday 或者 isOffDay 应是 true 或 false。", place=place)
        )
    name = given.get("name") or ""
    return NoticeDay(_date(place, day), states[0], _name(place, name if isinstance(name, str) else "\0"))


# ── one value ────────────────────────────────────────────────


def _date(place: Sentence, given: Any) -> date:
    found = _DATE.fullmatch(given) if isinstance(given, str) else None
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise Refused(
        say("{place}的日期“{given}”读不出来，请写成2027-02-06的样子。", place=place, given=str(given)[:20])
    )


def _name(place: Sentence, given: str) -> str:
    name = str(festival(given.strip()))
    if len(name) > NAME_LENGTH or not _PLAIN_NAME.fullmatch(name):
        raise Refused(say("{place}的名称太长或者含有不能用的符号。请只写节日名称，例如“春节”。", place=place))
    return name
