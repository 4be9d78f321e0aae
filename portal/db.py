"""Three engines on one database, and the one list of tables that the public may read.

A session belongs to a *door*: ``public`` reads :data:`PUBLIC_TABLES` and nothing else, ``reads`` reads
everything, ``write`` reads and writes. The SQLite authorizer and the PostgreSQL grants are both made from
the list, so what is withheld is out of reach of a public page even when that page is wrong.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from portal.instance_states import settle
from portal.one_writer import BUSY_TIMEOUT, begin_writing

Door = Literal["write", "reads", "public"]

PUBLIC_TABLES = frozenset(
    {
        "releases",  # released words only, see portal/publications/gate.py
        "faces",  # the public face of each publication
        "tallies",  # how many live faces agree in kind, department, year, region, outcomes
        "locked_lists",  # what a line about a draw commits to; salts of lists that are shown alone
        "drawn_faces",  # which entities a live task announcement names
        "entries",  # the ledger
        "ledger_heads",
        "draw_faces",  # what is public of our own draws, see portal/draws/models.py
        "tree_hashes",
        "checkpoints",
        "figures",
        "public_files",  # which copy of an attachment stands where, see portal/attachments/models.py
        "contests",  # that a result is contested, until when, how it ended; see portal/objections/models.py
        "calendar_notices",
        "calendar_days",
        "code_values",
        "departments",
        "regions",
    }
)

PUBLIC_NEWS = "portal_public_news"  # the PostgreSQL channel on which is told that the ledger has grown
# PostgreSQL: a program that hangs in the middle of a transaction must not hold its locks for ever
IDLE_IN_TRANSACTION, IDLE_AT_THE_HEAD = "10min", "30s"
CONNECT_WITHIN = 5  # seconds for each host in the address
LOST_AFTER = 20_000  # milliseconds without an answer, until the other machine counts as gone
PASSING = {"08", "40", "53", "55", "57"}  # classes: connection, conflict, room, lock, shutdown
READ_ONLY_NOW = "25006"  # what a server says that became a standby while we were connected

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment. SQLite gives naive ones back; they are UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was given to the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Mother of every model."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }


class DoorSession(FlaskSession):
    """A session whose engine is chosen by the door it was opened at, never by the statement."""

    door: Door = "write"

    def get_bind(
        self,
        mapper: Any | None = None,
        clause: Any | None = None,
        bind: sa.Engine | sa.Connection | None = None,
        **kwargs: Any,
    ) -> sa.Engine | sa.Connection:
        if bind is not None:
            return bind
        return self._db.engines[None if self.door == "write" else self.door]


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": DoorSession, "expire_on_commit": False},
    engine_options={"hide_parameters": True},  # an error's text names the statement, never its values
)
settle(Base)


def open_at(door: Door) -> None:
    """Give the current scope's session to a door; only before its first statement."""
    session = db.session()
    assert isinstance(session, DoorSession)
    if session.in_transaction():
        raise RuntimeError(f"the session is already in use at the door {session.door!r}")
    session.door = door


def connection_apart(door: Door) -> Any:
    """The driver's own connection, outside the pool, for what keeps it open; whoever asks closes it."""
    pooled = db.engines[door].raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Between two transactions of a writing session, read at the door ``reads``: no writer waits for it.

    Nothing that was loaded stays in the session; what is read can have changed when the next transaction begins.
    """
    assert isinstance(session, DoorSession)
    door = session.door
    if session.in_transaction():
        raise RuntimeError("the session has something under way: commit it before reading beside it")
    session.door = "reads"
    try:
        yield
    finally:
        session.expunge_all()
        session.rollback()
        session.door = door


def configuration(database_url: str, public_url: str | None) -> Mapping[str, Any]:
    """Flask-SQLAlchemy's settings for the three engines.

    :param public_url: on PostgreSQL the address with the second role; the same file on SQLite.
    """
    addresses = {None: database_url, "reads": database_url, "public": public_url or database_url}
    return {"SQLALCHEMY_BINDS": {key: {"url": url, **_connecting(url)} for key, url in addresses.items()}}


def _connecting(url: str) -> dict[str, Any]:
    """How an engine connects, and how it notices that the other end is no longer there."""
    if url.startswith("sqlite"):
        return {}
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "tcp_user_timeout": LOST_AFTER}
    # asked before it is lent: after a restart or a change of servers nobody is given a dead connection
    return {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_WITHIN, **alive}}


def prepare_engines(app: Flask) -> None:
    """Attach what each engine must do on connecting and on beginning."""
    with app.app_context():
        for key, engine in db.engines.items():
            door: Door = "write" if key is None else key  # type: ignore[assignment]
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, door)
            else:
                _prepare_postgres(engine, door)


def _prepare_sqlite(engine: sa.Engine, door: Door) -> None:
    def on_connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (f"busy_timeout={BUSY_TIMEOUT}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if door == "write":
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
        else:
            connection.execute("PRAGMA query_only=ON")
        if door == "public":
            connection.set_authorizer(public_authorizer)

    def on_begin(connection: sa.Connection) -> None:
        if door == "write":
            begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", on_begin)


def _prepare_postgres(engine: sa.Engine, door: Door) -> None:
    def on_connect(connection: Any, _: ConnectionPoolEntry) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION}'")
        connection.commit()  # or the setting ends with the first transaction that is rolled back

    def on_error(context: sa.engine.ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY_NOW:
            context.is_disconnect = True  # the whole pool looks for the server that took its place

    sa.event.listen(engine, "connect", on_connect)
    if door == "write":
        sa.event.listen(engine, "handle_error", on_error)
    else:
        sa.event.listen(engine, "begin", _begin_read_only)


def passes(error: DBAPIError) -> bool:
    """Whether a statement failed for what passes: a server that restarts, changes or is full, a lock not given.

    On a copy also what it had to break off to go on following.
    """
    code = getattr(error.orig, "sqlstate", "")
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        )
    is_unreachable = isinstance(error, OperationalError) and code is None
    return error.connection_invalidated or is_unreachable or str(code)[:2] in PASSING or code == READ_ONLY_NOW


def hurry(session: Session) -> None:
    """From here to the end of the transaction everybody waits for it: a program that hangs now is cut off soon."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"SET LOCAL idle_in_transaction_session_timeout = '{IDLE_AT_THE_HEAD}'"))


def is_copy(session: Session) -> bool:
    """Whether this session reads a server that follows another one, and so may not have the newest yet."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    return bool(session.scalar(sa.select(sa.func.pg_is_in_recovery())))


def _begin_read_only(connection: sa.Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


_HARMLESS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_RECURSIVE,
}


def public_authorizer(action: int, table: str | None, *_: str | None) -> int:
    """SQLite's gate for the public door: reading of :data:`PUBLIC_TABLES`, nothing else."""
    if action in _HARMLESS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (table in PUBLIC_TABLES or table == ""):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def public_grants(role: str) -> list[str]:
    """The PostgreSQL statements that give the public role what the list says and take the rest."""
    quoted = '"' + role.replace('"', '""') + '"'
    tables = ", ".join(sorted(PUBLIC_TABLES))
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}",
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT ON {tables} TO {quoted}",
    ]
