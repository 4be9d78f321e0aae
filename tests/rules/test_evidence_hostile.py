"""Whatever bytes come, the answer is a verdict: never another error, never a dead portal."""

import random
import time
import zlib

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Name

from portal.errors import Refused
from portal.evidence.apart import judge_apart
from portal.evidence.examining import Examined, examine, shown_name
from portal.evidence.kinds import FORMATS
from portal.evidence.recognise import recognise
from portal.evidence.unfit import Unfit
from tests.evidence_files import compound, docx, noise, pdf, pdf_with_attachment, photo, recording, saved

WHOLE = {
    "jpeg": photo(turned=6),
    "png": photo("PNG"),
    "webp": photo("WEBP"),
    "heif": photo("HEIF", turned=8),
    "gif": noise("GIF", 40),
    "bmp": noise("BMP", 20),
    "pdf": pdf(),
    "pdf with attachment": pdf_with_attachment("a.xml", b"<?xml version='1.0'?><a/>"),
    "docx": docx(),
    "doc": compound("WordDocument", body=b"\xec\xa5\xc1\0" * 300),
    "mp4": recording(),
}
STARTS = [data[:40] for data in WHOLE.values()] + [
    b"RIFF",
    b"ID3",
    b"\xff\xfb\x90\0",
    b"MZ",
    b"\xff\xfe",
    b"",
]


def verdict(name: str, data: bytes) -> Examined | None:
    """Anything but a verdict or a refusal in sentences fails the test."""
    try:
        taken = examine(name, data)
    except Refused as refused:
        assert all(str(reason).endswith("。") for reason in refused.reasons)
        return None
    assert taken.media_type in {each.media_type for each in FORMATS.values()}
    return taken


@given(st.sampled_from(STARTS), st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_recognised_or_refused(start: bytes, rest: bytes) -> None:
    try:
        assert recognise("x", start + rest) in {*FORMATS, "zip"}
    except Unfit as unfit:
        assert unfit.sentence


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_name_is_made_safe(name: str) -> None:
    shown = shown_name(name)
    assert 0 < len(shown) <= 120
    assert shown.isprintable() and not set(shown) & set('/\\<>:"|?*')


@pytest.mark.parametrize("which", WHOLE)
def test_real_files_with_bytes_changed_get_a_verdict(which: str) -> None:
    chance = random.Random(which)
    for _ in range(3):
        data = bytearray(WHOLE[which])
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] = chance.randrange(128)
        verdict(which, bytes(data))


@pytest.mark.slow
@pytest.mark.parametrize("which", WHOLE)
def test_real_files_cut_doubled_and_scrambled_get_a_verdict(which: str) -> None:
    chance = random.Random(which)
    for _ in range(40):
        data = bytearray(WHOLE[which])
        one, two = sorted(chance.randrange(len(data)) for _ in range(2))
        data[one:two] = chance.choice((b"", data[one:two] * 2, chance.randbytes(two - one)))
        verdict(which, bytes(data))


def test_a_child_that_dies_is_a_refusal() -> None:
    """A module that is no judge ends without an answer, as a decoder does that crashes."""
    with pytest.raises(Unfit) as unfit:
        judge_apart("portal.evidence.kinds", b"x")
    assert unfit.value.why == "slow"


@pytest.mark.slow
def test_a_pdf_whose_parts_inflate_without_end_takes_neither_time_nor_memory() -> None:
    started = time.monotonic()
    assert verdict("x", inflating_pdf()) is None
    assert time.monotonic() - started < 40


def inflating_pdf() -> bytes:
    """An attachment of 2 GB of nothing, packed twice into some kilobytes."""
    packer, once = zlib.compressobj(9), b""
    for _ in range(128):
        once += packer.compress(bytes(2**24))
    twice = zlib.compress(once + packer.flush(), 9)
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.Hidden = made.make_stream(twice, Type=Name.EmbeddedFile)
        made.Root.Hidden.write(twice, filter=Array([Name.FlateDecode, Name.FlateDecode]))
        return saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
