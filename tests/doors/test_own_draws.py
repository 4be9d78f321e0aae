"""Our own draws from outside: the staff's pages, the public ones, the commands; and that they are off by default."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.draws.models import Draw, DrawFace, DrawStep
from portal.draws.verify import problems, read_bundle
from portal.draws.wanted import Conditions
from portal.publications.models import DrawnObject, Publication
from portal.settings import Settings
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.drawing import DRAND, SIGNATURE
from tests.drawn import (
    AFTER,
    BEFORE,
    LATER,
    TASK_NO,
    committed,
    drawn_through,
    fill_registries,
)

FORM = {
    "task_no": TASK_NO, "title": "2023年第三批抽查", "items": "B05 获证食品经营单位监督检查", "names": "shown",
    "per_object": "2", "department": "scjg", "source": "drand", "minutes": "60", "rule0": "10%", "by": "",
}  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, own_draws=True)


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session)


@pytest.fixture
def before() -> Iterator[None]:
    with clock.at(BEFORE):
        yield


def public(session: Session, draw: Draw) -> str:
    number = session.get_one(DrawFace, draw.commit_index).number
    session.commit()
    return f"/tasks/{number}/draw"


# ── the staff's pages ────────────────────────────────────────


def test_a_draw_through_the_pages(session: Session, room: Room) -> None:
    he, song = room("he"), room("song")
    with clock.at(BEFORE):
        page = he.page("/staff/own-draws/new?by=")
        assert "符合条件的有40户" in page.text and "仅供无统一平台的单位使用" in page.text
        answer = he.send("/staff/own-draws/new?by=", "/staff/own-draws/new", **FORM)
        assert answer.status_code == 302, answer.text
        address = answer.headers["Location"]
        assert "还没有产生" in he.page(address).text
    draw = session.scalars(sa.select(Draw)).one()
    draw.source, draw.decides_at = "drand-quicknet:657413", AFTER  # a round that the tests know
    with clock.at(AFTER):
        wrong = he.send(address, f"{address}/run", evidence=json.dumps({"round": 1, "signature": SIGNATURE}))
        assert (wrong.status_code, "承诺的是第657413轮" in wrong.text) == (422, True)
        he.send(address, f"{address}/run", evidence=json.dumps(DRAND["rounds"][0]))
        page = he.page(address)
        assert "示例第" in page.text and "（组长）" in page.text
        again = he.send(address, f"{address}/run", evidence=SIGNATURE)
        assert (again.status_code, "不能再抽一次" in again.text) == (422, True)
        assert session.scalars(sa.select(DrawStep.state).order_by(DrawStep.id)).all()[-1] == "again"
        session.commit()
        revision = page.select_one("#act a.btn-primary")["href"]
        assert "公示时名单同时锁定" in he.page(revision).text
        he.send(revision, f"{revision}/submission")
        song.send(revision, f"{revision}/approval")
        done = song.send(revision, f"{revision}/publication")
        assert done.status_code == 302, done.text
    session.expire_all()
    draw = session.scalars(sa.select(Draw)).one()
    assert draw.state == "locked" and session.scalars(sa.select(DrawFace.result_index)).one() is not None
    with clock.at(LATER):
        refused = he.send(address, f"{address}/code")
        assert "请先确认检查已经全部结束" in refused.text
        he.send(address, f"{address}/code", over="1")
        assert "口令已公布" in he.page(address).text
        assert he.get(f"{address}/bundle.json").status_code == 403
        gu = room("gu")
        assert "核对通过" in gu.page(address).text
        assert problems(read_bundle(gu.get(f"{address}/bundle.json").data)) == []


def test_what_is_wrong_comes_back_with_what_was_typed(session: Session, room: Room, before: None) -> None:
    he = room("he")
    for changes, sentences in (
        ({"rule0": "0%", "per_object": "x"}, ("不是抽取比例", "至少抽取2名")), ({"names": ""}, ("请选择名单",)),
        ({"minutes": "0", "task_no": "第1号", "items": ""}, ("至少相隔1分钟", "写入存证", "请填写抽查事项")),
        ({"names": "withheld"}, ("不公示名单的理由",)), ({"source": "lottery"}, ("请填写开奖日期",)),
        ({"exclusions": "X9 朋友"}, ("没有可用的理由",)), ({"starts_on": "明天"}, ("不是日期",)),
        ({"source": "lottery", "lottery_on": "2023-09-17", "issue": "x"}, ("不是可以用的公开随机源",)),
    ):  # fmt: skip
        answer = he.send("/staff/own-draws/new?by=", "/staff/own-draws/new", **(FORM | changes))
        assert answer.status_code == 422
        assert [each for each in sentences if each not in answer.text] == []
        assert "2023年第三批抽查" in answer.text
    assert he.get("/staff/own-draws/new?by=luck").status_code == 400
    assert session.scalar(sa.select(sa.func.count(Draw.id))) == 0


def test_who_was_drawn_twice_is_shown_before_drawing_and_can_be_left_out(
    session: Session, cast: Cast, room: Room, before: None
) -> None:
    firm = "91339900MA2CY0005X"
    task = Publication(
        kind="task", number="RW-2023-0009", department_code="scjg", identity="x", created_at=BEFORE
    )
    session.add(task)
    session.flush()
    for _ in range(2):
        session.add(
            DrawnObject(publication_id=task.id, entity_code=firm, entity_name="示例第05商店", year=2023)
        )
    he = room("he")
    page = he.page("/staff/own-draws/new?by=")
    assert "本年度已经抽中过两次及以上的有1户" in page.text and "请合并" in page.text
    assert page.select_one(f"input[name=often][value='{firm}'][checked]")
    he.send("/staff/own-draws/new?by=", "/staff/own-draws/new", **FORM, often=firm)
    assert session.scalars(sa.select(Draw.exclusions)).one() == f"{firm}\toften\n"


def test_a_redraw_asks_for_a_reason_and_shows_it_to_everybody(
    session: Session, cast: Cast, room: Room, visitor: FlaskClient, before: None
) -> None:
    draw = committed(session, cast.he)
    he, page = room("he"), f"/staff/own-draws/{draw.id}/redraw"
    assert "重新抽取是公开的" in he.page(f"{page}?by=").text
    refused = he.send(f"{page}?by=", page, **FORM)
    assert (refused.status_code, "理由会公开" in refused.text) == (422, True)
    assert he.send(f"{page}?by=", page, **FORM, reason="名录库漏列了一个街道。").status_code == 302
    register = visitor.get("/log/draws").text
    assert "名录库漏列了一个街道。" in register and "第2次抽取" in register and "已放弃，重新抽取" in register


def test_nobody_of_another_department_sees_or_does_anything(session: Session, cast: Cast, room: Room) -> None:
    draw = committed(session, cast.he)
    fang, song = room("fang"), room("song")
    assert fang.get(f"/staff/own-draws/{draw.id}").status_code == 404
    assert TASK_NO not in fang.get("/staff/own-draws/").text
    assert song.get("/staff/own-draws/new").status_code == 403
    with clock.at(AFTER):
        answer = song.send(
            f"/staff/own-draws/{draw.id}", f"/staff/own-draws/{draw.id}/run", evidence=SIGNATURE
        )
    assert (answer.status_code, "您没有" in answer.text) == (422, True)


def test_who_may_not_see_risk_classes_does_not_see_the_strata_of_one(
    session: Session, cast: Cast, room: Room
) -> None:
    draw = committed(session, cast.he, Conditions(by="risk"))
    address = f"/staff/own-draws/{draw.id}"
    assert room("he").page(address).select_one("table tbody th").text == "A"
    assert room("shen").page(address).select("table") == []


# ── off by default ───────────────────────────────────────────


class TestOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, own_draws=False)

    def test_where_there_is_a_platform_nobody_is_offered_a_draw_of_our_own(
        self, session: Session, cast: Cast, room: Room, visitor: FlaskClient
    ) -> None:
        assert Settings().own_draws is False
        draw = drawn_through(session, cast)
        he = room("he")
        assert "抽查抽取" not in he.get("/staff/").text
        for address in ("/staff/own-draws/", "/staff/own-draws/new", f"/staff/own-draws/{draw.id}"):
            assert he.get(address).status_code == 404
        assert visitor.get(public(session, draw)).status_code == 200  # what was drawn stays to be checked
