"""Open a file, whatever it is, as sheets of rows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from portal.errors import Refused
from portal.intake.readers.csv_text import read_csv
from portal.intake.readers.flat_xml import read_flat_xml
from portal.intake.readers.html import read_html
from portal.intake.readers.rows import Sheet, bounded
from portal.intake.readers.sniffing import Shape, sniff
from portal.intake.readers.spreadsheetml import read_spreadsheetml
from portal.intake.readers.xls import read_xls
from portal.intake.readers.xlsx import read_xlsx
from portal.words import say

Read = TypeVar("Read")

READERS: dict[Shape, Callable[[Path], Iterator[Sheet]]] = {
    "csv": read_csv,
    "xlsx": read_xlsx,
    "xls": read_xls,
    "html": read_html,
    "spreadsheetml": read_spreadsheetml,
    "flat_xml": read_flat_xml,
}


def open_sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a file in order, blank rows left out.

    :raises Refused: at once or while reading, when the file is not what it should be.
    """
    for sheet in _or_refuse(READERS[sniff(path)](path)):
        yield Sheet(sheet.name, bounded(_or_refuse(sheet.rows)))


def _or_refuse(read: Iterator[Read]) -> Iterator[Read]:
    """A damaged file makes the libraries raise nearly anything, MemoryError and RecursionError included."""
    try:
        yield from read
    except Refused:
        raise
    except Exception as damage:
        raise Refused(say("文件已损坏，打不开；请在表格软件里打开检查，另存后重新上传。")) from damage
