"""Several workers on one database: what must happen once is done by whoever has the turn."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal import db as db_module
from portal import work
from portal.ledger import book
from portal.opening import bring_up_to_date, office
from portal.outbox import posting
from portal.outbox.models import Message
from portal.sessions import session_at, turn_of
from portal.settings import Settings
from portal.statistics.models import Figure
from tests import examples
from tests.carrying import Sink, mail_server
from tests.cast import Cast
from tests.house.source import ROOT
from tests.office import disclose


def post(session: Session, key: str) -> None:
    posting.post(
        session, key=key, topic="t", channel="email", to_address=f"{key}@example.com", subject="收到", body="收到。"
    )  # fmt: skip


def test_of_two_only_one_has_the_turn(app: Flask) -> None:
    with turn_of(app, "outbox") as mine, turn_of(app, "outbox") as theirs, turn_of(app, "figures") as other:
        assert (mine, theirs, other) == (True, False, True)
    with turn_of(app, "outbox") as again:
        assert again


def test_a_turn_ends_with_a_step_that_fails(app: Flask) -> None:
    try:
        with turn_of(app, "outbox"):
            raise RuntimeError
    except RuntimeError:
        pass
    with turn_of(app, "outbox") as mine:
        assert mine


@contextmanager
def another_worker(settings: Settings, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds a turn."""
    environment = os.environ | {
        "PORTAL_VAR": str(settings.var),
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_PUBLIC_DATABASE_URL": settings.public_database_url,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hold_turn", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        try:
            yield other
        finally:
            other.kill()


def wait_for_turn(app: Flask, name: str) -> float:
    """How many seconds it took."""
    began = time.monotonic()
    while not has_turn(app, name):
        assert time.monotonic() < began + 10
        time.sleep(0.05)
    return time.monotonic() - began


def test_the_turn_of_a_killed_worker_is_free_at_once(app: Flask, settings: Settings) -> None:
    with another_worker(settings, "outbox") as other:
        assert not has_turn(app)
        other.kill()
        other.wait()
        wait_for_turn(app, "outbox")  # the server sees the closed connection within moments


@pytest.mark.about_postgres
def test_the_turn_of_a_worker_that_hangs_is_given_to_another(app: Flask, settings: Settings) -> None:
    """Its machine answers for it as if it were alive; only what it says itself counts."""
    with another_worker(settings, "outbox", "0.6") as other:
        time.sleep(1.2)
        assert not has_turn(app)  # slow is not hung
        other.send_signal(signal.SIGSTOP)
        assert wait_for_turn(app, "outbox") > 0.1


@pytest.mark.about_postgres
def test_who_hangs_in_the_middle_of_publishing_holds_the_others_up_for_a_moment_only(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db_module, "IDLE_AT_THE_HEAD", "300ms")
    with session_at(app, "write") as hanging:
        book.lock(hanging)
        disclose(session, cast, "list", examples.item_list())
        with pytest.raises(DBAPIError):
            hanging.commit()
            hanging.execute(sa.text("SELECT 1"))


@pytest.mark.about_postgres
def test_of_two_who_bring_the_tables_up_to_date_the_second_waits(app: Flask, settings: Settings) -> None:
    second = threading.Thread(target=bring_up_to_date, args=(office(settings), settings))
    with turn_of(app, "migrate"):
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
    second.join(timeout=20)
    assert not second.is_alive()


def has_turn(app: Flask, name: str = "outbox") -> bool:
    with turn_of(app, name) as mine:
        return mine


def test_who_has_not_the_turn_delivers_and_counts_nothing(app: Flask, session: Session) -> None:
    post(session, "one")
    session.commit()
    with turn_of(app, "outbox"), turn_of(app, "figures"):
        assert work.outbox_step(app) == work.figures_step(app) == 0
    assert work.outbox_step(app) == 1
    assert work.outbox_step(app) == 0


def test_workers_at_once_tell_each_once_and_count_once(
    app: Flask, session: Session, settings: Settings
) -> None:
    sink = Sink()
    for at in range(12):
        post(session, f"firm{at}")
    session.commit()
    with mail_server(sink) as port:
        app.extensions["portal_settings"] = replace(
            settings, mail_url=f"smtp://127.0.0.1:{port}", mail_from="noreply@example.com"
        )
        workers = [work.Worker(app) for _ in range(3)]
        for each in workers:
            each.start()
        given_up = time.monotonic() + 60
        while len(sink.envelopes) < 12 and time.monotonic() < given_up:
            time.sleep(0.1)
        time.sleep(2 * work.PAUSE)
        for each in workers:
            each.stop()
    assert sorted(each.rcpt_tos[0] for each in sink.envelopes) == sorted(
        f"firm{at}@example.com" for at in range(12)
    )
    assert {each.state for each in session.scalars(sa.select(Message))} == {"sent"}


def test_workers_who_count_at_once_count_once(app: Flask, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    start, taken, errors = threading.Barrier(4), [], []

    def count() -> None:
        start.wait()
        try:
            taken.append(work.figures_step(app))
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not errors
    assert len([each for each in taken if each]) == 1
    assert session.scalar(sa.select(sa.func.count(Figure.id))) == sum(taken)


def test_a_mail_server_that_does_not_answer_keeps_no_other_step_waiting(app: Flask) -> None:
    rounds: list[int] = []
    let_go = threading.Event()

    def waits(office: work.Office) -> int:
        let_go.wait(20)
        return 0

    def goes_on(office: work.Office) -> int:
        rounds.append(1)
        if len(rounds) == 3:
            worker.stopping.set()
            let_go.set()
        return 0

    worker = work.Worker(app, (waits, goes_on))
    worker.run()
    assert len(rounds) == 3
