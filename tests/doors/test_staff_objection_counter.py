"""登记: what came over the counter, by post or by word of mouth is received once, and its receipt can be handed over."""

from io import BytesIO
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.objections import following
from portal.objections.models import Objection, ObjectionFile
from portal.publications.models import Publication
from tests import evidence_files
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit

NEW = "/staff/objections/new"


def told(visit: Visit, result: Publication, **changes: Any) -> dict[str, Any]:
    """The form as a page just opened gives it, filled in by somebody at the counter."""
    page = visit.page(f"{NEW}?result_number={result.number}")
    hidden = {
        name: str(page.select_one(f"form[enctype] input[name={name}]")["value"])
        for name in ("key", "csrf_token")
    }
    given = {
        "result_number": result.number, "channel": "counter", "received_on": clock.today().isoformat(),
        "grounds": ["not_so"], "text": "记录与当时不一样。", "phone": "15400000000", "objector_name": "示例经营者",
    }  # fmt: skip
    return hidden | given | changes


def send(visit: Visit, session: Session, form: dict[str, Any]) -> Any:
    session.commit()
    answer = visit.client.post(NEW, data=form, content_type="multipart/form-data")
    session.expire_all()
    return answer


def test_the_receipt_with_its_code_is_shown_to_be_handed_over(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    form = told(he, result, file=(BytesIO(evidence_files.plain_photo("JPEG", "RGB")), "台账.jpg"))
    answer = send(he, session, form)
    assert answer.status_code == 302, answer.text
    page = he.page(answer.headers["Location"])
    code = following.code_for(app.extensions["portal_settings"].secret_key, form["key"])
    case = session.query(Objection).one()
    assert code in page.text and case.receipt in page.text
    assert following.fits(session, case.receipt, code)
    assert (case.channel, case.taken_by_id, [each.name for each in case.files]) == (
        "counter",
        cast.he.id,
        ["台账.jpg"],
    )
    assert case.files[0].by_id == cast.he.id
    elsewhere = room("song")
    later = elsewhere.get(answer.headers["Location"])
    assert later.status_code == 302 and code not in elsewhere.get(later.headers["Location"]).text


def test_the_form_sent_twice_is_one_receipt_and_one_set_of_files(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    form = told(he, result)
    first = send(he, session, form | {"file": (BytesIO(evidence_files.pdf()), "说明.pdf")})
    again = send(he, session, form | {"file": (BytesIO(evidence_files.pdf()), "说明.pdf")})
    assert first.headers["Location"] == again.headers["Location"]
    assert session.query(Objection).count() == 1 and session.query(ObjectionFile).count() == 1


def test_word_of_mouth_is_read_back_and_signed(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    form = told(he, result, channel="oral", items="2", party="agent", no_mark="yes")
    refused = send(he, session, form)
    page = BeautifulSoup(refused.text, "html.parser")
    assert refused.status_code == 422 and "由其签名" in page.select_one("#refused").text
    assert page.select_one("#i-text").text == "记录与当时不一样。"
    assert page.select_one("input[name=key]")["value"] == form["key"]
    assert page.select_one("input[name=channel][value=oral]").has_attr("checked")
    assert send(he, session, form | {"read_back": "yes"}).status_code == 302
    case = session.query(Objection).one()
    assert (case.items, case.party, case.shows_mark, case.read_back) == ([1], "agent", False, True)


def test_what_can_not_be_received_is_said_and_nothing_is_kept(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"received_on": "2999-01-01"}, "不能晚于今天"),
        ({"received_on": "昨天"}, "收到申请材料的日期"),
        ({"result_number": "JG-2020-999999"}, "没有找到公示编号"),
        ({"phone": "", "email": ""}, "手机号码或者电子邮箱"),
        ({"grounds": ["nonsense"]}, "至少选一项"),
        ({"file": (BytesIO(b"MZ" + b"\0" * 200), "发票.exe")}, "发票.exe"),
    ]
    for changes, words in wrong:
        answer = send(he, session, told(he, result, **changes))
        assert answer.status_code == 422 and words in answer.text, changes
    assert session.query(ObjectionFile).count() == 0


def test_the_counter_never_files_as_if_it_had_come_online(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    answer = send(he, session, told(he, result, channel="online"))
    assert answer.status_code == 422 and "怎样提出" in answer.text
    assert session.query(Objection).count() == 0


def test_another_offices_result_is_not_received_here(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    fang = room("fang")
    answer = send(fang, session, told(fang, result))
    assert answer.status_code == 422 and "属于其他部门" in answer.text
    assert room("gu").get(NEW).status_code == 403


def test_a_form_without_its_own_key_is_no_form(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    assert send(he, session, told(he, result, key="short")).status_code == 400


def test_when_the_database_fails_the_words_stay_and_the_next_press_is_the_first_receipt(
    session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    form = told(he, result)
    session.execute(sa.text("ALTER TABLE objection_terms RENAME TO elsewhere"))
    answer = send(he, session, form)
    session.execute(sa.text("ALTER TABLE elsewhere RENAME TO objection_terms"))
    session.commit()
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 503 and "还不能确定是否登记" in page.text
    assert page.select_one("textarea[name=text]").text == form["text"]
    assert page.select_one("form[enctype] input[name=key]")["value"] == form["key"]
    assert session.query(Objection).count() == 0
    assert send(he, session, form).status_code == 302
    assert session.query(Objection).one().receipt.endswith("-0001"), "no number was lost"


def test_a_code_is_printed_only_with_the_receipt_that_it_opens(
    app: Flask, session: Session, cast: Cast, room: Room, result: Publication
) -> None:
    he = room("he")
    answer = send(he, session, form := told(he, result))
    case = session.query(Objection).one()
    case.key_hash = "f" * 64  # as if the filing that was remembered had never reached the disk
    session.commit()
    again = he.get(answer.headers["Location"])
    code = following.code_for(app.extensions["portal_settings"].secret_key, form["key"])
    assert again.status_code == 302 and code not in again.text
