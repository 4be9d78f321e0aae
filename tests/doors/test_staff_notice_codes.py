"""核验码 in the staff's room: shown once, printed or taken away; brought in from the platform; who may."""

import io
import re
from typing import Any

import openpyxl
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.intake.notice_codes import read_notice_codes
from portal.objections import identity
from portal.objections.models import NoticeCode
from portal.publications.models import Publication
from tests.cast import Cast
from tests.conftest import csrf_token
from tests.doors.staff_room import Room, Visit
from tests.objecting import object_to

TASK_NO, FIRM, OTHER = "33990020261012003", "9133990075TNM5LB3J", "91339900QD7612PLT6"
PAGE, TASK = "/staff/notice-codes/", "/staff/notice-codes/RW-2026-0001"
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}\b")


def upload(visit: Visit, content: bytes) -> TestResponse:
    token = csrf_token(visit.get(PAGE).text)
    data: dict[str, Any] = {"csrf_token": token, "file": (io.BytesIO(content), "核验码.csv")}
    answer = visit.client.post(f"{PAGE}file", data=data, content_type="multipart/form-data")
    visit.session.expire_all()
    return answer


def slips(answer: TestResponse) -> dict[str, str]:
    """Code by entity code, as a sheet shows them."""
    page = BeautifulSoup(answer.text, "html.parser")
    return {
        each.select_one(".slip-for span").text: each.select_one(".slip-code b").text  # type: ignore[union-attr]
        for each in page.select(".slip")
    }


def test_codes_are_shown_once_and_open_the_case(session: Session, result: Publication, room: Room) -> None:
    song = room("song")
    assert "RW-2026-0001" in song.get(PAGE).text
    answer = song.send(TASK, TASK, **{"as": "sheet"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    shown = slips(answer)
    assert set(shown) == {FIRM, OTHER}
    assert all(CODE.fullmatch(each) for each in shown.values())
    assert "http://127.0.0.1:8000/objections/" in answer.text
    for page in (PAGE, TASK):
        assert not CODE.search(song.get(page).text)
    assert "宋清和" in song.get(PAGE).text
    kept = session.query(NoticeCode).all()
    assert not [each for each in kept if shown[each.entity_code] in each.code_hash]
    case = object_to(session, result)
    assert identity.fits_notice_code(session, case, shown[FIRM])


def test_a_page_that_is_loaded_again_does_not_end_the_codes_just_printed(session: Session, result: Publication, room: Room) -> None:  # fmt: skip
    song = room("song")
    form = {"csrf_token": csrf_token(song.get(TASK).text), "seen": "0", "as": "sheet"}
    first = song.client.post(TASK, data=form)
    again = song.client.post(TASK, data=form)
    assert (first.status_code, again.status_code) == (200, 409)
    assert not CODE.search(again.text)
    assert "全部作废" in song.get(TASK).text
    session.expire_all()
    case = object_to(session, result)
    assert identity.fits_notice_code(session, case, slips(first)[FIRM])


def test_a_form_without_the_step_it_was_made_from_ends_no_codes(session: Session, result: Publication, room: Room) -> None:  # fmt: skip
    song = room("song")
    song.send(TASK, TASK, **{"as": "sheet"})
    token = csrf_token(song.get(TASK).text)
    assert song.client.post(TASK, data={"csrf_token": token, "as": "sheet"}).status_code == 409


def test_the_table_holds_text_alone_and_can_be_brought_in_again(session: Session, result: Publication, room: Room, tmp_path: Any) -> None:  # fmt: skip
    song = room("song")
    answer = song.send(TASK, TASK, **{"as": "table"})
    assert "attachment" in answer.headers["Content-Disposition"]
    path = tmp_path / "codes.xlsx"
    path.write_bytes(answer.data)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("检查对象名称", "统一社会信用代码", "任务编号", "核验码")
    assert {type(cell) for row in rows for cell in row} == {str}
    read, refused = read_notice_codes(path)
    assert [(each.task_no, each.entity_code) for each in read] == [(TASK_NO, FIRM), (TASK_NO, OTHER)]
    assert not refused


def test_codes_of_the_platform_come_in_and_refused_rows_say_why(session: Session, result: Publication, room: Room) -> None:  # fmt: skip
    he = room("he")
    text = f"任务编号,统一社会信用代码,核验码\n{TASK_NO},{FIRM},7KQ2-9MXA\n{TASK_NO},{OTHER},1234\n33990020260101001,{FIRM},AAAA-BBBB\n"
    page = upload(he, text.encode("utf-8-sig")).text
    assert "第3行" in page and "太短" in page
    assert "第4行" in page and "没有找到本单位公示的抽查任务" in page
    for code in ("7KQ2", "AAAA-BBBB"):
        assert code not in page
    case = object_to(session, result)
    assert identity.fits_notice_code(session, case, "7kq29mxa")


def test_a_file_that_is_no_table_of_codes_takes_nothing(
    session: Session, result: Publication, room: Room
) -> None:
    he = room("he")
    for content, why in ((b"", "空的"), ("甲,乙\n1,2\n".encode(), "没有找到表头"), (b"%PDF-1.7", "PDF")):
        answer = upload(he, content)
        assert answer.status_code == 422
        assert why in answer.text
    token = csrf_token(he.get(PAGE).text)
    assert "请选择" in he.client.post(f"{PAGE}file", data={"csrf_token": token}).text
    assert session.query(NoticeCode).count() == 0


def test_only_those_who_send_notices_issue_codes_and_for_their_own_tasks(session: Session, result: Publication, room: Room, cast: Cast) -> None:  # fmt: skip
    for name, status in (
        ("zhou", 200),
        ("bai", 200),
        ("shen", 403),
        ("lin", 403),
        ("gu", 403),
        ("jiang", 403),
        ("fang", 404),
    ):
        visit = room(name)
        assert visit.get(TASK).status_code == status, name
        token = csrf_token(visit.get("/staff/password").text)
        answer = visit.client.post(TASK, data={"csrf_token": token, "seen": "0"})
        assert answer.status_code == (status if status != 200 or name == "zhou" else 409), name
    session.expire_all()
    assert session.query(NoticeCode).count() == 2
