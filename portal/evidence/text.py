"""Plain text, decoded strictly, that is neither a page nor a script nor another format in disguise."""

import codecs
import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE = re.compile(
    rb"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|meta|form|img|xsl:\w+|\?xml-stylesheet)\b", re.IGNORECASE
)  # fmt: skip
_SCRIPT = re.compile(
    rb"\A\s*(#!|<\?php|<%|@?echo\s+off|on error resume next|\[internetshortcut\]|\[desktop entry\]"
    rb"|windows registry editor|regedit4|powershell|rem\s|import os\b|import subprocess\b|const shell)",
    re.IGNORECASE,
)
_OTHER = (b"%!PS", b"\0", b"MIME-Version:")
_START = 64 * 1024  # a browser that guesses looks at less


def is_text(data: bytes) -> bool:
    """Whether all of it is UTF-8, UTF-16 with its mark, or Chinese in GB18030, and nothing else."""
    if data.startswith(_OTHER):
        return False
    text = _decoded(data)
    return text is not None and not _CONTROLS.search(text)


def looks_like_web_page(data: bytes) -> bool:
    """Whether a browser could take it for a page or an image that runs scripts."""
    return bool(_PAGE.search(_narrow(data)))


def looks_like_script(data: bytes) -> bool:
    """Whether it begins as scripts and shortcuts do."""
    return bool(_SCRIPT.search(_narrow(data)))


def _narrow(data: bytes) -> bytes:
    """The start as a browser or shell would read it: without its mark, UTF-16 made narrow."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data[2:_START].replace(b"\0", b"")
    return data[:_START].removeprefix(codecs.BOM_UTF8)


def _decoded(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16")
    text = _strictly(data, "utf-8-sig")
    if text is not None:
        return text
    text = _strictly(data, "gb18030")
    return text if text is not None and _reads_as_chinese(text) else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_as_chinese(text: str) -> bool:
    """GB18030 decodes much that is no text: most of what is wide must be the characters and marks of Chinese."""
    wide = [character for character in text[:_START] if character > "\x7f"]
    known = sum(1 for character in wide if _is_chinese(character))
    return known >= 0.9 * len(wide)


def _is_chinese(character: str) -> bool:
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3000" <= character <= "\u303f"
        or "\uff00" <= character <= "\uffef"
        or "\u2010" <= character <= "\u22ff"
        or unicodedata.category(character) == "Nd"
    )
