"""What a document can be found by: its words, how its names are spelled, and its numbers; pure.

Beside the pairs of :mod:`portal.search.tokens` each hanzi of what is called a name has, at its own position,
itself, its readings and their first letters. So 示例餐饮 is found by shilicanyin, slcy, 例canyin and 餐, as a
phrase like any other. Marked tokens can not meet a typed word: the marks are no letters.

>>> [way for way in ways("slcy")[0]]
[('slcy',), ('\\x02s', '\\x02l', '\\x02c', '\\x02y')]
>>> ways("餐")
[(('\\x02餐',),)]
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from portal.search.documents import Document
from portal.search.pinyin import first_letters, readings, spellings
from portal.search.tokens import Token, compared, cut, fold, phrase, phrases, runs

EDITION = 2  # of what stands in an index: another one is built when this changes
SPELLED, NUMBER, WHOLE = "\x02", "\x03", "\x04"
MISREAD = str.maketrans("oil", "011")  # read wrongly off a paper; both sides are kept so
SHORTEST_NUMBER = 4
LONGEST_NAME = 60
LONGEST_KEPT = 80  # characters of a line whose tokens are kept: some kilobytes each

Way = tuple[str, ...]


def lines(document: Document) -> list[tuple[str, bool]]:
    """Each line once, and whether it is called a name; the names first, so that a position tells a name."""
    called = {*document.names, *document.called}
    return [
        (line, line in called)
        for line in dict.fromkeys((*document.names, *document.lines, *document.called))
        if line
    ]


class Line(NamedTuple):
    """The tokens of one line, their positions from 0 beside them, and the position where the next line begins."""

    texts: Sequence[str]
    positions: Sequence[int]
    next: int

    @property
    def tokens(self) -> Iterator[Token]:
        return map(Token, self.texts, self.positions)


class Placed(NamedTuple):
    """A line in its document, and where it begins."""

    start: int
    line: Line


def cut_line(line: str, is_name: bool) -> Line:
    """The tokens of a line.

    :param is_name: it is called a name, so that its hanzi are spelled too.
    """
    folded = runs(fold(line))
    texts, positions = cut(folded)
    if is_name:
        _spell(folded, texts, positions)
    return Line(texts, positions, max(positions, default=0) + 2)  # a gap: no phrase runs into the next line


def line_terms(line: str, is_name: bool) -> Line:
    """The tokens of a line. Short lines come again and again (departments, items, outcomes): those are kept."""
    return _kept(line, is_name) if len(line) <= LONGEST_KEPT else cut_line(line, is_name)


_kept = lru_cache(maxsize=4096)(cut_line)


def placed(document: Document) -> Iterator[Placed]:
    """The lines of a document, the names first, each at its place."""
    position = 0
    for line, is_name in lines(document):
        found = line_terms(line, is_name)
        yield Placed(position, found)
        position += found.next


def keys(document: Document) -> Iterator[str]:
    """The tokens of its numbers and of its whole names: they have no place among the words."""
    yield from (NUMBER + key for key in dict.fromkeys(map(number_key, document.numbers)) if key)
    yield from (WHOLE + key for key in dict.fromkeys(map(name_key, document.names)) if key)


def terms(document: Document) -> Iterator[Token]:
    """Every token of a document with its position; its numbers and whole names stand at the beginning."""
    yield from (Token(key, 0) for key in keys(document))
    for start, line in placed(document):
        yield from (Token(text, start + position) for text, position in line.tokens)


def names_end(document: Document) -> int:
    """The position after the last token of the names."""
    return max(sum(line_terms(line, True).next for line in filter(None, document.names)) - 1, 0)


def _spell(folded: Sequence[tuple[str, str]], texts: list[str], positions: list[int]) -> None:
    """Add each hanzi of a name by itself, by its readings and by their first letters."""
    position = 0
    for script, run in folded:
        if script != "hanzi":
            position += 1
            continue
        for hanzi, ways_to_read in zip(run, readings(run), strict=True):
            parts = _spelled_hanzi(hanzi, ways_to_read)
            texts += parts
            positions += [position] * len(parts)
            position += 1


@lru_cache(maxsize=8192)
def _spelled_hanzi(hanzi: str, ways_to_read: tuple[str, ...]) -> tuple[str, ...]:
    letters = (each for reading in ways_to_read for each in first_letters(reading))
    return tuple(SPELLED + part for part in dict.fromkeys((hanzi, *ways_to_read, *letters)))


@lru_cache(maxsize=4096)  # a task's number stands in each of its results
def number_key(text: str) -> str:
    """A number without blanks, dashes and brackets and with what is misread made one; empty for no number.

    >>> number_key("示例市监〔2026〕1号") == number_key(" 示例市監 [２０２６] 1 号")
    True
    >>> number_key("JG-2O26-OOOOO1")
    'jg2026000001'
    """
    key = "".join(filter(str.isalnum, fold(text))).translate(MISREAD)
    return key if len(key) >= SHORTEST_NUMBER and re.search("[0-9]{2}", key) and len(key) <= 60 else ""


def name_key(name: str) -> str:
    """A whole name, folded, without blanks and brackets; cut where nobody types on."""
    return compared(name)[:LONGEST_NAME]


def ways(word: str) -> list[tuple[Way, ...]]:
    """What a typed word looks for: for each unbroken piece the phrases one of which must be there.

    Empty when the word holds nothing but marks.
    """
    pieces = groupby(runs(fold(word)), lambda run: run[0] != "gap")
    found = [_ways(list(piece)) for is_text, piece in pieces if is_text]
    return [each for each in found if each]


def _ways(piece: Sequence[tuple[str, str]]) -> tuple[Way, ...]:
    literal = phrase(list(piece))
    mixed: list[Way] = [()]
    for script, run in piece:
        if script == "hanzi":
            parts: tuple[Way, ...] = (_hanzi(run),)
        else:
            parts = tuple(tuple(SPELLED + part for part in way) for way in spellings(run))
        mixed = [(*before, *way) for before in mixed for way in parts]
    is_only_hanzi = all(script == "hanzi" for script, _ in piece)
    if literal and is_only_hanzi:
        return (literal,)
    return tuple(dict.fromkeys(way for way in (literal, *mixed) if way))


def _hanzi(run: str) -> Way:
    """A run that goes on with something spelled, or a single hanzi: its last one by itself."""
    return (*(run[at : at + 2] for at in range(len(run) - 1)), SPELLED + run[-1])


def near(word: str) -> list[str]:
    """Tokens of which a name that is nearly the word has many: its pairs and the readings of its hanzi."""
    found: list[str] = [token for each in phrases(word) for token in each]
    for script, run in runs(fold(word)):
        if script == "hanzi":
            found += [SPELLED + hanzi for hanzi in run]
            found += [SPELLED + reading for each in readings(run) for reading in each]
        elif script == "latin":
            found += [SPELLED + part for way in spellings(run)[:2] for part in way]
    return list(dict.fromkeys(found))
