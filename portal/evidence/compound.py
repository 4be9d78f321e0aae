"""Old Word, Excel and WPS files: OLE compound files, looked at without being opened.

Their directory stands in the file as entries of 128 bytes, each beginning with its name in UTF-16, so that what
a document holds can be seen without following chains of sectors a stranger wrote. Excel 4 macro sheets and
passwords are found by the records that announce them, as long as these are not split between two sectors.
"""

import re

from portal.evidence.unfit import Unfit

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENTRY = 128
_LONGEST = 64  # bytes of a name, its end included
_SECTOR = 512
_MACROS = {"_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros", "VBA"}
_EMBEDDED = {"\x01Ole10Native", "Package", "Equation Native"}
_LOCKED = {"EncryptedPackage", "EncryptionInfo", "\x06DataSpaces"}
_WORD = {"WordDocument"}
_SHEET = {"Workbook", "Book"}
_OTHERS = {"PowerPoint Document", "VisioDocument"}

_MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x48]\x00.{4}[\x00-\x02]\x01", re.DOTALL)  # BIFF8 BoundSheet8
_SHEET_PASSWORD = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)  # BOF, then FilePass
_WORD_START, _WORD_FLAGS, _WORD_PASSWORD = b"\xec\xa5", 10, 0x0100  # FIB: wIdent, flags, fEncrypted


def compound_format(data: bytes) -> str:
    """``doc`` or ``xls``.

    :raises Unfit: for macros, passwords, things embedded, and what is neither Word nor Excel.
    """
    held = _names(data)
    for names, why in (
        (_LOCKED, "office_locked"),
        (_MACROS, "office_macros"),
        (_EMBEDDED, "office_embedded"),
    ):
        if names & held:
            raise Unfit(why)
    if _WORD & held:
        return _word(data)
    if _SHEET & held:
        return _sheet(data)
    raise Unfit("office_other" if _OTHERS & held else "unknown")


def _names(data: bytes) -> set[str]:
    """Whatever stands where the name of a directory entry could stand."""
    starts = range(0, len(data), _ENTRY)
    return {data[at : at + _LONGEST].decode("utf-16-le", "replace").partition("\0")[0] for at in starts}


def _word(data: bytes) -> str:
    for at in range(0, len(data), _SECTOR):
        flags = int.from_bytes(data[at + _WORD_FLAGS : at + _WORD_FLAGS + 2], "little")
        if data.startswith(_WORD_START, at) and flags & _WORD_PASSWORD:
            raise Unfit("office_locked")
    return "doc"


def _sheet(data: bytes) -> str:
    if _SHEET_PASSWORD.search(data):
        raise Unfit("office_locked")
    if _MACRO_SHEET.search(data):
        raise Unfit("office_macros")
    return "xls"
