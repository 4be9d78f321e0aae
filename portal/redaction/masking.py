"""依法隐去: text and marks in, released text out. Pure.

The marker has a fixed form and tells nothing of what stood there, not even how long it was. Marks that
overlap or touch become one place; a place with several grounds shows one marker for each, in fixed order.

Offsets are **code points** of the text (Python's), ``end`` excluded. A browser counts UTF-16 units: the
door that takes marks from one converts them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.errors import refuse_if
from portal.words import Sentence, say

SEEKING_OPINION = "seeking_opinion"

# 隐去理由, in the order in which markers stand side by side; labels as in the code table redaction_ground
GROUNDS: Mapping[str, str] = {
    "state_secret": "国家秘密",
    "trade_secret": "商业秘密",
    "privacy": "个人隐私",
    "personal_info": "个人信息",
    "other": "其他依法不予公开",
    SEEKING_OPINION: "征求意见中",
}

Mark = Mapping[str, Any]  # {"start", "end", "ground", "basis", …}; start null marks the whole field


@dataclass(frozen=True)
class Place:
    """One stretch of text that is not shown, and on which grounds."""

    start: int
    end: int
    grounds: frozenset[str]


def marker(ground: str, label: str = "") -> str:
    """What the public reads in place of what is withheld.

    :param label: the ground's label as the code table has it; left out, the usual one.

    >>> marker("trade_secret")
    '〔依法隐去：商业秘密〕'
    >>> marker("seeking_opinion")
    '〔征求意见中，暂不公开〕'
    """
    if ground == SEEKING_OPINION:
        return "〔征求意见中，暂不公开〕"
    return f"〔依法隐去：{label or GROUNDS[ground]}〕"


def markers(grounds: Iterable[str]) -> str:
    """The markers of several grounds, one each, in fixed order; also what stands for a whole field."""
    given = {*grounds}
    return "".join(marker(ground) for ground in GROUNDS if ground in given)


def has_marker(text: str) -> bool:
    """Whether something is withheld in a released text."""
    return any(marker(ground) in text for ground in GROUNDS)


def whole(marks: Iterable[Mark]) -> list[Mark]:
    """Those marks that cover a field as a whole."""
    return [mark for mark in marks if mark.get("start") is None]


def mask(text: str, marks: Sequence[Mark]) -> str:
    """The text with a marker at each marked place.

    :raises Refused: when a mark does not fit the text: words that were to be withheld would get out.

    >>> mask("使用某配方三号生产", [{"start": 2, "end": 6, "ground": "trade_secret"}])
    '使用〔依法隐去：商业秘密〕号生产'
    """
    refuse_if([reason for mark in marks for reason in _misfits(text, mark)])
    parts, shown_to = [], 0
    for place in places(text, marks):
        parts += [text[shown_to : place.start], markers(place.grounds)]
        shown_to = place.end
    return "".join([*parts, text[shown_to:]])


def places(text: str, marks: Sequence[Mark]) -> list[Place]:
    """The marked stretches in reading order, those that overlap or touch made one."""
    merged: list[Place] = []
    for place in sorted((_place(text, mark) for mark in marks), key=lambda each: (each.start, each.end)):
        if merged and place.start <= merged[-1].end:
            place = _join(merged.pop(), place)
        merged.append(place)
    return merged


def check_marks(text: str, marks: Sequence[Mark]) -> list[Sentence]:
    """Why these marks can not be agreed to; empty means they can.

    Beside what :func:`mask` refuses, a mark without a legal basis is invalid.
    """
    reasons = [reason for mark in marks for reason in _misfits(text, mark)]
    if any(not str(mark.get("basis") or "").strip() for mark in marks):
        reasons.append(say("有隐去标记没有写明法律依据，请补充依据。"))
    return reasons


def _misfits(text: str, mark: Mark) -> list[Sentence]:
    reasons = []
    if mark.get("ground") not in GROUNDS:
        reasons.append(say("有隐去标记没有选择隐去理由，请从理由清单中选择一项。"))
    start, end = mark.get("start"), mark.get("end")
    if start is None and end is None:
        return reasons
    if type(start) is not int or type(end) is not int:
        reasons.append(say("有隐去标记缺少起点或终点，请重新标记。"))
    elif not 0 <= start < end <= len(text):
        reasons.append(
            say(
                "隐去标记（第{first}至第{last}字）超出文本（共{length}字）或没有选中文字，请重新标记。",
                first=start + 1,
                last=end,
                length=len(text),
            )
        )
    return reasons


def _place(text: str, mark: Mark) -> Place:
    ground = frozenset({str(mark["ground"])})
    if mark.get("start") is None:
        return Place(0, len(text), ground)
    return Place(mark["start"], mark["end"], ground)


def _join(left: Place, right: Place) -> Place:
    return Place(left.start, max(left.end, right.end), left.grounds | right.grounds)
