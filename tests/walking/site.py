"""The demo on one day, with what the demo leaves out, served to a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portal import clock, work
from portal.db import db, open_at
from portal.settings import Settings
from tests.conftest import Visit
from tests.demonstrating import build_demo, close, opened
from tests.signing import give_log_key
from tests.walking.furnishing import furnish
from tests.walking.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)  # ten o'clock on a Tuesday in China


@contextmanager
def walked(folder: Path) -> Iterator[Walk]:
    """Every page of the demo, found once."""
    with furnished(folder) as walk:
        with clock.at(MOMENT):
            walk.go()
        yield walk


@contextmanager
def furnished(folder: Path) -> Iterator[Walk]:
    """The demo and its people, before anybody has looked at it."""
    settings = Settings(var=folder / "var", index_dir=folder / "index", worker=False, own_draws=True)
    with clock.at(MOMENT):
        app = opened(settings)
        give_log_key(settings)
        app.testing, app.test_client_class = True, Visit
        app.wsgi_app = _on_its_day(app.wsgi_app)  # type: ignore[method-assign]
        build_demo(app, settings)
        with app.app_context():
            open_at("write")
            furnish(app, db.session(), folder)
        work.once(app)
    yield Walk(app, settings)
    close(app)


def _on_its_day(site: "WSGIApplication") -> "WSGIApplication":
    """Whoever asks, in whichever thread, asks on that day."""

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        with clock.at(MOMENT):
            return site(environ, start_response)

    return answered
