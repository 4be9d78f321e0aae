"""Text to tokens, pure: what is written in a record and what a reader types are folded and cut alike.

A run of hanzi becomes its overlapping pairs and its last hanzi, a run of letters and digits becomes itself
and its beginnings; every token has a position. So any two or more hanzi from the middle of a name are a
phrase of pairs, and the beginning of a code or a Latin word is found too. Limit: a single hanzi has no pair.

>>> [(token.text, token.position) for token in tokens("示例餐饮A1")]
[('示例', 0), ('例餐', 1), ('餐饮', 2), ('饮', 3), ('a1', 4)]
>>> phrases("例餐饮")
[('例餐', '餐饮')]
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from opencc import OpenCC

BEGINNINGS = range(2, 25)  # lengths at which the beginning of a Latin or digit run is a token of its own
SKIPPED = frozenset("()[]〔〕【】·・•‧∙\u0020\u3000\t")  # inside names these are typed or left out at will
FIRST_EAST_ASIAN = "\u2e80"


class Token(NamedTuple):
    text: str
    position: int


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")  # reads its dictionaries from disk: once


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that fills itself.

    Each character is folded by itself. OpenCC's phrases (乾隆 keeps 乾, 乾燥 does not) would fold a part of a
    name unlike the whole name, and the part would not be found.
    """

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if unicodedata.category(character) == "Cf":  # zero-width characters and direction marks
        return ""
    folded = unicodedata.normalize("NFKC", character).lower()
    return str(_converter().convert(folded)) if folded >= FIRST_EAST_ASIAN else folded


_folding = _Folding()
_SKIPPING = dict.fromkeys(map(ord, SKIPPED))


class _Comparing(dict[int, str]):
    """The same table without the characters that a search passes over."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _folding[code].translate(_SKIPPING)
        return found


_comparing = _Comparing()
_SKIPPED = "[" + re.escape("".join(sorted(SKIPPED))) + "]"
_HANZI = r"[^\W_\x00-\u2e7f]"  # of letters and digits those from FIRST_EAST_ASIAN on
_RUNS = re.compile(
    rf"(?P<hanzi>{_HANZI}+(?:{_SKIPPED}+{_HANZI}+)*)|(?P<latin>[^\W_\u2e80-\U0010ffff]+)"
    rf"|(?P<gap>(?:(?!{_SKIPPED})[\W_])+)"
)


def fold(text: str) -> str:
    """NFKC, lower case, simplified: full and half width, 繁 and 简, （ and ( become one.

    >>> fold("檢查（ＡＢ）")
    '检查(ab)'
    """
    return unicodedata.normalize("NFKC", text).translate(_folding)


def compared(text: str) -> str:
    """A text folded and without the characters that a search passes over."""
    return unicodedata.normalize("NFKC", text).translate(_comparing)


def compared_by_character(text: str) -> str:
    """:func:`compared`, each character by itself: what comes of it stands in ``text`` at :func:`origins`."""
    return text.translate(_comparing)


def origins(text: str) -> list[int]:
    """The index in ``text`` of each character of :func:`compared_by_character`."""
    return [at for at, character in enumerate(text) for _ in _comparing[ord(character)]]


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, folded; marks between words leave a gap in the positions."""
    return map(Token, *cut(runs(fold(text))))


def cut(folded: Iterable[tuple[str, str]]) -> tuple[list[str], list[int]]:
    """The tokens of the runs of a folded text, and their positions beside them: there are many, so they are bare."""
    texts: list[str] = []
    positions: list[int] = []
    position, before = 0, "gap"
    for script, run in folded:
        width = 1
        if script == "hanzi":
            width = len(run)
            if before == "latin" and width > 1:  # 7天 finds 7天旅馆
                texts.append(run[0])
                positions.append(position)
            texts += _pairs(run)
            positions += range(position, position + width)
        elif script == "latin":
            parts = _beginnings(run)
            texts += parts
            positions += [position] * len(parts)
        position += width
        before = script
    return texts, positions


def phrases(word: str) -> list[tuple[str, ...]]:
    """What a typed word looks for: tokens that must follow each other, one tuple per unbroken piece.

    Empty when the word holds nothing a search can look for: a single hanzi, or marks alone.
    """
    unbroken = groupby(runs(fold(word)), lambda run: run[0] != "gap")
    found = (phrase(list(piece)) for is_text, piece in unbroken if is_text)
    return [each for each in found if each]


@lru_cache(maxsize=1024)
def pieces(word: str) -> tuple[str, ...]:
    """The unbroken pieces of a typed word, folded, as they stand in :func:`compared` text."""
    parts = groupby(compared(word), lambda character: _script(character) == "gap")
    return tuple("".join(characters) for is_gap, characters in parts if not is_gap)


def runs(folded: str) -> list[tuple[str, str]]:
    """Script (hanzi, latin, gap) and run of a folded text; hanzi on both sides of skipped ones are one run."""
    return [
        (script, run if script != "hanzi" or run.isalnum() else run.translate(_SKIPPING))
        for script, run in ((match.lastgroup or "", match[0]) for match in _RUNS.finditer(folded))
    ]


def phrase(piece: list[tuple[str, str]]) -> tuple[str, ...]:
    """The tokens of one unbroken piece. A hanzi goes by itself only beside a Latin run, where texts have it so."""
    parts: list[str] = []
    for index, (script, run) in enumerate(piece):
        if script == "latin":
            parts.append(run[: BEGINNINGS.stop - 1])
        else:
            is_last = index + 1 == len(piece)
            parts += _pairs(run)[: -1 if is_last and (index == 0 or len(run) > 1) else None]
    return tuple(parts)


@lru_cache(maxsize=16384)
def _script(character: str) -> str:
    if character in SKIPPED:
        return "skipped"
    if not character.isalnum():
        return "gap"
    return "hanzi" if character >= FIRST_EAST_ASIAN else "latin"


def _pairs(run: str) -> list[str]:
    """The pairs of a run and its last hanzi, alone: the slice reaches past the end on purpose."""
    return [run[at : at + 2] for at in range(len(run))]


def _beginnings(run: str) -> list[str]:
    """The run and its beginnings; what is longer than the longest beginning is cut to it."""
    longest = min(len(run), BEGINNINGS.stop - 1)
    return [run[:length] for length in range(min(BEGINNINGS.start, longest), longest + 1)]
