"""What every public page says of itself to machines, and what the site has beside its pages."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.office import disclose, withdraw

Page = Callable[..., BeautifulSoup]
BELOW_THE_FIRST = ("/lists/", "/plans/", "/tasks/", "/results/", "/search", "/corrections/", "/withdrawals/", "/statistics/", "/statistics/tasks/", "/calendar/", "/log/", "/log/draws", "/feeds/", "/about/", "/help/", "/help/objections/", "/objections/")  # fmt: skip


def meta(page: BeautifulSoup, name: str) -> str:
    found = page.select_one(f'meta[name="{name}"]') or page.select_one(f'meta[property="{name}"]')
    assert found is not None, f"no {name}"
    return str(found["content"])


def link(page: BeautifulSoup, rel: str, **more: str) -> str:
    found = page.find("link", rel=rel, **more)
    assert found is not None, f"no {rel} {more}"
    return str(found["href"])  # type: ignore[index]


def test_a_page_has_one_address_in_whatever_language_and_display(page: Page, settings: Settings) -> None:
    seen = page("/results/?year=2026&lang=en&display=large")
    own = f"{settings.base_url}/results/?year=2026"
    assert link(seen, "canonical") == own
    assert link(seen, "alternate", hreflang="zh-CN") == link(seen, "alternate", hreflang="x-default") == own
    assert link(seen, "alternate", hreflang="en") == f"{own}&lang=en"


def test_an_earlier_version_names_the_record_as_its_address(
    page: Page, session: Session, cast: Cast, result: Publication, settings: Settings
) -> None:
    session.commit()
    own = f"{settings.base_url}/results/{result.number}"
    assert link(page(f"/results/{result.number}/versions/1"), "canonical") == own


def test_a_record_carries_the_labels_of_government_sites(page: Page, result: Publication) -> None:
    seen = page(f"/results/{result.number}")
    title = str(result.revisions[-1].content["entity_name"])
    assert meta(seen, "SiteName") == "示例市双随机、一公开抽查公示"
    assert meta(seen, "ColumnName") == "抽查检查结果"
    assert meta(seen, "ArticleTitle") == meta(seen, "og:title") == title
    assert meta(seen, "ContentSource") == "示例市市场监督管理局"
    assert meta(seen, "Url") == link(seen, "canonical")
    assert title in meta(seen, "description")
    datetime.strptime(meta(seen, "PubDate"), "%Y-%m-%d").replace(tzinfo=UTC)


def test_the_code_of_the_site_stands_where_it_is_set(app: Flask, page: Page, settings: Settings) -> None:
    set_to(app, replace(settings, site_code="3399000001", icp_number="示ICP备0000001号"))
    seen = page("/")
    assert meta(seen, "SiteIDCode") == "3399000001"
    assert "3399000001" in seen.select_one("footer").text and "示ICP备0000001号" in seen.select_one("footer").text  # type: ignore[union-attr]  # fmt: skip


def set_to(app: Flask, settings: Settings) -> None:
    app.extensions["portal_settings"] = app.jinja_env.globals["settings"] = settings


def test_what_is_gone_or_was_never_there_asks_not_to_be_kept(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    withdraw(session, cast, result, "检查对象有误。")
    session.commit()
    for address, status in ((f"/results/{result.number}", 410), ("/no/such", 404), ("/entities/NOBODY", 404)):
        seen = page(address, status)
        assert meta(seen, "robots") == "noindex", address
        assert seen.select_one("form[role=search]"), address


@pytest.mark.parametrize("address", BELOW_THE_FIRST)
def test_a_page_below_the_first_says_where_it_stands(page: Page, address: str) -> None:
    trail = page(address).select('nav[aria-label="所在位置"] li')
    assert len(trail) >= 2 and trail[-1]["aria-current"] == "page"


# ── maps ─────────────────────────────────────────────────────


def addresses_of(visitor: FlaskClient, path: str) -> list[str]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return [str(each.text) for each in ET.fromstring(answer.data).iter() if each.tag.endswith("}loc")]


def test_the_maps_lead_to_every_live_record_and_no_other(
    visitor: FlaskClient, session: Session, cast: Cast, result: Publication, settings: Settings
) -> None:
    later = clock.now() + timedelta(days=40)
    with clock.at(later):
        new = disclose(session, cast, "result", examples.result(entity_name="示例新商店"))
        gone = disclose(session, cast, "result", examples.result(entity_name="示例撤下商店"))
    withdraw(session, cast, gone, "检查对象有误。")
    session.commit()
    month = f"/sitemap/{later:%Y-%m}.xml"
    maps = [each.removeprefix(settings.base_url) for each in addresses_of(visitor, "/sitemap.xml")]
    assert maps[0] == "/sitemap/pages.xml" and month in maps
    assert addresses_of(visitor, month) == [f"{settings.base_url}/results/{new.number}"]
    found = [each for one in maps[1:] for each in addresses_of(visitor, one)]
    assert f"{settings.base_url}/results/{result.number}" in found and len(found) == len(set(found)) == 5


def test_a_month_of_very_much_comes_in_parts(
    visitor: FlaskClient, result: Publication, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.public.site.PER_MAP", 3)
    months = [each.removeprefix(settings.base_url) for each in addresses_of(visitor, "/sitemap.xml")][1:]
    assert len(months) == 2 and months[1] == f"{months[0]}?part=2"
    assert sum(len(addresses_of(visitor, each)) for each in months) == 4


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "x", "2019-01", "２０２６-０１"])
def test_a_month_without_a_record_has_no_map(visitor: FlaskClient, month: str) -> None:
    assert visitor.get(f"/sitemap/{month}.xml").status_code == 404


def test_every_page_of_the_map_answers(visitor: FlaskClient, settings: Settings) -> None:
    for each in addresses_of(visitor, "/sitemap/pages.xml"):
        assert visitor.get(each.removeprefix(settings.base_url)).status_code == 200, each


# ── files that are asked for by name ─────────────────────────


def test_robots_are_kept_out_of_the_rooms_and_of_every_search(visitor: FlaskClient) -> None:
    told = visitor.get("/robots.txt").text.splitlines()
    assert {"Disallow: /staff/", "Disallow: /objections/", "Disallow: /push/", "Disallow: /search?"} <= {
        *told
    }
    assert not any(line in ("Disallow: /", "Disallow: /results/") for line in told)


def test_whom_to_tell_of_a_hole_is_said_where_somebody_is_named(
    app: Flask, visitor: FlaskClient, settings: Settings
) -> None:
    assert visitor.get("/.well-known/security.txt").status_code == 404
    set_to(app, replace(settings, security_contact="mailto:security@example.org"))
    said = visitor.get("/.well-known/security.txt").text
    assert "Contact: mailto:security@example.org\n" in said
    until = datetime.fromisoformat(said.partition("Expires: ")[2].splitlines()[0])
    assert 0 < (until - clock.now()).days < 365


def test_the_mark_of_the_site_answers_by_its_old_name(visitor: FlaskClient) -> None:
    answer = visitor.get("/favicon.ico")
    assert answer.status_code == 200 and answer.data[:4] == b"\x00\x00\x01\x00"
