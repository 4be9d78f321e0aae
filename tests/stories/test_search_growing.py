"""A site grows: it is told so, moves to the other engine while readers read, and goes on there."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import work
from portal.app import create_app
from portal.publications.models import Publication
from portal.search.engine import Query
from portal.search.engines import open_folder
from portal.search.following import rebuild
from portal.search.outgrowing import why_outgrown
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.office import disclose

MIDDLE = "恒昌餐饮"


@pytest.fixture
def firm(session: Session, cast: Cast) -> Publication:
    return disclose(session, cast, "result", examples.result(entity_name="示例西恒昌餐饮店"))


def test_a_site_moves_to_tantivy_while_readers_read(
    app: Flask, settings: Settings, firm: Publication
) -> None:
    work.index_step(app)
    grown = replace(settings, search_engine="tantivy")
    beside = open_folder(grown)
    with session_at(app, "public") as public:
        assert rebuild(public, beside) > 0
    assert work.index_folder(app).ask(Query(MIDDLE)).total == beside.ask(Query(MIDDLE)).total == 1
    restarted = create_app(grown)
    assert work.index_step(restarted) == 0
    page = restarted.test_client().get("/search", query_string={"q": MIDDLE})
    assert page.status_code == 200
    assert str(firm.number) in page.get_data(as_text=True)


def test_an_erasure_throws_the_other_engines_index_away(
    app: Flask, settings: Settings, firm: Publication
) -> None:
    work.index_step(app)
    beside = open_folder(replace(settings, search_engine="tantivy"))
    with session_at(app, "public") as public:
        rebuild(public, beside)
    work.index_folder(app).discard_unfinished()
    assert beside.current == ""
    assert work.index_folder(app).ask(Query(MIDDLE)).total == 1


def test_a_site_that_has_outgrown_whoosh_is_told_what_to_run(
    session: Session, settings: Settings, firm: Publication
) -> None:
    session.execute(sa.text("SELECT 1"))
    (reason,) = why_outgrown(session, settings, most=0)
    assert "portal index rebuild --engine tantivy" in str(reason)
    assert not [*why_outgrown(session, settings)]
    assert not [*why_outgrown(session, replace(settings, search_engine="tantivy"), most=0)]
