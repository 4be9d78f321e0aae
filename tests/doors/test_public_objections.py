"""What the public sees of objections: the mark, the clock, the outcome; never who objected or what they wrote."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, work
from portal.deadlines.calendar import load_calendar
from portal.deadlines.working_days import between
from portal.objections import following, handling, redating
from portal.objections.models import Contest
from portal.publications import duty
from portal.publications.models import Publication
from tests import examples, objecting
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.objecting import WRONG, object_to, terms
from tests.office import disclose

MARK = "异议处理中"


def test_a_result_under_objection_says_so_with_day_office_and_last_day(
    page: Page, session: Session, result: Publication
) -> None:
    case = object_to(session, result)
    due = case.terms[0].due
    soup = page(f"/results/{result.number}")
    state = words(soup.select_one(".rec-state"))  # type: ignore[arg-type]
    assert "公示中" in state and MARK in state
    banner = words(soup.select_one(".banner-zhe"))  # type: ignore[arg-type]
    assert "结果可能更正，也可能维持" in banner and "示例市市场监督管理局" in banner
    assert f"最迟 {due.year}年{due.month}月{due.day}日 作出复查结果" in banner
    today = clock.today()
    assert f"{today.year}年{today.month}月{today.day}日" in banner
    assert ("暂定" in banner) == case.terms[0].provisional
    link = soup.select_one("a[href^='/calendar/']")
    assert link and f"start={today}" in str(link["href"]) and "days=20" in str(link["href"])
    cells = [" ".join(each.get("class") or ()) for each in soup.select(".clock")[0].select("rect")]
    assert len(cells) == 20 and cells.count("now") == 1


def test_a_provisional_day_says_why_and_that_it_will_be_counted_again(
    page: Page, session: Session, result: Publication
) -> None:
    object_to(session, result)
    contest = session.scalars(sa.select(Contest)).one()
    contest.due, contest.provisional = date(clock.today().year + 1, 1, 8), True
    session.commit()
    soup = page(f"/results/{result.number}")
    sentence = f"这一天是暂定的：{clock.today().year + 1}年的放假安排还没有公布，公布以后重新计算。"
    assert soup.get_text().count(sentence) == 2
    assert soup.select_one(".ck-prov") and "期限重新计算过" in words(soup)


def test_an_overdue_re_check_is_said_to_be_overdue(page: Page, session: Session, result: Publication) -> None:
    object_to(session, result)
    contest, calendar = session.scalars(sa.select(Contest)).one(), load_calendar()
    contest.received_on = clock.today() - timedelta(days=60)
    contest.due = clock.today() - timedelta(days=14)
    session.commit()
    soup = page(f"/results/{result.number}")
    late = between(contest.due, clock.today(), calendar)
    assert f"已逾期{late}个工作日" in words(soup) and "现已逾期" in words(soup.select_one(".banner-zhe"))  # type: ignore[arg-type]
    assert len(soup.select(".clock")[0].select("rect.late")) == min(late, 10)


def test_several_objections_to_one_result_each_have_their_clock(
    page: Page, session: Session, result: Publication
) -> None:
    for key in ("the first form", "the second form"):
        object_to(session, result, key=key)
    soup = page(f"/results/{result.number}")
    assert len(soup.select(".banner-zhe p")) == 2 and len(soup.select("a[href^='/calendar/']")) == 2
    assert len(soup.select(".rec-state .st-objection")) == 1


def test_who_wants_no_mark_leaves_none_anywhere(
    page: Page, visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    addresses = ("", "/versions/", "/record.json")
    before = [visitor.get(f"/results/{result.number}{each}").data for each in addresses]
    case = object_to(session, result, shows_mark=False)
    assert [visitor.get(f"/results/{result.number}{each}").data for each in addresses] == before
    line = words(page("/log/").select("tbody tr")[0])
    assert "收到异议申请" in line and "一件异议申请（不标注结果）" in line and str(result.number) not in line
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, "corrected", objecting.correction(session, cast, case))
    soup = page(f"/results/{result.number}")
    assert "更正于" in words(soup) and "复查结果" not in words(soup) and "经异议复查，原" not in words(soup)
    notice = page(f"/results/{result.number}/corrections/2")
    assert "复查" not in words(notice.select_one(".gongwen")) and not notice.select(".doc-no")  # type: ignore[arg-type]


def test_maintained_leaves_one_line(page: Page, session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    soup = page(f"/results/{result.number}")
    today = clock.today()
    trail = words(soup.select_one("ol.trail"))  # type: ignore[arg-type]
    assert f"经复查，原结果无误（ {today.year}年{today.month}月{today.day}日 ）" in trail
    assert "收到异议申请" in trail and MARK not in words(soup) and not soup.select(".banner-zhe")


def test_each_result_leads_to_the_form_with_phone_and_counter_beside_it(
    page: Page, result: Publication
) -> None:
    soup = page(f"/results/{result.number}?lang=en")
    panel = soup.select_one("#yiyi")
    link = panel.select_one("a.btn-primary") if panel else None
    assert panel and link and "0000-1234567" in words(panel)
    assert link["href"] == f"/objections/new?result={result.number}&lang=en"
    assert soup.select_one("header a.jump[href='#yiyi']")


@pytest.mark.parametrize("end", ["withdrawn", "not_accepted", "passed_on"])
def test_an_objection_that_ended_otherwise_leaves_no_line(
    page: Page, session: Session, cast: Cast, result: Publication, end: str
) -> None:
    case = object_to(session, result)
    if end == "withdrawn":
        following.withdraw(session, case, "已经说清楚了。")
    else:
        ground, passed_to = (
            ("not_party", "") if end == "not_accepted" else ("other_body", "示例市消防救援支队")
        )
        handling.not_accept(
            session, case, ground, "申请人与被检查对象无关。", by=cast.lin, passed_to=passed_to
        )
    session.commit()
    soup = page(f"/results/{result.number}")
    assert MARK not in words(soup) and "收到异议申请" not in words(soup.select_one("ol.trail"))  # type: ignore[arg-type]
    assert "无关" not in words(page("/log/")) and "说清楚" not in words(page("/log/"))


def test_lists_hits_and_the_entitys_page_flag_it_with_one_question(
    app: Flask, page: Page, visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    for number in range(4):
        more = examples.result(entity_code="9133990075TNM5LB3J", task_no=f"T{number}")
        other = disclose(session, cast, "result", more)
    session.commit()
    work.once(app)
    addresses = ("/results/", "/search", "/entities/9133990075TNM5LB3J", "/")
    before = {address: _asked(visitor, address) for address in addresses}
    object_to(session, result)
    object_to(session, other, key="another form")
    assert {address: _asked(visitor, address) for address in addresses} == before
    assert all(count == 1 for _all, count in before.values())
    for address in addresses:
        assert len(page(address).select(".st-objection")) == 2, address


def _asked(visitor: FlaskClient, address: str) -> tuple[int, int]:
    """How many statements a page takes, and how many of them ask about objections."""
    statements: list[str] = []
    note = lambda *given: statements.append(given[2])  # noqa: E731
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    visitor.get(address)
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(statements), sum("contests" in each for each in statements)


def test_a_filing_makes_the_pages_new(visitor: FlaskClient, session: Session, result: Publication) -> None:
    for address in ("/", "/results/", f"/results/{result.number}", f"/results/{result.number}/versions/"):
        tag = visitor.get(address).headers["ETag"]
        object_to(session, result, key=address)
        answer = visitor.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200 and MARK in answer.text, address


def test_the_log_says_each_line_in_words_in_both_languages(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    redating.enter(session, case, case.terms[0])
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    due = case.terms[0].due.isoformat()
    said = [words(row) for row in page("/log/").select("tbody tr")][:3]
    assert (
        "异议办结" in said[0] and "原结果无误，不予更正" in said[0] and f"第{case.entry_index}号" in said[0]
    )
    assert "期限重新计算" in said[1] and "收到异议申请" in said[2]
    assert all("作出复查结果" in each for each in said[1:])
    assert all(str(result.number) in each for each in said)
    html = str(page("/log/"))
    assert html.count(f'datetime="{due}"') == 2
    assert page("/log/?lang=en").select("tbody tr")


def test_feeds_go_on_as_before(
    visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    before = visitor.get("/feeds/all.atom").data.count(b"<entry>")
    case = object_to(session, result)
    assert visitor.get("/feeds/all.atom").data.count(b"<entry>") == before
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, "corrected", objecting.correction(session, cast, case))
    assert f'/results/{result.number}/corrections/2"' in visitor.get("/feeds/corrections.atom").text
    assert WRONG not in visitor.get("/feeds/all.atom").text


def test_a_result_on_hold_shows_nothing_of_its_objection(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    object_to(session, result)
    duty.hold(session, result, by=cast.zhou, reason="先停下来核实")
    session.commit()
    assert MARK not in words(page(f"/results/{result.number}", 451))
    assert not page("/results/").select(".st-objection")


def test_a_day_counted_again_is_said_in_the_trail(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    term = case.term("recheck")
    assert term is not None
    term.due -= timedelta(days=3)  # as an older calendar would have had it
    session.commit()
    assert redating.redate(session, terms(session)) == 1
    session.commit()
    trail = words(page(f"/results/{result.number}").select_one("ol.trail"))  # type: ignore[arg-type]
    assert "复查期限重新计算" in trail and trail.index("收到异议申请") < trail.index("重新计算")
