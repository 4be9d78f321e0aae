"""A term as a reader asks for it: from which day, how many working days or which of the place's terms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.codes.profiles import Profile, Term
from portal.deadlines.calendar import Calendar
from portal.deadlines.festivals import LUNAR_THROUGH
from portal.deadlines.terms import due_of
from portal.deadlines.working_days import Due
from portal.web.typed import whole_number
from portal.words import Sentence, label_of, listed, say

FIRST = date(2007, 1, 1)
LAST = date(LUNAR_THROUGH, 12, 31)  # beyond, not even the holidays by law are known
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Asked:
    """What was asked, and what came of it.

    :param due: None when there is any reason why it can not be counted.
    :param reasons: by the name of the field that is wrong.
    """

    start: date | None
    term: Term | None
    due: Due | None
    reasons: Mapping[str, Sentence] = field(default_factory=dict)


def ask(given: Mapping[str, str], profile: Profile, calendar: Calendar, most: int) -> Asked:
    """Count what is asked.

    :param given: ``start``, and ``days`` or ``term``; a named term goes before a number.
    :param most: how many days at most.
    """
    reasons: dict[str, Sentence] = {}
    start = _start(given.get("start", "").strip(), reasons)
    if name := given.get("term", "").strip():
        term = _term(name, profile, reasons)
    else:
        term = _days(given.get("days", "").strip(), most, reasons)
    if start is None or term is None:
        return Asked(start, term, None, reasons)
    due = due_of(term, start, calendar)
    if due.due > LAST:
        reasons["days"] = say("算到了{year}年以后，那时的节假日还不知道。请减少天数。", year=LAST.year)
        return Asked(start, term, None, reasons)
    return Asked(start, term, due)


def _start(text: str, reasons: dict[str, Sentence]) -> date | None:
    try:
        start = date.fromisoformat(text) if ISO.fullmatch(text) else None
    except ValueError:
        start = None
    if start is None:
        reasons["start"] = (
            say("“{text}”不是日期，请写成2026-11-23的样子。", text=text[:20])
            if text
            else say("请填写从哪一天起，写成2026-11-23的样子。")
        )
    elif not FIRST <= start <= LAST:
        reasons["start"] = say(
            "工作日历从{first}到{last}，请填写这之间的日期。", first=FIRST.isoformat(), last=LAST.isoformat()
        )
        return None
    return start


def _term(name: str, profile: Profile, reasons: dict[str, Sentence]) -> Term | None:
    term = profile.terms.get(name)
    if term is None:
        known = [
            say("{name}（{label}）", name=each, label=label_of(term)) for each, term in profile.terms.items()
        ]
        reasons["term"] = say(
            "没有名为“{name}”的期限。可以用的有：{known}。",
            name=name[:40],
            known=listed(known, say("{one}、{next}")),
        )
    return term


def _days(text: str, most: int, reasons: dict[str, Sentence]) -> Term | None:
    days = whole_number(text)
    if days is None or days > most:
        reasons["days"] = (
            say("“{text}”不是天数，请填写0到{most}之间的整数。", text=text[:20], most=most)
            if text
            else say("请填写多少个工作日（0到{most}之间的整数），或者选一个期限。", most=most)
        )
        return None
    return Term(days, "working", (), "", "promise")
