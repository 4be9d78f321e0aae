"""The demo, built once for every story that looks at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, open_at
from portal.demo.building import Built
from portal.settings import Settings
from tests.demonstrating import build_demo, close, opened


@pytest.fixture(scope="session")
def demo_settings(run_folder: Path) -> Settings:
    folder = run_folder / "demo"
    folder.mkdir()  # there already: another worker has built a demo too, see tests/scheduling.py
    return Settings(var=folder / "var", index_dir=folder / "index", worker=False)


@pytest.fixture(scope="session")
def demo_app(demo_settings: Settings) -> Iterator[Flask]:
    app = opened(demo_settings)
    yield app
    close(app)


@pytest.fixture(scope="session")
def demo_built(demo_app: Flask, demo_settings: Settings) -> Built:
    return build_demo(demo_app, demo_settings)


@pytest.fixture
def demo_session(demo_app: Flask, demo_built: Built) -> Iterator[Session]:
    with demo_app.app_context():
        open_at("write")
        yield db.session()
        db.session.rollback()
