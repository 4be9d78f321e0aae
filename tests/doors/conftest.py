"""What tests at the doors may ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.cli import main
from portal.deadlines.notices import load_notice
from portal.people.models import Person
from portal.settings import Settings
from tests.cast import PASSWORD, Cast
from tests.databases import PostgresShelf, SqliteShelf
from tests.doors.public_room import Page
from tests.doors.staff_room import Room
from tests.notices import TITLE, notice_2027
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
