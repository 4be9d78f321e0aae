"""Our copies before the eyes of programs that are not ours: pdftotext, qpdf, exiftool; and LibreOffice before them."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from portal.errors import Refused
from portal.redaction.documents import copying, rendering
from portal.redaction.documents.taking_in import public_copy, take_in
from tests import hidden_in_files, office_files
from tests.hidden_in_files import CANARY, HIDING, SHOWN
from tests.rules.test_documents import TITLE, copy, secret_box, with_secret

pytestmark = pytest.mark.slow

OURS = {
    "ExifToolVersion", "FileName", "Directory", "FileSize", "FileModifyDate", "FileAccessDate",
    "FileInodeChangeDate", "FilePermissions", "FileType", "FileTypeExtension", "MIMEType", "PDFVersion",
    "Linearized", "PageCount",
}  # fmt: skip
SET_BY_US = {"Title": TITLE, "Producer": "portal", "Creator": "portal", "Language": "zh-CN"}


def said_by(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=True).stdout


def looked_at(made: bytes, folder: Path) -> bytes:
    """Everything these programs have to say of a file."""
    file = folder / "copy.pdf"
    file.write_bytes(made)
    return b"\n".join(
        [
            said_by("pdftotext", str(file), "-"),
            said_by("pdftotext", "-raw", str(file), "-"),
            said_by("qpdf", "--qdf", "--object-streams=disable", str(file), "-"),
            said_by("exiftool", "-a", "-u", "-ee", str(file)),
            said_by("pdfinfo", "-meta", "-js", "-struct-text", str(file)),
            said_by("pdfdetach", "-list", str(file)),
            made,
        ]
    )


def properties(made: bytes, folder: Path) -> dict[str, str]:
    (folder / "copy.pdf").write_bytes(made)
    lines = said_by("exiftool", "-s", str(folder / "copy.pdf")).decode().splitlines()
    pairs = (each.split(":", 1) for each in lines)
    return {name.strip(): value.strip() for name, value in pairs}


def without_a_word(text: bytes, words: str = CANARY) -> bool:
    forms = (
        words.encode(),
        words.encode("utf-16-be"),
        words.encode("utf-16-le"),
        words.encode("utf-16-be").hex().encode(),
    )
    return not any(form.lower() in text.lower() for form in forms)


@pytest.mark.parametrize("how", HIDING)
def test_no_program_finds_what_a_pdf_hid(how: str, tmp_path: Path) -> None:
    source = HIDING[how]()
    made = copying.public_copy(source, rendering.judge(source), [], TITLE)
    said = looked_at(made, tmp_path)
    assert without_a_word(said)
    assert SHOWN.encode() in said


def test_no_program_finds_what_lies_under_a_box(tmp_path: Path) -> None:
    said = looked_at(copy(with_secret(), [secret_box()]), tmp_path)
    assert without_a_word(said, "SECRET")
    assert "〔依法隐去：商业秘密〕" in said.decode("utf-8", "replace")


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_no_program_finds_what_a_photo_hid(format: str, tmp_path: Path) -> None:
    source = hidden_in_files.photo(format)
    made = copying.public_copy(source, rendering.judge(source), [], TITLE)
    assert without_a_word(looked_at(made, tmp_path))
    for image in pictures_in(made, tmp_path):
        told = said_by("exiftool", "-a", "-G", str(image)).decode()
        assert not {"EXIF", "GPS", "XMP", "ICC_Profile", "Photoshop"} & {
            each[1:].split("]")[0] for each in told.splitlines()
        }
        assert "Comment" not in told


def pictures_in(made: bytes, folder: Path) -> list[Path]:
    (folder / "photo.pdf").write_bytes(made)
    said_by("pdfimages", "-all", str(folder / "photo.pdf"), str(folder / "image"))
    return list(folder.glob("image*"))


def test_exiftool_reads_what_we_set_and_nothing_else(tmp_path: Path) -> None:
    found = properties(copy(HIDING["in the properties"]()), tmp_path)
    assert {name: value for name, value in found.items() if name not in OURS} == SET_BY_US


# ── office files ─────────────────────────────────────────────


@cache
def from_office(kind: str) -> tuple[bytes, str]:
    """The public copy of an office file, and what of it was seen."""
    taken = take_in(f"文件.{kind}", {"docx": office_files.docx, "xlsx": office_files.xlsx}[kind]())
    return public_copy(taken.base, taken.bundle, [], TITLE), "\n".join(page.text for page in taken.pages)


@pytest.mark.parametrize(("kind", "shown"), [("docx", "第二段"), ("xlsx", "12345")])
def test_an_office_file_gives_what_it_shows_and_nothing_it_hides(
    kind: str, shown: str, tmp_path: Path
) -> None:
    made, seen = from_office(kind)
    assert "公开的文字" in seen
    assert shown in seen
    assert CANARY not in seen
    assert without_a_word(looked_at(made, tmp_path))


def test_a_file_with_words_struck_out_is_sent_back() -> None:
    with pytest.raises(Refused, match="修订痕迹"):
        take_in("计划.docx", office_files.docx(office_files.STRUCK_OUT))
