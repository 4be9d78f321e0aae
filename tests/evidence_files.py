"""Files as people hand them in, and as those do who mean harm. All of them made here."""

import io
import random
import struct
import zipfile
from collections.abc import Mapping

import pikepdf
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
PROGRAM = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(200)

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(width: int = 320, height: int = 200) -> Image.Image:
    """Red on its left half, blue on its right."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (width // 2, 0, width, height))
    return made


def photo(
    format: str = "JPEG", *, turned: int = 1, size: tuple[int, int] = (320, 200), **more: object
) -> bytes:
    """With a maker, a place and an orientation in its EXIF, as a phone writes it."""
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[MAKE] = "SHILI PHONE"
    exif[GPS] = {1: "N", 2: (36.0, 49.0, 2.5), 3: "E", 4: (118.0, 3.0, 1.5)}
    made = io.BytesIO()
    picture(*size).save(made, format, exif=exif.tobytes(), **more)
    return made.getvalue()


def noise(format: str, side: int = 160) -> bytes:
    """A picture that can not be packed small, so that half of the file is half of the picture."""
    made = io.BytesIO()
    pixels = random.Random(7).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(made, format)
    return made.getvalue()


def plain_photo(format: str, mode: str = "RGB") -> bytes:
    made = io.BytesIO()
    picture().convert(mode).save(made, format)
    return made.getvalue()


def pdf(**root: pikepdf.Object) -> bytes:
    """One blank page, and more keys for its root."""
    with pikepdf.new() as made:
        made.add_blank_page()
        for key, value in root.items():
            made.Root[f"/{key}"] = value
        return saved(made)


def saved(made: pikepdf.Pdf, **more: object) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer, **more)  # type: ignore[arg-type]
    return buffer.getvalue()


def pdf_with_attachment(name: str, content: bytes) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.attachments[name] = content
        return saved(made)


def pdf_locked(password: str) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        return saved(made, encryption=pikepdf.Encryption(user=password, owner="owner"))


_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_OVERRIDE = '<Override PartName="/{}" ContentType="{}"/>'


def archive(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def docx(more: Mapping[str, bytes | str] | None = None, *, media_type: str = "application/xml") -> bytes:
    main = "word/document.xml"
    types = _TYPES.format(_OVERRIDE.format(main, media_type))
    return archive({"[Content_Types].xml": types, main: "<document>情况说明</document>", **(more or {})})


def relation(kind: str, target: str) -> str:
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        f' Target="{target}" TargetMode="External"/></Relationships>'
    )


def compound(*names: str, body: bytes = b"") -> bytes:
    """An OLE compound file reduced to its head, a body and a directory with these names."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return head + body.ljust(-(-len(body) // 512) * 512, b"\0") + entries


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def recording(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", bytes(64)) + box(b"mdat", bytes(4000))
