"""Text, decoded strictly: no guessing by frequency, which takes a short GBK file for Korean."""

import codecs
from pathlib import Path
from typing import NoReturn

from portal.errors import Refused
from portal.words import say

_BLOCK = 1 << 20
# GBK bytes now and then look like one or two UTF-8 characters, never like many before the first that does not
_SURELY_UTF8 = 8


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file decodes: by its BOM, else UTF-8, else GB18030.

    :raises Refused: with the line of the first byte that does not decode.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _must_decode(path, "utf-16", "UTF-16")
    if start.startswith(codecs.BOM_UTF8):
        return _must_decode(path, "utf-8-sig", "UTF-8")
    line, before = _first_error(path, "utf-8")
    if line is None:
        return "utf-8"
    if before >= _SURELY_UTF8:
        _refuse(line, "UTF-8")
    return _must_decode(path, "gb18030", "GB18030")


def _must_decode(path: Path, encoding: str, name: str) -> str:
    line, _ = _first_error(path, encoding)
    if line is not None:
        _refuse(line, name)
    return encoding


def _refuse(line: int, name: str) -> NoReturn:
    raise Refused(
        say(
            "第{line}行有无法按{name}识别的字符，整个文件没有导入；请在表格软件里另存为“CSV UTF-8”后重新上传。",
            line=line,
            name=name,
        )
    )


def _first_error(path: Path, encoding: str) -> tuple[int | None, int]:
    """The line of the first undecodable byte, and how many non-ASCII characters decoded before it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, wide = 1, 0
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                return line + good.count("\n"), wide + _wide(good)
            line += text.count("\n")
            wide += 0 if wide >= _SURELY_UTF8 else _wide(text)
            if not block:
                return None, wide


def _wide(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
