"""What must be told is told after the commit: through a real mail server, once, in the end, or staff see it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, fitness
from portal.errors import Refused
from portal.outbox import delivering, posting
from portal.outbox.carriers import Carrier, SmtpCarrier, carriers
from portal.outbox.models import Message
from portal.sessions import session_at
from portal.settings import Settings
from tests.carrying import SENDER, Sink, deliver, mail_server, only, post

MORNING = "2026-11-23T01:00:00Z"
NOBODY_LISTENS = SmtpCarrier("127.0.0.1", 9, SENDER)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def mail(sink: Sink) -> Iterator[Mapping[str, Carrier]]:
    with mail_server(sink) as port:
        yield carriers(Settings(mail_url=f"smtp://127.0.0.1:{port}", mail_from=SENDER))


def at_once(*acts: Callable[[], object]) -> None:
    """Each act in a thread of its own; raises what any of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_what_is_committed_is_told_in_chinese(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    post(session)
    session.commit()
    assert deliver(app, mail) == 1
    (letter,) = sink.mails
    assert letter["Subject"] == "异议申请已收到"
    assert letter["To"] == "王掌柜 <wang@example.com>"
    assert letter.get_content().strip() == "最迟12月14日作出复查结果。"
    assert only(session).state == "sent"
    assert deliver(app, mail) == 0


def test_what_is_rolled_back_is_not_told(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    post(session)
    session.rollback()
    assert deliver(app, mail) == 0
    assert not sink.envelopes


def test_the_same_message_asked_for_twice_is_one(session: Session) -> None:
    assert post(session) is not None
    assert post(session, body="别的话") is None
    session.commit()
    assert post(session) is None
    assert only(session).body == "最迟12月14日作出复查结果。"


def test_two_acts_that_ask_at_once_ask_for_one(app: Flask, session: Session) -> None:
    session.commit()
    added: list[bool] = []

    def act() -> None:
        for at in range(20):
            with session_at(app, "write") as own:
                added.append(post(own, f"received:{at}") is not None)
                own.commit()

    at_once(act, act)
    assert sorted(added) == [False] * 20 + [True] * 20
    assert session.scalar(sa.select(sa.func.count(Message.id))) == 20


def test_what_is_not_set_up_is_kept_where_staff_can_read_it(app: Flask, session: Session) -> None:
    post(session)
    post(session, "received:1:sms", channel="sms", to_address="13900000000")
    session.commit()
    assert deliver(app, carriers(Settings())) == 2
    assert {each.state for each in session.scalars(sa.select(Message))} == {"kept"}


def test_two_workers_at_once_deliver_each_message_once(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    for at in range(30):
        post(session, f"received:{at}", to_address=f"firm{at}@example.com")
    session.commit()

    def worker() -> None:
        while delivering.deliver_due(partial(session_at, app, "write"), mail, limit=3):
            pass

    at_once(worker, worker, worker)
    told = sorted(each.rcpt_tos[0] for each in sink.envelopes)
    assert told == sorted(f"firm{at}@example.com" for at in range(30))


def test_what_a_killed_worker_had_claimed_is_delivered_when_the_claim_has_run_out(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        post(session)
        session.commit()
        assert len(delivering.claim(session, 10, "killed")) == 1
        session.commit()
        time.shift(delivering.LEASE)
        assert deliver(app, mail) == 0
        time.shift(1)
        assert deliver(app, mail) == 1
    assert len(sink.envelopes) == 1


def test_a_worker_that_was_slow_does_not_undo_what_another_delivered(
    app: Flask, session: Session, mail: Mapping[str, Carrier]
) -> None:
    """Its lease runs out while it waits for the server; the other delivers; then it fails."""

    class Slow:
        def send(self, message: Message) -> Any:
            time.shift(delivering.LEASE + timedelta(seconds=1))
            assert deliver(app, mail) == 1
            raise ConnectionError

    with time_machine.travel(MORNING, tick=False) as time:
        post(session)
        session.commit()
        assert deliver(app, {"email": Slow()}) == 0
    assert only(session).state == "sent"


def test_a_message_on_which_workers_die_is_given_up_in_the_end(app: Flask, session: Session) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        post(session)
        session.commit()
        for _ in range(delivering.MOST_TRIES):
            assert len(delivering.claim(session, 10, "killed")) == 1
            session.commit()
            time.shift(delivering.LEASE + timedelta(seconds=1))
        assert delivering.claim(session, 10, "next") == []
        session.commit()
    assert only(session).state == "failed"


def test_a_mail_server_that_is_down_is_tried_again_after_longer_and_longer_pauses(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        post(session)
        session.commit()
        for tries, pause in enumerate(delivering.PAUSES, 1):
            assert deliver(app, {"email": NOBODY_LISTENS}) == 0
            waiting = only(session)
            assert (waiting.state, waiting.tries) == ("waiting", tries)
            assert waiting.not_before == clock.now() + pause
            assert "ConnectionRefusedError" in waiting.last_error
            time.shift(pause - timedelta(seconds=1))
            assert deliver(app, {"email": NOBODY_LISTENS}) == 0
            assert only(session).tries == tries
            time.shift(1)
        assert deliver(app, mail) == 1
    assert len(sink.envelopes) == 1
    assert (only(session).state, only(session).last_error) == ("sent", "")


def test_after_the_last_try_staff_see_it_and_can_send_it_again(
    app: Flask, session: Session, settings: Settings, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        post(session)
        session.commit()
        for pause in (*delivering.PAUSES, timedelta()):
            deliver(app, {"email": NOBODY_LISTENS})
            time.shift(pause)
        assert only(session).state == "failed"
        assert any(
            "有1条消息发送失败" in each for each in fitness.why_not_fit(session, settings, clock.now())
        )
        posting.requeue(session, session.scalars(sa.select(Message)).one(), by="何知远")
        session.commit()
        assert deliver(app, mail) == 1
    assert only(session).requeued_by == "何知远"
    with pytest.raises(Refused, match="不用重新发送"):
        posting.requeue(session, session.scalars(sa.select(Message)).one(), by="宋清和")


def test_one_bad_address_does_not_keep_the_others_waiting(
    app: Flask, session: Session, sink: Sink, mail: Mapping[str, Carrier]
) -> None:
    sink.refusals = {"gone@example.com": "550 no such mailbox", "full@example.com": "452 mailbox full"}
    for who in (
        "gone@example.com",
        "full@example.com",
        "x@example.com\nBcc: all@example.com",
        "good@example.com",
    ):
        post(session, who, to_address=who)
    session.commit()
    assert deliver(app, mail) == 1
    assert [each.rcpt_tos for each in sink.envelopes] == [["good@example.com"]]
    states = session.execute(sa.select(Message.key, Message.failed_at.is_not(None)))
    assert {key.split("@")[0]: given_up for key, given_up in states} == {
        "gone": True, "full": False, "x": True, "good": False,
    }  # fmt: skip


def test_a_reminder_waits_for_its_day(app: Flask, session: Session, mail: Mapping[str, Carrier]) -> None:
    with time_machine.travel(MORNING, tick=False) as time:
        post(session, not_before=clock.now() + timedelta(days=1))
        session.commit()
        assert deliver(app, mail) == 0
        time.shift(timedelta(days=1))
        assert deliver(app, mail) == 1


def test_nobody_is_written_to_without_an_address(session: Session) -> None:
    for wrong in ({"to_address": " "}, {"channel": "pigeon"}):
        with pytest.raises(ValueError, match="nobody is reached"):
            post(session, **wrong)
