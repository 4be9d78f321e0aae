"""What each public page holds, and what it answers when there is nothing to hold."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.publications import duty
from portal.publications.models import Publication, Release
from portal.statistics.snapshot import take
from tests import examples
from tests.cast import Cast
from tests.office import carry_through, correct, disclose, propose, withdraw

Page = Callable[..., BeautifulSoup]

EMPTY_PAGES = (
    "/", "/lists/", "/plans/", "/tasks/", "/results/", "/search", "/corrections/", "/withdrawals/",
    "/statistics/", "/log/", "/feeds/", "/about/",
)  # fmt: skip


@pytest.fixture
def page(visitor: FlaskClient) -> Page:
    """Open an address and get its words; ``status`` when it is not 200."""

    def open_it(address: str, status: int = 200) -> BeautifulSoup:
        answer = visitor.get(address)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    return open_it


@pytest.fixture
def result(session: Session, cast: Cast) -> Publication:
    """A list, a plan, a task and one result of them, all public; gives the result."""
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "plan", examples.plan())
    disclose(session, cast, "task", examples.task(plan_no="33990020260001"))
    return disclose(session, cast, "result", examples.result(plan_no="33990020260001"))


def words(soup: BeautifulSoup) -> str:
    return soup.get_text(" ", strip=True)


@pytest.mark.parametrize("address", EMPTY_PAGES)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_empty_site_opens_in_both_languages(page: Page, address: str, language: str) -> None:
    soup = page(f"{address}?lang=en" if language == "en" else address)
    assert soup.html and soup.html["lang"] == language
    assert len(soup.find_all("h1")) == 1


def test_home_counts_the_sections_and_shows_the_newest(page: Page, result: Publication) -> None:
    soup = page("/")
    assert [each.get_text() for each in soup.select(".sections .count")] == ["1份", "1份", "1次", "1条"]
    assert "示例北顺达商贸有限公司" in words(soup.select_one(".stream"))  # type: ignore[arg-type]


def test_home_shows_no_clock_without_figures(page: Page, session: Session, result: Publication) -> None:
    assert not page("/").select(".clock")
    take(session)
    session.commit()
    assert "按时" in words(page("/").select_one(".clock"))  # type: ignore[arg-type]


def test_a_result_follows_the_anatomy_of_a_record(page: Page, result: Publication) -> None:
    soup = page(f"/results/{result.number}")
    heads = [each.get_text() for each in soup.select("h2.sec")]
    assert heads == ["一、查了谁", "二、查了什么，发现什么", "三、由谁、何时检查", "四、后来怎样"]
    numbers = words(soup.select_one(".rec-nos"))  # type: ignore[arg-type]
    assert numbers.index("33990020261012003") < numbers.index(result.number or "")
    quote = words(soup.select_one("blockquote.quote"))  # type: ignore[arg-type]
    assert "该次抽查时实际情况的客观体现" in quote and "第三十三条" in quote
    assert soup.select_one("#yiyi b") and "0000-1234567" in words(soup)


def test_a_result_leads_to_its_task_plan_and_entity(page: Page, result: Publication) -> None:
    soup = page(f"/results/{result.number}")
    for link in ("/tasks/RW-", "/plans/JH-", "/entities/9133990075TNM5LB3J"):
        found = soup.find("a", href=lambda href, link=link: bool(href) and href.startswith(link))
        assert found is not None, link
        page(found["href"])  # type: ignore[index]


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
    soup = page(f"/results/{result.number}", 451)
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


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("/results/?year=99", "99"),
        ("/results/?department=nobody", "nobody"),
        ("/results/?outcome=99", "99"),
        ("/lists/?outcome=1", "1"),
        ("/results/?region=x", "x"),
        ("/results/?page=0", "0"),
        ("/search?kind=x", "x"),
        ("/search?from=yesterday", "yesterday"),
        ("/search?sort=best", "best"),
    ],
)
def test_an_unknown_filter_value_answers_400_with_a_sentence(page: Page, address: str, word: str) -> None:
    soup = page(address, 400)
    assert f"“{word}”" in words(soup)


@pytest.mark.parametrize(
    "address",
    [
        "/results/JG-2026-999999", "/results/RW-2026-0001", "/results/x", "/entities/none",
        "/entities/none.atom", "/results/?page=7", "/nothing", "/sitemap.xml?part=5",
    ],
)  # fmt: skip
def test_what_is_not_there_answers_404(page: Page, address: str) -> None:
    page(address, 404)


def test_filters_narrow_and_stay_in_the_address(page: Page, result: Publication) -> None:
    assert len(page("/results/?outcome=5&department=scjg").select(".hit")) == 1
    assert not page("/results/?outcome=4").select(".hit")
    assert len(page("/results/?task=33990020261012003").select(".hit")) == 1


def test_language_and_display_are_carried_on_every_link(page: Page, result: Publication) -> None:
    soup = page("/results/?lang=en&display=large")
    assert soup.html and soup.html["data-display"] == "large"
    links = [str(each["href"]) for each in soup.select("nav a, main a") if str(each["href"]).startswith("/")]
    assert links and all("lang=en" in link and "display=large" in link for link in links)
    assert [each["value"] for each in soup.select("form input[name=lang]")] == ["en"]


def test_nothing_changed_is_answered_304(visitor: FlaskClient, result: Publication) -> None:
    for address in ("/", f"/results/{result.number}", f"/results/{result.number}/record.json", "/results/"):
        tag = visitor.get(address).headers["ETag"]
        assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_new_entry_makes_a_page_new(
    visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    tag = visitor.get("/").headers["ETag"]
    withdraw(session, cast, result, "录入错误。")
    assert visitor.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_pages_carry_no_inline_style_script_or_foreign_host(page: Page, result: Publication) -> None:
    for address in ("/", f"/results/{result.number}", "/search", "/statistics/"):
        soup = page(address)
        assert not soup.find_all(["script", "style"]) and not soup.find_all(style=True)
        assert not [link for link in soup.find_all("link", href=True) if "//" in str(link["href"])[:8]
                    and link["rel"] != ["canonical"]]  # fmt: skip


def test_no_link_is_dead(page: Page, visitor: FlaskClient, result: Publication) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        if answer.mimetype == "text/html" and "?" not in address:  # filters multiply: followed one deep
            links = BeautifulSoup(answer.text, "html.parser").select("a[href^='/'], link[href^='/']")
            waiting += {str(each["href"]).split("#")[0] for each in links} - seen - set(waiting)
    assert len(seen) > 40


def test_a_page_asks_a_bounded_number_of_questions(
    app: Flask, visitor: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    def asked(address: str) -> int:
        statements: list[Any] = []
        note = lambda *given: statements.append(given[2])  # noqa: E731
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        visitor.get(address)
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(statements)

    before = {address: asked(address) for address in ("/", "/results/", "/search", "/corrections/")}
    for number in range(5):
        more = examples.result(entity_name=f"示例第{number}商店", entity_code="", task_no=f"T{number}")
        disclose(session, cast, "result", more)
    assert {address: asked(address) for address in before} == before
    assert asked(f"/results/{result.number}") <= 16


def test_map_robots_and_health_answer(visitor: FlaskClient, result: Publication) -> None:
    assert f"/results/{result.number}</loc>" in visitor.get("/sitemap.xml").text
    assert "/sitemap.xml" in visitor.get("/robots.txt").text
    assert visitor.get("/healthz").status_code == visitor.get("/readyz").status_code == 200


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
