"""What firms voice in the tests of concerns, and the Monday on which they are looked at."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.concerns import handling
from portal.concerns.models import Told
from portal.deadlines.calendar import load_calendar
from portal.people.models import Grant
from portal.publications.dating import Terms
from tests.cast import Cast

TERMS = Terms(load_profile("shili"), load_calendar())
CONTACT = "店主 0000-8888888"


@pytest.fixture(autouse=True)
def in_november(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Monday, 23 November 2026."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 11, 23, 2, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def recorded(
    session: Session, cast: Cast, name: str = "示例北顺达商贸有限公司", who: str = "he", **more: object
) -> int:
    given = {"asked": "门口修路，货车进不来。", "category": "site", "contact": CONTACT,
             "inspected_on": date(2026, 11, 18), "brought_back_on": date(2026, 11, 19)}  # fmt: skip
    told = Told(entity_name=name, **(given | more))  # type: ignore[arg-type]
    concern = handling.record(session, told, by=getattr(cast, who), terms=TERMS)
    session.commit()
    return concern.id
