"""Turns: what one program of all may do at a time, such as delivering messages.

A turn is held by the living: when its holder dies, the database server or the system gives it back at once,
and there is nothing to clean up. On PostgreSQL it is an advisory lock on a connection of its own, seen by
every machine; on SQLite a file lock beside the database, which one machine has to itself anyway.

A holder that hangs is alive to its machine, which answers for it. So whoever holds a turn on PostgreSQL says
something now and then, and the server ends the connection that says nothing for :data:`GIVEN_UP`.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

SIGN_OF_LIFE, GIVEN_UP = 20.0, 60.0  # seconds
PAUSE = 0.2  # seconds between two tries of who waits


@contextmanager
def turn(engine: sa.Engine, name: str) -> Iterator[bool]:
    """Whether it is this program's turn; True holds until the block ends. Never waits.

    A turn keeps two programs from the same work as long as the connection lives. What must not happen
    twice even when a connection breaks needs a claim on its row as well, see ``portal/outbox/delivering.py``.
    """
    taken = _on_file if engine.dialect.name == "sqlite" else _on_server
    with taken(engine, name) as mine:
        yield mine


@contextmanager
def _on_server(engine: sa.Engine, name: str) -> Iterator[bool]:
    with engine.connect() as pooled:
        # outside a transaction, or a long turn would hold back the server's vacuum
        connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # never back to the pool: a lock that was not given back ends with it
        taking = sa.text("SELECT pg_try_advisory_lock(:key)")
        mine = bool(connection.scalar(taking, {"key": number_of(name)}))
        if not mine:
            yield False
            return
        with _alive(connection):
            yield True
        # no unlocking: the connection ends here, and the lock with it, also where the server ended it before


@contextmanager
def _alive(connection: sa.Connection) -> Iterator[None]:
    """Say something on a connection now and then, as long as this program runs at all."""
    connection.exec_driver_sql(f"SET idle_session_timeout = '{GIVEN_UP:.0f}s'")
    over = Event()

    def speak() -> None:
        while not over.wait(SIGN_OF_LIFE):
            try:
                connection.exec_driver_sql("SELECT 1")
            except SQLAlchemyError:  # the turn is lost; claims on rows hold what must not be done twice
                return

    speaking = Thread(target=speak, name="portal-sign-of-life", daemon=True)
    speaking.start()
    try:
        yield
    finally:
        over.set()
        speaking.join()


@contextmanager
def waited_turn(engine: sa.Engine, name: str) -> Iterator[None]:
    """This program's turn, waited for as long as it takes: for what an administrator does by hand."""
    while True:
        with turn(engine, name) as mine:
            if mine:
                yield
                return
        sleep(PAUSE)


@contextmanager
def _on_file(engine: sa.Engine, name: str) -> Iterator[bool]:
    database = Path(engine.url.database or "")
    with database.with_name(f"{database.name}.{name}.turn").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def number_of(name: str) -> int:
    """The name as PostgreSQL takes it: 64 bits with a sign, the same on every machine.

    >>> number_of("outbox") == number_of("outbox"), number_of("outbox") == number_of("figures")
    (True, False)
    """
    return int.from_bytes(hashlib.sha256(f"portal turn {name}".encode()).digest()[:8], signed=True)
