"""Public pages out of the byte cache: the same bytes as without it, and never older than what stands."""

import gzip
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import work
from portal.app import create_app
from portal.codes.profiles import load_profile
from portal.db import db
from portal.publications.models import Publication
from portal.settings import Settings
from portal.statistics.snapshot import take
from portal.web.kept.serving import PageCache
from tests import examples
from tests.cast import Cast
from tests.office import correct, disclose, withdraw
from tests.secrets.addresses import Known, addresses

ROOT = Path(__file__).resolve().parents[2]

# answered anew each time: about this moment or read from elsewhere; and what is large, streamed or a file
ANEW = {"public.healthz", "public.readyz", "public.exports", "public.exports_catalogue"}
FILES = {
    "public.favicon", "public.newest_export", "public.export_file", "public.search_file", "public.file",
    "public.version_file",
}  # fmt: skip
OWN_HEADERS = {"Vary", "X-Accel-Expires", "Date"}


@pytest.fixture
def keeping(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The same portal on the same database, by a process that keeps pages."""
    portal = create_app(replace(settings, page_cache_mb=8))
    yield portal
    kept(portal).close()
    with portal.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def reader(keeping: Flask) -> FlaskClient:
    return keeping.test_client()


def kept(portal: Flask) -> PageCache:
    cache = portal.extensions["portal_page_cache"]
    assert isinstance(cache, PageCache)
    return cache


def within_a_second(ask: Callable[[], bool]) -> bool:
    end = monotonic() + 1
    while not ask() and monotonic() < end:
        sleep(0.02)
    return ask()


@pytest.mark.slow
def test_every_public_page_is_the_same_from_the_cache_or_goes_through(
    app: Flask, keeping: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    gone = disclose(session, cast, "result", examples.result(plan_no="33990020260001"))
    withdraw(session, cast, gone, "公示对象有误")
    correct(session, cast, result, "结论笔误", findings="经核对，未发现问题")
    take(session, load_profile("shili"))
    session.commit()
    work.index_step(app)
    anew, reader, never = app.test_client(), keeping.test_client(), set()
    for path, endpoint in _one_of_each(anew, app, session):
        without, first = anew.get(path), reader.get(path)
        before = kept(keeping).hits
        again = reader.get(path)
        assert without.data == first.data == again.data, path
        assert _told(without) == _told(first) == _told(again), path
        if kept(keeping).hits == before:
            never.add(endpoint)
            continue
        packed = reader.get(path, headers={"Accept-Encoding": "gzip"})
        plain = gzip.decompress(packed.data) if "Content-Encoding" in packed.headers else packed.data
        assert plain == without.data
        tag = {"If-None-Match": packed.headers["ETag"]}
        assert [each.get(path, headers=tag).status_code for each in (anew, reader)] == [304, 304], path
        assert "Set-Cookie" not in first.headers
    assert never == ANEW
    for number in (gone.number, result.number):
        assert [anew.get(f"/results/{number}").data] * 2 == [
            reader.get(f"/results/{number}").data for _ in "ab"
        ]


def _one_of_each(anew: FlaskClient, app: Flask, session: Session) -> Iterator[tuple[str, str]]:
    """Of each public rule the first address that answers."""
    done = set(FILES)
    for address in addresses(app, Known.of(session), ()):
        is_new = address.rule.startswith("public.") and address.rule not in done
        if is_new and anew.get(address.path).status_code == 200:
            done.add(address.rule)
            yield address.path, address.rule


def _told(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OWN_HEADERS}


@pytest.mark.both_databases
def test_the_next_reader_sees_every_act(
    reader: FlaskClient, keeping: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    page = f"/results/{result.number}"
    pages = ("/", "/results/", page, f"{page}/record.json", "/feeds/results.atom", "/log/")

    def shown() -> list[tuple[int, bytes]]:
        answers = [reader.get(each) for each in pages]
        return [(each.status_code, each.data) for each in answers]

    before = [shown(), shown()]
    assert before[0] == before[1]
    correct(session, cast, result, "结论笔误", findings="经核对，未发现问题")
    corrected = shown()
    assert all(old != new for old, new in zip(before[0], corrected, strict=True))
    assert "结论笔误" in corrected[2][1].decode()
    withdraw(session, cast, result, "公示对象有误")
    assert [code for code, _ in shown()] == [200, 200, 410, 410, 200, 200]
    assert [reader.get(page).status_code for _ in range(2)] == [410, 410]
    assert "经核对" not in "".join(body.decode() for _, body in shown())


@pytest.mark.both_databases
def test_a_hold_by_another_process_is_felt_within_a_second(
    reader: FlaskClient, keeping: Flask, session: Session, cast: Cast, result: Publication, settings: Settings
) -> None:
    page = f"/results/{result.number}"
    assert [reader.get(page).status_code for _ in range(2)] == [200, 200] and kept(keeping).hits == 1
    hold_elsewhere(page, settings)
    assert within_a_second(lambda: reader.get(page).status_code == 451)
    assert "示例北顺达商贸" not in reader.get(page).text


@pytest.mark.slow
def test_it_is_felt_as_well_by_who_no_longer_hears_the_news(
    reader: FlaskClient, keeping: Flask, session: Session, cast: Cast, result: Publication, settings: Settings
) -> None:
    page = f"/results/{result.number}"
    reader.get(page)
    if not settings.is_sqlite:
        listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        assert within_a_second(lambda: bool(session.execute(sa.text(listening)).all()))
        session.commit()
    hold_elsewhere(page, settings)
    assert within_a_second(lambda: reader.get(page).status_code == 451)


def hold_elsewhere(page: str, settings: Settings) -> None:
    """周立 takes a record off, in a process of her own."""
    environ = os.environ | {
        "PORTAL_DATABASE_URL": settings.database, "PORTAL_PUBLIC_DATABASE_URL": settings.public_database_url,
        "PORTAL_VAR": str(settings.var), "PORTAL_INDEX_DIR": str(settings.index_dir),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "tests.hold_record", page.rpartition("/")[2]],
        env=environ,
        cwd=ROOT,
        check=True,
    )  # noqa: S603


def test_a_search_follows_ledger_and_index(
    app: Flask, reader: FlaskClient, session: Session, cast: Cast, result: Publication
) -> None:
    asked = "/search?q=" + "示例北顺达商贸"
    link = f"/results/{result.number}"
    assert link not in reader.get(asked).text
    work.index_step(app)
    assert within_a_second(lambda: link in reader.get(asked).text)
    withdraw(session, cast, result, "公示对象有误")
    assert link not in reader.get(asked).text  # though the index still has it


def test_new_figures_are_new_pages(reader: FlaskClient, session: Session, result: Publication) -> None:
    before = [reader.get("/").data for _ in range(2)][-1]
    take(session, load_profile("shili"))
    session.commit()
    assert reader.get("/").data != before


def test_tomorrow_is_another_page(reader: FlaskClient, session: Session, result: Publication) -> None:
    tag = reader.get("/").headers["ETag"]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
        assert reader.get("/").headers["ETag"] != tag


def test_nobody_can_put_words_into_what_others_read(
    reader: FlaskClient, keeping: Flask, session: Session, result: Publication
) -> None:
    """What a request may carry beside its address changes nothing, and what it asks for is its own."""
    page = f"/results/{result.number}"
    evil = {
        "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher",
        "X-Original-URL": "/staff/", "X-Rewrite-URL": "/staff/", "X-HTTP-Method-Override": "POST", "Forwarded": "host=evil.example",
        "Accept-Language": "en", "Accept": "application/json", "Cookie": "portal_staff=evil; lang=en",
        "User-Agent": "evil", "Referer": "http://evil.example/", "Origin": "http://evil.example",
    }  # fmt: skip
    poisoned = reader.get(page, headers=evil)
    clean = reader.get(page)
    assert kept(keeping).hits == 1
    assert poisoned.data == clean.data and b"evil" not in clean.data
    assert "evil" not in str(clean.headers)
    assert b"evil" in reader.get(f"{page}?evil=1").data and b"evil" not in reader.get(page).data
    assert reader.get(f"{page}%3Flang=en").status_code == 404


def test_made_up_parameters_fill_no_memory(keeping: Flask, reader: FlaskClient, result: Publication) -> None:
    store = kept(keeping).store
    store.room = 320_000  # some fifteen pages
    hot = [reader.get("/about/").data for _ in range(3)][-1]
    for each in range(30):
        reader.get(f"/about/?junk={each}")
        assert store.used <= store.room
    assert len(store) < 30
    before = kept(keeping).hits
    assert reader.get("/about/").data == hot and kept(keeping).hits == before + 1


def test_style_sheets_are_kept_for_good_under_a_name_of_their_bytes(app: Flask, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    links = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(links) >= 7 and not re.search(r'"/bootstrap/', page)
    for link in links:
        answer = visitor.get(link)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
        assert hashlib.sha256(answer.data).hexdigest()[:12] in link
        known = {"If-None-Match": answer.headers["ETag"]}
        assert visitor.get(link, headers=known).status_code == 304
    theme = next(link for link in links if "theme" in link)
    packed = visitor.get(theme, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    other = visitor.get(re.sub(r"[0-9a-f]{12}", "0" * 12, theme))  # of a node that is a day behind
    assert other.status_code == 200 and other.headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/nothing.000000000000.css").status_code == 404
    assert visitor.get("/static/theme.css").status_code == 200
