"""Old Word, Excel and WPS files: OLE compound files, looked at without being opened.

Their directory stands in the file as entries of 128 bytes, each beginning with its name in UTF-16, so that what
a document holds can be seen without following chains of sectors a stranger wrote. Excel 4 macro sheets and
passwords are found by the records that announce them, as long as these are not split between two sectors.
"""

import re

from portal.evidence.unfit import Unfit

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENTRY = 128
_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros", "VBA")
_EMBEDDED = ("\x01Ole10Native", "Package", "ObjectPool")
_LOCKED = ("EncryptedPackage", "EncryptionInfo", "DataSpaces")
_WORD = ("WordDocument",)
_SHEET = ("Workbook", "Book")
_OTHERS = ("PowerPoint Document", "VisioDocument")

_MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x48]\x00.{4}[\x00-\x02]\x01", re.DOTALL)  # BIFF8 BoundSheet8
_SHEET_PASSWORD = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)  # BOF, then FilePass
_WORD_START, _WORD_FLAGS, _WORD_PASSWORD = b"\xec\xa5", 10, 0x0100  # FIB: wIdent, flags, fEncrypted


def compound_format(data: bytes) -> str:
    """``doc`` or ``xls``.

    :raises Unfit: for macros, passwords, things embedded, and what is neither Word nor Excel.
    """
    for names, why in (
        (_LOCKED, "office_locked"),
        (_MACROS, "office_macros"),
        (_EMBEDDED, "office_embedded"),
    ):
        if _holds(data, names):
            raise Unfit(why)
    if _holds(data, _WORD):
        return _word(data)
    if _holds(data, _SHEET):
        return _sheet(data)
    raise Unfit("office_other" if _holds(data, _OTHERS) else "unknown")


def _holds(data: bytes, names: tuple[str, ...]) -> bool:
    return any(_entry(data, name) for name in names)


def _entry(data: bytes, name: str) -> bool:
    """Whether some directory entry has this name."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % _ENTRY == 0:
            return True
        at = data.find(wanted, at + 1)
    return False


def _word(data: bytes) -> str:
    at = data.find(_WORD_START, 512)
    while at >= 0:
        flags = int.from_bytes(data[at + _WORD_FLAGS : at + _WORD_FLAGS + 2], "little")
        if at % 512 == 0 and flags & _WORD_PASSWORD:
            raise Unfit("office_locked")
        at = data.find(_WORD_START, at + 1)
    return "doc"


def _sheet(data: bytes) -> str:
    if _SHEET_PASSWORD.search(data):
        raise Unfit("office_locked")
    if _MACRO_SHEET.search(data):
        raise Unfit("office_macros")
    return "xls"
