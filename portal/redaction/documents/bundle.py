"""What was seen of a document: its pages as pictures, and the words that stand on them. Ours alone to read.

A zip archive without compression: ``seen.json`` and one picture per page, ``1.png`` or ``1.jpg``. All places on
a page are fractions of its width and height, from its upper left corner.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_SEEN = "seen.json"
_FIXED = (1980, 1, 1, 0, 0, 0)  # the same document gives the same bytes
_DIGITS = 5


@dataclass(frozen=True)
class Line:
    """Words that stand in one line, each character with its left and right edge."""

    text: str
    lefts: Sequence[float]
    rights: Sequence[float]
    top: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One page: its size in points and in pixels, the form its picture is kept in, and its lines in reading order."""

    width: float
    height: float
    pixels: tuple[int, int]
    form: str  # png: exact; jpg: what the public would get of a page without boxes
    lines: Sequence[Line]

    @property
    def text(self) -> str:
        """The page as recognisers read it: a line for each line; offsets go back by :func:`places`."""
        return "\n".join(line.text for line in self.lines)


def pack(pages: Sequence[Page], pictures: Sequence[bytes]) -> bytes:
    """Pages and their pictures as one file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        seen = json.dumps([asdict(page) for page in pages], ensure_ascii=False, separators=(",", ":"))
        archive.writestr(zipfile.ZipInfo(_SEEN, _FIXED), seen)
        for at, (page, picture) in enumerate(zip(pages, pictures, strict=True), start=1):
            archive.writestr(zipfile.ZipInfo(f"{at}.{page.form}", _FIXED), picture)
    return made.getvalue()


def pages_of(bundle: bytes) -> list[Page]:
    """The pages of a bundle, without their pictures."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return [_page(each) for each in json.loads(archive.read(_SEEN))]


def picture_of(bundle: bytes, page: int, form: str) -> bytes:
    """The picture of a page, counted from one."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.read(f"{page}.{form}")


def _page(values: dict[str, Any]) -> Page:
    lines = [Line(**each) for each in values.pop("lines")]
    return Page(pixels=tuple(values.pop("pixels")), lines=lines, **values)


def rounded(value: float) -> float:
    """A place on a page as it is kept."""
    return round(value, _DIGITS)
