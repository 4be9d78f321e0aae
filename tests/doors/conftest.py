"""What tests at the doors may ask for."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Person
from tests.cast import Cast
from tests.doors.staff_room import Room


@pytest.fixture
def room(session: Session, cast: Cast, sign_in: Callable[[Person], FlaskClient]) -> Room:
    """The staff's room: ``room("song").send(page, address, note="同意")``."""
    return Room(session, cast, sign_in)
