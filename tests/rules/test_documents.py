"""Attachments made anew: what is seen of a file stays, what it hides is gone. Pure, in this process."""

import io
from functools import cache
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from portal.errors import Refused
from portal.evidence.unfit import Unfit
from portal.redaction.documents import bundle, copying, rendering
from portal.redaction.documents.boxes import in_pixels, places, why_not_box
from portal.redaction.documents.revisions import has_revisions
from portal.redaction.documents.taking_in import take_in
from tests import hidden_in_files, office_files
from tests.evidence_files import archive, pdf_locked, photo
from tests.hidden_in_files import CANARY, HIDING, SHOWN, page, saved

SECRET = "SECRET RECIPE"
TITLE = "附件1"


def box(page: int = 1, **sides: float) -> dict[str, Any]:
    whole = {"x0": 0.0, "y0": 0.0, "x1": 1.0, "y1": 1.0}
    return (
        {"page": page, "ground": "trade_secret", "basis": "《条例》第十五条", "by": 1, "at": ""}
        | whole
        | sides
    )


@cache
def seen(data: bytes) -> bytes:
    return rendering.judge(data)


def copy(data: bytes, boxes: list[Any] | None = None, title: str = TITLE) -> bytes:
    return copying.public_copy(data, seen(data), boxes or [], title)


def read(made: bytes) -> str:
    """Its words, as a browser's reader finds them."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))


def everything_in(made: bytes) -> bytes:
    """The file with every stream unpacked but the pictures, and all its objects."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        out = io.BytesIO()
        pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def line(text: str, at: int, size: float = 18) -> str:
    return f"BT /F1 {size} Tf 72 {at} Td ({text}) Tj ET"


@cache
def with_secret(secret: str = SECRET) -> bytes:
    return saved(page(f"{line('mixed with', 75)} {line(secret, 50)} {line('and water', 20)}"))


def secret_box() -> dict[str, Any]:
    (one,) = bundle.pages_of(seen(with_secret()))
    start = one.text.index(SECRET)
    (sides,) = places(one, start, start + len(SECRET))
    return box(**sides)


@pytest.mark.parametrize("how", HIDING)
def test_words_that_nobody_sees_are_not_in_the_copy(how: str) -> None:
    made = copy(HIDING[how]())
    assert SHOWN in read(made)
    for form in (
        CANARY.encode(),
        CANARY.encode("utf-16-be").hex().upper().encode(),
        CANARY.encode("utf-16-be"),
    ):
        assert form not in made + everything_in(made)
    assert CANARY not in read(made)


