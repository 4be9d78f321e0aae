"""A reader with a mailbox, and an office with a list in force."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.people.models import Grant
from portal.settings import Settings
from tests import examples
from tests.carrying import SENDER, Sink, mail_server
from tests.cast import Cast
from tests.following import THURSDAY, Reader
from tests.office import disclose


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def reader(app: Flask, visitor: FlaskClient, sink: Sink) -> Iterator[Reader]:
    before: Settings = app.extensions["portal_settings"]
    with mail_server(sink) as port, time_machine.travel(THURSDAY, tick=False) as time:
        app.extensions["portal_settings"] = replace(
            before, mail_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER
        )
        yield Reader(app, visitor, sink, time)
    app.extensions["portal_settings"] = before


@pytest.fixture
def listed(session: Session, cast: Cast, reader: Reader) -> None:
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    disclose(session, cast, "list", examples.item_list())
    work.index_step(reader.app)
