"""Opinions sought and trade secrets declared beforehand, through the doors: who sees which words."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.prior_notice.models import Opinion
from portal.publications.declared import Declaration
from portal.publications.models import Publication
from tests import examples
from tests.cast import Cast
from tests.doors.objectors_room import chinese_left, soup_of
from tests.doors.staff_room import Room
from tests.office import disclose
from tests.telling import agreed, notice_for, tell

SECRET, OTHER = "鸢尾蓝配方", "李某某"
CODE = "9133990075TNM5LB3J"


@pytest.fixture
def public(session: Session, cast: Cast) -> Publication:
    disclose(session, cast, "list", examples.item_list())
    content = examples.result()
    items = [dict(content["items"][0], problem=f"{SECRET}不符，{OTHER}反映。"), content["items"][1]]
    basis: dict[str, Any] = {"path": "items/0/problem", "basis": "条例第三十二条", "by": 0}
    marks = [
        basis | {"start": 0, "end": 5, "ground": "seeking_opinion"},
        basis | {"start": 8, "end": 11, "ground": "personal_info"},
    ]
    return disclose(session, cast, "result", content | {"items": items}, marks=marks)


def text(answer: TestResponse) -> str:
    return BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)


def send(session: Session, client: FlaskClient, address: str, action: str, **typed: str) -> TestResponse:
    """Fill in the form of a page and send it."""
    session.commit()
    form = soup_of(client.get(address)).select_one(f'form[action^="{action}"]')
    assert form is not None, f"{address} has no form to {action}"
    hidden = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
    answer = client.post(action, data=hidden | typed)
    session.expire_all()
    return answer


def test_asked_by_letter_answered_and_decided(
    session: Session, cast: Cast, public: Publication, room: Room, visitor: FlaskClient
) -> None:
    he, page = room("he"), f"/staff/publications/{public.number}/opinions"
    assert page in he.get(f"/staff/publications/{public.number}").text
    letter = he.send(
        page, page, path="items/0/problem", name="示例北顺达商贸有限公司", channel="paper", phone=""
    )
    code = soup_of(letter).select_one(".letter-code")
    assert code is not None and SECRET not in letter.text
    opened = send(session, visitor, "/objections/prior/", "/objections/prior/", subject=CODE, code=code.text)
    assert opened.status_code == 303
    assert "/objections/opinions/1" in visitor.get(opened.headers["Location"]).text
    asked = visitor.get("/objections/opinions/1")
    assert SECRET in asked.text and OTHER not in asked.text and "不答复不等于同意公开" in asked.text
    assert chinese_left(visitor.get("/objections/opinions/1?lang=en")) == []
    wrong = send(
        session, visitor, "/objections/opinions/1", "/objections/opinions/1", says="objects", text=""
    )
    assert wrong.status_code == 422 and "请写明理由" in wrong.text
    right = send(
        session, visitor, "/objections/opinions/1", "/objections/opinions/1", says="objects", text="有协议。"
    )
    assert right.status_code == 303
    decided = he.send(
        "/staff/opinions/1", "/staff/opinions/1/decision", decision="withhold", reasons="理由成立。"
    )
    assert "/staff/revisions/" in decided.headers["Location"]
    assert session.query(Opinion).one().decision == "withhold"
    after = visitor.get("/objections/opinions/1")
    assert "理由成立。" in after.text and SECRET not in after.text
    assert room("fang").get("/staff/opinions/1").status_code == 404
    assert room("gu").get("/staff/opinions/1").status_code == 200


def test_nobody_opens_an_opinion_without_its_link_or_code(
    session: Session, public: Publication, room: Room, visitor: FlaskClient
) -> None:
    page = f"/staff/publications/{public.number}/opinions"
    sent = room("he").send(page, page, path="items/0/problem", name="示例北顺达商贸有限公司", channel="sms", phone="15400002222")  # fmt: skip
    assert sent.status_code == 302
    assert visitor.get("/objections/opinions/1").status_code == 404
    wrong = send(
        session, visitor, "/objections/prior/", "/objections/prior/", subject=CODE, code="AAAAA-AAAAA"
    )
    assert wrong.status_code == 422


FORM = {
    "name": "示例北顺达商贸有限公司", "department": "scjg", "title": "配方", "words": SECRET,
    "why": "签有保密协议。", "until": "", "contact": "",
}  # fmt: skip


def test_declared_from_the_notice_reviewed_and_shown_to_the_reviewer(
    session: Session, cast: Cast, room: Room, visitor: FlaskClient
) -> None:
    revision = agreed(session, cast, publish_by="2099-11-20")
    key = tell(session, cast, notice_for(session, revision))
    new = f"/objections/declarations/new?notice={key.token}"
    session.commit()
    assert 'name="code"' not in visitor.get(new).text
    filed = send(session, visitor, new, "/objections/declarations/new", **FORM)
    assert filed.status_code == 303
    shown = visitor.get(filed.headers["Location"])
    assert "待审查" in shown.text and SECRET in shown.text
    row = session.query(Declaration).one()
    assert row.entity_code == CODE and row.channel == "online"
    page = f"/staff/declarations/{row.id}"
    assert "事先声明过商业秘密" not in room("song").get(f"/staff/revisions/{revision.id}").text
    assert (
        room("song").send(page, f"{page}/review", decision="accept", reasons="有保密措施。").status_code
        == 302
    )
    assert "事先声明过商业秘密" in room("song").get(f"/staff/revisions/{revision.id}").text
    assert "有保密措施。" in visitor.get(filed.headers["Location"]).text
    assert room("fang").get(page).status_code == 404


def test_without_a_right_code_nothing_is_declared_and_the_words_stay(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    new = "/objections/declarations/new"
    answer = send(session, visitor, new, new, **FORM, subject=CODE, code="AAAAA-AAAAA")
    assert answer.status_code == 422
    assert "代码或者核验码不对" in answer.text and "签有保密协议。" in answer.text
    assert session.query(Declaration).count() == 0
    assert visitor.get("/objections/declarations/1").status_code == 404


def test_the_counter_takes_a_declaration_down(session: Session, cast: Cast, room: Room) -> None:
    new, typed = "/staff/declarations/new", {name: FORM[name] for name in ("name", "title", "words", "why")}
    refused = room("he").send(new, new, **typed, subject="")
    assert refused.status_code == 422 and "签有保密协议。" in refused.text
    assert room("he").send(new, new, **typed, subject=CODE).status_code == 302
    assert "配方" in text(room("song").get("/staff/declarations/"))
    page = f"/staff/declarations/{session.query(Declaration).one().id}"
    assert room("he").send(page, f"{page}/end").status_code == 302
    assert "已撤回" in text(room("song").get(page))
