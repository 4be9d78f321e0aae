"""诉求 in the staff's room: who gets in, what each page holds, the quarter as page and spreadsheet."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import quote

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.concerns import handling
from portal.concerns.models import Concern, Told
from portal.db import PUBLIC_TABLES
from portal.deadlines.calendar import load_calendar
from portal.people.models import Grant
from portal.publications.dating import Terms
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit, form_of
from tests.doors.test_hostile_guards import addresses

TERMS = Terms(load_profile("shili"), load_calendar())
CONTACT = "店主 0000-8888888"


@pytest.fixture(autouse=True)
def in_november(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Monday, 23 November 2026."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def recorded(
    session: Session, cast: Cast, name: str = "示例北顺达商贸有限公司", who: str = "he", **more: object
) -> int:
    given = {"asked": "门口修路，货车进不来。", "category": "site", "contact": CONTACT,
             "inspected_on": date(2026, 11, 18), "brought_back_on": date(2026, 11, 19)}  # fmt: skip
    told = Told(entity_name=name, **(given | more))  # type: ignore[arg-type]
    concern = handling.record(session, told, by=getattr(cast, who), terms=TERMS)
    session.commit()
    return concern.id


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


# ── the quarter ──────────────────────────────────────────────


def a_quarter(session: Session, cast: Cast) -> None:
    """Four concerns of the fourth quarter and one of the third."""
    for at, words in enumerate(("=1+1", "+86", "-2", "@SUM(A1)")):
        recorded(
            session,
            cast,
            f"{words}示例{at}商店",
            asked=f"{words} 电费贵了。",
            category="cost",
            taken_by=words,
        )
    recorded(session, cast, "示例上季商店", inspected_on=date(2026, 9, 30), brought_back_on=date(2026, 10, 9))
    answered, late, passed = (session.get_one(Concern, at) for at in (1, 2, 3))
    handling.answer(session, answered, by=cast.he, answer='=HYPERLINK("x")', on=date(2026, 11, 20))
    handling.call_back(session, answered, by=cast.he, satisfied=True, note="满意。")
    late.term.due_on = date(2026, 11, 19)
    handling.answer(session, late, by=cast.he, answer="晚了一天。", on=date(2026, 11, 20))
    handling.pass_on(session, passed, by=cast.he, to="yjgl", note="属应急职能。", terms=TERMS)
    session.commit()


def figures(
    room: Room, who: str, address: str = "/staff/concerns/summary?quarter=2026Q4"
) -> dict[str, list[int]]:
    table = room(who).page(address).select("table")[0]
    return {
        row.select_one("th").text: [int(cell.text) for cell in row.select("td")]
        for row in table.select("tbody tr, tfoot tr")
    }


def test_the_quarter_is_counted_per_department(session: Session, cast: Cast, room: Room) -> None:
    a_quarter(session, cast)
    ours = [4, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0]
    theirs = [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert figures(room, "he") == {"市市场监管局": ours, "合计": ours}
    assert figures(room, "fang") == {"市应急局": theirs, "合计": theirs}
    both = [mine + yours for mine, yours in zip(ours, theirs, strict=True)]
    assert figures(room, "gu") == {"市市场监管局": ours, "市应急局": theirs, "合计": both}
    assert "此前季度收集、尚未答复：1件" in room("gu").get("/staff/concerns/summary").text


def test_a_quarter_without_concerns_and_one_that_is_none(session: Session, room: Room) -> None:
    he = room("he")
    page = he.page("/staff/concerns/summary?quarter=2025Q1")
    assert "2025年第一季度没有诉求。" in page.text
    assert page.select_one("a[href*='quarter=2025Q2']") and page.select_one("a[href*='quarter=2024Q4']")
    for text in ("2026", "2026Q5", "x" * 100, "%3Cb%3E"):
        for address in ("summary", "summary.xlsx"):
            answer = he.get(f"/staff/concerns/{address}?quarter={text}")
            assert answer.status_code == 400 and "这个季度" in answer.text


def test_the_spreadsheet_holds_totals_and_rows_and_no_formula(
    session: Session, cast: Cast, room: Room
) -> None:
    a_quarter(session, cast)
    answer = room("gu").get("/staff/concerns/summary.xlsx?quarter=2026Q4")
    assert answer.status_code == 200
    assert f"filename*=UTF-8''{quote('诉求汇总2026年第四季度.xlsx')}" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["汇总", "明细"]
    assert not [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    totals, rows = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book)
    assert totals[0][0] == "诉求汇总（2026年第四季度）"
    assert totals[3][:3] == ["部门", "收集", "转入"]
    assert ["示例市市场监督管理局", 4, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0] in totals
    assert ["收费、税费和融资", 4, 1, 0, 0, 1, 1, 1, 2, 0, 1, 0] in totals
    head, *body = rows
    assert len(body) == 5  # the one that was passed on has two clocks
    first = dict(zip(head, body[0], strict=True))
    assert (first["企业名称"], first["诉求内容"], first["收集人"]) == (
        "=1+1示例0商店",
        "=1+1 电费贵了。",
        "=1+1",
    )
    assert (first["最迟答复日期"], first["实际日期"]) == (datetime(2026, 11, 30), datetime(2026, 11, 20))  # noqa: DTZ001
    assert (first["办理结果"], first["回访"], first["期限依据"]) == ("按期答复", "满意", "本单位服务承诺")
    assert CONTACT not in str(rows) and CONTACT not in str(totals)


def test_a_departments_spreadsheet_holds_its_own_clocks_alone(
    session: Session, cast: Cast, room: Room
) -> None:
    a_quarter(session, cast)
    book = openpyxl.load_workbook(
        io.BytesIO(room("fang").get("/staff/concerns/summary.xlsx?quarter=2026Q4").data)
    )
    rows = list(book["明细"].iter_rows(values_only=True, min_row=2))
    assert [(row[1], row[9], row[10]) for row in rows] == [("-2示例2商店", "示例市应急管理局", "转入")]


def test_every_page_speaks_english_too(session: Session, cast: Cast, room: Room) -> None:
    a_quarter(session, cast)
    gu, he = room("gu"), room("he")
    for page in ("", "1", "3", "4/answer", "new", "summary?quarter=2026Q4"):
        joined = "&" if "?" in page else "?"
        answer = he.get(f"/staff/concerns/{page}{joined}lang=en")
        assert answer.status_code == 200, page
    assert "Shili City Emergency Management Bureau" in gu.get("/staff/concerns/3?lang=en").text


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
