"""What each public page holds, and what it answers when there is nothing to hold."""

from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.db import db
from portal.publications.models import Publication
from portal.statistics.snapshot import take
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import disclose, withdraw

EMPTY_PAGES = (
    "/", "/lists/", "/plans/", "/tasks/", "/results/", "/search", "/corrections/", "/withdrawals/",
    "/statistics/", "/log/", "/feeds/", "/about/",
)  # fmt: skip


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
    take(session, load_profile("shili"))
    session.commit()
    clock = page("/").select_one(".clock")
    assert clock and "按时" in words(clock)
    assert len(clock.select("svg.ruler rect")) >= 20


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
        "/entities/none.atom", "/results/?page=7", "/nothing", "/sitemap/2026-11.xml?part=5",
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
        assert (
            not soup.find_all("style")
            and not soup.find_all("script", src=False)
            and not soup.find_all(style=True)
        )
        assert not [link for link in soup.find_all("link", href=True) if "//" in str(link["href"])[:8]
                    and link["rel"] not in (["canonical"], ["alternate"])]  # fmt: skip


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


def test_the_site_says_whether_it_is_well(visitor: FlaskClient) -> None:
    assert visitor.get("/healthz").status_code == visitor.get("/readyz").status_code == 200


def test_a_public_page_reads_through_the_public_connection_alone(app: Flask, visitor: FlaskClient) -> None:
    used: set[str | None] = set()
    with app.app_context():
        engines = dict(db.engines)
    listening = [(engine, lambda *_, key=key: used.add(key)) for key, engine in engines.items()]
    for engine, note in listening:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        for address in ("/", "/results/", "/search", "/statistics/", "/log/"):
            assert visitor.get(address).status_code == 200
    finally:
        for engine, note in listening:
            sa.event.remove(engine, "before_cursor_execute", note)
    assert used == {"public"}


def test_a_section_that_holds_nothing_yet_says_so_and_asks_nobody_to_take_conditions_away(page: Page) -> None:
    for kind in ("lists", "plans", "tasks", "results"):
        empty, narrowed = words(page(f"/{kind}/")), words(page(f"/{kind}/?year=2026"))
        assert "第一条公示以后" in empty and "去掉一些条件" not in empty
        assert "去掉一些条件" in narrowed and "没有符合条件的公示" in narrowed
