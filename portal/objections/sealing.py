"""核验码: how a code that came with an inspection notice is made, and the hash under which it is kept.

Argon2, as for passwords, would need minutes for the three thousand notices of one task; a plain hash would let
whoever copies the database try ten thousand million codes a second. scrypt with half a megabyte and a salt per
row costs us milliseconds, and fifty random bits behind it cost a copier years for each single code.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1, I
LENGTH = 10  # of 32 letters: fifty bits
_COST, _BLOCKS = 2**9, 8  # 128 × 512 × 8 bytes of memory
_ALIKE = str.maketrans("0O1I", "QQLL")  # read off paper, they are the same
_NOBODY = f"scrypt${secrets.token_hex(16)}${secrets.token_hex(32)}"


def new_code() -> str:
    """A code as it is printed, in two groups.

    >>> len(new_code())
    11
    """
    letters = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def plain(code: str) -> str:
    """A code as it was meant: case, width, spaces and dashes do not count, nor O for 0, I for 1.

    >>> plain(" ａbcd2-o1XYZ ")
    'ABCD2QLXYZ'
    """
    letters = unicodedata.normalize("NFKC", code).upper()
    return "".join(each for each in letters if each.isalnum()).translate(_ALIKE)


def seal(code: str) -> str:
    """The hash under which a code is kept, with a salt of its own. Slow: before the write door is opened."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_digest(code, salt).hex()}"


def seal_all(codes: Iterable[str]) -> list[str]:
    """As :func:`seal`, for many; scrypt lets go of the interpreter, so two work beside each other."""
    with ThreadPoolExecutor(2) as two:
        return list(two.map(seal, codes))


def fits(sealed: Iterable[str], code: str) -> bool:
    """Whether a code is one of those that were sealed; takes the same time when there is none."""
    found = [_is_of(each, code) for each in list(sealed) or [_NOBODY]]
    return any(found)


def _is_of(sealed: str, code: str) -> bool:
    _name, salt, digest = sealed.split("$")
    return hmac.compare_digest(_digest(code, bytes.fromhex(salt)), bytes.fromhex(digest))


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(plain(code).encode(), salt=salt, n=_COST, r=_BLOCKS, p=1, dklen=32)
