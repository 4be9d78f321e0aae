"""What tests at the doors may ask for."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.cli import main
from portal.deadlines.notices import load_notice
from portal.intake import clients
from portal.people.models import Person
from portal.settings import Settings
from tests import examples
from tests.cast import PASSWORD, Cast
from tests.databases import PostgresShelf, SqliteShelf
from tests.doors.public_room import Page
from tests.doors.staff_room import Room
from tests.notices import TITLE, notice_2027
from tests.office import disclose
from tests.pushing import RECORDS, Send
from tests.secrets.worlds import World, planted, two_worlds

Portal = Callable[..., Result]
Shelf = SqliteShelf | PostgresShelf


@pytest.fixture
def room(session: Session, cast: Cast, sign_in: Callable[[Person], FlaskClient]) -> Room:
    """The staff's room: ``room("song").send(page, address, note="同意")``."""
    return Room(session, cast, sign_in)


@pytest.fixture
def page(visitor: FlaskClient) -> Page:
    """Open a public address and get its words; ``status`` when it is not 200."""

    def open_it(address: str, status: int = 200) -> BeautifulSoup:
        answer = visitor.get(address)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    return open_it


@pytest.fixture
def portal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """Run a command on the test's database: ``portal("people", "add", …)``."""
    monkeypatch.setenv("PORTAL_VAR", str(settings.var))
    monkeypatch.setenv("PORTAL_INDEX_DIR", str(settings.index_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PORTAL_PUBLIC_DATABASE_URL", settings.public_database_url)
    monkeypatch.setenv("PORTAL_NEW_PASSWORD", PASSWORD)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return run


@pytest.fixture
def key(session: Session, cast: Cast) -> str:
    """The key of a platform that drafts in 何知远's name; his office's list is in force."""
    disclose(session, cast, "list", examples.item_list())
    key = clients.add(session, "示例省平台", cast.he, by=cast.jiang)[1]
    session.commit()
    return key


@pytest.fixture
def send(visitor: FlaskClient, session: Session, key: str) -> Send:
    def sent(body: Any, address: str = RECORDS, **headers: str) -> TestResponse:
        session.commit()
        given = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        answer = visitor.post(address, data=data, headers=given)
        session.expire_all()
        return answer

    return sent


@pytest.fixture
def loaded(session: Session) -> None:
    """The invented notice for 2027, loaded."""
    file = notice_2027()
    load_notice(session, file.days, year=2027, title=TITLE, digest=file.digest, by=None)
    session.commit()


@pytest.fixture(
    scope="session",
    params=["light", pytest.param("whole", marks=[pytest.mark.slow, pytest.mark.proved_on_postgres])],
)
def worlds(
    request: pytest.FixtureRequest, shelf: Shelf, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, World]]:
    """Two sites that differ in nothing but their secrets; light ones in the first tier."""
    folder = tmp_path_factory.mktemp("worlds")
    compiled = run_folder / "templates"
    compiled.mkdir(exist_ok=True)
    light = request.param == "light"
    with two_worlds(shelf, folder, compiled, planted(light=light), light=light) as pair:
        yield pair
