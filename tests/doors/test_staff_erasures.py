"""依法删除 in the staff's room: who may propose, who decides, what the pages say."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.erasing.models import Erasure
from portal.publications import pipeline
from portal.publications.models import Publication
from tests import examples, objecting
from tests.cast import PASSWORD, Cast
from tests.doors.staff_room import Room
from tests.erasing import BASIS, CANARY, REASON, marks, saying
from tests.office import carry_through, disclose

GIVEN = {"ground": "trade_secret", "basis": BASIS, "reason": REASON}


@pytest.fixture
def shown(session: Session, cast: Cast) -> Publication:
    """A result whose trade secret was shown, and is withheld since."""
    disclose(session, cast, "list", examples.item_list())
    problem = f"使用{CANARY}，已责令改正。"
    publication = disclose(session, cast, "result", saying(problem))
    hidden = pipeline.draft(
        session, "result", {}, by=cast.he, act="rescope", publication=publication, marks=marks(problem)
    )
    return carry_through(session, cast, hidden)


def proposed(room: Room, publication: Publication, **given: object) -> str:
    form = f"/staff/publications/{publication.number}/erasure"
    answer = room("he").send(form, form, **(GIVEN | given))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_a_part_is_proposed_agreed_to_and_reported_place_by_place(
    app: Flask, session: Session, room: Room, visitor: FlaskClient, shown: Publication
) -> None:
    form = room("he").page(f"/staff/publications/{shown.number}/erasure")
    assert "第1行的发现的问题" in form.text and CANARY not in form.text
    page = proposed(room, shown, scope="part", path=["items/0/problem"])
    lin = room("lin")
    assert "依法删除等您决定 <b>1</b>" in lin.get("/staff/").text
    answer = lin.send(page, f"{page}/agreement", password=PASSWORD)
    assert answer.status_code == 302
    work.once(app)
    report = lin.page(page)
    assert "已全部删除" in report.text and "还没有" not in report.text
    assert "各版稿件和标注" in report.text and "PostgreSQL" in report.text
    assert CANARY not in lin.get(f"/staff/publications/{shown.number}").text
    assert REASON in visitor.get(f"/results/{shown.number}/versions/1").text
    assert "从以前各版依法删除部分内容" in visitor.get(f"/results/{shown.number}").text


def test_the_head_is_told_that_it_can_not_be_undone_and_gives_the_password_again(
    session: Session, room: Room, shown: Publication
) -> None:
    page = proposed(room, shown, scope="whole")
    lin = room("lin")
    assert "任何人都不能恢复" in lin.get(page).text
    for wrong in ("", "不是这个密码"):
        answer = lin.send(page, f"{page}/agreement", password=wrong)
        assert answer.status_code == 422 and "密码不正确" in answer.text
    assert session.scalars(sa.select(Erasure)).one().state == "proposed"
    answer = lin.send(page, f"{page}/agreement", password=PASSWORD, seen="")
    assert answer.status_code == 422 and "请刷新页面" in answer.text


def test_the_head_may_refuse_with_a_reason(session: Session, room: Room, shown: Publication) -> None:
    page = proposed(room, shown, scope="whole")
    lin = room("lin")
    assert "请写明不同意的理由" in lin.send(page, f"{page}/refusal", note=" ").text
    assert lin.send(page, f"{page}/refusal", note="属于应当公示的内容").status_code == 302
    assert "不同意" in lin.get(page).text
    proposed(room, shown, scope="whole")  # and it may be proposed again


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "请选择删除整条记录"),
        ({"scope": "part"}, "请勾选要删除的栏目"),
        ({"scope": "part", "path": ["items/9/problem"]}, "没有可以删除的"),
        ({"scope": "whole", "reason": f"误公开了{CANARY}"}, "写有要删除的文字"),
        ({"scope": "whole", "ground": "seeking_opinion"}, "请从清单中选择"),
    ],
)
def test_what_is_wrong_with_a_proposal_stands_on_the_form_with_what_was_typed(
    room: Room, shown: Publication, given: dict[str, object], sentence: str
) -> None:
    form = f"/staff/publications/{shown.number}/erasure"
    answer = room("he").send(form, form, **(GIVEN | given))
    assert answer.status_code == 422
    assert sentence in answer.text and BASIS in answer.text


def test_who_gets_in(session: Session, cast: Cast, room: Room, shown: Publication) -> None:
    page = proposed(room, shown, scope="whole")
    number = shown.number
    assert room("song").get("/staff/erasures").status_code == 403  # a reviewer has no part in it
    assert room("qin").get(page).status_code == 404  # the head of another department
    assert room("qin").get(f"/staff/publications/{number}/erasure").status_code == 404
    qiao = room("qiao")
    assert number in qiao.get("/staff/erasures").text
    assert "没有“同意依法删除”的权限" in qiao.get(page).text
    he = room("he")
    assert he.send(page, f"{page}/agreement", password=PASSWORD).status_code == 422
    assert room("zhou").get(f"/staff/publications/{number}/erasure").status_code == 200


def test_the_office_s_pages_still_open_when_a_record_is_gone(
    app: Flask, session: Session, room: Room, shown: Publication
) -> None:
    number, revisions = shown.number, [each.id for each in shown.revisions]
    page = proposed(room, shown, scope="whole")
    lin = room("lin")
    assert lin.send(page, f"{page}/agreement", password=PASSWORD).status_code == 302
    work.once(app)
    pages = [
        page, f"/staff/publications/{number}", "/staff/coverage", "/staff/draws", "/staff/circular", "/staff/",
        *(f"/staff/revisions/{each}" for each in revisions), "/staff/erasures", "/staff/batches/",
    ]  # fmt: skip
    for address in pages:
        answer = lin.get(address)
        assert answer.status_code == 200 and CANARY not in answer.text, address
    he = room("he")
    form = he.get(f"/staff/publications/{number}/erasure")
    assert form.status_code == 200 and "已经整条删除" in form.text
    assert he.get(f"/staff/revisions/{revisions[0]}/marks").status_code == 200


def test_english(room: Room, shown: Publication) -> None:
    page = proposed(room, shown, scope="part", path=["items/0/problem"])
    for address in (page, "/staff/erasures", f"/staff/publications/{shown.number}/erasure"):
        assert room("lin").get(f"{address}?lang=en").status_code == 200


def test_an_open_objection_keeps_the_words_for_the_recheck(
    session: Session, room: Room, shown: Publication
) -> None:
    objecting.object_to(session, shown)
    session.commit()
    page = room("he").get(f"/staff/publications/{shown.number}/erasure")
    assert "还有异议没有办结" in page.text and '<form class="panel"' not in page.text
