"""Feeds: well-formed in each form, stable ids, corrected items updated, withdrawn ones say so, 304."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.publications import duty
from portal.web.public.syndication import JSON_FEED, clean
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
    addresses = (
        "/entities/9133990075TNM5LB3J.atom", "/search.atom?kind=result", "/search.rss?outcome=5",
        "/feeds/departments/scjg.rss?page=1", "/search.atom?department=scjg&kind=result",
    )  # fmt: skip
    for address in addresses:
        links = [entry.link for entry in read(visitor, address).entries if "/lists/" not in entry.link]
        assert links == [f"http://127.0.0.1:8000/results/{published.number}"]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("address", ["/feeds/all.atom", "/feeds/results.rss", "/feeds/all.json"])
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


# ── JSON Feed 1.1 ────────────────────────────────────────────


def read_json(visitor: FlaskClient, address: str) -> dict[str, Any]:
    """The feed, when it has what the format requires (jsonfeed.org/version/1.1)."""
    answer = visitor.get(address)
    assert answer.status_code == 200 and answer.content_type.startswith("application/feed+json")
    said: dict[str, Any] = json.loads(answer.data)
    assert said["version"] == JSON_FEED and said["title"]
    assert said["feed_url"].startswith("http://127.0.0.1:8000/") and said["home_page_url"]
    for item in said["items"]:
        assert item["id"] and item["url"] and item["content_text"] and item["authors"][0]["name"]
        for date in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[date]).tzinfo is not None
    assert len({item["id"] for item in said["items"]}) == len(said["items"])
    return said


@pytest.mark.parametrize("name", NAMES)
def test_every_feed_is_a_json_feed_too(visitor: FlaskClient, name: str) -> None:
    assert read_json(visitor, f"/feeds/{name}.json")["items"] == []


@pytest.mark.usefixtures("listed")
def test_an_item_has_one_id_in_every_form(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    disclose(session, cast, "result", examples.result())
    stems = ("/feeds/results", "/feeds/departments/scjg", "/entities/9133990075TNM5LB3J", "/search")
    for stem in stems:
        atom, rss = (
            [each.id for each in read(visitor, f"{stem}.{form}").entries] for form in ("atom", "rss")
        )
        assert atom == rss == [each["id"] for each in read_json(visitor, f"{stem}.json")["items"]] != []


# ── what a feed held and is off ──────────────────────────────


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("stem", ["/search.{}?kind=result&department=scjg", "/feeds/departments/scjg.{}"])
def test_what_conditions_that_last_found_stays_and_says_that_it_is_off(
    visitor: FlaskClient, session: Session, cast: Cast, stem: str
) -> None:
    published = disclose(session, cast, "result", examples.result())
    (before,) = (each for each in read(visitor, stem.format("atom")).entries if "/results/" in each.link)
    withdraw(session, cast, published, "录入错误。")
    for form in ("atom", "rss"):
        (after,) = (each for each in read(visitor, stem.format(form)).entries if "/results/" in each.link)
        assert after.id == before.id and "已撤下" in after.title and "录入错误。" in after.summary
        assert "北顺达" not in visitor.get(stem.format(form)).text
    off = read_json(visitor, stem.format("json"))["items"][0]
    assert off["id"] == before.id and "录入错误。" in off["content_text"]


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("stem", ["/search.{}?kind=result&outcome=5", "/entities/9133990075TNM5LB3J.{}"])
def test_where_nobody_can_say_any_more_what_it_was_an_id_is_named_and_nothing_else(
    visitor: FlaskClient, session: Session, cast: Cast, stem: str
) -> None:
    """The same in the feed of a search that never held it: so it says nothing of the record."""
    published = disclose(session, cast, "result", examples.result())
    disclose(session, cast, "result", examples.result())
    (held,) = (
        each for each in read(visitor, stem.format("atom")).entries if each.link.endswith(published.number)
    )
    duty.hold(session, published, by=cast.zhou, reason="举报涉及隐私。")
    session.commit()
    for address in (stem, "/search.{}?outcome=1"):
        feed = visitor.get(address.format("atom")).text
        assert f'<at:deleted-entry ref="{held.id}"' in feed
        assert published.number not in [
            urlsplit(each.link).path.rpartition("/")[2]
            for each in read(visitor, address.format("atom")).entries
        ]
        gone = read_json(visitor, address.format("json"))["_tombstones"]["entries"]
        assert [each["ref"] for each in gone] == [held.id]
        assert published.number not in visitor.get(address.format("rss")).text


@pytest.mark.usefixtures("listed")
def test_a_corrected_record_comes_up_again_in_a_search(
    app: Flask, visitor: FlaskClient, session: Session, cast: Cast
) -> None:
    first = disclose(session, cast, "result", examples.result())
    disclose(
        session,
        cast,
        "result",
        examples.result(entity_name="示例北顺达二店", entity_code="91339900QD7612PLT6"),
    )
    correct(session, cast, first, "原记录有误。", registration_authority="示例市市场监督管理局")
    work.index_step(app)
    newest = read(visitor, "/search.atom?q=北顺达").entries[0]
    assert newest.link.endswith(first.number) and "更正" in newest.title
    duty.hold(session, first, by=cast.zhou, reason="举报涉及隐私。")
    session.commit()  # the index does not know yet
    assert [each.title.count("更正") for each in read(visitor, "/search.atom?q=北顺达").entries] == [0]


# ── pages and the hub ────────────────────────────────────────


def test_a_long_feed_names_its_next_page(visitor: FlaskClient, session: Session, cast: Cast) -> None:
    for nth in range(51):
        disclose(session, cast, "list", examples.item_list(source_number=f"QD{nth}", title=f"清单{nth}"))
    first = read(visitor, "/feeds/lists.atom")
    (following,) = (each.href for each in first.feed.links if each.rel == "next")
    assert (
        read_json(visitor, "/feeds/lists.json")["next_url"] == "http://127.0.0.1:8000/feeds/lists.json?page=2"
    )
    second = read(visitor, following.removeprefix("http://127.0.0.1:8000"))
    assert len(first.entries) == 50 and len(second.entries) == 1
    assert "next" not in {each.rel for each in second.feed.links}
    assert visitor.get("/feeds/lists.atom?page=x").status_code == 400


def test_the_hub_is_named_where_it_is_told_and_nowhere_else(app: Flask, visitor: FlaskClient) -> None:
    before = app.extensions["portal_settings"]
    app.extensions["portal_settings"] = replace(before, websub_hub="https://hub.example.net/")
    try:
        for form in ("atom", "rss"):
            links = read(visitor, f"/feeds/all.{form}").feed.links
            hrefs = {each.rel: each.href for each in links}
            assert hrefs["hub"] == "https://hub.example.net/"
            assert hrefs["self"] == f"http://127.0.0.1:8000/feeds/all.{form}"
            assert "hub.example.net" not in visitor.get(f"/feeds/all.{form}?lang=en").text
            assert "hub.example.net" not in visitor.get(f"/search.{form}").text
        said = read_json(visitor, "/feeds/departments/scjg.json")
        assert said["hubs"] == [{"type": "WebSub", "url": "https://hub.example.net/"}]
    finally:
        app.extensions["portal_settings"] = before


@pytest.mark.parametrize(
    "address", ["/feeds/departments/nobody.atom", "/feeds/nothing.json", "/entities/X.json"]
)
def test_a_feed_of_nothing_is_no_feed(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(address).status_code == 404
