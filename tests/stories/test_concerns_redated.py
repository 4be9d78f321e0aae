"""A day that reaches past the known calendar is provisional, and is worked out again when the notice is loaded."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from portal.concerns import handling
from portal.concerns.models import Concern
from portal.deadlines.calendar import Calendar
from portal.people.models import Grant
from portal.publications.dating import Terms
from tests.cast import Cast
from tests.voicing import TERMS, recorded


@pytest.fixture(autouse=True)
def in_december(session: Session) -> Iterator[None]:
    """10:00 in Beijing on Monday, 28 December 2026; no notice for 2027 is known."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 12, 28, 2, tzinfo=UTC), tick=False):
        yield


def voiced(session: Session, cast: Cast, words: str) -> Concern:
    days = {"inspected_on": date(2026, 12, 25), "brought_back_on": date(2026, 12, 28)}
    return session.get_one(Concern, recorded(session, cast, asked=words, **days))


def test_a_provisional_day_is_worked_out_again_and_the_change_is_on_record(
    session: Session, cast: Cast
) -> None:
    concern = voiced(session, cast, "门口修路。")
    ended = voiced(session, cast, "已答复。")
    handling.answer(session, ended, by=cast.he, answer="好。")
    before = concern.term.due_on
    assert before is not None and concern.term.provisional
    notice = {before: False, date(2027, 1, 9): True}
    loaded = Terms(TERMS.profile, Calendar(known_through=date(2027, 12, 31), notices=notice))
    assert [each.id for each in handling.redate(session, loaded)] == [concern.id]
    assert concern.term.due_on != before and not concern.term.provisional
    last = concern.steps[-1]
    assert (last.by, last.state, concern.state) == (None, "recorded", "recorded")
    assert str(before) in last.note and str(concern.term.due_on) in last.note
    assert (ended.term.due_on, ended.term.provisional) == (before, True)  # what has ended stays as it was
    assert handling.redate(session, loaded) == []
    handling.answer(session, concern, by=cast.he, answer="好。")


def test_a_day_that_stays_is_no_longer_provisional_and_leaves_no_step(session: Session, cast: Cast) -> None:
    concern = voiced(session, cast, "门口修路。")
    loaded = Terms(TERMS.profile, Calendar(known_through=date(2027, 12, 31)))
    assert handling.redate(session, loaded) == []
    assert not concern.term.provisional and [step.state for step in concern.steps] == ["recorded"]
