"""A demo in a folder of its own, for tests."""

from flask import Flask

from portal.app import create_app
from portal.db import db, open_at
from portal.demo.building import Built, build
from portal.settings import Settings


def opened(settings: Settings) -> Flask:
    """A site with an empty database."""
    settings.var.mkdir(parents=True)
    app = create_app(settings)
    with app.app_context():
        db.metadata.create_all(db.engines[None])
    return app


def build_demo(app: Flask, settings: Settings) -> Built:
    with app.app_context():
        open_at("write")
        return build(db.session(), settings)


def close(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
