"""Sessions outside of requests, at a door each; and a worker's turn. For commands and for the worker."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import Door, db, open_at
from portal.settings import Settings
from portal.turns import turn, waited_turn


class Office(Protocol):
    """What is needed of the application."""

    extensions: dict[str, Any]

    def app_context(self) -> AbstractContextManager[Any]:
        """Within it the database's sessions can be opened."""


@contextmanager
def turn_of(app: Office, name: str) -> Iterator[bool]:
    """Whether it is this worker's turn to do what one of all does at a time; see ``portal/turns.py``."""
    with turn(_writing_engine(app), name) as mine:
        yield mine


@contextmanager
def waited_turn_of(app: Office, name: str) -> Iterator[None]:
    """The turn, waited for."""
    with waited_turn(_writing_engine(app), name):
        yield


def _writing_engine(app: Office) -> sa.Engine:
    with session_at(app, "write") as session:
        engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    return engine


@contextmanager
def session_at(app: Office, door: Door) -> Iterator[Session]:
    """A session of its own at a door; whoever writes commits."""
    with app.app_context():
        open_at(door)
        try:
            yield db.session()
        finally:
            db.session.remove()


def settings_of(app: Office) -> Settings:
    """The application's settings."""
    settings: Settings = app.extensions["portal_settings"]
    return settings
