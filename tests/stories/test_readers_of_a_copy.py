"""The public reads a copy of the database, made by PostgreSQL itself, that may be behind or gone."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.publications import queries
from portal.publications.models import Publication
from portal.search.following import catch_up
from portal.sessions import session_at
from portal.settings import Settings
from portal.web import copying
from tests import examples
from tests.applications import Applications
from tests.cast import Cast
from tests.conftest import Shelf
from tests.databases import PostgresShelf
from tests.office import correct, disclose
from tests.secrets.addresses import Known, addresses, in_english
from tests.standby import Standby, standby

pytestmark = [pytest.mark.about_postgres, pytest.mark.proof]


@pytest.fixture(scope="module")
def copy(shelf: Shelf) -> Iterator[Standby]:
    assert isinstance(shelf, PostgresShelf)
    with standby(shelf.server) as running:
        yield running


@pytest.fixture
def app(settings: Settings, applications: Applications, copy: Standby) -> Iterator[Flask]:
    """The portal, whose public door reads the copy."""
    there = copy.address(settings.database_url, then_primary=True)
    wait_until(lambda: has_come(copy, settings))
    with applications.serving(replace(settings, public_database_url=there, stale_after=1)) as portal:
        yield portal


def has_come(copy: Standby, settings: Settings) -> bool:
    """Whether the copy knows of the test's own database yet."""
    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    return copy.owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def wait_until(so: Callable[[], bool]) -> None:
    given_up = time.monotonic() + 20
    while not so():
        assert time.monotonic() < given_up
        time.sleep(0.02)


def lines(app: Flask) -> int:
    with session_at(app, "public") as session:
        return queries.ledger_size(session)


def publish(session: Session, cast: Cast, name: str) -> str:
    return str(disclose(session, cast, "result", examples.result(entity_name=name)).number)


def follow(app: Flask, session: Session) -> None:
    """Until the copy, and the index after it, have what was published."""
    size = queries.ledger_size(session)
    session.commit()
    wait_until(lambda: lines(app) >= size)
    work.index_step(app)


def test_every_public_page_is_read_from_a_copy(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient
) -> None:
    """A copy takes no writing and no locks: a page that tries would fail there, and only there."""
    correct(session, cast, result, "检查日期有误。", inspected_on="2026-10-21")
    follow(app, session)
    asked = [each for each in addresses(app, Known.of(session), ()) if each.rule.startswith("public.")]
    session.commit()
    answers = {each.path: visitor.get(each.path).status_code for each in [*asked, *in_english(asked[::9])]}
    assert len(asked) > 60 and sum(status == 200 for status in answers.values()) > 40
    assert [url for url, status in answers.items() if status >= 500] == []


def test_a_copy_that_is_behind_shows_no_dead_links_and_says_so_itself(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient, copy: Standby
) -> None:
    follow(app, session)
    assert visitor.get("/readyz").status_code == 200
    index = work.index_folder(app)
    before, position = index.current, index.position()
    copy.pause()
    try:
        number = publish(session, cast, "示例刚刚公示的商店")
        work.index_step(app)
        assert (index.current, index.position()) == (before, position)
        assert visitor.get("/search?q=刚刚公示").text.count(number) == 0
        time.sleep(1.2)
        answer = visitor.get("/readyz")
        assert answer.status_code == 503 and "只读副本落后主库公示存证1条" in answer.text
    finally:
        copy.resume()
    follow(app, session)
    assert visitor.get("/readyz").status_code == 200
    assert number in visitor.get("/search?q=刚刚公示").text
    assert visitor.get(f"/results/{number}").status_code == 200


def test_an_index_that_was_ahead_of_a_copy_is_kept_and_leads_nowhere_that_is_not_there(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient, copy: Standby
) -> None:
    follow(app, session)
    copy.pause()
    try:
        number = publish(session, cast, "示例刚刚公示的商店")
        index = work.index_folder(app)
        with session_at(
            app, "reads"
        ) as elsewhere:  # another copy had it already, and the index followed that one
            assert catch_up(elsewhere, index)
        before = (index.current, index.position())
        work.index_step(app)
        assert (index.current, index.position()) == before
        assert number not in visitor.get("/search?q=刚刚公示").text
        assert visitor.get(f"/results/{number}").status_code == 404
    finally:
        copy.resume()
    follow(app, session)
    assert number in visitor.get("/search?q=刚刚公示").text


def test_whoever_published_finds_it_on_the_public_page(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient, copy: Standby
) -> None:
    follow(app, session)
    copy.pause()
    number = publish(session, cast, "示例刚刚公示的商店")
    threading.Timer(0.3, copy.resume).start()
    size = queries.ledger_size(session)
    session.commit()
    with app.app_context():
        copying.wait_for(size)
    assert visitor.get(f"/results/{number}").status_code == 200


def test_when_the_copy_is_gone_readers_are_answered_by_the_primary(
    app: Flask, session: Session, result: Publication, visitor: FlaskClient, copy: Standby
) -> None:
    follow(app, session)
    assert visitor.get("/").status_code == 200
    copy.stop()
    assert visitor.get("/").status_code == 200
    assert visitor.get("/readyz").status_code == 200
