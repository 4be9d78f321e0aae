"""A case filed on a Monday, everybody who may be told of it, and the hand that moves the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.objections import handling
from portal.objections.models import Objection
from portal.people.models import Grant
from portal.publications.models import Publication
from tests.cast import Cast
from tests.objecting import object_to
from tests.reminding import FILED, Time, morning


@pytest.fixture(autouse=True)
def time(session: Session) -> Iterator[Time]:
    """10:00 in Beijing on the day that everything begins."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(morning(FILED), tick=False) as time:
        yield time


@pytest.fixture(autouse=True)
def addresses(time: Time, session: Session, cast: Cast) -> None:
    """Everybody who is told anything here can be written to."""
    for name in ("he", "song", "lin", "shen", "lu", "gu", "qin", "fang"):
        getattr(cast, name).email = f"{name}@example.org"
    session.commit()


@pytest.fixture
def case(session: Session, cast: Cast, result: Publication) -> Objection:
    """Filed on the Monday and given to 沈亦衡 and 陆行舟 the same day."""
    found = object_to(session, result)
    handling.assign(session, found, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    return found
