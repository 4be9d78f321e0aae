"""Open cases follow the calendar while others are at work: two workers, an officer, a crash half-way."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal import timers
from portal.deadlines.calendar import load_calendar
from portal.ledger import book
from portal.notices import calendar_follower
from portal.notices.rounds import Rounds
from portal.objections import clockwork, handling, redating
from portal.objections.models import ObjectionTerm
from portal.people.models import Grant
from portal.publications.models import Publication
from portal.sessions import session_at
from tests.cast import Cast
from tests.next_year import BY_LONGER, PROVISIONAL, clock_of, follow, load, redated_lines
from tests.objecting import object_to, terms


@pytest.fixture(autouse=True)
def in_december(session: Session) -> Iterator[time_machine.Traveller]:
    """10:00 in Beijing on Thursday, 10 December 2026; no notice for 2027 is known."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with time_machine.travel(datetime(2026, 12, 10, 2, tzinfo=UTC), tick=False) as time:
        yield time


def test_a_worker_that_is_running_sees_the_notice_the_next_round(
    app: Flask, session: Session, result: Publication
) -> None:
    case = object_to(session, result)
    rounds = Rounds()
    assert timers.redating(app, rounds) == 0
    load(session)
    assert timers.redating(app, rounds) == 1
    session.expire_all()
    assert clock_of(case) == (BY_LONGER, False)


def test_what_read_the_old_calendar_and_came_late_is_found_within_the_hour(
    app: Flask, session: Session, result: Publication, in_december: time_machine.Traveller
) -> None:
    """Filed by a request that had read the calendar before the notice was loaded, committed after."""
    old = terms(session)
    load(session)
    rounds = Rounds()
    assert timers.redating(app, rounds) == 0
    case = object_to(session, result)
    term = case.term("recheck")
    assert term is not None
    by_old = clockwork.counted(term, old.calendar)
    term.due, term.provisional = by_old.due, by_old.provisional
    session.commit()
    assert timers.redating(app, rounds) == 0
    in_december.shift(3601)
    assert timers.redating(app, rounds) == 1
    session.expire_all()
    assert clock_of(case) == (BY_LONGER, False)


def test_a_worker_that_dies_half_way_leaves_whole_chunks_and_the_next_goes_on(
    app: Flask, session: Session, result: Publication
) -> None:
    cases = [object_to(session, result, key=f"form {nth}") for nth in range(5)]
    load(session)
    current = terms(session)
    assert redating.redate(session, current, most=2) == 2
    session.commit()
    assert redating.redate(session, current, most=2) == 2
    session.rollback()  # killed before its commit
    assert follow(app, session) == 3
    assert {clock_of(each) for each in cases} == {(BY_LONGER, False)}
    assert len(redated_lines(session)) == 5
    assert not book.check(session)


def test_two_workers_at_once_count_each_case_once(app: Flask, session: Session, result: Publication) -> None:
    cases = [object_to(session, result, key=f"form {nth}") for nth in range(12)]
    load(session)
    profile, sessions, failed = terms(session).profile, partial(session_at, app, "write"), []
    session.rollback()
    ready = Barrier(2)

    def worker() -> None:
        ready.wait()
        try:
            calendar_follower.follow(sessions, profile)  # without the turn that a worker waits for
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [Thread(target=worker) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    session.expire_all()
    assert failed == []
    assert follow(app, session) == 0
    assert [len(each.terms) for each in cases] == [2] * 12
    assert len(redated_lines(session)) == 12
    assert not book.check(session)


def test_a_case_that_an_officer_is_acting_on_is_left_for_the_next_round(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    busy, other = object_to(session, result), object_to(session, result, key="another form")
    load(session)
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("there one transaction writes at a time")
    profile = terms(session).profile
    session.rollback()
    handling.identify(session, busy, by=cast.shen, note="看了营业执照原件。")  # not committed yet
    assert calendar_follower.follow(partial(session_at, app, "write"), profile) == 1
    session.commit()
    session.expire_all()
    assert (clock_of(busy), clock_of(other)) == ((PROVISIONAL, True), (BY_LONGER, False))
    assert follow(app, session) == 1
    assert clock_of(busy) == (BY_LONGER, False)
    assert [each.act for each in busy.steps] == ["file", "identify", "redate"]


def test_only_running_terms_are_ever_asked_about(app: Flask, session: Session, result: Publication) -> None:
    case = object_to(session, result)
    load(session)
    assert redating.stale(session, terms(session)) == [case.terms[0].id]
    case.terms[0].void_on = date(2026, 12, 10)
    session.flush()
    assert redating.stale(session, terms(session)) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(ObjectionTerm)) == 1
    assert load_calendar(session).knows(2027)
