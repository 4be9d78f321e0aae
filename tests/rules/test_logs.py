"""What the site writes down of its own work: never what an error or a library says, which may hold anything."""

import logging
import sqlite3
from collections.abc import Iterator

import psycopg.errors
import pytest

from portal import logs

SECRET = "鸢尾蓝4100砚台青"


@pytest.fixture(autouse=True)
def set_up() -> Iterator[None]:
    logs.set_up(lambda: "GET /entities/<code>")
    yield
    logs.set_up()


def test_a_line_says_when_how_bad_and_by_which_rule(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("portal.work").warning("message %s was not delivered", 12)
    line = capsys.readouterr().err
    assert line[10] == "T"
    assert line[20:] == " WARNING portal.work [GET /entities/<code>] message 12 was not delivered\n"


def test_of_an_error_only_its_kind_and_its_way_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        try:
            {}[SECRET]  # noqa: B018
        except KeyError as error:
            raise ValueError(f"no {SECRET} here") from error
    except ValueError:
        logging.getLogger("portal.app").exception("a request failed")
    told = capsys.readouterr().err
    assert SECRET not in told
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError")
    assert "test_of_an_error_only_its_kind_and_its_way_are_written" in told


def test_errors_in_a_group_are_told_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    group = ExceptionGroup(SECRET, [OSError(28, SECRET), psycopg.errors.UniqueViolation(SECRET)])
    logging.getLogger("portal.work").error("the step failed", exc_info=group)
    told = capsys.readouterr().err
    assert SECRET not in told
    assert "builtins.OSError (ENOSPC)" in told
    assert "psycopg.errors.UniqueViolation (23505)" in told


def test_a_database_says_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (a TEXT UNIQUE)")
        connection.execute("INSERT INTO t VALUES (?)", [SECRET])
        try:
            connection.execute("INSERT INTO t VALUES (?)", [SECRET])
        except sqlite3.Error:
            logging.getLogger("portal.app").exception("a request failed")
    assert "sqlite3.IntegrityError (SQLITE_CONSTRAINT_UNIQUE)" in capsys.readouterr().err


def test_a_librarys_line_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("urllib3.connectionpool").warning("GET /sms?text=%s", SECRET)
    logging.getLogger("sqlalchemy.engine").error(f"a row: {SECRET}")
    told = capsys.readouterr().err
    assert SECRET not in told
    assert told.count("not repeated here: test_logs:") == 2


def test_a_line_that_can_not_be_formatted_does_not_print_what_it_was_given(
    capfd: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("portal.app").warning("only %d", SECRET)
    assert SECRET not in capfd.readouterr().err


def test_set_up_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logging.getLogger("portal.app").warning("once")
    assert capsys.readouterr().err.count("once") == 1
