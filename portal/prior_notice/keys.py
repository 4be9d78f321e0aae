"""What opens the page of somebody who was told or asked: a link, a letter's code, or the check sheet's 核验码.

A link's token has 256 random bits: it can not be guessed, so nothing counts the tries. A code is short enough to
be typed; it is kept as 核验码 are, and guessing is throttled as theirs is.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from portal import clock
from portal.objections import guessing, sealing
from portal.objections.notice_codes import subject_key
from portal.words import Sentence, say


@dataclass(frozen=True)
class Key:
    """A new token, and a code for whoever gets a letter; only their hashes are kept."""

    token: str = field(repr=False)
    code: str = field(default="", repr=False)
    sealed: str = field(default="", repr=False)

    @property
    def token_hash(self) -> str:
        return hash_of(self.token)


def new_keys(count: int, *, with_code: bool) -> list[Key]:
    """So many new keys. With codes it is slow: before the write door is opened."""
    tokens = [secrets.token_urlsafe(32) for _each in range(count)]
    if not with_code:
        return [Key(token) for token in tokens]
    codes = [sealing.new_code() for _each in tokens]
    sealed = sealing.seal_all(codes)
    return [Key(*each) for each in zip(tokens, codes, sealed, strict=True)]


def hash_of(token: str) -> str:
    """Under which a token is kept; it is random enough for a plain hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def subject_typed(text: str) -> str:
    """Whom somebody says they are, as codes know them: 统一社会信用代码, or the name of what has none.

    >>> subject_typed(" 91339900qd7612plt6 ")
    '91339900QD7612PLT6'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return subject_key(plain.upper() if plain.isascii() else plain)


def fits(sealed: Sequence[str], code: str) -> bool:
    """Whether a code is one of some; as slow when there is none."""
    return sealing.fits([each for each in sealed if each], code)


def judge(session: Session, subject: str, fitting: bool, *, visitor: str) -> None:
    """Let a right code through, count a wrong one. **The door commits the counters although it is refused.**

    :param visitor: what tells one visitor from another; kept as a hash.
    :raises Refused: in the same words whatever is wrong.
    """
    keys = [guessing.of_visitor(subject, "prior"), guessing.of_visitor(visitor, "prior-visitor")]
    guessing.judge(session, keys, fitting, wrong(), clock.now())


def wrong() -> Sentence:
    """The one answer to a wrong code, and to none at all."""
    return say(
        "代码或者核验码不对，或者现在没有给您的告知；请对照告知书或者检查通知书逐位核对，也可以打电话询问。"
    )
