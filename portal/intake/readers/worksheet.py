"""The rows of one worksheet, as openpyxl understands its cells, in a third of openpyxl's time.

openpyxl hands every element through a parser written in Python and makes an object of every text that could have
fonts. Here expat builds the row, a plain text is taken as it stands, and only what a cell means is asked of openpyxl.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from openpyxl.worksheet._reader import INLINE_STRING, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHEET_MAIN_NS

_TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"
_BLOCK = 1 << 16  # bytes


def read_rows(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Number and cells of every row of a read-only worksheet; a row that stands out of order is left out.

    A cell is what openpyxl makes a ``ReadOnlyCell`` of: row, column, value, data type, style.

    :raises ValueError: when the XML declares entities, which no worksheet does.
    """
    book, last = sheet.parent, 0
    parser = _Cells(
        None,
        sheet._shared_strings,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    with sheet._get_source() as source:
        for element in _row_elements(source):
            number, cells = parser.parse_row(element)
            if number > last:
                last = number
                yield number, cells


class _Cells(WorkSheetParser):  # type: ignore[misc]
    """openpyxl's, given a plain text that stands in its cell as if a formula had made it: then it just takes it."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        if element.get("t") == "inlineStr" and len(element) == 1:
            inline = element[0]
            if inline.tag == INLINE_STRING and len(inline) == 1 and inline[0].tag == _TEXT_TAG:
                element.set("t", "str")
                element[0] = inline[0]
                element[0].tag = VALUE_TAG
        cell: dict[str, Any] = super().parse_cell(element)
        return cell


def _row_elements(source: IO[bytes]) -> Iterator[Element]:
    rows = _Rows()
    while block := source.read(_BLOCK):
        rows.parser.Parse(block, False)
        yield from rows.taken()
    rows.parser.Parse(b"", True)
    yield from rows.taken()


class _Rows:
    """Collects the elements of whole rows while expat reads."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self._builder: TreeBuilder | None = None
        self._found: list[Element] = []

    def taken(self) -> list[Element]:
        """What was found since the last time."""
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = "{" + name
        if self._builder is None:
            if tag != ROW_TAG:
                return
            self._builder = TreeBuilder()
            self.parser.CharacterDataHandler = self._builder.data
            # openpyxl keeps what else is said of a row for every row
            attributes = {"r": attributes["r"]} if "r" in attributes else {}
        self._builder.start(tag, attributes)

    def _end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end("{" + name)
        if "{" + name == ROW_TAG:
            self._found.append(self._builder.close())
            self._builder = self.parser.CharacterDataHandler = None

    def _refuse(self, *_declared: Any) -> None:
        raise ValueError("a worksheet has no document type")
