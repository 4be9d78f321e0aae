"""A text as a recogniser reads it: one spelling for every disguise of a character, with the way back.

Full-width and circled digits, every kind of dash and space, zero-width and combining characters, Cyrillic and
Greek X: what a person reads as an identity number is read as one here too.
"""

import unicodedata
from dataclasses import dataclass

_DASHES = "‐‑‒–—―−－﹘﹣⁃ー"
_LOOKALIKES = {"Х": "X", "х": "x", "Χ": "X", "χ": "x", "О": "O", "о": "o", "А": "A", "В": "B", "Е": "E"}
_INVISIBLE = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})


class _Spelling(dict[str, str]):
    """The one spelling of a character, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        spelt = _spell(character)
        if len(self) < 20_000:  # a hostile text must not make the process grow
            self[character] = spelt
        return spelt


def _spell(character: str) -> str:
    if character in _INVISIBLE:
        return ""
    return "".join(_spell_one(each) for each in unicodedata.normalize("NFKC", character))


def _spell_one(character: str) -> str:
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character in _DASHES:
        return "-"
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return "\n" if character in "\n\r\u2028\u2029" else " "
    return _LOOKALIKES.get(character, character)


_SPELLING = _Spelling()


@dataclass(frozen=True)
class Reading:
    """A text in one spelling.

    :param origins: for each character of ``text`` where it stands in the original; None when all stand where
        they stood.
    """

    text: str
    origins: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the reading in code points of the original."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def read(original: str) -> Reading:
    """Read a text.

    >>> read("１５４\u200b１２").text
    '15412'
    >>> read("１５４\u200b１２").span(2, 4)
    (2, 5)
    """
    if original.isascii() and original.isprintable():
        return Reading(original, None)
    pieces = [_SPELLING[character] for character in original]
    text = "".join(pieces)
    if len(text) == len(original) and max(map(len, pieces), default=1) == 1:
        return Reading(text, None)
    return Reading(text, [at for at, piece in enumerate(pieces) for _ in piece])
