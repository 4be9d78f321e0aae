"""Logs, error pages and messages carry numbers of records: never what was searched, typed, found or who is named."""

import logging
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import logs
from portal.app import create_app, rule_here
from portal.publications.models import Publication
from portal.settings import Settings
from tests.conftest import csrf_token
from tests.filing_over_http import Server
from tests.secrets.forms import forms_of, found_in
from tests.secrets.secret import Secrets

SECRETS = Secrets("A")
SECRET = SECRETS["the name in a draft"]
WANTED = forms_of(SECRETS.stems())
ASKED = (
    f"/search?q={quote(SECRET)}", f"/results/{quote(SECRET)}", f"/entities/{quote(SECRET)}", f"/results/?department={quote(SECRET)}",
    f"/search/suggestions?q={quote(SECRET)}", f"/search.atom?q={quote(SECRET)}", f"/objections/new?result={quote(SECRET)}", f"/objections/{quote(SECRET)}",
    f"/staff/publications/{quote(SECRET)}", f"/{quote(SECRET)}", f"/calendar/?start={quote(SECRET)}&days=5",
)  # fmt: skip


def break_the_database(session: Session) -> None:
    """From here on every page that lists or finds anything fails."""
    session.commit()
    for table in ("faces", "objections"):
        session.execute(sa.text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
    session.commit()


@pytest.fixture
def captured(app: Flask, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    logs.set_up(rule_here)  # a command that another test ran has set them up for itself
    caplog.set_level(logging.DEBUG)
    return caplog


def written(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> bytes:
    """Every line as a handler of somebody else's would write it, and what stands on stderr."""
    lines = [f"{record.getMessage()}\n{record.exc_text or ''}" for record in caplog.records]
    return "\n".join([*lines, capsys.readouterr().err]).encode()


@pytest.mark.both_databases
def test_a_failing_database_says_nothing_of_what_was_asked(
    captured: pytest.LogCaptureFixture,
    session: Session,
    result: Publication,
    visitor: FlaskClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = visitor.get(f"/objections/new?result={result.number}").text
    break_the_database(session)
    statuses = {path: visitor.get(path).status_code for path in ASKED}
    form = {"grounds": "not_so", "text": SECRET, "objector_name": SECRET, "phone": f"{SECRET}15400000000"}
    form |= {"csrf_token": csrf_token(page), "key": "x" * 43}
    visitor.post(f"/objections/new?result={result.number}", data=form)
    told = written(captured, capsys)
    assert 500 in statuses.values()
    assert "a request failed" in told.decode()
    assert b"/entities/<code>" in told
    assert not found_in(told, WANTED)


def test_an_error_page_does_not_repeat_the_address(visitor: FlaskClient, session: Session) -> None:
    """Except where it says which condition does not exist, to whoever wrote it."""
    break_the_database(session)
    for path in ASKED:
        if path.startswith(
            "/objections/new"
        ):  # a form to look for a number, which keeps what was typed in it
            continue
        answer = visitor.get(path)
        said = answer.status_code == 400 or answer.status_code < 400
        assert said or not found_in(answer.data, WANTED), path


def test_what_escapes_every_error_page_is_answered_and_told_without_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings)
    app.jinja_env.globals.clear()  # no template can be rendered any more, that of the error neither
    answer = app.test_client().get(f"/search?q={quote(SECRET)}")
    told = capsys.readouterr().err
    assert answer.status_code == 500
    assert "a request could not be answered" in told or "its error page with it" in told
    assert not found_in(told.encode(), WANTED)


def test_an_error_of_the_database_names_no_values(app: Flask, session: Session) -> None:
    with pytest.raises(sa.exc.DBAPIError) as raised:
        session.execute(sa.text("SELECT :secret FROM nowhere"), {"secret": SECRET})
    assert "hide_parameters" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_the_log_of_the_site_is_set_up_before_anything_is_written(settings: Settings) -> None:
    create_app(settings)
    handlers = [each for each in logging.getLogger().handlers if each.get_name() == logs.HANDLER]
    assert len(handlers) == 1
    assert isinstance(handlers[0].formatter, logs.Discreet)


@pytest.mark.slow
def test_a_real_server_writes_nothing_of_what_was_asked(
    settings: Settings, session: Session, result: Publication
) -> None:
    """Everything that ``portal serve`` and its processes say, while they answer and while they fail."""
    session.commit()
    server = Server(settings)
    server.start()
    try:
        for path in ASKED:
            requests.get(f"{server.site}{path}", headers={"X-Secret": quote(SECRET)}, timeout=20)
            requests.post(f"{server.site}{path}", data={"text": SECRET}, timeout=20)
        break_the_database(session)
        for path in ASKED:
            requests.get(f"{server.site}{path}", timeout=20)
    finally:
        server.kill()
    told = Path(server.log).read_bytes()
    assert b"a request failed" in told
    assert b"<code>" in told
    assert not found_in(told, WANTED)
