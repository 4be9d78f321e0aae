"""How alembic reaches the portal's database; called by flask-migrate inside an application context.

SQLite can not alter most things, so alembic copies the table into a new one and drops the old. With foreign
keys on, that drop deletes or refuses child rows **without a word**. So migrations run on an engine of their
own with foreign keys off, in one transaction, and nothing is committed before ``foreign_key_check`` is clean.
"""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal import models as models
from portal.db import Base, UtcDateTime

PRAGMAS = (
    "busy_timeout=20000",
    "foreign_keys=OFF",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
)


def render_item(kind, obj, autogen_context):
    """Write column types of our own as the plain ones they are, so that old migrations need no portal code."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def refuse_broken_references(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    if broken:
        raise RuntimeError(f"the migration would leave rows that point to nothing: {broken}")


def migrate(connection: sa.Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=on_sqlite,
        render_item=render_item,
        compare_type=True,
        transactional_ddl=True,  # alembic believes SQLite can not; with BEGIN said by us it can
    )
    with context.begin_transaction():
        context.run_migrations()
        if on_sqlite:
            refuse_broken_references(connection)


LONGEST_WAIT = "10s"  # for a table: meanwhile whoever comes after waits too, readers among them


def engine_for_migrations() -> sa.Engine:
    url = current_app.config["SQLALCHEMY_BINDS"][None]["url"]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", prepare_sqlite)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    else:
        sa.event.listen(engine, "begin", wait_shortly)
    return engine


def wait_shortly(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET lock_timeout = '{LONGEST_WAIT}'")


def prepare_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # else pysqlite commits before each CREATE TABLE
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


if context.is_offline_mode():
    raise SystemExit("migrations need the database: SQLite tables are copied, and the copies are checked")

with engine_for_migrations().connect() as connection:
    migrate(connection)
