"""Boxes on a page: what lies under one is not in the public copy, neither in its pixels nor in its words. Pure.

A box is ``{"page", "x0", "y0", "x1", "y1", "ground", "basis", "by", "at"}``: the page counted from one, the sides
as fractions of the page from its upper left corner. It is drawn larger than it was marked, by :data:`MARGIN`, and
on photos and scans outward to whole squares: the blur that JPEG left round a letter tells of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor
from typing import Any

from portal.redaction.documents.bundle import Line, Page
from portal.redaction.masking import GROUNDS
from portal.words import Sentence, say

Box = Mapping[str, Any]
Pixels = tuple[int, int, int, int]  # left, top, right, bottom; the last two not included

MARGIN = 3  # pixels
SQUARE, SQUARE_OF_PHOTO = 1, 16  # pixels; the latter is JPEG's own largest block
LEAST = 0.002  # of the page's width or height


def why_not_box(box: Box, pages: int) -> list[Sentence]:
    """Why a box can not be drawn; empty means it can."""
    reasons = []
    if type(box.get("page")) is not int or not 1 <= box["page"] <= pages:
        reasons.append(say("请填写页码，从1到{pages}。", pages=pages))
    sides = [box.get(side) for side in ("x0", "y0", "x1", "y1")]
    if not all(isinstance(side, int | float) and 0 <= side <= 1 for side in sides):
        reasons.append(say("请填写遮盖框四边的位置，从0到100。"))
    elif box["x1"] - box["x0"] < LEAST or box["y1"] - box["y0"] < LEAST:
        reasons.append(say("遮盖框太小或者方向反了，请重新框选：左边小于右边，上边小于下边。"))
    if box.get("ground") not in GROUNDS:
        reasons.append(say("请选择隐去的理由。"))
    if not str(box.get("basis") or "").strip():
        reasons.append(say("请写明隐去的法律依据，例如《政府信息公开条例》第十五条。"))
    return reasons


def on_page(boxes: Sequence[Box], page: int) -> list[Box]:
    """The boxes of one page, in a fixed order: the same boxes give the same copy."""
    order = ("y0", "x0", "y1", "x1", "ground")
    return sorted(
        (box for box in boxes if box["page"] == page), key=lambda box: [box[name] for name in order]
    )


def in_pixels(box: Box, page: Page) -> Pixels:
    """Where a box is drawn on the picture of its page.

    >>> page = Page(100, 100, (100, 100), "jpg", [])
    >>> in_pixels({"x0": 0.5, "y0": 0.5, "x1": 0.6, "y1": 0.6}, page)
    (32, 32, 64, 64)
    >>> in_pixels({"x0": 0.9, "y0": 0, "x1": 1, "y1": 0.1}, page)
    (80, 0, 100, 16)
    """
    width, height = page.pixels
    square = SQUARE if page.lines else SQUARE_OF_PHOTO
    return (
        max(0, floor((box["x0"] * width - MARGIN) / square) * square),
        max(0, floor((box["y0"] * height - MARGIN) / square) * square),
        min(width, ceil((box["x1"] * width + MARGIN) / square) * square),
        min(height, ceil((box["y1"] * height + MARGIN) / square) * square),
    )


def as_drawn(box: Box, page: Page) -> tuple[float, float, float, float]:
    """The box as it is drawn, in fractions of the page."""
    left, top, right, bottom = in_pixels(box, page)
    width, height = page.pixels
    return left / width, top / height, right / width, bottom / height


def released(line: Line, boxes: Sequence[Box], page: Page) -> Iterator[tuple[int, int]]:
    """The stretches of a line, start and end, whose every character lies outside every box."""
    drawn = [as_drawn(box, page) for box in boxes]
    across = [each for each in drawn if each[1] < line.bottom and line.top < each[3]]
    start = None
    for at in range(len(line.text)):
        hidden = any(left < line.rights[at] and line.lefts[at] < right for left, _t, right, _b in across)
        if hidden and start is not None:
            yield start, at
        start = None if hidden else at if start is None else start
    if start is not None:
        yield start, len(line.text)


def places(page: Page, start: int, end: int) -> Iterator[dict[str, float]]:
    """Where a stretch of a page's text stands: the sides of one box for each line it touches."""
    at = 0
    for line in page.lines:
        first, last = max(start - at, 0), min(end - at, len(line.text))
        if first < last:
            yield {
                "x0": min(line.lefts[first:last]),
                "y0": line.top,
                "x1": max(line.rights[first:last]),
                "y1": line.bottom,
            }
        at += len(line.text) + 1


def words_at(page: Page, place: Box) -> str:
    """The words that stand within a place, for those who decide about it."""
    found = []
    for line in page.lines:
        if place["y0"] <= (line.top + line.bottom) / 2 <= place["y1"]:
            middles = [(left + right) / 2 for left, right in zip(line.lefts, line.rights, strict=True)]
            inside = zip(line.text, middles, strict=True)
            found.append("".join(letter for letter, at in inside if place["x0"] <= at <= place["x1"]))
    return " ".join(each for each in found if each)


def find_words(page: Page, words: str) -> Iterator[tuple[int, int]]:
    """Every place, start and end, where words stand in a page's text, whatever spaces and line ends lie between."""
    kept = [(at, letter) for at, letter in enumerate(page.text) if not letter.isspace()]
    text, wanted = "".join(letter for _at, letter in kept), "".join(words.split())
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield kept[at][0], kept[at + len(wanted) - 1][0] + 1
        at = text.find(wanted, at + len(wanted))
