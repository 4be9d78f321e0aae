"""Photos: made anew for viewing, upright and without where they were taken; kept out when they are not whole."""

import io
import struct
import zlib

import pytest
from PIL import Image

from portal.errors import Refused
from portal.evidence.examining import Examined, examine
from portal.evidence.photo import judge
from tests.evidence_files import (
    BLUE,
    GPS,
    RED,
    archive,
    box,
    noise,
    photo,
    picture,
    plain_photo,
)


def why(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        examine("照片", data)
    return str(refusal.value)


def seen(taken: Examined) -> Image.Image:
    assert taken.viewable is not None
    return Image.open(io.BytesIO(taken.viewable), formats=["JPEG"])


def made_anew(data: bytes) -> Image.Image:
    """By the same judge, without the process apart, in a tenth of the time."""
    return Image.open(io.BytesIO(judge(data)), formats=["JPEG"])


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 25 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("format", "media_type", "suffix"),
    [
        ("JPEG", "image/jpeg", ".jpg"),
        ("PNG", "image/png", ".png"),
        ("WEBP", "image/webp", ".webp"),
        ("HEIF", "image/heic", ".heic"),
    ],
)
def test_a_phones_photo_is_shown_upright_and_without_its_place(
    format: str, media_type: str, suffix: str
) -> None:
    original = photo(format, turned=6)
    assert b"SHILI PHONE" in original
    taken = examine("IMG_0001", original)
    assert (taken.kind, taken.media_type, taken.suffix) == ("photo", media_type, suffix)
    shown = seen(taken)
    assert shown.size == (200, 320)  # lying it was, standing it is
    top, bottom = shown.getpixel((100, 10)), shown.getpixel((100, 310))
    assert close(top, RED) and close(bottom, BLUE)  # type: ignore[arg-type]
    assert dict(shown.getexif()) == {} and GPS not in shown.getexif()
    assert b"SHILI PHONE" not in (taken.viewable or b"") and b"Exif" not in (taken.viewable or b"")


@pytest.mark.parametrize("turned", range(1, 9))
def test_every_orientation_is_turned_as_viewers_turn_it(turned: int) -> None:
    lying = turned in (5, 6, 7, 8)
    shown = made_anew(photo(turned=turned))
    assert shown.size == ((200, 320) if lying else (320, 200))
    first = shown.getpixel((10, 10))
    assert close(first, RED if turned in (1, 4, 5, 6) else BLUE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("format", "mode"), [("PNG", "P"), ("PNG", "L"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "1"), ("GIF", "P"),
                         ("BMP", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L")]
)  # fmt: skip
def test_every_way_of_storing_colours_is_shown(format: str, mode: str) -> None:
    assert made_anew(plain_photo(format, mode)).size == (320, 200)


def test_what_is_clear_is_shown_on_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(made, "PNG")
    assert close(made_anew(made.getvalue()).getpixel((20, 20)), (255, 255, 255))  # type: ignore[arg-type]


def test_a_moving_picture_is_shown_by_its_first_frame() -> None:
    made = io.BytesIO()
    still, next = picture(), Image.new("RGB", (320, 200), "white")
    still.save(made, "GIF", save_all=True, append_images=[next])
    assert close(made_anew(made.getvalue()).getpixel((10, 10)), RED)  # type: ignore[arg-type]


def test_a_large_photo_is_shown_small_and_a_small_one_as_it_is() -> None:
    assert made_anew(photo(size=(6000, 3000))).size == (2400, 1200)
    assert made_anew(photo(size=(30, 20))).size == (30, 20)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF", "GIF", "BMP"])
def test_a_photo_cut_off_is_to_be_chosen_again(format: str) -> None:
    whole = noise(format)
    assert made_anew(whole).size == (160, 160)
    assert why(whole[: len(whole) // 2]) == "“照片”：照片没有传完整，请重新选择这张照片再传。"


def test_a_photo_damaged_says_so() -> None:
    assert "可能已经损坏" in why(b"\xff\xd8\xff\xe0" + bytes(400))
    assert "可能已经损坏" in why(
        box(b"ftyp", b"heic" + bytes(4)) + box(b"meta", bytes(40)) + box(b"mdat", bytes(40))
    )


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_stated_size() -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
    assert "尺寸太大" in why(bomb + chunk(b"IEND", b""))


@pytest.mark.slow
def test_a_photo_of_two_hundred_megapixels_is_taken() -> None:
    """Phones make them, and JPEG is decoded reduced."""
    made = io.BytesIO()
    Image.new("L", (16_320, 12_240), 90).save(made, "JPEG", quality=30)
    assert seen(examine("x", made.getvalue())).size == (2400, 1800)


@pytest.mark.parametrize(
    "tail", [b"<html><script>alert(1)</script>", archive({"a.exe": b"MZ"}), b"\0" * 5000], ids="page zip pad".split()
)  # fmt: skip
def test_what_hangs_behind_a_photo_is_never_shown(tail: bytes) -> None:
    taken = examine("x.html", photo() + tail)
    assert taken.safe_name == "x.html.jpg"
    assert tail not in (taken.viewable or b"")


def test_a_comment_in_a_photo_is_not_carried_over() -> None:
    assert b"<script>" not in (examine("x", photo(comment=b"<script>alert(1)</script>")).viewable or b"")
