"""What the database's files still hold of what its tables no longer do."""

from collections.abc import Collection

import sqlalchemy as sa

from portal.one_writer import BUSY_TIMEOUT, SHORT_WAIT


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
