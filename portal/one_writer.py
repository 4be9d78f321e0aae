"""SQLite lets one write at a time: how whoever wants to write waits for the turn."""

import sqlite3
import time
from typing import Any

import sqlalchemy as sa

BUSY_TIMEOUT, SHORT_WAIT = 20_000, 50  # milliseconds
ASK_AGAIN = 0.002  # seconds


def begin_writing(connection: sa.Connection) -> None:
    """Take the lock at once: a deferred ``BEGIN`` that writes later loses updates without an error.

    Asked for again and again rather than left to SQLite, whose waiters sleep up to a tenth of a second and so miss
    the gaps between the turns of a batch, while somebody sits before the form that they filed.

    :raises sqlalchemy.exc.OperationalError: when others wrote for :data:`BUSY_TIMEOUT`, or it can not be written to.
    """
    driver, end = connection.connection.driver_connection, time.monotonic() + BUSY_TIMEOUT / 1000
    assert driver is not None
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while _is_busy(driver) and time.monotonic() < end:
            time.sleep(ASK_AGAIN)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails again, and says why as every statement does
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def _is_busy(driver: Any) -> bool:
    """Try to begin; whether somebody else writes now."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False
