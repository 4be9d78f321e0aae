"""What leaves a case: files to save and never to show, photos made anew, the whole as one file for the archive."""

import json
import zipfile
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.files import Store
from portal.ledger.models import Entry
from portal.objections import handling, keeping
from portal.objections.models import Objection
from portal.publications.models import Publication
from tests import evidence_files, objecting
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to

PHOTO = evidence_files.plain_photo("JPEG", "RGB")


def with_files(app: Flask, session: Session, cast: Cast, result: Publication) -> Objection:
    """A case with a photo and a PDF, handed in at the counter."""
    case = object_to(session, result)
    store = Store(app.extensions["portal_settings"].evidence_dir)
    sent = [("台账 第3页.jpg", PHOTO), ("说明.pdf", evidence_files.pdf())]
    handling.add_files(session, case, keeping.keep(store, sent, purpose="evidence"), by=cast.he)
    session.commit()
    return case


def test_a_file_is_saved_as_received_and_never_shown(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = with_files(app, session, cast, result)
    photo, paper = case.files
    shen = room("shen")
    answer = shen.get(f"/staff/objections/{case.id}/files/{photo.id}")
    assert answer.data == PHOTO
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = shen.get(f"/staff/objections/{case.id}/photos/{photo.id}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg") and shown.data != PHOTO
    assert shen.get(f"/staff/objections/{case.id}/photos/{paper.id}").status_code == 404
    pictures = [
        str(each["src"]) for each in shen.page(f"/staff/objections/{case.id}").select(".evidence img")
    ]
    assert pictures == [f"/staff/objections/{case.id}/photos/{photo.id}"]


def test_a_file_is_had_under_its_own_case_alone(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case, other = with_files(app, session, cast, result), object_to(session, result, key="other")
    file_id = case.files[0].id
    for part in ("files", "photos"):
        assert room("shen").get(f"/staff/objections/{other.id}/{part}/{file_id}").status_code == 404
        assert room("fang").get(f"/staff/objections/{case.id}/{part}/{file_id}").status_code == 404
        assert room("shen").get(f"/staff/objections/{case.id}/{part}/999999").status_code == 404


def test_who_looks_on_has_no_papers_of_the_objector(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = with_files(app, session, cast, result)
    for who in ("gu", "qiao"):
        page = room(who).page(f"/staff/objections/{case.id}")
        assert page.select(".evidence li") and not page.select(".evidence a, .evidence img"), who
        listed = page.select_one(".evidence")
        assert all(each.name not in listed.text for each in case.files), who
        for part in ("files", "photos"):
            assert room(who).get(f"/staff/objections/{case.id}/{part}/{case.files[0].id}").status_code == 400


def put_in(room: Room, case: Objection, who: str, name: str, data: bytes, purpose: str = "sheet") -> Any:
    page = f"/staff/objections/{case.id}"
    return room(who).send(page, f"{page}/files", purpose=purpose, file=(BytesIO(data), name))


def test_the_signed_sheet_of_paper_is_put_into_the_case(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = object_to(session, result)
    assert put_in(room, case, "shen", "审批表.pdf", evidence_files.pdf()).status_code == 302
    assert [(each.purpose, each.by_id) for each in case.files] == [("sheet", cast.shen.id)]
    assert put_in(room, case, "shen", "x.pdf", evidence_files.pdf(), "nonsense").status_code == 422
    hostile = put_in(room, case, "shen", "审批表.pdf", b"<html><script>alert(1)</script></html>")
    assert hostile.status_code == 422 and "审批表.pdf" in hostile.text
    assert put_in(room, case, "gu", "x.pdf", evidence_files.pdf()).status_code == 422
    assert len(case.files) == 1


def test_the_archive_holds_the_whole_case(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = with_files(app, session, cast, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, "corrected", objecting.correction(session, cast, case))
    answer = room("lin").get(f"/staff/objections/{case.id}/archive.zip")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.receipt}.zip"'
    held = zipfile.ZipFile(BytesIO(answer.data))
    assert held.testzip() is None
    names = {each.removeprefix(f"{case.receipt}/") for each in held.namelist()}
    papers = {"receipt", "decision", "approval", "correction", "sheet"}
    assert {f"papers/{each}.html" for each in papers} <= names
    body = session.get_one(Entry, case.entry_index).body
    assert held.read(f"{case.receipt}/ledger/{case.entry_index}.json") == body
    files = [each for each in names if each.startswith("files/")]
    assert len(files) == 2 and any(held.read(f"{case.receipt}/{each}") == PHOTO for each in files)
    data = json.loads(held.read(f"{case.receipt}/case.json"))
    assert [each["act"] for each in data["steps"]] == [each.act for each in case.steps]
    assert "code_hash" not in data and "key_hash" not in data
    assert data["people"][str(cast.lin.id)] == "林望舒"


def test_an_archive_tells_of_a_file_that_the_disk_has_lost(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    case = with_files(app, session, cast, result)
    Store(app.extensions["portal_settings"].evidence_dir).delete(case.files[0].stored)
    assert room("shen").get(f"/staff/objections/{case.id}/files/{case.files[0].id}").status_code == 404
    held = zipfile.ZipFile(BytesIO(room("shen").get(f"/staff/objections/{case.id}/archive.zip").data))
    assert [each for each in held.namelist() if each.endswith(".missing")]
    assert held.testzip() is None
