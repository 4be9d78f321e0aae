"""Near spellings, pure: which part of a name is nearly what was typed.

Near is: a character wrong, missing, too many, or two beside each other swapped; or the same sound. Two
characters may differ where six or more were typed. Limit: of two or three hanzi one is too many to be near by
look, so there the sound must be the same.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from portal.search.pinyin import spelled_out, spellings
from portal.search.tokens import FIRST_EAST_ASIAN, compared

SAME_SOUND = 0.5  # nearer than any other character
LONG = 6


class Near(NamedTuple):
    """A name, the part of it that is nearly the word, and how far it is: 0 is the word itself."""

    name: str
    part: str
    distance: float


def nearest(word: str, names: Iterable[str], most: int = 3) -> list[Near]:
    """The names with a part that is nearly the word, the nearest first, those that hold the word itself left out.

    >>> nearest("示例恒唱餐饮", ["示例恒昌餐饮店", "示例南丰药房"])
    [Near(name='示例恒昌餐饮店', part='示例恒昌餐饮', distance=0.5)]
    """
    typed = compared(word)
    found = [near for name in dict.fromkeys(names) if (near := _near(typed, name))]
    return sorted(found, key=lambda near: (near.distance, len(near.name), near.name))[:most]


def _near(typed: str, name: str) -> Near | None:
    folded = compared(name)
    if typed in folded:
        return None
    is_sound = not any(character >= FIRST_EAST_ASIAN for character in typed)
    measure = _by_letters if is_sound else _by_look
    found = [Near(name, part, distance) for part, distance in measure(typed, folded)]
    return min(found, key=lambda near: (near.distance, abs(len(near.part) - len(typed))), default=None)


def _by_look(typed: str, folded: str) -> Iterator[tuple[str, float]]:
    """Hanzi against the parts of a name that are as long, one shorter or one longer."""
    allowed = 2 if len(typed) >= LONG else 1
    for part in _parts(folded, range(max(2, len(typed) - 1), len(typed) + 2)):
        distance = OSA.distance(typed, part, score_cutoff=allowed)
        if distance > allowed:
            continue
        if len(part) == len(typed) and _sounds(part) & _sounds(typed):
            yield part, SAME_SOUND
        elif len(typed) > 3:
            yield part, distance


def _by_letters(typed: str, folded: str) -> Iterator[tuple[str, float]]:
    """Letters against the sound of the parts of a name that may be spelled so."""
    if len(typed) < LONG or not typed.isalpha():
        return
    syllables = len(min(spellings(typed), key=len, default=()))
    allowed = 2 if len(typed) >= 2 * LONG else 1
    for part in _parts(folded, range(max(2, syllables - 2), syllables + 2)):
        distance = min(OSA.distance(typed, sound, score_cutoff=allowed) for sound in _sounds(part))
        if 0 < distance <= allowed:
            yield part, distance


def _parts(folded: str, lengths: range) -> Iterator[str]:
    for length in lengths:
        for start in range(len(folded) - length + 1):
            yield folded[start : start + length]


@lru_cache(maxsize=4096)
def _sounds(part: str) -> frozenset[str]:
    return frozenset(spelled_out(part))
