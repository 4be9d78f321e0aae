"""What a visitor is told when one address asks too much, when the database does not answer, and who may be sent here."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from portal import clock, work
from portal.db import db
from portal.publications.models import Publication
from portal.settings import Settings
from portal.web.limiting import SIGN_INS_PER_MINUTE
from tests.conftest import csrf_token


def at(visitor: FlaskClient, address: str, path: str) -> tuple[int, str | None]:
    answer = visitor.get(path, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, answer.headers.get("Retry-After")


def test_one_address_does_not_take_the_search_from_the_others(
    app: Flask, visitor: FlaskClient, settings: Settings
) -> None:
    app.extensions["portal_settings"] = replace(settings, searches_per_minute=2)
    searches = ("/search?kind=result", "/search.csv", "/api/v1/publications")
    assert [at(visitor, "203.0.113.1", path) for path in searches] == [(200, None), (200, None), (429, "60")]
    assert at(visitor, "203.0.113.2", "/search?kind=result") == (200, None)
    assert at(visitor, "203.0.113.1", "/results/") == (200, None)
    told = visitor.get("/api/v1/publications", environ_base={"REMOTE_ADDR": "203.0.113.1"})
    assert told.is_json and told.json and told.json["status"] == 429
    assert {at(visitor, "127.0.0.1", "/search?kind=result")[0] for _ in range(4)} == {200}
    app.extensions["portal_settings"] = replace(settings, searches_per_minute=0)
    assert at(visitor, "203.0.113.1", "/search?kind=result") == (200, None)


def test_one_address_tries_many_names_for_a_minute_only(visitor: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(visitor.get("/staff/sign-in").text), "username": "nobody"}
    statuses = [
        visitor.post("/staff/sign-in", data=form, environ_base={"REMOTE_ADDR": "203.0.113.3"}).status_code
        for _ in range(SIGN_INS_PER_MINUTE + 1)
    ]
    assert set(statuses[:-1]) == {422} and statuses[-1] == 429


@pytest.mark.about_postgres
def test_a_database_that_does_not_answer_is_said_and_comes_back(
    app: Flask, visitor: FlaskClient, result: Publication
) -> None:
    with app.app_context():
        engine = db.engines["public"]
    there = sa.make_url(str(engine.url.render_as_string(hide_password=False)))
    engine.url = there.update_query_dict({"host": "/nowhere"})
    engine.dispose()
    answer = visitor.get("/results/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "请过几秒钟再试" in answer.text
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/healthz").status_code == 200
    engine.url = there
    assert visitor.get("/results/").status_code == visitor.get("/readyz").status_code == 200


def test_an_index_that_stands_still_sends_readers_elsewhere(
    app: Flask, visitor: FlaskClient, result: Publication
) -> None:
    assert visitor.get("/readyz").status_code == 200  # nothing followed yet, but nothing waits for long
    later = clock.now() + timedelta(minutes=2)
    with time_machine.travel(later):
        answer = visitor.get("/readyz")
        assert answer.status_code == 503 and answer.headers["Cache-Control"] == "no-store"
        assert answer.text.startswith("检索索引落后公示存证5条")
        work.index_step(app)
        assert visitor.get("/readyz").text == "ready\n"
