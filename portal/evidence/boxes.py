"""Recordings and HEIC photos: the boxes of ISO 14496-12, walked without decoding anything."""

from collections.abc import Iterator

from portal.evidence.unfit import Unfit

_PHOTOS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHER_PHOTOS = {b"avif", b"avis", b"crx "}
_BY_BRAND = {b"M4A ": "m4a", b"M4B ": "m4a", b"qt  ": "mov"}
_OLD_PHONES = (b"3gp", b"3g2")
_MOST_BOXES = 10_000


def box_format(data: bytes) -> str:
    """``heif``, ``m4a``, ``mov``, ``3gp`` or ``mp4``.

    :raises Unfit: when what there is to see or hear is not whole.
    """
    brand = data[8:12]
    photo = brand in _PHOTOS
    found = set(_whole_boxes(data))
    if photo and not {b"meta", b"mdat"} <= found:
        raise Unfit("photo_cut")
    if photo:
        return "heif"
    if brand in _OTHER_PHOTOS:
        raise Unfit("photo_other")
    if not {b"moov", b"mdat"} <= found:
        raise Unfit("recording_cut")
    return "3gp" if brand.startswith(_OLD_PHONES) else _BY_BRAND.get(brand, "mp4")


def _whole_boxes(data: bytes) -> Iterator[bytes]:
    """The types of the outermost boxes up to the first that is cut off, or that is none: phones append their own."""
    at = 0
    for _ in range(_MOST_BOXES):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        size = size or len(data) - at  # zero: to the end of the file
        if size < 8 or at + size > len(data):
            return
        yield name
        at += size
