"""公示前告知 on the entity's phone: the exact public text by link or code, an answer, the decision; no veto."""

import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.codes.profiles import load_profile
from portal.errors import Refused
from portal.objections import notice_codes
from portal.people.models import Person
from portal.prior_notice import answering
from portal.publications import pipeline
from portal.publications.models import Prepared, Revision
from portal.publications.prior import PriorAnswer, PriorNotice
from tests import examples
from tests.attaching import attach, cover
from tests.cast import Cast
from tests.doors.objectors_room import chinese_left, soup_of
from tests.doors.staff_room import Room
from tests.office import disclose
from tests.rules.test_documents import read
from tests.telling import PHONE, agree, agreed, notice_for, tell

FIRM = "9133990075TNM5LB3J"
OTHER_FIRM = "91339900QD7612PLT6"
SECRET = "鸢尾蓝配方"
MARK = {
    "path": "items/0/disposition",
    "start": 0,
    "end": 5,
    "ground": "trade_secret",
    "basis": "条例第十五条",
    "by": 0,
}


class Told:
    """Somebody who got a message. The test's own session lets go of the database before each request."""

    def __init__(self, session: Session, client: FlaskClient, notice: PriorNotice, token: str) -> None:
        self.session, self.client, self.notice = session, client, notice
        self.address = f"/objections/prior/{token}"

    def get(self, address: str = "") -> TestResponse:
        self.session.commit()
        return self.client.get(address or self.address)

    def send(self, **typed: str) -> TestResponse:
        """Fill the form in and send it."""
        form = soup_of(self.get()).select_one("form[action$=answers]")
        assert form is not None, "there is no form to answer"
        hidden = {str(each["name"]): str(each["value"]) for each in form.select("input[type=hidden]")}
        answer = self.client.post(str(form["action"]), data=hidden | typed)
        self.session.expire_all()
        return answer


@pytest.fixture
def told(session: Session, cast: Cast, app: Flask) -> Told:
    far = {"publish_by": "2099-11-20"}
    notice = notice_for(session, agreed(session, cast, **far))
    key = tell(session, cast, notice)
    return Told(session, app.test_client(), notice, key.token)


def words(answer: TestResponse) -> str:
    return BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)


def test_the_link_shows_what_will_be_public_and_when(told: Told) -> None:
    page = words(told.get())
    for said in (
        "进货查验记录缺2个批次。",
        "示例北顺达商贸有限公司",
        "最迟",
        "公示不需要您同意",
        "没有意见",
        "涉及商业秘密",
    ):
        assert said in page
    assert "15400002222" not in page  # internal


def test_what_is_withheld_is_withheld_here_too(session: Session, cast: Cast, app: Flask) -> None:
    revision = agreed(session, cast, publish_by="2099-11-20")
    pipeline.send_back(session, revision, by=cast.song, note="隐去。")
    items = [dict(revision.content["items"][0], disposition=f"{SECRET}外泄。"), revision.content["items"][1]]
    changed = pipeline.revise(
        session, revision, by=cast.he, content=revision.content | {"items": items}, marks=[MARK]
    )
    pipeline.submit(session, changed, by=cast.he)
    pipeline.approve(session, changed, by=cast.song)
    notice = notice_for(session, changed)
    told = Told(session, app.test_client(), notice, tell(session, cast, notice).token)
    answer = told.get()
    assert SECRET not in answer.text
    assert "〔依法隐去：商业秘密〕" in answer.text
    body = session.get_one(Prepared, changed.id).body
    assert "〔依法隐去：商业秘密〕外泄。" in json.loads(body)["fields"]["items"][0]["disposition"]


def test_an_attachment_is_there_as_the_public_will_get_it_and_only_until_then(
    session: Session, cast: Cast, app: Flask
) -> None:
    disclose(session, cast, "list", examples.item_list())
    plain = pipeline.draft(
        session, "result", examples.result(publish_by="2099-11-20", phone=PHONE), by=cast.he
    )
    drafted = cover(session, app, attach(session, app, plain, by=cast.he), by=cast.he)
    notice = notice_for(session, agree(session, cast, drafted))
    told = Told(session, app.test_client(), notice, tell(session, cast, notice).token)
    assert f"{told.address}/files/1.pdf" in told.get().text
    copy = told.get(f"{told.address}/files/1.pdf")
    assert "〔依法隐去：商业秘密〕" in read(copy.data) and "SECRET" not in read(copy.data)
    assert told.get(f"{told.address}/files/2.pdf").status_code == 404
    assert told.get(f"/objections/prior/{'x' * 43}/files/1.pdf").status_code == 404
    told.send(says="none")
    pipeline.carry_out(session, drafted, by=cast.song)
    assert told.get(f"{told.address}/files/1.pdf").status_code == 404


