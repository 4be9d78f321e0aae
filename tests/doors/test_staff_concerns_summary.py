"""诉求汇总 of a quarter in the staff's room: the page, the spreadsheet, whose figures whom they are shown to."""

import io
from datetime import date, datetime
from urllib.parse import quote

import openpyxl
from sqlalchemy.orm import Session

from portal.concerns import handling
from portal.concerns.models import Concern
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.voicing import CONTACT, TERMS, in_november, recorded

__all__ = ["in_november"]


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
    assert (first["办理结果"], first["回访"], first["期限依据"]) == ("按时答复", "满意", "本单位服务承诺")
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
