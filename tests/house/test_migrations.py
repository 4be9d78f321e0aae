"""Migrations go up, down and up again, and end where the models are, on both databases."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, stamp, upgrade

from portal import models
from portal.db import Base, db
from portal.opening import office
from portal.settings import Settings
from tests.conftest import Shelf
from tests.house.source import ROOT


@pytest.fixture
def empty(shelf: Shelf, tmp_path: Path) -> Iterator[Flask]:
    """The portal's commands on a database that holds nothing."""
    with shelf.empty(Settings(var=tmp_path / "var")) as settings:
        app = office(settings)
        with app.app_context():
            yield app
            for engine in db.engines.values():
                engine.dispose()


def tables(app: Flask) -> set[str]:
    return set(sa.inspect(db.engines[None]).get_table_names())


@pytest.mark.both_databases
def test_migrations_go_up_down_and_up(empty: Flask) -> None:
    upgrade()
    first = tables(empty)
    downgrade(revision="base")
    assert tables(empty) <= {"alembic_version"}
    upgrade()
    assert tables(empty) == first


@pytest.mark.both_databases
@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite does not tell of them
def test_migrations_end_where_the_models_are(empty: Flask) -> None:
    upgrade()
    with db.engines[None].connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.about_sqlite
def test_sqlite_is_told_how_many_rows_are_alike_in_every_index(empty: Flask) -> None:
    """Else it takes ten rows to be live, and reads all of them where a few numbers are asked for."""
    upgrade()
    asked = "SELECT * FROM faces WHERE live = 1 AND kind = 'result' AND number IN ('1', '2', '3', '4', '5')"
    with sqlite3.connect(str(db.engines[None].url.database)) as connection:
        told = dict(connection.execute("SELECT tbl || ' ' || idx, stat FROM sqlite_stat1"))
        columns = dict(
            connection.execute(
                "SELECT m.name || ' ' || i.name, count(*) FROM sqlite_schema m, pragma_index_list(m.name) i,"
                " pragma_index_info(i.name) WHERE m.name IN (SELECT tbl FROM sqlite_stat1) GROUP BY 1"
            )
        )
        [*_, plan] = connection.execute(f"EXPLAIN QUERY PLAN {asked}").fetchone()
    assert "faces ix_faces_newest" in told
    assert {name: len(alike.split()) - 1 for name, alike in told.items()} == columns
    assert "(number=?)" in plan


def test_every_models_file_is_in_the_one_place() -> None:
    there = {path.parent.name for path in (ROOT / "portal").glob("*/models.py")}
    assert there == set(models.__all__)


@pytest.mark.about_sqlite
def test_a_migration_that_orphans_rows_is_refused(empty: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """With foreign keys off, a copied table could leave its children behind without a word."""
    upgrade()
    with sqlite3.connect(str(db.engines[None].url.database)) as connection:
        connection.execute(
            "INSERT INTO taken_down (release_id, body) VALUES (4711, 'its release is not there')"
        )
    with pytest.raises(SystemExit):
        stamp(revision="base")
    assert "taken_down" in caplog.text
    assert current_revision() is not None


def current_revision() -> str | None:
    with db.engines[None].connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
