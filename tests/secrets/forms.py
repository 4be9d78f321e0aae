"""A secret as it might travel: in every encoding that a page, an index, a log or a file may hold it in."""

import json
import quopri
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

CODES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


def forms(word: str) -> set[bytes]:
    """The word in every form; a word of two hanzi is long enough not to come about by chance."""
    return {each for each in _forms(word) if len(each) >= 4}


def forms_of(words: Iterable[str]) -> set[bytes]:
    """All forms of some words."""
    return {form for word in words for form in forms(word)}


def found_in(data: bytes, wanted: Iterable[bytes]) -> list[bytes]:
    """The forms that stand in the data."""
    return [each for each in wanted if each in data]


def _forms(word: str) -> Iterator[bytes]:
    for code in CODES:
        plain = word.encode(code)
        yield plain
        yield plain.hex().encode()  # as a PDF writes a string
        yield plain.hex().upper().encode()
        yield from _in_base64(plain)
    for code in ("utf-8", "gb18030"):
        percent = quote(word, encoding=code)
        yield from (percent.encode(), percent.lower().encode(), quopri.encodestring(word.encode(code)))
    escaped = json.dumps(word)[1:-1]
    yield from (escaped.encode(), escaped.upper().replace("\\U", "\\u").encode())
    yield "".join(f"&#{ord(letter)};" for letter in word).encode()
    yield from ("".join(f"&#x{ord(letter):{case}};" for letter in word).encode() for case in "xX")
    yield from (_full_width(word).encode(code) for code in ("utf-8", "gb18030"))
    yield from (each.encode("utf-8") for each in (word.upper(), word.lower()))


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """The letters that stand for these bytes whatever stands before and after, at each of the three places."""
    for before in range(3):
        first, last = -(-before * 8 // 6), (before + len(plain)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            letters = encode(b"\0" * before + plain + b"\0\0")[first:last]
            if len(letters) >= 7:  # six came about by chance, in a token
                yield letters


def _full_width(word: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in word)
