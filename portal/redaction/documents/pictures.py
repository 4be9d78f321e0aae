"""A page's pixels in the form that takes less room, without anything beside them."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from portal.redaction.documents.boxes import Box, in_pixels
from portal.redaction.documents.bundle import Page
from portal.redaction.documents.fonts import chinese
from portal.redaction.masking import marker

QUALITY = 85
LEVELS = 16  # of each colour, for pages of letters and lines
GRAY_ENOUGH = 12  # of 255 between two colours of a pixel
LETTERS = (12, 40)  # least and greatest height of a marker's letters, in pixels


def encoded(picture: Image.Image) -> tuple[str, bytes]:
    """``png`` for pages of letters and lines, ``jpg`` for photos and scans: whichever is smaller."""
    plain = _gray(picture)
    exact, loose = io.BytesIO(), io.BytesIO()
    plain.point(_level).save(exact, "PNG", compress_level=7)
    plain.save(loose, "JPEG", quality=QUALITY, subsampling=0)
    if exact.tell() <= 1.2 * loose.tell():
        return "png", exact.getvalue()
    return "jpg", loose.getvalue()


def burnt(picture: Image.Image, page: Page, boxes: list[Box]) -> Image.Image:
    """The picture with black where the boxes are, and the ground of each where there is room for it."""
    seen = picture.copy()
    draw = ImageDraw.Draw(seen)
    places = [(in_pixels(box, page), box["ground"]) for box in boxes]
    for (left, top, right, bottom), _ground in places:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=0 if seen.mode == "L" else (0, 0, 0))
    for place, ground in places:
        _say(draw, place, marker(ground), "white")
    return seen


def _say(draw: ImageDraw.ImageDraw, place: tuple[int, int, int, int], words: str, ink: str) -> None:
    left, top, right, bottom = place
    height = min((bottom - top) * 6 // 10, (right - left) * 9 // (10 * len(words)), LETTERS[1])
    path = chinese()
    if height < LETTERS[0] or not path:
        return
    font = ImageFont.truetype(path, height)
    draw.text(((left + right) / 2, (top + bottom) / 2), words, fill=ink, font=font, anchor="mm")


def _gray(picture: Image.Image) -> Image.Image:
    if picture.mode == "L":
        return picture
    small = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)), Image.Resampling.BOX)
    tints = np.asarray(small.convert("YCbCr"), dtype=np.int16)[..., 1:]
    far = int(np.abs(tints - 128).max())
    return picture.convert("L") if far <= GRAY_ENOUGH else picture.convert("RGB")


def _level(value: int) -> int:
    step = 255 / (LEVELS - 1)
    return round(round(value / step) * step)
