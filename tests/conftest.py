"""What every test may ask for.

``session`` is a write door of its own beside the requests a ``client`` makes: on SQLite it holds the write
lock from its first statement to its commit, so **commit before a client posts**, and call
``session.expire_all()`` before looking at what a post has changed.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.db import db, open_at
from portal.people import hashing, wrapping
from portal.people.models import Person
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.applications import Applications
from tests.cast import PASSWORD, Cast
from tests.databases import PostgresShelf, SqliteShelf, quick_folder
from tests.office import disclose
from tests.scheduling import Together
from tests.signing import give_log_key

Shelf = SqliteShelf | PostgresShelf

# the same argon2id with the least memory and one round: a second of every sign-in would be hashing
hashing.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
wrapping.cost = 4  # the same scrypt over 16 rows: signing keys are opened in every story that signs
BOTH = ("sqlite", "postgres")
LATER_TIERS = ("slow", "browser", "proof")
ON_BOTH_BY_DEFAULT = ("stories",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("tiers", "rest", "sqlite", "postgres", "both"),
        default="tiers",
        help="tiers: everything on SQLite, stories on PostgreSQL too (default); rest: on both, but for what tiers runs",
    )


@pytest.hookimpl(tryfirst=True)  # before marks are asked for
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _is_left_to_a_proof(item):
            item.add_marker(pytest.mark.proof)
    if config.getoption("--database") == "rest":
        done = [item for item in items if _is_of_the_first_tier(item)]
        items[:] = [item for item in items if not _is_of_the_first_tier(item)]
        config.hook.pytest_deselected(items=done)


def _is_left_to_a_proof(test: pytest.Item) -> bool:
    """What takes minutes on PostgreSQL, or asks nothing of it that the doors have not asked: SQLite does for CI."""
    on_postgres = isinstance(test, pytest.Function) and _given(test).get("shelf") == "postgres"
    long = test.get_closest_marker("proved_on_postgres") or test.get_closest_marker("browser")
    return on_postgres and bool(long)


def pytest_collection_finish() -> None:
    gc.freeze()  # a third of a million objects that live to the end: not to be looked through again and again


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "shelf" in metafunc.fixturenames:
        wanted = _databases(metafunc.config.getoption("--database"), metafunc.definition)
        marks = {"postgres": [pytest.mark.postgres]}
        params = [pytest.param(name, marks=marks.get(name, [])) for name in wanted]
        metafunc.parametrize("shelf", params, indirect=True, scope="session")


def _is_of_the_first_tier(test: pytest.Item) -> bool:
    if any(test.get_closest_marker(later) for later in LATER_TIERS) or not isinstance(test, pytest.Function):
        return False
    return _given(test).get("shelf", "sqlite") in _databases("tiers", test)


def _given(test: pytest.Function) -> Mapping[str, Any]:
    """What a test was parametrised with."""
    return test.callspec.params if hasattr(test, "callspec") else {}


def _databases(option: str, test: pytest.Function) -> tuple[str, ...]:
    if test.get_closest_marker("about_sqlite"):
        return ("sqlite",)
    if test.get_closest_marker("about_postgres"):
        return ("postgres",)
    on_both = test.get_closest_marker("both_databases") or set(test.path.parts) & set(ON_BOTH_BY_DEFAULT)
    if option in ("both", "rest") or (option == "tiers" and on_both):
        return BOTH
    return ("sqlite",) if option == "tiers" else (option,)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """One folder for the whole run, shared by the workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shelves"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def shelf(request: pytest.FixtureRequest, run_folder: Path) -> Shelf:
    """Where the databases come from; parametrised, see ``--database``."""
    return PostgresShelf(run_folder) if request.param == "postgres" else SqliteShelf(run_folder)


@pytest.fixture
def settings(shelf: Shelf) -> Iterator[Settings]:
    """Settings of one test, with a database and folders of its own."""
    with TemporaryDirectory(prefix="portal-test-", dir=quick_folder(), ignore_cleanup_errors=True) as folder:
        plain = Settings(var=Path(folder, "var"), index_dir=Path(folder, "index"), worker=False)
        give_log_key(plain)
        with shelf.copy(plain) as pointing:
            yield pointing


class Visit(FlaskClient):
    """A client whose every request has an application context, and so a session, of its own.

    Inside the context that ``session`` holds open, Flask would hand that one to the request.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def applications(run_folder: Path) -> Applications:
    """The portals of this worker, each put together once."""
    templates = run_folder / "templates"  # each is compiled once for all workers
    templates.mkdir(exist_ok=True)
    return Applications(templates, Visit)


@pytest.fixture
def app(settings: Settings, applications: Applications) -> Iterator[Flask]:
    """The portal on the test's own database."""
    with applications.serving(settings) as portal:
        yield portal


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The write door."""
    with app.app_context():
        open_at("write")
        yield db.session()
        db.session.rollback()


@pytest.fixture
def cast(session: Session) -> Cast:
    """Everybody in ``tests/cast.py``, as rows of ``session``."""
    return Cast(session)


@pytest.fixture
def result(session: Session, cast: Cast) -> Publication:
    """A list, a plan, a task and one result of them, all public; gives the result."""
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "plan", examples.plan())
    disclose(session, cast, "task", examples.task(plan_no="33990020260001"))
    return disclose(session, cast, "result", examples.result(plan_no="33990020260001"))


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A reader without account."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """Sign somebody of the cast in, through the page, as they would: ``he = sign_in(cast.he)``."""

    def sign_in(person: Person) -> FlaskClient:
        username = person.username
        client = app.test_client()
        page = client.get("/staff/sign-in")
        form = {"username": username, "password": PASSWORD, "csrf_token": csrf_token(page.text)}
        answer = client.post("/staff/sign-in", data=form)
        assert answer.status_code in (302, 303), answer.text
        return client

    return sign_in


def csrf_token(html: str) -> str:
    """The token that the forms of a page carry."""
    field = BeautifulSoup(html, "html.parser").select_one("input[name=csrf_token]")
    assert field is not None, "the page has no form with a token"
    return str(field["value"])
