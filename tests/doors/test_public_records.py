"""What the page of a record holds in each of its states, and where it leads."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.deadlines.calendar import load_calendar
from portal.deadlines.working_days import between, count
from portal.publications import duty
from portal.publications.models import Publication, Release
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import carry_through, correct, disclose, propose, withdraw


def test_a_result_follows_the_anatomy_of_a_record(page: Page, result: Publication) -> None:
    soup = page(f"/results/{result.number}")
    heads = [each.get_text() for each in soup.select("h2.sec")]
    assert heads == ["一、查了谁", "二、查了什么，发现什么", "三、由谁、何时检查", "四、后来怎样"]
    numbers = words(soup.select_one(".rec-nos"))  # type: ignore[arg-type]
    assert numbers.index("33990020261012003") < numbers.index(result.number or "")
    quote = words(soup.select_one("blockquote.quote"))  # type: ignore[arg-type]
    assert "该次抽查时实际情况的客观体现" in quote and "第三十三条" in quote
    assert soup.select_one("#yiyi b") and "0000-1234567" in words(soup)


DAILY = examples.code("follow_up", "daily", "责令改正，由日常监管跟踪")
CASE = examples.code("follow_up", "case", "移送办案机构")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "后续处置还没有公示。"),
        ({"follow_up": DAILY}, "后续处置：责令改正，由日常监管跟踪。"),
        (
            {
                "follow_up": DAILY, "follow_up_closed": True,
                "follow_up_closed_on": "2026-11-02",
            },
            "后续处置：责令改正，由日常监管跟踪，2026年11月2日办结。",
        ),
        ({"follow_up": CASE, "follow_up_closed": False}, "后续处置：移送办案机构，尚未办结。"),
        ({"items": [{"item": "公示信息抽查", "outcomes": [examples.FOUND_NOTHING]}]}, ""),
    ],
)  # fmt: skip
def test_the_lead_says_what_followed_and_nothing_that_was_not_said(
    session: Session, cast: Cast, page: Page, said: dict[str, Any], told: str
) -> None:
    disclose(session, cast, "list", examples.item_list())
    found = disclose(session, cast, "result", examples.result(**said))
    lead = words(page(f"/results/{found.number}").select_one("p.lead-zh"))  # type: ignore[arg-type]
    assert ("".join(lead.split())).endswith(told or "“未发现问题”。")
    assert ("后续处置" in lead) is bool(told)


def test_a_result_leads_to_its_task_plan_and_entity(page: Page, result: Publication) -> None:
    soup = page(f"/results/{result.number}")
    for link in ("/tasks/RW-", "/plans/JH-", "/entities/9133990075TNM5LB3J"):
        found = soup.find("a", href=lambda href, link=link: bool(href) and href.startswith(link))
        assert found is not None, link
        page(found["href"])  # type: ignore[index]


@pytest.mark.parametrize(("nth", "late", "said"), [(14, 0, "按时"), (24, 4, "逾期公示")])
def test_the_term_of_a_result_is_drawn_with_the_working_day_it_came_on(
    page: Page, session: Session, cast: Cast, nth: int, late: int, said: str
) -> None:
    start, calendar = clock.today(), load_calendar()
    while between(start, clock.today(), calendar) < nth:
        start -= timedelta(days=1)
    dates = {"completed_on": start.isoformat(), "publish_by": count(start, 20, calendar).due.isoformat()}
    disclose(session, cast, "list", examples.item_list())
    published = disclose(session, cast, "result", examples.result(**dates))
    panel = page(f"/results/{published.number}").select_one(".clock")
    assert panel and said in words(panel) and f"第{nth}个工作日" in words(panel).replace(" ", "")
    cells = [" ".join(each.get("class") or ()) for each in panel.select("svg.ruler rect")]
    assert len(cells) == 20 + late and cells.count("late") == late
    assert cells.count("past" if late else "done") == nth - late


def test_a_redaction_is_marked_and_its_note_gives_ground_and_basis(
    page: Page, session: Session, cast: Cast
) -> None:
    disclose(session, cast, "list", examples.item_list())
    mark = {
        "path": "items/0/problem", "start": 0, "end": 4, "ground": "trade_secret",
        "basis": "《政府信息公开条例》第十五条", "by": cast.he.id, "note": "",
    }  # fmt: skip
    published = disclose(session, cast, "result", examples.result(), marks=[mark])
    soup = page(f"/results/{published.number}")
    assert [each.get_text() for each in soup.select(".redacted")] == ["〔依法隐去：商业秘密〕"]
    note = soup.select_one(soup.select_one("a.fn")["href"])  # type: ignore[index,arg-type]
    assert note and "商业秘密" in words(note) and "第十五条" in words(note)


def test_record_json_is_exactly_what_the_ledger_holds(
    visitor: FlaskClient, session: Session, result: Publication
) -> None:
    answer = visitor.get(f"/results/{result.number}/record.json")
    release = session.scalars(sa.select(Release).where(Release.number == result.number)).one()
    assert answer.content_type == "application/json"
    assert sha256(answer.data).hexdigest() == release.record_hash
    assert json.loads(answer.data)["fields"]["entity_name"] == "示例北顺达商贸有限公司"


def test_a_correction_stands_beside_what_it_replaced(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    items = [dict(row) for row in result.revisions[-1].content["items"]]
    items[0]["problem"] = "进货查验记录缺1个批次。"
    correct(session, cast, result, "原记录误写批次数。", items=items)
    soup = page(f"/results/{result.number}")
    assert [each.get_text() for each in soup.select(".ba del")] == ["进货查验记录缺2个批次。"]
    assert [each.get_text() for each in soup.select(".ba ins")] == ["进货查验记录缺1个批次。"]
    assert "原记录误写批次数。" in words(soup) and "第二十九条" in words(soup)
    earlier = page(f"/results/{result.number}/versions/1")
    assert earlier.select_one(".st-superseded") and "缺2个批次" in words(earlier)
    assert earlier.find("a", href=f"/results/{result.number}")
    assert "原记录误写批次数。" in words(page("/corrections/"))
    assert len(page(f"/results/{result.number}/versions/").select("tbody tr")) == 2


def test_an_adjusted_list_says_row_by_row_what_changed(page: Page, session: Session, cast: Cast) -> None:
    published = disclose(session, cast, "list", examples.item_list())
    rows = [dict(row) for row in published.revisions[-1].content["items"]]
    rows[2]["sampling_ratio"] = "10%"
    rows = [*rows[1:], {"seq": "9", "item_code": "D01", "item": "广告行为检查"}]
    adjusted = propose(session, cast, published, "adjust", "按上级清单调整。", items=rows)
    carry_through(session, cast, adjusted)
    soup = page(f"/lists/{published.number}")
    assert "新增1项，取消1项，修改1项" in words(soup)
    assert [each.get_text() for each in soup.select(".tbl-diff ins")][-1] == "10%"


def test_a_withdrawn_result_answers_410_with_its_reason(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    withdraw(session, cast, result, "录入了不在名单上的对象。")
    for address in ("", "/record.json", "/versions/", "/versions/1"):
        soup = page(f"/results/{result.number}{address}", 410)
        assert "录入了不在名单上的对象。" in words(soup) and "北顺达" not in words(soup)
    assert "录入了不在名单上的对象。" in words(page("/withdrawals/"))
    assert result.number not in words(page("/results/"))


def test_a_result_on_hold_answers_451_without_its_words(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    duty.hold(session, result, by=cast.zhou, reason="有人来电称涉及商业秘密")
    session.commit()
    for address in ("", "/record.json", "/versions/", "/versions/1", "/versions/1/record.json"):
        soup = page(f"/results/{result.number}{address}", 451)
        assert result.number in words(soup) and "市场监督管理局" in words(soup)
        assert "北顺达" not in words(soup) and "来电" not in words(soup)


def test_the_second_entry_and_the_first_lead_to_each_other(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    again = examples.result(rectifies=result.number, inspected_on="2026-11-02", task_no="33990020261012003-2")
    second = disclose(session, cast, "result", again)
    assert page(f"/results/{result.number}").find("a", href=f"/results/{second.number}")
    assert page(f"/results/{second.number}").find("a", href=f"/results/{result.number}")


def test_an_ad_hoc_task_is_marked(page: Page, session: Session, cast: Cast) -> None:
    source = examples.code("task_source", "adhoc", "临时任务")
    task = disclose(session, cast, "task", examples.task(task_source=source))
    assert "临时任务（计划外）" in words(page(f"/tasks/{task.number}"))
    assert "临时任务（计划外）" in words(page("/tasks/"))


def test_a_task_links_drawn_objects_that_have_a_page(page: Page, result: Publication) -> None:
    soup = page("/tasks/RW-2026-0001") if page("/tasks/").find("a", href="/tasks/RW-2026-0001") else None
    soup = soup or page(str(page("/tasks/").select_one(".hit a")["href"]))  # type: ignore[index]
    links = [str(each["href"]) for each in soup.select("table a[href^='/entities/']")]
    assert links == ["/entities/9133990075TNM5LB3J", "/entities/91339900QD7612PLT6"]


def test_a_firm_that_was_drawn_and_has_no_result_yet_has_a_page(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    disclose(session, cast, "task", examples.task())
    page = visitor.get("/entities/91339900QD7612PLT6")
    assert page.status_code == 200
    assert "示例西丰盛机械厂" in page.text
    assert "RW-" in page.text


def test_a_firm_whose_name_is_not_to_be_told_yet_has_none(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    disclose(session, cast, "task", examples.task(names_shown=False, names_withheld_ground="不宜告知"))
    assert visitor.get("/entities/91339900QD7612PLT6").status_code == 404
