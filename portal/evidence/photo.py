"""A photo, decoded and made anew: upright, small enough for a screen, and without where and when it was taken.

Run in a process apart, see :mod:`portal.evidence.apart`.
"""

import io
from contextlib import suppress

import pillow_heif
from PIL import Image, ImageCms

from portal.evidence.apart import answer
from portal.evidence.kinds import MOST_PIXELS, MOST_PIXELS_JPEG
from portal.evidence.starts import photo_format
from portal.evidence.unfit import Unfit

LONGEST_SIDE = 2400
QUALITY = 85
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.MAX_IMAGE_PIXELS = None  # bounded below, before anything is decoded
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.register_heif_opener(thumbnails=False)


def judge(data: bytes) -> bytes:
    """The photo as a new JPEG.

    :raises Unfit: as :func:`upright` does.
    """
    made = io.BytesIO()
    upright(data).save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def upright(data: bytes, longest: int = LONGEST_SIDE) -> Image.Image:
    """The photo's pixels alone: decoded, turned upright, in sRGB on white, at most ``longest`` pixels a side.

    :raises Unfit: when it is cut off, damaged or too large to decode.
    """
    name = photo_format(data)
    try:
        photo = Image.open(io.BytesIO(data), formats=[name.upper()])
        if photo.width * photo.height > (MOST_PIXELS_JPEG if name == "jpeg" else MOST_PIXELS):
            raise Unfit("photo_pixels")
        photo.draft("RGB", (longest, longest))
        photo.load()
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise Unfit("photo_cut" if _cut(error) else "photo_broken") from error
    return _made_anew(photo, longest)


def _cut(error: Exception) -> bool:
    return isinstance(error, EOFError) or any(
        word in str(error).lower() for word in ("truncated", "not enough", "end of file", "incomplete")
    )


def _made_anew(photo: Image.Image, longest: int) -> Image.Image:
    turn = TURNS.get(_orientation(photo))
    plain = photo if photo.mode in ("RGB", "RGBA", "L", "LA") else photo.convert(_plain_mode(photo))
    plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    seen = _in_srgb(_on_white(plain), photo.info.get("icc_profile"))
    seen = seen.transpose(turn) if turn is not None else seen
    seen.info = {}  # Pillow would carry a comment over
    return seen


def _orientation(photo: Image.Image) -> int:
    """As EXIF says it; a damaged EXIF block must not lose the photo."""
    with suppress(Exception):
        return int(photo.getexif().get(ORIENTATION, 1))
    return 1


def _plain_mode(photo: Image.Image) -> str:
    return "RGBA" if photo.has_transparency_data else "RGB"


def _on_white(photo: Image.Image) -> Image.Image:
    if not photo.has_transparency_data:
        return photo.convert("RGB")
    layer = photo.convert("RGBA")
    white = Image.new("RGB", layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _in_srgb(photo: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones record wider colours; without their profile these would look dull."""
    if profile:
        with suppress(Exception):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(photo, source, ImageCms.createProfile("sRGB"))
            return turned or photo
    return photo


if __name__ == "__main__":
    answer(judge, broken="photo_broken")
