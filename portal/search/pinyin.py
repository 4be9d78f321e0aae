"""Pinyin, pure: how the hanzi of a name are read, and what a word in Latin letters may spell.

Limits: a name is read by pypinyin's phrases (重庆 is chong qing); where no phrase decides, the commonest
reading counts and, of the characters in :data:`IN_DOUBT`, the second one too. Rarer readings are left out:
with them 示 would be qi and everybody's qi would find it. ü is typed v.

>>> readings("重庆")
(('chong',), ('qing',))
>>> spellings("shilicy")
(('shi', 'li', 'c', 'y'),)
>>> spellings("xian")
(('xian',), ('xi', 'an'))
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Any

from pypinyin import Style, pinyin
from pypinyin.seg.simpleseg import seg

LETTERS = re.compile("[a-zü]{2,60}")
MOST_WAYS = 8  # of one word: xianggangangang has more, and nobody means them
LONGEST_SYLLABLE = 6

ENDS = {
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
    "": "a ai an ang ao e ei en eng er o ou",
}
SYLLABLES = frozenset(start + end for start, ends in ENDS.items() for end in ends.split())
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
DOUBLE = frozenset({"zh", "ch", "sh"})  # typed as first letters too

IN_DOUBT = {
    "长": "chang zhang", "行": "xing hang", "重": "zhong chong", "乐": "le yue", "单": "dan shan", "曾": "zeng ceng",
    "朝": "chao zhao", "盛": "sheng cheng", "厦": "xia sha", "柏": "bai bo", "解": "jie xie", "查": "cha zha",
    "仇": "chou qiu", "区": "qu ou", "尉": "wei yu", "翟": "zhai di", "都": "du dou", "率": "lv shuai", "降": "jiang xiang",
    "藏": "cang zang", "调": "tiao diao", "种": "zhong chong", "朴": "pu piao", "盖": "gai ge", "车": "che ju",
    "会": "hui kuai", "铅": "qian yan", "蚌": "bang beng", "堡": "bao pu", "埔": "pu bu", "番": "fan pan", "莘": "shen xin",
    "宿": "su xiu", "绿": "lv lu", "六": "liu lu", "便": "bian pian", "奇": "qi ji", "熟": "shu shou", "参": "can shen",
    "传": "chuan zhuan", "卡": "ka qia", "弹": "dan tan", "角": "jiao jue", "省": "sheng xing", "系": "xi ji",
}  # fmt: skip


@lru_cache(maxsize=8192)
def readings(hanzi: str) -> tuple[tuple[str, ...], ...]:
    """How each character of a run of simplified hanzi is read; none for one that no dictionary has."""
    return tuple(
        _likely(hanzi, at, ways) if hanzi[at] in IN_DOUBT else _only(ways[0])
        for at, ways in enumerate(_read(hanzi))
    )


@lru_cache(maxsize=1024)
def _only(way: str) -> tuple[str, ...]:
    return (way,) if way in SYLLABLES else ()


@lru_cache(maxsize=16384)  # a window of two or three hanzi comes again and again
def _read(hanzi: str) -> list[list[str]]:
    """One reading where a phrase decides, else every one that the dictionary has, the commonest first."""
    return [ways for word in seg(hanzi) for ways in _read_word(word)]


@lru_cache(maxsize=16384)  # names are new, the words in them are not
def _read_word(word: str) -> list[list[str]]:
    """The readings of what pypinyin takes as one word: a phrase of its dictionary, or a single hanzi."""
    return pinyin(word, style=Style.NORMAL, heteronym=True, errors=_each_by_itself)


_each_by_itself: Any = lambda run: [[each] for each in run]  # noqa: E731 (typed as giving a text; it may give lists)


def _likely(hanzi: str, at: int, ways: list[str]) -> tuple[str, ...]:
    wanted = ways if len(ways) == 1 else IN_DOUBT[hanzi[at]].split()
    wanted = [*wanted, *_by_neighbours(hanzi, at)]
    return tuple(dict.fromkeys(way for way in wanted if way in SYLLABLES))


def _by_neighbours(hanzi: str, at: int) -> list[str]:
    """What the words say that begin or end here: 示例会计 is not the 会 of 例会."""
    decided = (
        _read(hanzi[start:end])[at - start]
        for start, end in ((at, at + 2), (at, at + 3), (at - 1, at + 1))
        if start >= 0
    )
    return [ways[0] for ways in decided if len(ways) == 1]


@lru_cache(maxsize=1024)
def spellings(word: str) -> tuple[tuple[str, ...], ...]:
    """What a word of letters may spell: syllables, or first letters, or syllables with first letters among them.

    Mixed ones count only where the word is not made of syllables alone. Empty when it can not be pinyin.

    >>> spellings("slcy")
    (('s', 'l', 'c', 'y'),)
    """
    if not LETTERS.fullmatch(word):
        return ()
    word = word.replace("ü", "v")
    whole = _cut(word, frozenset())
    letters = (tuple(word),) if set(word) <= INITIALS else ()
    mixed = () if whole else _cut(word, INITIALS | DOUBLE)[:2]
    return tuple(dict.fromkeys((*whole, *mixed, *letters)))


def _cut(word: str, letters: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The ways to cut a word into syllables and single ``letters``, those of the fewest parts first."""
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            part = word[start:end]
            if part in SYLLABLES or part in letters:
                ways[end] += [(*before, part) for before in ways[start]]
        ways[end] = sorted(ways[end], key=lambda way: (len(way), way))[:MOST_WAYS]
    return tuple(ways[-1])


def is_spelled(way: Sequence[str], read: Sequence[Sequence[str]], *, is_beginning: bool = False) -> bool:
    """Whether one way of spelling is how some hanzi are read, from the first on.

    :param is_beginning: the last part need only begin the reading: it is still being typed.
    """
    last = len(way) - 1
    return len(way) <= len(read) and all(
        any(
            each.startswith(part) if is_first_letter(part) or (is_beginning and at == last) else each == part
            for each in read[at]
        )
        for at, part in enumerate(way)
    )


def is_first_letter(part: str) -> bool:
    """Whether a part of a spelling stands for any syllable that begins so."""
    return len(part) == 1 or part in DOUBLE


def first_letters(reading: str) -> tuple[str, ...]:
    """What may stand for a syllable: its first letter, and sh for shi.

    >>> first_letters("shi"), first_letters("li")
    (('s', 'sh'), ('l',))
    """
    return (reading[0], reading[:2]) if reading[:2] in DOUBLE else (reading[0],)


def unfinished(word: str) -> str:
    """The word with its last syllable cut to its first letter: what it may become is found so.

    >>> unfinished("shilica"), unfinished("shilizh")
    ('shilic', 'shilizh')
    """
    last = min(spellings(word), key=len, default=("",))[-1]
    return word[: len(word) - len(last) + 1] if last and not is_first_letter(last) else word


def spelled_out(hanzi: str, most: int = 4) -> list[str]:
    """A run of hanzi in letters, by each of its readings.

    >>> spelled_out("重庆")
    ['chongqing']
    """
    choices = [each or (hanzi[at],) for at, each in enumerate(readings(hanzi))]
    return ["".join(way) for way in islice(product(*choices), most)]
