"""Feeds: well-formed in both forms, stable ids, corrected items updated, withdrawn ones say so, 304."""

import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.web.public.syndication import clean
from tests import examples
from tests.cast import Cast
from tests.office import correct, disclose, withdraw

NAMES = ("lists", "plans", "tasks", "results", "corrections", "all")


@pytest.fixture
def listed(session: Session, cast: Cast) -> None:
    """A list in force, so that results may be disclosed (D6)."""
    disclose(session, cast, "list", examples.item_list())


def read(visitor: FlaskClient, address: str) -> feedparser.FeedParserDict:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.data)
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("name", NAMES)
def test_every_feed_is_well_formed_even_when_empty(visitor: FlaskClient, name: str, form: str) -> None:
    assert read(visitor, f"/feeds/{name}.{form}").version == ("rss20" if form == "rss" else "atom10")


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_the_newest_comes_first_and_a_correction_keeps_its_id(
    visitor: FlaskClient, session: Session, cast: Cast, form: str
) -> None:
    first = disclose(session, cast, "result", examples.result())
    other = examples.result(entity_name="示例西丰盛机械厂", entity_code="91339900QD7612PLT6")
    disclose(session, cast, "result", other)
    before = {entry.link: entry.id for entry in read(visitor, f"/feeds/results.{form}").entries}
    correct(session, cast, first, "原记录有误。", registration_authority="示例市市场监督管理局")
    entries = read(visitor, f"/feeds/results.{form}").entries
    assert entries[0].link.endswith(f"/results/{first.number}") and "更正" in entries[0].title
    assert "原记录有误。" in entries[0].summary
    assert {entry.link: entry.id for entry in entries} == before
    assert all(entry.id.startswith("tag:127.0.0.1,") for entry in entries)


@pytest.mark.usefixtures("listed")
def test_a_withdrawn_item_says_so_with_its_reason(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    published = disclose(session, cast, "result", examples.result())
    withdraw(session, cast, published, "录入错误。")
    for address in ("/feeds/results.atom", "/feeds/all.rss", "/feeds/corrections.atom"):
        entry = read(visitor, address).entries[0]
        assert "已撤下" in entry.title and "录入错误。" in entry.summary
        assert "北顺达" not in entry.title + entry.summary


@pytest.mark.usefixtures("listed")
def test_an_entity_and_a_search_have_feeds(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    published = disclose(session, cast, "result", examples.result())
    addresses = ("/entities/9133990075TNM5LB3J.atom", "/search.atom?kind=result", "/search.rss?outcome=5")
    for address in addresses:
        links = [entry.link for entry in read(visitor, address).entries]
        assert links == [f"http://127.0.0.1:8000/results/{published.number}"]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("address", ["/feeds/all.atom", "/feeds/results.rss"])
def test_a_reader_who_has_it_is_answered_304(
    visitor: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    disclose(session, cast, "result", examples.result())
    answer = visitor.get(address)
    for condition in (
        {"If-None-Match": answer.headers["ETag"]},
        {"If-Modified-Since": answer.headers["Last-Modified"]},
    ):
        assert visitor.get(address, headers=condition).status_code == 304


@pytest.mark.usefixtures("listed")
def test_control_characters_do_not_break_a_feed(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    reason = "原记录\x0b有误。"
    published = disclose(session, cast, "result", examples.result())
    correct(session, cast, published, reason, registration_authority="示例市市场监督管理局")
    assert "原记录有误。" in read(visitor, "/feeds/all.atom").entries[0].summary
    assert clean("a\x00\ufffe\tb") == "a\tb"
