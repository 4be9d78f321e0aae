"""Those who have to act hear of it ahead, on the day, and the next person up when it is overdue."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, timers
from portal.notices.reminders import send_reminders
from portal.notices.rounds import Rounds
from portal.objections import deciding, following, handling
from portal.objections.models import Objection
from portal.outbox.models import Message
from portal.sessions import session_at
from tests.cast import Cast
from tests.objecting import terms
from tests.reminding import Time, morning, november, round_on, told

TOPICS = ("due_soon", "due_today", "overdue", "escalated")


def test_the_recheckers_hear_of_it_ahead_on_the_day_and_the_head_when_it_is_overdue(
    session: Session, time: Time, case: Objection
) -> None:
    assert round_on(session, time, november(20)) == []
    assert round_on(session, time, november(23)) == [("due_soon", "shen"), ("due_soon", "lu")]
    assert round_on(session, time, november(24)) == []
    assert round_on(session, time, november(30)) == [("due_today", "shen"), ("due_today", "lu")]
    assert round_on(session, time, date(2026, 12, 1)) == [
        ("overdue", "shen"), ("overdue", "lu"), ("overdue", "lin"),
    ]  # fmt: skip
    assert round_on(session, time, date(2026, 12, 2)) == []
    assert round_on(session, time, date(2026, 12, 3)) == [("escalated", "gu")]
    assert round_on(session, time, date(2026, 12, 31)) == []


def test_a_worker_that_was_off_for_a_week_tells_only_what_is_still_true(
    session: Session, time: Time, case: Objection
) -> None:
    assert round_on(session, time, november(20)) == []
    assert {topic for topic, _ in round_on(session, time, november(30))} == {"due_today"}
    assert {topic for topic, _ in round_on(session, time, date(2026, 12, 8))} == {"overdue", "escalated"}


def test_nobody_is_reminded_of_what_is_done(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    following.withdraw(session, case, "已经说清楚了。")
    session.commit()
    assert round_on(session, time, november(30)) == []
    assert round_on(session, time, date(2026, 12, 10)) == []


def test_nothing_goes_out_on_a_day_off_or_before_the_office_opens(
    session: Session, time: Time, case: Objection
) -> None:
    assert round_on(session, time, november(28)) == []  # a Saturday
    time.move_to(morning(november(30), hour=0))
    assert send_reminders(session, terms(session)) == 2
    for each in session.scalars(sa.select(Message).where(Message.topic == "due_today")):
        assert each.not_before.astimezone(clock.SHANGHAI) == datetime(
            2026, 11, 30, 8, 30, tzinfo=clock.SHANGHAI
        )


def test_each_is_told_once_however_often_the_worker_runs(
    app: Flask, session: Session, time: Time, case: Objection
) -> None:
    time.move_to(morning(november(23)))
    session.rollback()
    assert timers.reminding(app, Rounds()) == 2
    assert timers.reminding(app, Rounds()) == 0  # a process that has just been started
    rounds = Rounds()
    for _ in range(3):
        assert timers.reminding(app, rounds) == 0
        time.shift(61)
    assert len([each for each in told(session) if each[0] == "due_soon"]) == 2


def test_two_workers_at_once_tell_each_once(
    app: Flask, session: Session, time: Time, case: Objection
) -> None:
    time.move_to(morning(november(23)))
    session.rollback()
    ready, failed = Barrier(3), list[Exception]()

    def worker() -> None:
        ready.wait()
        try:
            with session_at(app, "write") as own:  # without the turn that a worker waits for
                send_reminders(own, terms(own))
                own.commit()
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [Thread(target=worker) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert failed == []
    assert [each for each in told(session) if each[0] == "due_soon"] == [
        ("due_soon", "shen"), ("due_soon", "lu"),
    ]  # fmt: skip


def test_a_new_day_in_china_is_looked_at_at_once(
    app: Flask, session: Session, time: Time, case: Objection
) -> None:
    time.move_to(datetime(2026, 11, 22, 15, 59, 50, tzinfo=UTC))
    session.rollback()
    rounds = Rounds()
    assert timers.reminding(app, rounds) == 0
    time.shift(15)  # five seconds past midnight of Monday, the 23rd
    assert timers.reminding(app, rounds) == 2


def test_a_case_that_waits_for_the_signature_reminds_the_head_too(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    handling.record(session, case, "记录齐全。", by=cast.shen, done_on=clock.today())
    deciding.draft_decision(session, case, "maintained", "记录属实。", by=cast.shen)
    session.commit()
    assert round_on(session, time, november(23)) == [
        ("due_soon", "shen"),
        ("due_soon", "lu"),
        ("due_soon", "lin"),
    ]


def test_where_nobody_at_hand_can_be_written_to_the_next_person_up_is(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    cast.shen.email = cast.lu.email = ""
    session.commit()
    assert round_on(session, time, november(23)) == [("due_soon", "lin")]
    cast.lin.email = ""
    session.commit()
    assert round_on(session, time, november(30)) == [("due_today", "gu")]


def test_who_takes_over_hears_of_what_the_others_have_heard(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    round_on(session, time, november(23))
    handling.dispense(session, case, "neighbour", "本局只有一人可用。", by=cast.lin)
    cast.tang.email = "tang@example.org"
    handling.assign(session, case, [cast.shen, cast.tang], by=cast.lin)
    session.commit()
    assert [each for each in round_on(session, time, november(24)) if each[0] in TOPICS] == [
        ("due_soon", "tang")
    ]


def test_a_term_that_was_counted_again_reminds_again(
    app: Flask, session: Session, time: Time, case: Objection
) -> None:
    assert len(round_on(session, time, november(23))) == 2
    case.terms[0].replaced_at = clock.now()
    session.flush()
    following.clockwork.set_term(session, case, "recheck", {"received_on": november(3)}, terms(session), cause="supplement")  # fmt: skip
    session.commit()
    assert round_on(session, time, november(24)) == [("due_soon", "shen"), ("due_soon", "lu")]


def test_many_are_posted_in_chunks(session: Session, time: Time, case: Objection) -> None:
    time.move_to(morning(date(2026, 12, 3)))
    assert [send_reminders(session, terms(session), most=2) for _ in range(3)] == [2, 2, 0]
