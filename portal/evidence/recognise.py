"""What a file is, by its content. The name it came under can only speak against it."""

from pathlib import PurePosixPath

import filetype

from portal.evidence.compound import MAGIC as COMPOUND
from portal.evidence.compound import compound_format
from portal.evidence.starts import by_start
from portal.evidence.text import is_text, looks_like_script, looks_like_web_page
from portal.evidence.unfit import Unfit

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"dex\n",
    b"\0asm",
    b"ITSF",  # compiled help runs scripts
)
_SHORTCUT = b"L\0\0\0\x01\x14\x02\0"
_TAR = slice(257, 262)

_SCRIPTS = set(
    """.bat .cmd .com .ps1 .psm1 .vbs .vbe .js .jse .mjs .ts .wsf .wsh .hta .sh .py .pl .rb .php .jsp .asp .aspx
    .reg .inf .lnk .url .desktop .scf .application .iqy .slk .sct .command""".split()
)
_PROGRAM_SUFFIXES = {".exe", ".dll", ".msi", ".scr", ".apk", ".jar", ".cpl", ".pif", ".ipa", ".dmg", ".app"}
_WEB_SUFFIXES = {".html", ".htm", ".xhtml", ".svg", ".svgz", ".mht", ".mhtml"}


def recognise(name: str, data: bytes) -> str:
    """A key of ``FORMATS``, or ``zip`` when the members must be looked at first.

    What is recognised surely is kept under a suffix of our own, whatever it was called; a text under the name of
    a script is refused.

    :raises Unfit: for what is never taken, or cut off in a way that shows already here.
    """
    if found := by_start(data):
        return found
    if _pdf_start(data):
        return "pdf"
    _refuse_programs(data)
    _refuse_by_name(name)
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(COMPOUND):
        return compound_format(data)
    _refuse_by_kind(data)
    if is_text(data):
        return _text(data)
    raise Unfit("unknown")


def _refuse_by_name(name: str) -> None:
    suffix = PurePosixPath(name.strip().rstrip(". ")).suffix.lower()
    for suffixes, why in (
        (_PROGRAM_SUFFIXES, "program"),
        (_SCRIPTS, "script"),
        (_WEB_SUFFIXES, "web_page"),
    ):
        if suffix in suffixes:
            raise Unfit(why)


def _refuse_programs(data: bytes) -> None:
    if data.startswith(_PROGRAMS):
        raise Unfit("program")
    if data.startswith(_SHORTCUT):
        raise Unfit("script")


def _pdf_start(data: bytes) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-")


def _refuse_by_kind(data: bytes) -> None:
    kind = filetype.guess(data[:8192])
    family = kind.mime if kind else ""
    if data.startswith(b"PK") or data[_TAR] == b"ustar" or _is_archive(family):
        raise Unfit("archive")
    if family in ("application/x-msdownload", "application/x-executable", "application/x-shockwave-flash"):
        raise Unfit("program")
    for families, why in _OTHERS.items():
        if family.startswith(families):
            raise Unfit(why)


_OTHERS = {
    ("audio/", "video/"): "recording_other",
    ("image/",): "photo_other",
    ("application/rtf",): "office_other",
}
_ARCHIVES = set(
    """zip x-tar x-rar-compressed gzip x-bzip2 x-7z-compressed x-xz zstd x-lz4 x-lzip x-lzop x-compress x-brotli
    vnd.ms-cab-compressed x-rpm x-deb x-unix-archive x-google-chrome-extension epub+zip""".split()
)


def _is_archive(family: str) -> bool:
    return family.removeprefix("application/") in _ARCHIVES


def _text(data: bytes) -> str:
    if looks_like_web_page(data):
        raise Unfit("web_page")
    if looks_like_script(data):
        raise Unfit("script")
    return "text"
