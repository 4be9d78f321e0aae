"""Who can be drawn, as bytes that anybody writes the same way: pools, exclusions, lists, and their digests. Pure.

A pool is one code per line in NFC, sorted by code point, no code twice, a line feed after each. Whoever has the
codes can write that text, and its SHA-256 says whether it is the pool that was committed to.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping

from portal.words import Sentence, say

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

GROUNDS: Mapping[str, Sentence] = {
    "often": say("本年度已被抽中两次"),  # D16
    "merged": say("已合并到同一对象的其他任务"),  # D16, D15
    "gone": say("已注销、吊销、撤销或者迁出"),  # D13
    # a case under way, a superior's arrangement: which of them is nobody's business, and grounds become public
    "apart": say("另有安排，依法不列入本次抽查"),
}


def normal(code: str) -> str:
    """A code as a pool holds it: NFC, without space around it.

    :raises ValueError: when nothing is left, or when it holds a line break, a tab or another control character.
    """
    text = unicodedata.normalize("NFC", code).strip()
    if not text or _CONTROL.search(text):
        raise ValueError(f"not the code of an object: {code!r}")
    return text


def pool_text(codes: Iterable[str]) -> str:
    """The canonical text of some codes, each once.

    >>> pool_text(["B2", "A1", "B2"])
    'A1\\nB2\\n'
    """
    return "".join(f"{code}\n" for code in sorted({normal(code) for code in codes}))


def read_pool(text: str) -> list[str]:
    """The codes of a canonical text, in its order.

    :raises ValueError: when it is not the text that :func:`pool_text` writes of them.
    """
    codes = text.split("\n")[:-1]
    if pool_text(codes) != text:
        raise ValueError("this is not the canonical text of a pool")
    return codes


def exclusions_text(grounds: Mapping[str, str]) -> str:
    """The canonical text of the exclusions: code, tab, code of the ground; sorted by code.

    :param grounds: the ground (of :data:`GROUNDS`) of each excluded code.
    :raises ValueError: when there is no such ground, or a code stands there twice.

    >>> exclusions_text({"B2": "often", "A1": "gone"})
    'A1\\tgone\\nB2\\toften\\n'
    """
    if unknown := {*grounds.values()} - {*GROUNDS}:
        raise ValueError(f"no ground for an exclusion: {', '.join(sorted(unknown))}")
    by_code = {normal(code): ground for code, ground in grounds.items()}
    if len(by_code) != len(grounds):
        raise ValueError("a code is excluded twice")
    return "".join(f"{code}\t{ground}\n" for code, ground in sorted(by_code.items()))


def read_exclusions(text: str) -> dict[str, str]:
    """The ground of each excluded code.

    :raises ValueError: when it is not the text that :func:`exclusions_text` writes of them.
    """
    rows = [line.split("\t") for line in text.split("\n")[:-1]]
    if any(len(row) != 2 for row in rows):
        raise ValueError("this is not the canonical text of exclusions")
    found = dict(rows)
    if exclusions_text(found) != text:
        raise ValueError("this is not the canonical text of exclusions")
    return found


def new_salt() -> str:
    """A salt for :func:`digest`, hex; internal until whoever checks is given it."""
    return secrets.token_hex(32)


def digest(text: str, salt: str = "") -> str:
    """SHA-256 of a text in UTF-8, hex; with a salt its HMAC-SHA-256 under it.

    Without a salt only what becomes public later: a text of guessable codes can be found again by trying.
    """
    if salt:
        return hmac.new(bytes.fromhex(salt), text.encode(), "sha256").hexdigest()
    return hashlib.sha256(text.encode()).hexdigest()
