"""PDFs and photos that hide words in every place such files have. All of them made here; ``CANARY`` is nowhere seen."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin

CANARY = "CANARY7Q"
SHOWN = "Released words 2026"
WIDE = (420, 130)  # points


def page(drawing: str, **more: Any) -> pikepdf.Pdf:
    """A strip of a page with a line that anybody may read, and whatever else is drawn on it."""
    made = pikepdf.new()
    made.add_blank_page(page_size=WIDE)
    one = made.pages[0].obj
    one["/Resources"] = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
        **more,
    )
    text = f"BT /F1 18 Tf 40 100 Td ({SHOWN}) Tj ET\n{drawing}\n"
    one["/Contents"] = made.make_stream(text.encode())
    return made


def saved(made: pikepdf.Pdf, **more: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **more)
    return out.getvalue()


def words(at: int, before: str = "", size: float = 18, x: int = 72) -> str:
    return f"q {before} BT /F1 {size} Tf {x} {at} Td ({CANARY}) Tj ET Q"


def under_a_field(color: str) -> bytes:
    return saved(page(f"{words(50)} {color} rg 60 40 300 25 re f"))


def under_a_picture() -> bytes:
    made = page(f"{words(50)} q 300 0 0 25 60 40 cm /P Do Q")
    noise = Image.effect_noise((300, 40), 90).convert("RGB")
    picture = made.make_stream(
        noise.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=300, Height=40,
        ColorSpace=Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    made.pages[0].obj.Resources["/XObject"] = Dictionary(P=picture)
    return saved(made)


def under_other_words() -> bytes:
    """Two texts on one another: which one is seen can not be told, so neither is released as text."""
    return saved(
        page(f"{words(50)} q 1 1 1 rg 71 48 95 16 re f 0 g BT /F1 18 Tf 72 50 Td (XXXXXXXX) Tj ET Q")
    )


def beside_the_page() -> bytes:
    made = page(f"{words(50, x=-200)} {words(10)}")
    made.pages[0].obj["/CropBox"] = Array([0, 30, 420, 130])
    return saved(made)


def in_a_layer_switched_off() -> bytes:
    made = page(f"/OC /L BDC {words(50)} EMC")
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    made.pages[0].obj.Resources["/Properties"] = Dictionary(L=layer)
    made.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    return saved(made)


def as_replacement() -> bytes:
    """The file states other words than are drawn: whoever copies the line gets these."""
    hex_words = ("\ufeff" + CANARY).encode("utf-16-be").hex()
    return saved(page(f"/Span <</ActualText <{hex_words}>>> BDC BT /F1 18 Tf 72 50 Td (drawn) Tj ET EMC"))


def in_a_note() -> bytes:
    made = page("")
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([100, 50, 120, 70]), Contents=String(CANARY),
        T=String(CANARY),
    )  # fmt: skip
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 420, 130]),
        A=Dictionary(S=Name.URI, URI=String(f"https://example.com/{CANARY}")),
    )  # fmt: skip
    made.pages[0].obj["/Annots"] = Array([made.make_indirect(note), made.make_indirect(link)])
    return saved(made)


def in_the_properties() -> bytes:
    made = page("")
    made.docinfo["/Author"] = String(CANARY)
    made.docinfo["/Title"] = String(CANARY)
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [CANARY]
    made.attachments["note.txt"] = CANARY.encode()
    made.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{CANARY}')"))
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(CANARY, 0))
    return saved(made)


def in_an_earlier_save() -> bytes:
    """A page replaced by a later save, as editors append it; the earlier words are still in the file."""
    first = saved(page(words(50)))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number = pdf.pages[0].obj.Contents.objgen[0]
        size = len(pdf.objects) + 1
    start = first.rindex(b"startxref") + 9
    previous = int(first[start:].split()[0])
    body = f"BT /F1 18 Tf 40 100 Td ({SHOWN}) Tj ET".encode()
    at = len(first)
    new = f"{number} 0 obj\n<</Length {len(body)}>>\nstream\n".encode() + body + b"\nendstream\nendobj\n"
    table = at + len(new)
    root = first[first.rindex(b"/Root") :].split()[1].decode()
    end = (
        f"xref\n0 1\n0000000000 65535 f \n{number} 1\n{at:010d} 00000 n \n"
        f"trailer\n<</Size {size} /Root {root} 0 R /Prev {previous}>>\nstartxref\n{table}\n%%EOF\n"
    )
    return first + new + end.encode()


HIDING = {
    "white": lambda: saved(page(words(50, "1 g"))),
    "nearly white": lambda: saved(page(words(50, "0.97 g"))),
    "never painted": lambda: saved(page(words(50, "3 Tr"))),
    "tiny": lambda: saved(page(words(50, size=1.5))),
    "under a white field": lambda: under_a_field("1 1 1"),
    "under a black field": lambda: under_a_field("0 0 0"),
    "under a picture": under_a_picture,
    "under other words": under_other_words,
    "beside the page": beside_the_page,
    "in a layer switched off": in_a_layer_switched_off,
    "as replacement": as_replacement,
    "in a note": in_a_note,
    "in the properties": in_the_properties,
    "in an earlier save": in_an_earlier_save,
}


def photo(format: str) -> bytes:
    """A photo that says where it was taken, by whom, and what it showed before it was cut."""
    exif = Image.Exif()
    exif[0x013B], exif[0x010E], exif[0x8298] = CANARY, CANARY, CANARY
    exif[0x8825] = {1: "N", 2: (36.0, 49.0, 2.5), 3: "E", 4: (118.0, 3.0, 1.5)}
    seen = Image.effect_noise((320, 200), 60).convert("RGB")
    out = io.BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    if format == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", CANARY)
        seen.save(out, "PNG", pnginfo=info, exif=exif)
    else:
        seen.save(out, "JPEG", exif=exif, comment=CANARY, xmp=xmp, icc_profile=CANARY.encode() * 20)
    return out.getvalue()
