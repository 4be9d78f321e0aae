"""What a file is, by its content. The name it came under can only speak against it."""

from pathlib import PurePosixPath

import filetype

from portal.objections.evidence_boxes import box_format
from portal.objections.evidence_compound import MAGIC as COMPOUND
from portal.objections.evidence_compound import compound_format
from portal.objections.evidence_text import is_text, looks_like_script, looks_like_web_page
from portal.objections.evidence_unfit import Unfit

_STARTS = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"#!AMR\n": "amr",
    b"#!AMR-WB\n": "amr",
    b"ID3": "mp3",
}
_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}
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


def photo_format(data: bytes) -> str:
    """The name of a photo's format.

    :raises Unfit: when it is none.
    """
    if (name := _by_start(data)) in {"jpeg", "png", "gif", "webp", "heif", "bmp"}:
        return name
    raise Unfit("photo_broken")


def recognise(name: str, data: bytes) -> str:
    """A key of ``FORMATS``, or ``zip`` when the members must be looked at first.

    What is recognised surely is kept under a suffix of our own, whatever it was called; a text under the name of
    a script is refused.

    :raises Unfit: for what is never taken, or cut off in a way that shows already here.
    """
    if found := _by_start(data):
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


def _by_start(data: bytes) -> str:
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    if data.startswith(b"RIFF") and data[8:12] in _RIFF:
        return _whole_riff(data, _RIFF[data[8:12]])
    if data.startswith(b"BM") and data[6:10] == bytes(4) and len(data) > 54:
        return "bmp"
    if data[4:8] == b"ftyp":
        return box_format(data)
    return "mp3" if _mp3_frames(data) else ""


def _whole_riff(data: bytes, name: str) -> str:
    if (
        int.from_bytes(data[4:8], "little") + 8 > len(data) + 1
    ):  # a recorder's last padding byte may be missing
        raise Unfit("photo_cut" if name == "webp" else "recording_cut")
    return name


_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG-1 layer III
_SAMPLE_RATES = (44100, 48000, 32000)


def _mp3_frames(data: bytes) -> bool:
    """Whether three frames of MPEG-1 layer III follow one another."""
    at = 0
    for _ in range(3):
        head = data[at : at + 4]
        if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
            return False
        rate, sample = head[2] >> 4, head[2] >> 2 & 3
        if rate in (0, 15) or sample == 3:
            return False
        at += 144_000 * _BIT_RATES[rate] // _SAMPLE_RATES[sample] + (head[2] >> 1 & 1)
    return True


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
