"""Three engines on one database, and the one list of tables that the public may read.

A session belongs to a *door*: ``public`` reads :data:`PUBLIC_TABLES` and nothing else, ``reads`` reads
everything, ``write`` reads and writes. The SQLite authorizer and the PostgreSQL grants are both made from
the list, so what is withheld is out of reach of a public page even when that page is wrong.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

Door = Literal["write", "reads", "public"]

PUBLIC_TABLES = frozenset(
    {
        "releases",  # released words only, see portal/publications/gate.py
        "faces",  # the public face of each publication
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

BUSY_TIMEOUT, SHORT_WAIT = 20_000, 50  # milliseconds
PUBLIC_NEWS = "portal_public_news"  # the PostgreSQL channel on which is told that the ledger has grown

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
    return {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # an error in the log must not quote a record
        "SQLALCHEMY_BINDS": {"reads": database_url, "public": public_url or database_url},
    }


def prepare_engines(app: Flask) -> None:
    """Attach what each engine must do on connecting and on beginning."""
    with app.app_context():
        for key, engine in db.engines.items():
            door: Door = "write" if key is None else key  # type: ignore[assignment]
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, door)
            elif door != "write":
                sa.event.listen(engine, "begin", _begin_read_only)


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
        # a deferred BEGIN that writes later loses updates without an error: take the lock at once
        connection.exec_driver_sql("BEGIN IMMEDIATE" if door == "write" else "BEGIN")

    sa.event.listen(engine, "connect", on_connect)
    sa.event.listen(engine, "begin", on_begin)


def sweep_pages(engine: sa.Engine, tables: Collection[str]) -> bool:
    """Let the database's files forget what its tables no longer hold; False when somebody still reads it.

    SQLite: ``secure_delete`` has overwritten the pages, the write-ahead log goes back to nothing. PostgreSQL:
    ``VACUUM`` clears the pages; its own log and the backups only by their retention period.
    """
    if engine.dialect.name == "sqlite":
        return _empty_wal(engine)
    with engine.connect() as connection:
        plain = connection.execution_options(isolation_level="AUTOCOMMIT")
        plain.exec_driver_sql("VACUUM " + ", ".join(sorted(tables)))
    return True


def _empty_wal(engine: sa.Engine) -> bool:
    connection = engine.raw_connection()  # SQLAlchemy's own would begin a transaction
    cursor = connection.cursor()
    try:
        # while it waits for readers it keeps writers waiting: better to come back
        cursor.execute(f"PRAGMA busy_timeout={SHORT_WAIT}")
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
        connection.close()


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
