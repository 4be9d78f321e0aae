"""A document's pages as a reader sees them: their pixels, and the characters that can be seen among these.

Run in a process apart only: PDFium is a large C library at work on a stranger's file.
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from portal.evidence.photo import upright
from portal.evidence.unfit import Unfit
from portal.redaction.documents.limits import MOST_PAGES

PIXELS_PER_POINT = 150 / 72
LONGEST_SIDE = 3600  # pixels: an A1 poster at half the usual fineness
SHORTEST_SIDE = 8
MOST_CHARACTERS = 20_000  # of a page
DEEPEST = 12  # groups within groups

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Character:
    """One character and its sides in pixels: of its ink, and of the room it takes in the line."""

    text: str
    ink: tuple[float, float, float, float]  # left, top, right, bottom
    room: tuple[float, float, float, float]


class Sheet(Protocol):
    """One page of a source."""

    @property
    def points(self) -> tuple[float, float]:
        """Width and height as printed."""

    @property
    def has_text(self) -> bool:
        """Whether any text is drawn on it, seen or not."""

    def picture(self) -> Image.Image:
        """What is seen, in RGB."""

    def characters(self) -> list[Character]:
        """What its text layer says, seen or not."""

    def without_text(self) -> Image.Image:
        """What would be seen if no text were drawn; the page is of no more use afterwards."""


def sheets(data: bytes) -> list[Sheet]:
    """The pages of a PDF, or a photo as one page.

    :raises Unfit: when it can not be opened, or is too long or too large.
    """
    if not data[:1024].lstrip(b"\xef\xbb\xbf\0\t\n\f\r ").startswith(b"%PDF-"):
        return [Photo(upright(data, LONGEST_SIDE))]
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unfit("pdf_locked" if "assword" in str(error) else "pdf_cut") from error
    if not 1 <= len(document) <= MOST_PAGES:
        raise Unfit("pdf_pages" if len(document) else "pdf_cut")
    document.init_forms()  # what was filled in is seen too
    return [PdfSheet(document, at) for at in range(len(document))]


@dataclass
class Photo:
    """A picture as a page of its own."""

    image: Image.Image
    has_text: bool = False

    @property
    def points(self) -> tuple[float, float]:
        return self.image.width / PIXELS_PER_POINT, self.image.height / PIXELS_PER_POINT

    def picture(self) -> Image.Image:
        return self.image

    def characters(self) -> list[Character]:
        return []

    def without_text(self) -> Image.Image:
        return self.image


class PdfSheet:
    """One page of a PDF: what lies outside its crop box does not exist."""

    def __init__(self, document: pypdfium2.PdfDocument, at: int) -> None:
        self.page = document[at]
        self.points: tuple[float, float] = self.page.get_size()
        shorter, longer = sorted(self.points)
        self.scale = min(PIXELS_PER_POINT, LONGEST_SIDE / max(longer, 1))
        if shorter * self.scale < SHORTEST_SIDE:
            raise Unfit("pdf_cut")

    def picture(self) -> Image.Image:
        seen = self.page.render(scale=self.scale, rev_byteorder=True, prefer_bgrx=False, maybe_alpha=False)
        picture: Image.Image = seen.to_pil()
        return picture.convert("RGB")

    @property
    def has_text(self) -> bool:
        return next(_texts(self.page.raw), None) is not None

    def without_text(self) -> Image.Image:
        for group, text in list(_texts(self.page.raw)):
            if group is None:
                pdfium.FPDFPage_RemoveObject(self.page, text)
            else:
                pdfium.FPDFFormObj_RemoveObject(group, text)
        return self.picture()

    def characters(self) -> list[Character]:
        layer = self.page.get_textpage()
        count = layer.count_chars()
        if count > MOST_CHARACTERS:
            raise Unfit("slow")
        place = self._to_pixels()
        found = (_character(layer.raw, at, place) for at in range(count))
        return [each for each in found if each is not None]

    def _to_pixels(self) -> Array:
        """The matrix from the page's own space to pixels: crop, turn and scale together."""
        far, wide = 10_000, 1_000_000
        corners = [self._device(x, y, wide) for x, y in ((0, 0), (far, 0), (0, far))]
        width, height = (ceil(side * self.scale) for side in self.points)
        scaled = np.array(corners, dtype=float) / wide * (width, height)
        return np.stack([(scaled[1] - scaled[0]) / far, (scaled[2] - scaled[0]) / far, scaled[0]])

    def _device(self, x: float, y: float, wide: int) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self.page, 0, 0, wide, wide, 0, x, y, across, down)
        return across.value, down.value


def _texts(page: Any) -> Iterator[tuple[Any, Any]]:
    """Each text object of a page with the group it stands in; none for the page itself."""
    count, get = pdfium.FPDFPage_CountObjects(page), pdfium.FPDFPage_GetObject
    waiting = [(None, get(page, at), 0) for at in range(count)]
    while waiting:
        group, thing, depth = waiting.pop()
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield group, thing
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inside = range(pdfium.FPDFFormObj_CountObjects(thing))
            waiting += [(thing, pdfium.FPDFFormObj_GetObject(thing, at), depth + 1) for at in inside]


def _character(layer: Any, at: int, place: Array) -> Character | None:
    code = pdfium.FPDFText_GetUnicode(layer, at)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or pdfium.FPDFText_IsGenerated(layer, at):
        return None
    text = unicodedata.normalize("NFC", chr(code))
    if unicodedata.category(text[0])[0] in "CZ" or pdfium.FPDFText_HasUnicodeMapError(layer, at):
        return None
    if _replaced(pdfium.FPDFText_GetTextObject(layer, at)):
        return None
    sides = [ctypes.c_double() for _ in range(4)]
    if not pdfium.FPDFText_GetCharBox(layer, at, *sides):
        return None
    left, right, bottom, top = (side.value for side in sides)
    ink = _placed((left, bottom, right, top), place)
    loose = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(layer, at, loose):
        return Character(text, ink, ink)
    room = _placed((loose.left, loose.bottom, loose.right, loose.top), place)
    return Character(text, ink, room)


def _replaced(text: Any) -> bool:
    """Whether what the text layer says is not what is drawn, but a replacement that the file states (ActualText)."""
    if not text:
        return True
    size = ctypes.c_ulong()
    name = ctypes.create_string_buffer(64)
    for at in range(pdfium.FPDFPageObj_CountMarks(text)):
        mark = pdfium.FPDFPageObj_GetMark(text, at)
        for which in range(pdfium.FPDFPageObjMark_CountParams(mark)):
            units = ctypes.cast(name, ctypes.POINTER(ctypes.c_ushort))
            pdfium.FPDFPageObjMark_GetParamKey(mark, which, units, len(name), size)
            if name.raw[: size.value].decode("utf-16-le", "replace").startswith("ActualText"):
                return True
    return False


def _placed(sides: tuple[float, float, float, float], place: Array) -> tuple[float, float, float, float]:
    left, bottom, right, top = sides
    corners = np.array([[left, bottom, 1], [right, bottom, 1], [left, top, 1], [right, top, 1]]) @ place
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
