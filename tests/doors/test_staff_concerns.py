"""诉求 in the staff's room: who gets in, what each page holds, what comes back when something is wrong."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.concerns import handling
from portal.concerns.models import Concern
from portal.db import PUBLIC_TABLES
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit, form_of
from tests.doors.test_hostile_guards import addresses
from tests.voicing import CONTACT, TERMS, in_november, recorded

__all__ = ["in_november"]


def fill_in(visit: Visit, **typed: str) -> tuple[int, str]:
    """Send the form for a new concern; the status and, of a redirect, where to."""
    form = form_of(visit.page("/staff/concerns/new").select_one("form.contentform")) | typed
    answer = visit.client.post("/staff/concerns/new", data=form)
    visit.session.expire_all()
    return answer.status_code, answer.headers.get("Location", answer.text)


TYPED = {"entity_name": "示例东和昌便利店", "asked": "一年查了四次。", "category": "inspection",
         "inspected_on": "2026-11-18", "brought_back_on": "2026-11-19", "how": "later"}  # fmt: skip


def test_an_empty_queue_says_what_to_do(session: Session, room: Room) -> None:
    text = room("he").page("/staff/concerns/").select_one("main").text
    assert "这里没有诉求。" in text and "请点“登记诉求”记下来" in text
    assert "7个工作日内答复（本单位服务承诺）" in text
    assert "登记诉求" not in room("gu").page("/staff/concerns/").select_one("main").text


def test_a_concern_is_recorded_through_the_form(session: Session, room: Room) -> None:
    he = room("he")
    status, address = fill_in(he, **TYPED)
    assert status == 302
    page = he.page(address)
    assert "已登记，最迟2026-11-30答复企业。" in page.text
    assert "2026-11-30" in page.select_one("table").text
    assert "本单位服务承诺" in page.text
    assert "2026-11-20" in page.select_one("details").text  # counted day by day, day zero left out
    assert page.select_one(".crumbs a[href^='/staff/concerns/']")
    assert he.page("/staff/concerns/").select_one("table.queue tbody th a").text == "示例东和昌便利店"


def test_what_was_answered_on_the_spot_needs_its_answer_and_no_second_date(
    session: Session, room: Room
) -> None:
    he = room("he")
    spot = TYPED | {"how": "spot", "brought_back_on": ""}
    status, page = fill_in(he, **spot)
    assert (status, "请写明当场怎样答复的。" in page, "一年查了四次。" in page) == (422, True, True)
    assert session.scalar(sa.select(sa.func.count(Concern.id))) == 0
    status, address = fill_in(he, **spot, answer="已当场说明频次规则。")
    assert status == 302
    assert "已当场答复，待回访" in he.page(address).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"how": ""}, "请选择是当场已经答复，还是带回办理。"),
        ({"how": "nonsense"}, "请选择是当场已经答复，还是带回办理。"),
        ({"brought_back_on": ""}, "请填写带回本部门的日期"),
        ({"inspected_on": "上周三"}, "请填写检查日期。"),
        ({"category": "'; DROP TABLE"}, "请选择诉求类别。"),
        ({"entity_name": "示" * 201}, "最多200个字"),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    session: Session, room: Room, typed: dict[str, str], sentence: str
) -> None:
    status, page = fill_in(room("he"), **(TYPED | typed))
    assert status == 422
    assert sentence in page and "一年查了四次。" in page


def test_words_are_shown_as_words(session: Session, cast: Cast, room: Room) -> None:
    number = recorded(
        session, cast, "<b>示例</b>商店", asked="<script>alert(1)</script>\n第二行", contact="<i>0</i>"
    )
    page = room("he").get(f"/staff/concerns/{number}").text
    assert "<script>alert(1)" not in page and "<b>示例" not in page and "<i>0" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page


def test_it_is_answered_and_called_back_through_its_page(session: Session, cast: Cast, room: Room) -> None:
    page = f"/staff/concerns/{recorded(session, cast)}"
    song = room("song")
    assert song.send(page, f"{page}/answer", note="", on="2026-11-20").status_code == 422
    assert "请填写答复企业的日期" in song.send(page, f"{page}/answer", note="好。", on="").text
    assert song.send(page, f"{page}/answer", note="临时通道已开。", on="2026-11-20").status_code == 302
    assert "已登记答复" in song.get(page).text
    refused = song.send(page, f"{page}/callback", note="电话问过。")
    assert (refused.status_code, "请选择企业是否满意" in refused.text, "电话问过。" in refused.text) == (
        422,
        True,
        True,
    )
    assert song.send(page, f"{page}/callback", note="电话问过。", satisfied="no").status_code == 302
    assert song.send(page, f"{page}/reopening", note="再协调。").status_code == 302
    assert song.send(page, f"{page}/answer", note="全天已开。", on="2026-11-23").status_code == 302
    assert song.send(page, f"{page}/callback", note="满意。", satisfied="yes").status_code == 302
    text = song.page(page).select_one("main").text
    for word in (
        "已办结",
        "何知远登记",
        "宋清和答复",
        "宋清和回访：不满意",
        "宋清和提出重新办理",
        "宋清和回访：满意",
    ):
        assert word in text
    assert "这件诉求已经办结。" in text


def test_it_is_passed_on_and_each_department_sees_both_clocks(
    session: Session, cast: Cast, room: Room
) -> None:
    page = f"/staff/concerns/{recorded(session, cast)}"
    he = room("he")
    assert room("fang").get(page).status_code == 404
    assert "请选择转给哪个部门" in he.send(page, f"{page}/transfer", note="属应急职能。", to="").text
    assert he.send(page, f"{page}/transfer", note="属应急职能。", to="yjgl").status_code == 302
    fang = room("fang")
    assert fang.page("/staff/concerns/?show=take_over").select_one("table.queue tbody th a")
    seen = fang.page(page)
    assert [each.text for each in seen.select("table tbody time")] == [
        "2026-11-19", "2026-11-30", "2026-11-23", "2026-11-23", "2026-12-02",
    ]  # fmt: skip
    assert CONTACT in seen.text
    assert fang.send(page, f"{page}/takeover", note="").status_code == 302
    greyed = he.page(page).select_one("#answer")
    assert greyed.select_one("button[disabled]") and "属于其他部门" in greyed.text
    assert he.send(page, f"{page}/closing", note="算了。").status_code == 422


def test_a_button_that_can_not_be_pressed_says_why(session: Session, cast: Cast, room: Room) -> None:
    page = f"/staff/concerns/{recorded(session, cast)}"
    for name, sentence in (("zhou", "没有“办理诉求”的权限"), ("gu", "属于其他部门")):
        panel = room(name).page(page).select_one("#answer")
        assert panel.select_one("button[disabled]")["aria-describedby"] == "why-answer"
        assert sentence in panel.select_one("#why-answer").text


def test_the_coordinator_reads_every_department_without_the_contact(
    session: Session, cast: Cast, room: Room
) -> None:
    number = recorded(session, cast)
    recorded(session, cast, "示例应急商店", who="fang")
    gu = room("gu")
    assert len(gu.page("/staff/concerns/").select("table.queue tbody tr")) == 2
    assert len(room("he").page("/staff/concerns/").select("table.queue tbody tr")) == 1
    text = gu.get(f"/staff/concerns/{number}").text
    assert CONTACT not in text and "只有收集和办理的部门看得到" in text


def test_who_has_no_business_here_is_told_so(session: Session, cast: Cast, room: Room) -> None:
    number = recorded(session, cast)
    for name in ("jiang", "zhong"):
        visit = room(name)
        for page, status in (
            ("", 403),
            ("new", 403),
            ("summary", 403),
            ("summary.xlsx", 403),
            (str(number), 404),
        ):
            assert visit.get(f"/staff/concerns/{page}").status_code == status, (name, page)
    assert room("gu").get("/staff/concerns/new").status_code == 403
    assert room("he").get("/staff/concerns/?show=nonsense").status_code == 404
    assert room("he").get("/staff/concerns/4711").status_code == 404


def test_the_second_of_two_people_is_told_who_was_first(session: Session, cast: Cast, room: Room) -> None:
    page = f"/staff/concerns/{recorded(session, cast)}"
    he, song = room("he"), room("song")
    form = form_of(song.page(page).select_one("#answer form")) | {"note": "慢了一步。"}
    assert he.send(page, f"{page}/transfer", note="先转再说。", to="yjgl").status_code == 302
    handling.pass_on(
        session, session.get_one(Concern, 1), by=cast.fang, to="scjg", note="不是我们。", terms=TERMS
    )
    handling.take_over(session, session.get_one(Concern, 1), by=cast.bai)
    session.commit()
    late = song.client.post(f"{page}/answer", data=form)
    assert (late.status_code, "白书言刚刚办理了这件诉求" in late.text) == (409, True)
    assert f'href="{page}"' in late.text
    session.expire_all()
    assert session.get_one(Concern, 1).state == "taken_over"


def test_nothing_of_it_is_public() -> None:
    assert not {name for name in PUBLIC_TABLES if "concern" in name}


def test_another_departments_concern_is_not_there(
    app: Flask, session: Session, cast: Cast, room: Room
) -> None:
    number = recorded(session, cast)
    every = {
        (method, each) for method in ("GET", "POST") for each in addresses(app, method, concern_id=number)
    }
    theirs = [(method, each) for method, each in every if f"/concerns/{number}" in each]
    assert len(theirs) == 15
    for name in ("fang", "qin"):
        visit = room(name)
        token = form_of(visit.page("/staff/").select_one("form"))
        for method, address in theirs:
            answer = visit.client.open(address, method=method, data=token if method == "POST" else None)
            assert answer.status_code == 404, (name, address)
    session.expire_all()
    assert [step.state for step in session.get_one(Concern, number).steps] == ["recorded"]
