"""The harness itself: what every other test stands on."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from portal.db import PUBLIC_TABLES, db, open_at
from tests.cast import MEMBERS, Cast


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