def test_faint_words_are_not_in_the_picture_either() -> None:
    form = bundle.pages_of(seen(HIDING["nearly white"]()))[0].form
    picture = Image.open(io.BytesIO(bundle.picture_of(seen(HIDING["nearly white"]()), 1, form)))
    width, height = picture.size
    below = picture.convert("L").crop((0, height // 2, width, height))
    assert below.getextrema() == (255, 255)


def test_what_lies_under_a_box_is_gone_from_pixels_and_words() -> None:
    made = copy(with_secret(), [secret_box()])
    words = read(made)
    assert "mixed with" in words
    assert "and water" in words
    assert "〔依法隐去：商业秘密〕" in words
    assert "SECRET" not in words
    assert "RECIPE" not in words
    assert under(made, secret_box()) <= {0, 255}


def under(made: bytes, hidden: dict[str, Any]) -> set[Any]:
    """The shades at the edge of a box in the copy's picture, where no letter of its ground stands."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        picture = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.I).as_pil_image().convert("L")
    (one,) = bundle.pages_of(seen(with_secret()))
    left, top, right, _bottom = in_pixels(hidden, one)
    return {shade for _count, shade in picture.crop((left, top, right, top + 2)).getcolors() or []}


def test_two_worlds_that_differ_under_a_box_give_the_same_bytes() -> None:
    """The other secret is as long; where the next line begins is the writer's layout, not ours."""
    one = copy(with_secret(), [box(y0=0.46, y1=0.67)])
    other = copy(with_secret("HIDDEN ENTRY!"), [box(y0=0.46, y1=0.67)])
    assert one == other


def test_the_same_file_gives_the_same_bytes() -> None:
    assert copy(with_secret(), [secret_box()]) == copy(with_secret(), [secret_box()])
    assert copy(with_secret(), title="一") != copy(with_secret(), title="二")


def test_the_copy_says_of_itself_what_we_set_and_no_more() -> None:
    with pikepdf.open(io.BytesIO(copy(HIDING["in the properties"]()))) as pdf:
        assert {key: str(value) for key, value in pdf.docinfo.items()} == {
            "/Title": TITLE, "/Producer": "portal", "/Creator": "portal",
        }  # fmt: skip
        assert set(pdf.Root.keys()) == {"/Lang", "/Pages", "/Type", "/ViewerPreferences"}
        assert set(pdf.pages[0].obj.keys()) == {"/Contents", "/MediaBox", "/Parent", "/Resources", "/Type"}


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_photo_becomes_a_page_of_its_pixels(format: str) -> None:
    made = copy(hidden_in_files.photo(format), [box(x1=0.5)])
    assert CANARY.encode() not in made + everything_in(made)
    assert read(made).strip() == "〔依法隐去：商业秘密〕"


def test_a_turned_page_and_a_cut_page_have_their_words_where_they_are_seen() -> None:
    made = page("BT /F1 18 Tf 0 1 -1 0 150 45 Tm (turned) Tj ET")
    made.pages[0].obj["/Rotate"] = 90
    made.pages[0].obj["/CropBox"] = pikepdf.Array([100, 30, 420, 130])
    (one,) = bundle.pages_of(seen(saved(made)))
    (turned,) = [each for each in one.lines if each.text == "turned"]
    assert (one.width, one.height) == (100, 320)
    assert 0.1 < turned.lefts[0] < 0.2
    assert 0.1 < turned.top < turned.bottom < 0.2


def test_boxes_are_refused_in_sentences() -> None:
    assert why_not_box(box(), 1) == []
    assert why_not_box(box(page=2), 1)
    assert why_not_box(box(x0=0.5, x1=0.4), 1)
    assert why_not_box(box(x1=1.5), 1)
    assert why_not_box({**box(), "ground": "secret"}, 1)
    assert why_not_box({**box(), "basis": " "}, 1)
    assert len(why_not_box({}, 1)) == 4


def test_a_file_of_too_many_pages_or_behind_a_password_is_refused() -> None:
    with pikepdf.new() as made:
        for _ in range(61):
            made.add_blank_page()
        long = saved(made)
    for data, why in ((long, "pdf_pages"), (pdf_locked("x"), "pdf_locked"), (b"%PDF-1.4 broken", "pdf_cut")):
        with pytest.raises(Unfit) as unfit:
            rendering.judge(data)
        assert unfit.value.why == why


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.pdf", b""),
        ("程序.pdf", b"MZ" + bytes(300)),
        ("说明.txt", "文字".encode()),
        ("页面.html", b"<html>"),
        ("包.zip", archive({"a.txt": b"x"})),
        ("宏.docx", office_files.docx()[:400]),
    ],
)
def test_what_can_not_become_a_page_is_refused_with_what_to_do(name: str, data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        take_in(name, data)
    (reason,) = refused.value.reasons
    assert reason.startswith(f"“{name}”：")
    assert "请" in reason


def test_what_was_struck_out_of_an_office_file_is_found() -> None:
    assert has_revisions(office_files.docx(office_files.STRUCK_OUT))
    assert not has_revisions(office_files.docx())
    assert not has_revisions(office_files.xlsx())


def test_a_photo_goes_through_the_process_apart() -> None:
    taken = take_in("现场.jpg", photo(turned=6))
    assert (taken.format, len(taken.pages)) == ("jpeg", 1)
    assert taken.pages[0].pixels == (200, 320)
