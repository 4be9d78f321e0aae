"""Where the words stand in a text, pure: segments that a page marks.

They are cut out of what is released now, never kept in an index: an index that lags behind can find a record
too long, but can not show a word that was taken away.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from portal.search.pinyin import is_spelled, readings, spellings
from portal.search.tokens import FIRST_EAST_ASIAN, compared, compared_by_character, origins, pieces, runs

SNIPPET = 72  # characters
BEFORE = 20
HANZI = re.compile(f"[{FIRST_EAST_ASIAN}-\U0003ffff]+")


class Segment(NamedTuple):
    """A part of a text, and whether it is what was looked for."""

    text: str
    is_match: bool


def name_segments(name: str, words: Sequence[str]) -> list[Segment]:
    """A name in segments, marked where it is spelled by a word too.

    >>> [part.text for part in name_segments("示例（重庆）餐饮店", ["cqcanyin"]) if part.is_match]
    ['重庆）餐饮']
    """
    return _segments(
        name, _marks(name, [part for word in words for part in _parts(word)]) | _spelled(name, words)
    )


def _parts(word: str) -> list[str]:
    """The word, and its hanzi by themselves where letters beside them may be pinyin."""
    return [word, *(run for script, run in runs(compared(word)) if script == "hanzi")]


def segments(text: str, words: Iterable[str]) -> list[Segment]:
    """The whole text in segments.

    >>> segments("示例西恒昌餐飲店", ["餐饮"])
    [Segment(text='示例西恒昌', is_match=False), Segment(text='餐飲', is_match=True), Segment(text='店', is_match=False)]
    """
    return _segments(text, _marks(text, words))


def _segments(text: str, marks: set[int]) -> list[Segment]:
    if not marks:
        return [Segment(text, False)] if text else []
    return [
        Segment("".join(text[at] for at in part), is_match)
        for is_match, part in groupby(range(len(text)), lambda at: at in marks)
    ]


def snippet(lines: Iterable[str], words: Sequence[str], length: int = SNIPPET) -> list[Segment]:
    """The line with the most of the words, cut round the first of them; empty when no line has any.

    No further line is read than the first that has them all.
    """
    looked_for = [pieces(word) for word in words]
    best, most = "", 0
    for line in lines:
        text = compared(line)
        found = sum(all(map(text.__contains__, each)) for each in looked_for)
        if found > most:
            best, most = line, found
            if most == len(looked_for):
                break
    return _cut(best, words, length) if most else []


def _cut(line: str, words: Sequence[str], length: int) -> list[Segment]:
    marks = _marks(line, words)
    if len(line) <= length:
        return _segments(line, marks)
    first = min(marks, default=0)
    start = max(0, min(first - BEFORE, len(line) - length))
    end = start + length
    before = [Segment("…", False)] if start else []
    after = [Segment("…", False)] if end < len(line) else []
    return [*before, *segments(line[start:end], words), *after]


def _marks(text: str, words: Iterable[str]) -> set[int]:
    """The indexes of the characters that are part of a match, blanks and brackets inside it too."""
    folded = compared_by_character(text)
    found = [piece for word in words for piece in pieces(word) if piece in folded]
    came_from = origins(text) if found else []
    marks: set[int] = set()
    for piece in found:
        at = folded.find(piece)
        while at >= 0:
            first, last = came_from[at], came_from[at + len(piece) - 1]
            if not _inside_a_word(text, first):
                marks.update(range(first, last + 1))
            at = folded.find(piece, at + 1)
    return marks


def _spelled(name: str, words: Iterable[str]) -> set[int]:
    """The indexes of the hanzi that the letters of a word spell, and of the brackets between them."""
    ways = [way for word in words for _, run in runs(compared(word)) for way in spellings(run)]
    marks: set[int] = set()
    came_from = origins(name) if ways else []
    for run in HANZI.finditer(compared_by_character(name) if ways else ""):
        read = readings(run[0])
        for at in range(len(run[0])):
            length = max((len(way) for way in ways if is_spelled(way, read[at:])), default=0)
            if length:
                first, last = run.start() + at, run.start() + at + length - 1
                marks.update(range(came_from[first], came_from[last] + 1))
    return marks


def _inside_a_word(text: str, at: int) -> bool:
    """A Latin word or a number is found by its beginning only."""
    return at > 0 and _is_latin(text[at]) and _is_latin(text[at - 1])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