def test_an_answer_has_a_receipt_and_its_decision_comes_to_the_same_link(told: Told, room: Room) -> None:
    answer = told.send(says="secret", path="items/0/problem", text="批次数是商业秘密。", phone="15400003333")
    assert answer.status_code == 303
    receipt = words(told.get(answer.headers["Location"]))
    assert "已收到您的答复：涉及商业秘密" in receipt
    assert "批次数是商业秘密。" in receipt and "待决定" in receipt and "第1项 发现的问题" in receipt
    page = f"/staff/prior-notices/{told.notice.id}"
    row = told.session.query(PriorAnswer).one()
    assert (
        "请写明" in room("song").send(page, f"{page}/answers/{row.id}", decision="decline", reasons="").text
    )
    assert room("song").send(page, f"{page}/answers/{row.id}", decision="decline", reasons="批次数不是秘密。").status_code == 302  # fmt: skip
    seen = words(told.get())
    assert "您的意见没有采纳" in seen and "批次数不是秘密。" in seen


def test_an_accepted_answer_sends_the_revision_back(told: Told, room: Room) -> None:
    told.send(says="wrong", text="不是缺2个。")
    page, row = f"/staff/prior-notices/{told.notice.id}", told.session.query(PriorAnswer).one()
    assert "没有“决定检查对象" in words(room("he").get(page))
    answer = room("song").send(page, f"{page}/answers/{row.id}", decision="accept", reasons="改为1个。")
    assert answer.status_code == 302
    assert told.session.query(Revision).filter_by(kind="result").one().state == "sent_back"
    seen = words(told.get())
    assert "您的意见已采纳" in seen and "正在修改" in seen and "缺2个批次" not in seen


def test_what_is_missing_is_said_and_what_was_typed_stays(told: Told) -> None:
    answer = told.send(says="wrong", why="有照片", phone="不是电话")
    assert answer.status_code == 422
    assert "请写明是哪里" in words(answer) and "电话写得不对" in words(answer)
    assert "有照片" in answer.text
    assert told.send(says="", text="？").status_code == 422
    assert told.send(says="wrong", text="？", path="phone").status_code == 422
    assert told.session.query(PriorAnswer).count() == 0


def test_a_link_answers_without_any_cookie(told: Told, app: Flask) -> None:
    told.session.commit()
    answer = app.test_client(use_cookies=False).post(f"{told.address}/answers", data={"says": "none"})
    assert answer.status_code == 303
    app.config["WTF_CSRF_ENABLED"] = True
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert app.test_client().post(f"{told.address}/answers", data={"says": "none"}, headers=elsewhere).status_code == 400  # fmt: skip
    assert told.session.query(PriorAnswer).count() == 1


@pytest.mark.parametrize("handle", ["x" * 43, "1", "²", "٣", "..", "x"])
def test_a_wrong_link_is_one_sentence(told: Told, handle: str) -> None:
    answer = told.get(f"/objections/prior/{handle}")
    assert answer.status_code == 404
    assert told.client.get(f"/objections/opinions/{handle}").status_code == 404


def open_by_code(told: Told, subject: str, code: str) -> TestResponse:
    page = soup_of(told.get("/objections/prior/"))
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    form = {"csrf_token": str(token["value"]), "subject": subject, "code": code}
    return told.client.post("/objections/prior/", data=form)


def test_the_letters_code_opens_it_and_guessing_is_limited(told: Told, session: Session, cast: Cast) -> None:
    key = tell(session, cast, told.notice, "paper")
    assert told.get(told.address).status_code == 404  # telling again ended the link
    right = open_by_code(told, FIRM.lower(), key.code.replace("-", " "))
    assert right.headers["Location"].endswith(f"/objections/prior/{told.notice.id}")
    assert "进货查验记录缺2个批次。" in words(told.get(f"/objections/prior/{told.notice.id}"))
    wrong = [open_by_code(told, FIRM, "AAAAA-AAAAA") for _each in range(6)]
    assert {each.status_code for each in wrong} == {422}
    assert "试错次数过多" in words(wrong[-1])
    assert "试错次数过多" in words(open_by_code(told, FIRM, key.code))


def test_the_check_sheets_code_opens_it_too(told: Told, session: Session, cast: Cast) -> None:
    disclose(session, cast, "task", examples.task())
    task = notice_codes.tasks(session, "scjg")[0]
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    notice_codes.issue_codes(session, task, slips, by=cast.song)
    code = next(each.code for each in slips if each.entity_code == FIRM)
    other = next(each.code for each in slips if each.entity_code != FIRM)
    assert open_by_code(told, FIRM, other).status_code == 422
    assert open_by_code(told, FIRM, code).headers["Location"].endswith(f"/prior/{told.notice.id}")


