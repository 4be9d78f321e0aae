"""One application for all tests of a worker, moved from one test's database to the next one's.

Putting the portal together costs more than many a test: two hundred addresses are compiled, every template is
read, and a new engine knows no statement yet. So an application stays, as it does in production, and what
belongs to a test changes: its settings, where its engines connect, what its extensions remember. Settings that
say more than where things stand are another portal, and get an application of their own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from portal.app import create_app
from portal.db import configuration, db
from portal.settings import Settings
from portal.web import rendering

NOWHERE = Path("nowhere")


class Moving:
    """An application, and what it knew before its first test."""

    def __init__(self, portal: Flask) -> None:
        self.portal = portal
        self.config, self.extensions = dict(portal.config), dict(portal.extensions)
        with portal.app_context():
            self.engines = dict(db.engines)
        for engine in self.engines.values():
            _connect_where_it_points(engine)

    def move_to(self, settings: Settings) -> None:
        """Forget the test before; serve this one."""
        places = configuration(settings.database, settings.public_database_url or None)
        settings.var.mkdir(parents=True, exist_ok=True)
        _set(self.portal.config, self.config | dict(places))
        _set(self.portal.extensions, self.extensions)
        rendering.prepare(self.portal, settings)
        for key, engine in self.engines.items():
            engine.url = sa.make_url(places["SQLALCHEMY_BINDS"][key]["url"])

    def leave(self) -> None:
        """Close what is open; every connection must have been given back."""
        held = {str(key): engine.pool.checkedout() for key, engine in self.engines.items()}
        for engine in self.engines.values():
            engine.dispose()
        assert not any(held.values()), f"connections that nobody gave back: {held}"


@dataclass
class Applications:
    """The applications of one worker.

    :param templates: where compiled templates stand, for all workers of a run.
    :param client: what ``test_client`` makes.
    """

    templates: Path
    client: type[FlaskClient]
    _built: dict[Settings, Moving] = field(default_factory=dict)

    @contextmanager
    def serving(self, settings: Settings) -> Iterator[Flask]:
        """The portal with these settings, for one test at a time."""
        moving = self._application(settings)
        moving.move_to(settings)
        yield moving.portal
        moving.leave()

    def _application(self, settings: Settings) -> Moving:
        elsewhere = replace(settings, var=NOWHERE, index_dir=NOWHERE, public_database_url="")
        kind = replace(elsewhere, database_url=sa.make_url(settings.database).drivername)
        if kind not in self._built:
            self._built[kind] = Moving(self._build(settings))
        return self._built[kind]

    def _build(self, settings: Settings) -> Flask:
        portal = create_app(settings)
        portal.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(self.templates))
        portal.testing = True
        portal.test_client_class = self.client
        return portal


def _set(known: dict[str, Any], to: dict[str, Any]) -> None:
    known.clear()
    known.update(to)


def _connect_where_it_points(engine: sa.Engine) -> None:
    """An engine keeps the address that it was made with; let it ask its ``url`` each time."""

    def address(dialect: sa.Dialect, _: Any, positional: list[Any], named: dict[str, Any]) -> None:
        positional[:], more = dialect.create_connect_args(engine.url)
        named.update(more)

    sa.event.listen(engine, "do_connect", address)
