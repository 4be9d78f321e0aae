"""Turns: what one program of all may do at a time, such as delivering messages.

A turn is held by the living: when its holder dies, the database server or the system gives it back at once,
and there is nothing to clean up. On PostgreSQL it is an advisory lock on a connection of its own, seen by
every machine; on SQLite a file lock beside the database, which one machine has to itself anyway.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa


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
        key = {"key": number_of(name)}
        mine = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), key))
        try:
            yield mine
        finally:
            if mine:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), key)


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