def test_after_publication_the_page_shows_no_text_but_the_public_page(
    told: Told, session: Session, cast: Cast
) -> None:
    told.send(says="none")
    revision = told.session.query(Revision).filter_by(kind="result").one()
    pipeline.carry_out(session, revision, by=cast.song)
    answer = told.get()
    assert "JG-" in answer.text and "缺2个批次" not in answer.text
    assert not soup_of(answer).select("form[action$=answers]")


def test_a_link_is_dead_long_after_its_last_day(
    told: Told, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = told.notice.due
    assert due is not None
    session.commit()
    monkeypatch.setattr("portal.clock.today", lambda: due + answering.OPEN_FOR)
    assert "答复期已过" in words(told.get())
    monkeypatch.undo()
    told.notice.due = due - answering.OPEN_FOR - answering.OPEN_FOR
    assert told.get().status_code == 404


def test_in_english_it_is_complete(told: Told) -> None:
    where = told.send(says="secret", text="English", path="items/0/problem").headers["Location"]
    for page in (told.address, where, "/objections/prior/", "/objections/declarations/new"):
        assert chinese_left(told.get(f"{page}?lang=en")) == [], page


# ── the staff's room ─────────────────────────────────────────


def test_staff_tell_by_message_or_by_letter(session: Session, cast: Cast, room: Room) -> None:
    notice = notice_for(session, agreed(session, cast, publish_by="2099-11-20"))
    page, he = f"/staff/prior-notices/{notice.id}", room("he")
    assert "示例北顺达" in he.get("/staff/prior-notices/?show=untold").text
    assert he.send(page, f"{page}/telling", channel="sms", told="0").status_code == 302
    again = he.send(page, f"{page}/telling", channel="sms", told="0")
    assert again.status_code == 409
    letter = he.send(page, f"{page}/telling", channel="paper", told="1")
    code = BeautifulSoup(letter.text, "html.parser").select_one(".letter-code")
    assert letter.status_code == 200 and code is not None and len(code.text) == 11
    assert code.text not in he.get(page).text
    assert room("fang").get(page).status_code == 404


def test_the_counter_takes_an_answer_down(told: Told, room: Room) -> None:
    page = f"/staff/prior-notices/{told.notice.id}"
    assert room("he").send(page, f"{page}/answers", says="none", text="电话里说没有意见。").status_code == 302
    assert "由工作人员登记" in words(told.get(f"{told.address}/answers/1"))


def test_through_every_door_that_agrees_a_notice_is_owed(
    session: Session, cast: Cast, room: Room, sign_in: Callable[[Person], FlaskClient]
) -> None:
    disclose(session, cast, "list", examples.item_list())
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    page = f"/staff/revisions/{revision.id}"
    assert room("song").send(page, f"{page}/approval").status_code == 302
    refused = room("song").send(page, f"{page}/publication")
    assert refused.status_code == 422
    assert "先办理公示前告知" in refused.text


def test_who_was_told_of_somebody_elses_result_reads_no_more_once_that_is_found_out(
    told: Told, cast: Cast
) -> None:
    """The first letter went to the wrong firm; the second reads neither its answer nor its telephone."""
    told.send(says="wrong", text="不是我家的检查。", phone="15400003333")
    session, notice = told.session, told.notice
    row = session.query(PriorAnswer).one()
    answering.decide(session, row, by=cast.song, accepted=True, reasons="改正检查对象。")
    (revision,) = session.query(Revision).filter_by(publication_id=notice.publication_id, state="sent_back")
    other = revision.content | {"entity_code": OTHER_FIRM, "entity_name": "示例江东百货有限公司"}
    changed = pipeline.revise(session, revision, by=cast.he, content=other)
    pipeline.submit(session, changed, by=cast.he)
    pipeline.approve(session, changed, by=cast.song, rules=load_profile("shili"))
    answer = told.get()
    assert answer.status_code == 404 and "示例江东百货" not in answer.text
    with pytest.raises(Refused, match="还没有告知"):
        pipeline.carry_out(session, changed, by=cast.song)
    key = tell(session, cast, notice)
    assert told.get().status_code == 404
    theirs = told.get(f"/objections/prior/{key.token}")
    assert "示例江东百货" in theirs.text and "不是我家的检查" not in theirs.text
    assert told.get(f"/objections/prior/{key.token}/answers/{row.id}").status_code == 404
