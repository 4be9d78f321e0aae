"""Which characters of a text layer are really to be seen, by comparing the page with itself without its text.

White letters, letters under a picture or a white field, letters off the page or too small to read, scanned pages'
hidden words: taking them away changes no pixel, so they are not among what is released. Letters that lie on one
another are none of them released: which one is seen can not be told. Letters so faint that nobody sees them are taken
out of the picture too, for whoever raises its contrast.
"""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from PIL import Image

from portal.redaction.documents.source import Array, Character, Sheet

CONTRAST = 64  # of 255
FAINT = 24  # of 255: text that stands out less is not seen
_EDGE = 3  # pixels: the soft edge of a letter that is seen is let be
LEAST_INK = 0.08  # of the room its outline takes
LEAST_HEIGHT = 7  # pixels of a line: letters of three and a half points
MOST_OVERLAP = 0.25  # of a character's outline


def look_at(sheet: Sheet) -> tuple[Image.Image, list[Character]]:
    """A page's picture and those of its characters that can be seen in it; the sheet is of no more use afterwards."""
    picture, characters = sheet.picture(), sheet.characters()
    if not sheet.has_text:
        return picture, []
    without = sheet.without_text()
    if picture.size != without.size:
        return picture, []
    difference = _difference(np.asarray(picture), np.asarray(without))
    return _without_faint(picture, without, difference), visible(characters, difference)


def _difference(seen: Array, without: Array) -> Array:
    """How far each pixel is changed by taking the text away, by the colour that changes most."""
    apart = np.maximum(seen, without) - np.minimum(seen, without)
    most: Array = np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])
    return most


def _without_faint(seen: Image.Image, without: Image.Image, difference: Array) -> Image.Image:
    near = difference >= FAINT
    for _ in range(_EDGE):  # grown by a pixel to each side each time
        near[1:] |= near[:-1].copy()
        near[:-1] |= near[1:].copy()
        near[:, 1:] |= near[:, :-1].copy()
        near[:, :-1] |= near[:, 1:].copy()
    return Image.composite(seen, without, Image.fromarray(near))


def visible(characters: Sequence[Character], difference: Array) -> list[Character]:
    """Those that can be seen, in their order, each once."""
    changed = difference >= CONTRAST
    once = _once(characters)
    crowd = np.zeros(changed.shape, dtype=np.uint16)
    for each in once:
        crowd[_window(each, changed)] += 1
    return [each for each in once if _is_seen(each, changed, crowd)]


def _once(characters: Sequence[Character]) -> list[Character]:
    """A bold letter is sometimes the same letter drawn twice."""
    kept: dict[tuple[str, int, int], Character] = {}
    for each in characters:
        left, top = round(each.ink[0] / 3), round(each.ink[1] / 3)
        near = ((each.text, left + x, top + y) for x in (-1, 0, 1) for y in (-1, 0, 1))
        if not any(place in kept for place in near):
            kept[each.text, left, top] = each
    return list(kept.values())


def _window(each: Character, within: Array) -> tuple[slice, slice]:
    height, width = within.shape
    left, top, right, bottom = each.ink
    across = slice(max(0, floor(left)), max(0, min(width, ceil(right))))
    return slice(max(0, floor(top)), max(0, min(height, ceil(bottom)))), across


def _is_seen(each: Character, changed: Array, crowd: Array) -> bool:
    window = _window(each, changed)
    inside, others = changed[window], crowd[window]
    if inside.size == 0 or each.room[3] - each.room[1] < LEAST_HEIGHT or _sticks_out(each, changed):
        return False
    return bool(inside.mean() >= LEAST_INK and (others > 1).mean() <= MOST_OVERLAP)


def _sticks_out(each: Character, within: Array) -> bool:
    """Cut off by the edge of the page: what is beyond it is not seen."""
    left, top, right, bottom = each.ink
    return left < -1 or top < -1 or right > within.shape[1] + 1 or bottom > within.shape[0] + 1
