"""Runs of digits and letters, and how they join into one number across spaces, dashes and line ends. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_JOIN = 21  # the longest number looked for without a cue has 19 characters, or 21 with a country code
LONGEST_WITH_CUE = 32

_RUN = re.compile(r"[0-9A-Za-z]+")
_LABELLED = re.compile(
    r"(?:ID|NO|TEL|MOB|MOBILE|PHONE|CALL|FAX|CARD|IDCARD|SFZ|WX|VX|QQ|WECHAT)(?=\d{7})", re.I
)
_GAP = re.compile(r"[ \n.-]{1,3}")


@dataclass(frozen=True)
class Join:
    """One number as written, perhaps in groups.

    :param digits: the characters without what stands between them, upper case.
    :param groups: how many characters each group has; one group when nothing stands between.
    """

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]


@dataclass(frozen=True)
class _Token:
    start: int
    end: int
    follows: bool  # nothing but a gap stands between this run and the one before


def tokens(text: str) -> list[_Token]:
    """Every run of digits and letters; never the middle of one, save after a label such as ``TEL``."""
    found: list[_Token] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        if label := _LABELLED.match(text, start, end):
            start = label.end()
        gap = text[found[-1].end : start] if found else ""
        found.append(_Token(start, end, bool(0 < len(gap) <= 3 and _GAP.fullmatch(gap))))
    return found


def joins(text: str, runs: Sequence[_Token], at: int, longest: int = LONGEST_JOIN) -> Iterator[Join]:
    """The numbers that begin with run ``at``, shortest first."""
    digits = ""
    groups: list[int] = []
    for run in runs[at:]:
        if groups and not run.follows:
            return
        groups.append(run.end - run.start)
        digits += text[run.start : run.end]
        if len(digits) > longest:
            return
        yield Join(runs[at].start, run.end, digits.upper(), tuple(groups))
