"""The harness itself: what every other test stands on."""

import typing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.db import PUBLIC_TABLES, Door, db, open_at
from portal.settings import Settings
from portal.work import session_at
from tests.applications import Applications
from tests.cast import MEMBERS, Cast
from tests.conftest import Shelf
from tests.scheduling import shared_by


def test_everybody_of_the_cast_is_there(cast: Cast) -> None:
    for name, member in MEMBERS.items():
        assert getattr(cast, name).name == member.name


def test_every_test_has_a_database_of_its_own(session: Session, cast: Cast) -> None:
    cast.he.name = "别人"
    session.commit()
    assert cast.he.name == "别人"


@pytest.mark.parametrize("table", sorted(PUBLIC_TABLES))
def test_the_public_door_reads_what_the_list_names(app: Flask, table: str) -> None:
    with app.app_context():
        open_at("public")
        db.session.execute(sa.text(f"SELECT count(*) FROM {table}"))


def test_the_public_door_reads_nothing_else(app: Flask) -> None:
    for table in sorted(set(db.metadata.tables) - PUBLIC_TABLES):
        with app.app_context(), pytest.raises(DatabaseError):
            open_at("public")
            db.session.execute(sa.text(f"SELECT count(*) FROM {table}"))


def test_the_public_door_writes_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(DatabaseError):
        open_at("public")
        db.session.execute(sa.text("DELETE FROM faces"))


@pytest.mark.both_databases
def test_an_application_that_moves_on_takes_nothing_along(
    settings: Settings, shelf: Shelf, applications: Applications, tmp_path: Path
) -> None:
    with applications.serving(settings) as first, first.app_context():
        first.extensions["portal_search"] = first.config["LEFT"] = "of the first test"
        Cast(db.session()).he.name = "别人"
        db.session.commit()
    with (
        shelf.copy(replace(settings, var=tmp_path / "var")) as elsewhere,
        applications.serving(elsewhere) as second,
        second.app_context(),
    ):
        assert second is first
        assert second.extensions["portal_settings"] == second.jinja_env.globals["settings"] == elsewhere
        assert "portal_search" not in second.extensions and "LEFT" not in second.config
        for door in typing.get_args(Door):
            with session_at(second, door) as session:
                assert session.scalar(sa.text("SELECT count(*) FROM departments"))
        assert Cast(db.session()).he.name == MEMBERS["he"].name


def test_a_portal_that_is_set_up_otherwise_is_another_application(
    settings: Settings, applications: Applications
) -> None:
    with applications.serving(settings) as one, applications.serving(replace(settings, page_size=3)) as other:
        assert one is not other
        assert other.jinja_env.globals["settings"].page_size == 3


def test_who_keeps_a_connection_is_found_out(settings: Settings, applications: Applications) -> None:
    with (
        pytest.raises(AssertionError, match="nobody gave back"),
        applications.serving(settings) as portal,
        portal.app_context(),
    ):
        kept = db.engines["reads"].connect()
    kept.close()


def test_whatever_looks_at_the_demo_goes_to_one_worker() -> None:
    one, other = "tests/stories/test_demo.py::test_one", "tests/stories/test_demo_objections.py::test_two[x]"
    assert shared_by(one) == shared_by(other) is not None
    assert shared_by("tests/stories/test_objection.py::test_one") is None
