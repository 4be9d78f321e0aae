"""Attachments from outside: the page of a draft's files, the page of one file, and what each refuses."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from portal.attachments.models import Attachment
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.settings import Settings
from tests import examples
from tests.attaching import BASIS, NAME, attach, kept_in, one_page, upload
from tests.cast import Cast
from tests.doors.staff_room import Room

GROUND = {"ground": "trade_secret", "basis": BASIS}
NUMBER = "BT /F1 18 Tf 200 20 Td (11010519491231002X) Tj ET"


@pytest.fixture
def drafted(session: Session, cast: Cast, app: Flask) -> Revision:
    """A plan with a page beside it that holds an identity number."""
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    revision = attach(session, app, revision, by=cast.he, data=one_page(NUMBER))
    session.commit()
    return revision


@pytest.fixture
def newest(session: Session) -> Callable[[], Revision]:
    def latest() -> Revision:
        session.expire_all()
        return session.scalars(sa.select(Revision).order_by(Revision.id.desc())).first()  # type: ignore[return-value]

    return latest


def address(revision: Revision, rest: str = "") -> str:
    return f"/staff/revisions/{revision.id}/attachments{rest}"


def test_a_file_is_uploaded_judged_and_shown_page_by_page(
    session: Session, cast: Cast, room: Room, newest: Any, settings: Settings
) -> None:
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    he = room("he")
    answer = he.send(address(revision), address(revision), file=upload("内部 计划.pdf", one_page()), title="")
    assert answer.status_code == 302
    page = BeautifulSoup(he.get(answer.location).text, "html.parser")
    assert "附件1" in page.get_text()
    picture = page.select_one("svg image")
    assert picture is not None
    assert he.get(str(picture["href"])).content_type == "image/png"
    assert "SECRET RECIPE" in page.get_text()
    copy = he.get(address(newest(), "/1/copy.pdf"))
    assert (copy.content_type, copy.data[:5]) == ("application/pdf", b"%PDF-")
    assert len(kept_in(settings.quarantine_dir)) == 2  # what came, and what was seen of it


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("坏.pdf", b"%PDF-1.4 nothing more", "没有传完整"),
        ("程序.pdf", b"MZ" + bytes(300), "程序"),
        ("录音.mp3", b"ID3" + bytes(300), "另存为 PDF"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_to_do(
    session: Session, cast: Cast, room: Room, settings: Settings, name: str, data: bytes, says: str
) -> None:
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    answer = room("he").send(address(revision), address(revision), file=upload(name, data))
    assert answer.status_code == 422
    assert says in answer.text
    assert kept_in(settings.quarantine_dir) == set()
    assert session.scalar(sa.select(Attachment.id)) is None


def test_no_file_and_no_right_are_refused(session: Session, cast: Cast, room: Room) -> None:
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    assert "请选择要上传的文件" in room("he").send(address(revision), address(revision)).text
    assert room("fang").get(address(revision)).status_code == 404
    page = room("song").page(address(revision))
    assert page.select_one("input[type=file]") is None


def test_words_are_covered_where_they_stand(drafted: Revision, room: Room, newest: Any) -> None:
    page = address(drafted, "/1")
    answer = room("he").send(page, f"{page}/boxes", words="SECRET  RECIPE", page="1", **GROUND)
    assert answer.status_code == 302
    (box,) = newest().attachments[0]["boxes"]
    assert 0.05 < box["x0"] < 0.15 < box["x1"]
    assert box["ground"] == "trade_secret"
    again = address(newest(), "/1")
    assert "没有找到" in room("he").send(again, f"{again}/boxes", words="没有的字", page="1", **GROUND).text


def test_a_place_is_covered_by_its_sides_and_uncovered(drafted: Revision, room: Room, newest: Any) -> None:
    page, he = address(drafted, "/1"), room("he")
    sides = {"x0": "10", "y0": "20％", "x1": "50.5", "y1": "30"}
    assert he.send(page, f"{page}/boxes", page="1", **sides, **GROUND).status_code == 302
    (box,) = newest().attachments[0]["boxes"]
    assert (box["x0"], box["y0"], box["x1"], box["y1"]) == (0.1, 0.2, 0.505, 0.3)
    page = address(newest(), "/1")
    assert he.send(page, f"{page}/boxes/1/removal", page="1").status_code == 302
    assert newest().attachments[0]["boxes"] == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "四边的位置"),
        ({"x0": "50", "y0": "0", "x1": "10", "y1": "9"}, "方向反了"),
        ({"x0": "nan", "y0": "0", "x1": "inf", "y1": "9"}, "四边的位置"),
        ({"words": "RECIPE", "ground": "nothing"}, "理由"),
        ({"words": "RECIPE", "basis": " "}, "法律依据"),
    ],
)
def test_a_box_that_is_none_is_refused(
    drafted: Revision, room: Room, typed: dict[str, str], says: str
) -> None:
    page = address(drafted, "/1")
    answer = room("he").send(page, f"{page}/boxes", **({"page": "1"} | GROUND | typed))
    assert answer.status_code == 422
    assert says in answer.text


def test_what_recognisers_found_is_covered_or_kept(drafted: Revision, room: Room, newest: Any) -> None:
    page, he = address(drafted, "/1"), room("he")
    assert "11010519491231002X" in he.page(page).select("form.panel")[0].get_text()
    assert "写明保留的理由" in he.send(page, f"{page}/keepings", finding="0", reason=" ").text
    assert he.send(page, f"{page}/findings", finding="0", page="1").status_code == 302
    (box,) = newest().attachments[0]["boxes"]
    assert box["ground"] == "personal_info"
    page = address(newest(), "/1")
    assert "先勾选" in he.send(page, f"{page}/findings", finding="0").text


def test_a_whole_file_is_withheld_and_shown_again(drafted: Revision, room: Room, newest: Any) -> None:
    page, he = address(drafted, "/1"), room("he")
    assert "法律依据" in he.send(page, f"{page}/withholding", ground="privacy", basis="").text
    he.send(page, f"{page}/withholding", **GROUND)
    assert newest().attachments[0]["withheld"]["ground"] == "trade_secret"
    assert "整份不公开" in he.get(f"/staff/revisions/{newest().id}").text
    page = address(newest(), "/1")
    he.send(page, f"{page}/withholding", ground="", basis="")
    assert newest().attachments[0]["withheld"] is None
    assert newest().attachments[0]["copy"]["pages"] == 1


def test_a_file_is_renamed_and_taken_away(drafted: Revision, room: Room, newest: Any) -> None:
    page, he = address(drafted, "/1"), room("he")
    he.send(page, f"{page}/title", title="  检查 方案\n")
    assert newest().attachments[0]["title"] == "检查 方案"
    page = address(newest(), "/1")
    he.send(page, f"{page}/removal")
    assert newest().attachments == []


def test_no_page_of_the_room_leads_to_what_came(
    session: Session, drafted: Revision, room: Room, settings: Settings
) -> None:
    file = session.scalars(sa.select(Attachment)).one()
    he = room("he")
    pages = [
        he.get(address(drafted)),
        he.get(address(drafted, "/1")),
        he.get(f"/staff/revisions/{drafted.id}"),
    ]
    text = "".join(each.text for each in pages)
    assert NAME in text
    assert file.stored not in text
    original = (settings.quarantine_dir / file.stored[:2] / file.stored).read_bytes()
    for link in BeautifulSoup(text, "html.parser").select("a[href^='/staff'], image[href]"):
        assert original not in he.get(str(link["href"])).data


def test_pages_and_files_that_are_not_there_are_404(drafted: Revision, room: Room) -> None:
    he = room("he")
    for rest in ("/2", "/0", "/1?page=2", "/1/pages/2", "/2/copy.pdf", "/1/original", "/1/pages/0"):
        assert he.get(address(drafted, rest)).status_code == 404, rest
