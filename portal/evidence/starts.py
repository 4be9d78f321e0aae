"""Photos and recordings, known by how they start."""

from portal.evidence.boxes import box_format
from portal.evidence.unfit import Unfit

_STARTS = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"#!AMR\n": "amr",
    b"#!AMR-WB\n": "amr",
    b"ID3": "mp3",
}
_RIFF = {b"WEBP": "webp", b"WAVE": "wav"}


def photo_format(data: bytes) -> str:
    """The name of a photo's format.

    :raises Unfit: when it is none.
    """
    if (name := by_start(data)) in {"jpeg", "png", "gif", "webp", "heif", "bmp"}:
        return name
    raise Unfit("photo_broken")


def by_start(data: bytes) -> str:
    """The name of a photo's or recording's format, or nothing.

    :raises Unfit: when it shows already here that it is cut off.
    """
    for start, name in _STARTS.items():
        if data.startswith(start):
            return name
    if data.startswith(b"RIFF") and data[8:12] in _RIFF:
        return _whole_riff(data, _RIFF[data[8:12]])
    if data.startswith(b"BM") and data[6:10] == bytes(4) and len(data) > 54:
        return "bmp"
    if data[4:8] == b"ftyp":
        return box_format(data)
    return "mp3" if _mp3_frames(data) else ""


def _whole_riff(data: bytes, name: str) -> str:
    if (
        int.from_bytes(data[4:8], "little") + 8 > len(data) + 1
    ):  # a recorder's last padding byte may be missing
        raise Unfit("photo_cut" if name == "webp" else "recording_cut")
    return name


_BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG-1 layer III
_SAMPLE_RATES = (44100, 48000, 32000)


def _mp3_frames(data: bytes) -> bool:
    """Whether three frames of MPEG-1 layer III follow one another."""
    at = 0
    for _ in range(3):
        head = data[at : at + 4]
        if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xFA:
            return False
        rate, sample = head[2] >> 4, head[2] >> 2 & 3
        if rate in (0, 15) or sample == 3:
            return False
        at += 144_000 * _BIT_RATES[rate] // _SAMPLE_RATES[sample] + (head[2] >> 1 & 1)
    return True
