"""Signing keys and signatures as staff meet them on their pages."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.db import Base
from portal.objections import deciding
from portal.people import signing_keys
from portal.publications import pipeline, signing
from portal.publications.models import Publication, Revision
from portal.publications.signed import SignedSheet
from tests import evidence_files, objecting
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room
from tests.objecting import object_to
from tests.office import propose
from tests.officers import PASSPHRASE, give_keys, require_signatures

REASON = "检查日期录入有误。"


def submitted(session: Session, cast: Cast, result: Publication, act: str = "correct") -> Revision:
    revision = propose(session, cast, result, act, REASON)
    pipeline.submit(session, revision, by=cast.he)
    session.commit()
    return revision


def test_a_correction_is_signed_by_two_on_its_page(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    require_signatures(session, cast)
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    he, lin = room("he"), room("lin")
    assert he.send(page, f"{page}/signatures", passphrase=PASSPHRASE).status_code == 302
    assert lin.send(page, f"{page}/approval", passphrase=PASSPHRASE).status_code == 302
    assert "两个人的签名已经齐全" in lin.page(page).text
    assert lin.send(page, f"{page}/publication").status_code == 302
    assert result.version == 2


def test_without_the_signatures_the_button_is_grey_and_says_why(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    require_signatures(session, cast)
    revision = submitted(session, cast, result)
    pipeline.approve(session, revision, by=cast.lin)
    page = f"/staff/revisions/{revision.id}"
    lin = room("lin")
    assert "没有另一名经办人的签名" in lin.page(page).text
    assert lin.send(page, f"{page}/publication").status_code == 422


def test_a_wrong_passphrase_signs_nothing_and_is_counted(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    give_keys(session, cast, "he", "lin")
    revision = submitted(session, cast, result)
    page = f"/staff/revisions/{revision.id}"
    lin = room("lin")
    answer = lin.send(page, f"{page}/approval", passphrase="不是这个口令 2026")
    assert answer.status_code == 422
    assert "签名口令不正确" in answer.text
    assert revision.state == "submitted"
    key = signing_keys.key_of(session, cast.lin)
    assert key is not None
    assert key.failures == 1


def test_an_old_sign_in_is_asked_for_the_password_again(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    give_keys(session, cast, "he", "lin")
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    he = room("he")
    with clock.at(clock.now() + timedelta(minutes=16)):
        answer = he.send(page, f"{page}/signatures", passphrase=PASSPHRASE)
        assert "请再输入一次登录密码" in answer.text
        answer = he.send(page, f"{page}/signatures", passphrase=PASSPHRASE, password="错的密码 2026")
        assert answer.status_code == 422
        answer = he.send(page, f"{page}/signatures", passphrase=PASSPHRASE, password=PASSWORD)
        assert answer.status_code == 302


def test_the_passphrase_is_on_no_page_in_no_line_of_the_log_and_in_no_table(
    session: Session, cast: Cast, room: Room, result: Publication, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    he = room("he")
    he.send("/staff/signing-key", "/staff/signing-key", passphrase=PASSPHRASE, passphrase_again=PASSPHRASE)
    he.send(page, f"{page}/signatures", passphrase=PASSPHRASE)
    late = he.client.post(f"{page}/signatures", data={"passphrase": PASSPHRASE}, headers={"Origin": "http://localhost"})  # fmt: skip
    seen = [he.get(at).text for at in (page, "/staff/signing-key")] + [late.text, caplog.text]
    for table in Base.metadata.sorted_tables:
        seen += [str(row) for row in session.execute(sa.select(table))]
    assert not any(PASSPHRASE in text for text in seen)


def test_what_is_signed_is_shown_with_its_fingerprint_and_can_be_taken_away(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    give_keys(session, cast, "he")
    revision = submitted(session, cast, result)
    page = f"/staff/revisions/{revision.id}"
    he = room("he")
    assert he.get(f"{page}/statement").status_code == 404
    he.send(page, f"{page}/statement")
    said = he.get(f"{page}/statement").data
    assert said == signing.statement_of(session, revision)
    assert signing.fingerprint(said) in he.page(page).text
    assert signing.fingerprint(said) in he.page(f"{page}/sheet").text


def test_another_departments_signatures_are_not_there(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    give_keys(session, cast, "fang", "he")
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    fang = room("fang")
    token = fang.page("/staff/signing-key").select_one("input[name=csrf_token]")
    assert token is not None
    for address in ("signatures", "statement", "sheets"):
        answer = fang.client.post(f"{page}/{address}", data={"csrf_token": token["value"]})
        assert answer.status_code == 404
    assert fang.get(f"{page}/sheet").status_code == 404


def test_the_public_reads_how_a_correction_was_signed(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication, visitor: FlaskClient
) -> None:
    require_signatures(session, cast)
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    room("he").send(page, f"{page}/signatures", passphrase=PASSPHRASE)
    lin = room("lin")
    lin.send(page, f"{page}/approval", passphrase=PASSPHRASE)
    lin.send(page, f"{page}/publication")
    notice = visitor.get(f"/results/{result.number}/corrections/2").text
    assert "两个签名都已核对" in notice
    assert "两个签名都已核对" in visitor.get("/corrections/").text
    assert visitor.get("/log/").status_code == 200


def test_a_signed_sheet_is_uploaded_seen_and_confirmed(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    require_signatures(session, cast)
    page = f"/staff/revisions/{submitted(session, cast, result).id}"
    he, song = room("he"), room("song")
    he.send(page, f"{page}/statement")
    scan = evidence_files.plain_photo("JPEG")
    answer = he.send(
        page, f"{page}/sheets", signer=[cast.lin.id, cast.he.id], file=(BytesIO(scan), "审批表.jpg")
    )
    assert answer.status_code == 302
    sheet = session.scalars(sa.select(SignedSheet)).one()
    assert he.send(page, f"{page}/sheets/{sheet.id}/confirmation").status_code == 422
    assert song.get(f"{page}/sheets/{sheet.id}").data == scan
    assert song.get(f"{page}/sheets/{sheet.id}/picture").mimetype == "image/jpeg"
    assert song.send(page, f"{page}/sheets/{sheet.id}/confirmation").status_code == 302
    assert "两个人的签名已经齐全" in song.page(page).text
    assert sheet.sha256 in song.page(page).text
    other = f"/staff/revisions/{result.revisions[0].id}/sheets/{sheet.id}"
    assert song.get(other).status_code == 404


def test_the_head_signs_an_answer_and_its_correction_on_the_sheet(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    keys = require_signatures(session, cast)
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    signing.sign(session, revision, keys["he"], by=cast.he)
    deciding.draft_decision(session, case, "corrected", "记录齐全。", by=cast.shen, revision=revision)
    session.commit()
    sheet, lin = f"/staff/objections/{case.id}/sheet", room("lin")
    assert "何知远" in lin.page(sheet).select_one("#signatures").text
    without = lin.send(sheet, f"/staff/objections/{case.id}/signature", password=PASSWORD)
    assert "没有主要负责人的签名" in without.text
    signed = lin.send(
        sheet, f"/staff/objections/{case.id}/signature", password=PASSWORD, passphrase=PASSPHRASE
    )
    assert signed.status_code == 302
    assert case.state == "signed"
    assert result.version == 2


def test_an_officer_on_an_objections_sheet_signs_and_is_back_on_it(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    give_keys(session, cast, "he")
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    deciding.draft_decision(session, case, "corrected", "记录齐全。", by=cast.shen, revision=revision)
    session.commit()
    sheet = f"/staff/objections/{case.id}/sheet"
    he = room("he")
    form = he.page(sheet).select_one("#signatures form[action$='/signatures']")
    given = {str(each["name"]): str(each.get("value", "")) for each in form.select("input[name]")}
    answer = he.client.post(str(form["action"]), data=given | {"passphrase": PASSPHRASE})
    assert answer.location.startswith(sheet)
