"""What tests at the doors may ask for."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Person
from tests.cast import Cast
from tests.doors.public_room import Page
from tests.doors.staff_room import Room


@pytest.fixture
def room(session: Session, cast: Cast, sign_in: Callable[[Person], FlaskClient]) -> Room:
    """The staff's room: ``room("song").send(page, address, note="同意")``."""
    return Room(session, cast, sign_in)


@pytest.fixture
def page(visitor: FlaskClient) -> Page:
    """Open a public address and get its words; ``status`` when it is not 200."""

    def open_it(address: str, status: int = 200) -> BeautifulSoup:
        answer = visitor.get(address)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    return open_it
