"""The public copy: a new PDF of our own pictures with the boxes burnt in, and of released words. Nothing of the
file that came is copied into it, and the same file with the same boxes and title gives the same bytes.

Run in a process apart, see :mod:`portal.evidence.apart`.
"""

import io
import json
import struct
import zipfile
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from portal.evidence.apart import Limits, answer
from portal.redaction.documents.boxes import Box, on_page
from portal.redaction.documents.bundle import Page, pages_of, picture_of
from portal.redaction.documents.pictures import burnt, encoded
from portal.redaction.documents.source import sheets
from portal.redaction.documents.text_layer import Letters, content, runs
from portal.redaction.documents.visible import look_at

LIMITS = Limits(seconds=90)
PRODUCER = "portal"
FONT, IMAGE = "F", "I"


def judge(order: bytes) -> bytes:
    """The public copy as an order asks for it: an archive of ``order.json``, ``bundle`` and ``base``."""
    with zipfile.ZipFile(io.BytesIO(order)) as archive:
        asked = json.loads(archive.read("order.json"))
        return public_copy(archive.read("base"), archive.read("bundle"), asked["boxes"], asked["title"])


def public_copy(base: bytes, bundle: bytes, boxes: list[Box], title: str) -> bytes:
    """The PDF for the public.

    :param base: the PDF or photo that the bundle was made of: a page with boxes is drawn anew from it, for
        the blur of a picture already packed would tell of what stood beside a box's edge.
    """
    letters = Letters()
    drawn = sheets(base) if boxes else []
    with pikepdf.new() as made:
        font = made.make_indirect(Dictionary())
        for at, page in enumerate(pages_of(bundle), start=1):
            here = on_page(boxes, at)
            form, picture = page.form, b""
            if here:
                form, picture = encoded(burnt(look_at(drawn[at - 1])[0], page, here))
            else:
                picture = picture_of(bundle, at, form)
            words = content(runs(page, here), letters, FONT)
            _add_page(made, page, _image(made, form, picture), words, font)
        _fill_font(made, font, letters)
        _describe(made, title)
        saved = io.BytesIO()
        made.save(saved, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return saved.getvalue()


def _add_page(
    made: pikepdf.Pdf, page: Page, image: pikepdf.Object, words: bytes, font: pikepdf.Object
) -> None:
    made.add_blank_page(page_size=(page.width, page.height))
    new = made.pages[-1]
    new.obj["/Resources"] = Dictionary(
        Font=Dictionary({f"/{FONT}": font}), XObject=Dictionary({f"/{IMAGE}": image})
    )
    drawing = f"q {page.width:.3f} 0 0 {page.height:.3f} 0 0 cm /{IMAGE} Do Q\n".encode()
    new.obj["/Contents"] = made.make_stream(drawing + words)


def _image(made: pikepdf.Pdf, form: str, picture: bytes) -> pikepdf.Object:
    seen = Image.open(io.BytesIO(picture))
    gray = seen.mode == "L"
    image = made.make_stream(
        picture if form == "jpg" else b"".join(_chunks(picture, b"IDAT")),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=seen.width,
        Height=seen.height,
        ColorSpace=Name.DeviceGray if gray else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode if form == "jpg" else Name.FlateDecode,
    )
    if form == "png":  # what PNG packs, PDF unpacks
        colors = 1 if gray else 3
        image["/DecodeParms"] = Dictionary(
            Predictor=15, Colors=colors, BitsPerComponent=8, Columns=seen.width
        )
    return image


def _chunks(png: bytes, wanted: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == wanted:
            yield png[at + 8 : at + 8 + size]
        at += size + 12


def _fill_font(made: pikepdf.Pdf, font: pikepdf.Object, letters: Letters) -> None:
    """A font without outlines: its letters are never painted, only read."""
    name = Name("/Released")
    described = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=4, FontBBox=Array([0, -200, 1000, 800]),
        ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=800, StemV=80,
    )  # fmt: skip
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, DW=1000,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=made.make_indirect(described),
    )  # fmt: skip
    font["/Type"], font["/Subtype"], font["/BaseFont"] = Name.Font, Name.Type0, name
    font["/Encoding"] = Name("/Identity-H")
    font["/DescendantFonts"] = Array([made.make_indirect(inner)])
    font["/ToUnicode"] = made.make_stream(letters.to_unicode())


def _describe(made: pikepdf.Pdf, title: str) -> None:
    """Everything a reader of the file's properties finds; no dates, so that the same stays the same."""
    made.docinfo["/Title"] = String(title)
    made.docinfo["/Producer"] = String(PRODUCER)
    made.docinfo["/Creator"] = String(PRODUCER)
    made.Root["/Lang"] = String("zh-CN")
    made.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)


if __name__ == "__main__":
    answer(judge, broken="slow", limits=LIMITS)
