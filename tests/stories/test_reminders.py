"""Those who have to act hear of it ahead, on the day, and the next person up when it is overdue."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, work
from portal.concerns import handling as concerns
from portal.concerns.models import Told
from portal.notices.reminders import due_reminders, send_reminders
from portal.objections import deciding, following, handling
from portal.objections.models import Objection
from portal.outbox.models import Message
from portal.people.models import Grant
from portal.publications import duty
from portal.publications.models import Hold, Publication
from tests import objecting
from tests.cast import Cast
from tests.objecting import KEY, SECRET, WRONG, object_to, terms

FILED = date(2026, 11, 2)  # a Monday; its last day is Monday, 30 November
TOPICS = ("due_soon", "due_today", "overdue", "escalated")

Time = time_machine.Traveller


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


def morning(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)


def november(day: int) -> date:
    return date(2026, 11, day)


def round_on(session: Session, time: Time, day: date) -> list[tuple[str, str]]:
    """One round of the worker on a day; the topics and people of what it posted."""
    time.move_to(morning(day))
    newest = session.scalar(sa.select(sa.func.max(Message.id))) or 0
    while send_reminders(session, terms(session)):
        session.commit()
    return told(session, since=newest)


def told(session: Session, since: int = 0) -> list[tuple[str, str]]:
    wanted = sa.select(Message).where(Message.id > since).order_by(Message.id)
    return [(each.topic, each.to_address.partition("@")[0]) for each in session.scalars(wanted)]


@pytest.fixture
def case(session: Session, cast: Cast, result: Publication) -> Objection:
    """Filed on the Monday and given to 沈亦衡 and 陆行舟 the same day."""
    found = object_to(session, result)
    handling.assign(session, found, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    return found


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
    assert work.reminding(app, work.Rounds()) == 2
    assert work.reminding(app, work.Rounds()) == 0  # a process that has just been started
    rounds = work.Rounds()
    for _ in range(3):
        assert work.reminding(app, rounds) == 0
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
            with work.session_at(app, "write") as own:  # without the turn that a worker waits for
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
    rounds = work.Rounds()
    assert work.reminding(app, rounds) == 0
    time.shift(15)  # five seconds past midnight of Monday, the 23rd
    assert work.reminding(app, rounds) == 2


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


def test_a_case_that_nobody_was_assigned_to_goes_to_the_head_after_two_working_days(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result)
    assert round_on(session, time, november(4)) == []
    assert round_on(session, time, november(5)) == [("unassigned", "lin")]
    assert round_on(session, time, november(6)) == []
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    assert ("unassigned", "lin") not in round_on(session, time, november(11))
    following.add(session, found, "补上了。", [], terms=terms(session))
    session.commit()
    assert ("unassigned", "lin") in round_on(session, time, november(16))


def test_the_objector_hears_two_days_ahead_that_papers_are_still_wanted(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result, email="firm@example.org")
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    assert round_on(session, time, november(4)) == []
    assert round_on(session, time, november(5)) == [
        ("supplement_due", "firm"), ("supplement_due", "15400000000"),
    ]  # fmt: skip
    assert round_on(session, time, november(9)) == []
    assert round_on(session, time, november(10)) == [
        ("not_supplemented", "shen"), ("not_supplemented", "lu"),
    ]  # fmt: skip
    handling.go_on(session, found, by=cast.shen)
    session.commit()
    assert ("not_supplemented", "shen") not in round_on(session, time, november(11))


def test_who_delivers_hears_of_the_feedback_and_of_an_answer_that_nobody_opened(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    following.consent(session, case, email="firm@example.org")
    handling.record(session, case, "记录齐全。", by=cast.shen, done_on=clock.today())
    objecting.answer(session, cast, case)
    deciding.send(session, case, "electronic", by=cast.shen)
    session.commit()
    assert round_on(session, time, november(9)) == []  # the fifth working day after sending
    assert round_on(session, time, november(10)) == [("unread", "shen"), ("unread", "lu")]
    assert set(round_on(session, time, november(16))) == {
        ("due_soon", "shen"),
        ("due_soon", "lu"),
    }
    deciding.send(session, case, "post", by=cast.shen)
    session.commit()
    assert ("overdue", "lin") in round_on(session, time, november(24))
    assert ("escalated", "gu") in round_on(session, time, november(26))
    deciding.deliver(session, case, by=cast.shen, evidence="邮件号 1234，本人签收。")
    session.commit()
    assert round_on(session, time, date(2026, 12, 7)) == []


def test_an_answer_that_went_by_post_since_is_not_called_unread(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    following.consent(session, case)
    handling.record(session, case, "记录齐全。", by=cast.shen, done_on=clock.today())
    objecting.answer(session, cast, case)
    deciding.send(session, case, "electronic", by=cast.shen)
    deciding.send(session, case, "post", by=cast.shen)
    session.commit()
    assert round_on(session, time, november(12)) == []


def test_a_hold_that_the_head_has_not_confirmed_goes_to_the_head_and_then_upward(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    duty.hold(session, result, by=cast.zhou, reason="写了经营者的身份证号。")
    session.commit()
    assert round_on(session, time, november(2)) == []
    assert round_on(session, time, november(3)) == [("hold_due_today", "lin")]
    assert round_on(session, time, november(4)) == [("hold_overdue", "lin")]
    assert round_on(session, time, november(5)) == [("hold_escalated", "gu")]
    assert "身份证" not in bodies(session)
    duty.confirm_hold(session, session.scalars(sa.select(Hold)).one(), by=cast.lin)
    session.commit()
    assert due_reminders(session, terms(session), november(6)) == []


def test_a_concern_reminds_the_department_that_has_it_now(session: Session, time: Time, cast: Cast) -> None:
    voiced = Told(
        "示例南风商贸有限公司", "门口修路三个月，顾客进不来。", "site", FILED, FILED, contact="15400000001"
    )
    found = concerns.record(session, voiced, by=cast.he, terms=terms(session))
    session.commit()
    assert round_on(session, time, november(6)) == []
    assert round_on(session, time, november(9)) == [("concern_due_soon", "he")]
    concerns.pass_on(session, found, by=cast.he, to="yjgl", note="属应急部门。", terms=terms(session))
    concerns.take_over(session, found, by=cast.fang)
    session.commit()
    assert round_on(session, time, november(16)) == [("concern_due_soon", "fang")]
    assert round_on(session, time, november(19)) == [("concern_overdue", "fang"), ("concern_overdue", "qin")]
    assert round_on(session, time, november(23)) == [("concern_escalated", "gu")]
    assert "15400000001" not in bodies(session) and "修路" not in bodies(session)
    concerns.answer(session, found, by=cast.fang, answer="已经协调。")
    session.commit()
    assert due_reminders(session, terms(session), november(27)) == []


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


def test_no_reminder_holds_the_code_the_objectors_words_or_the_contact(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result, email="firm@example.org")
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    for day in (5, 6, 10, 23, 30):
        round_on(session, time, november(day))
    round_on(session, time, date(2026, 12, 8))
    everything = bodies(session)
    assert "应当最迟2026-11-30作出复查结果" in everything
    for secret in (following.code_for(SECRET, KEY), WRONG, "15400000000", "firm@example.org", "示例经营者"):
        assert secret not in everything


def bodies(session: Session) -> str:
    return "".join(each.subject + each.body for each in session.scalars(sa.select(Message)))
