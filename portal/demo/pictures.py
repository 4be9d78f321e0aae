"""Invented papers as a phone would photograph them: drawn here, so that no real paper is anywhere in the demo."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = (900, 640)  # pixels
_PAPER, _INK, _SEAL, _DESK = (252, 250, 244), (52, 56, 64), (186, 54, 48), (146, 132, 116)


def receipt(seed: str) -> bytes:
    """A delivery note without a readable word but SAMPLE, as a JPEG; the same one for the same seed."""
    rng = Random(seed)  # noqa: S311 - a drawing, nothing secret
    image = Image.new("RGB", SIZE, _DESK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 40, 840, 600), fill=_PAPER)
    draw.text((90, 60), "SAMPLE 2026", font=ImageFont.load_default(40), fill=_INK)
    _table(draw, rng)
    draw.ellipse((640, 410, 800, 570), outline=_SEAL, width=6)
    draw.text((676, 474), "SAMPLE", font=ImageFont.load_default(24), fill=_SEAL)
    return _jpeg(image.rotate(rng.uniform(-1.5, 1.5), fillcolor=_DESK))


def _table(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    for row in range(7):
        top = 130 + row * 58
        draw.line((90, top, 810, top), fill=_INK, width=2)
        for left in (100, 350, 560, 700):
            length = rng.randrange(40, 90)  # a stroke where words would stand
            draw.rounded_rectangle((left, top + 22, left + length, top + 34), 5, fill=_INK)
    draw.rectangle((90, 130, 810, 536), outline=_INK, width=3)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
