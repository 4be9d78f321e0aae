"""Many rows into many tables, as fast as each database takes them."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from portal.db import Base

# columns per table, in the order in which the writer gives them; parents before their children
COLUMNS = {
    "batches": "id kind label department_code task_no created_by_id created_at",
    "publications": "id kind number department_code identity version withheld_ground being_erased created_at",
    "revisions": "id publication_id kind department_code act title content marks dismissed undecided attachments "
    "withheld_basis reason basis held admitted_note batch_id author_id state step_id created_at source",
    "steps": "id revision_id state by_id at note",
    "prepared": "revision_id version body record_hash commitments salt_key",
    "releases": "id number kind version act department_code record_hash body entry_index published_at",
    "taken_down": "release_id body",
    "faces": "number kind department_code face live version release_id entry_index published_on changed_at corrected "
    "title entity_name entity_code outcomes items region task_no plan_no source_number rectifies ad_hoc summary "
    "happened_on year",
    "drawn_faces": "id number entity_code entity_name",
    "drawn_objects": "id publication_id entity_code entity_name year",
    "listed_items": "id publication_id department_code joint item_code item sub_item item_class effective_from",
    "locked_lists": "entry_index number version digest salt",
    "entries": "index type number version previous body leaf_hash at department_code basis reason",
    "tree_hashes": "level number hash",
    "number_series": "prefix year last",
}
AT_ONCE = 20_000


class Rows(Protocol):
    """Takes rows and statements; rows may be kept back until :meth:`flush`."""

    def add(self, table: str, row: tuple[Any, ...]) -> None: ...

    def change(self, statement: str, parameters: tuple[Any, ...]) -> None:
        """A statement with ``?`` for each parameter, after every row added so far."""

    def moment(self, at: datetime) -> Any:
        """A moment as the driver wants it."""

    def flush(self) -> None: ...


@contextmanager
def rows_into(address: str) -> Iterator[Rows]:
    """Write to a database in one transaction, past everything that makes a single act slow and safe."""
    url = sa.make_url(address)
    if url.get_backend_name() == "sqlite":
        with _sqlite(str(url.database)) as connection:
            yield (kept := _Kept(connection, "?", _text_of))
            kept.flush()
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            yield (kept := _Kept(connection, "%s", lambda at: at))
            kept.flush()
            _move_sequences(connection)


@contextmanager
def _sqlite(path: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    connection.isolation_level = None
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "foreign_keys=OFF",
        "cache_size=-800000",
        "locking_mode=EXCLUSIVE",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN")
    try:
        yield connection
        connection.execute("COMMIT")
        connection.execute("PRAGMA locking_mode=NORMAL")
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


class _Kept:
    def __init__(self, connection: Any, mark: str, moment: Any) -> None:
        self._connection, self._mark, self.moment = connection, mark, moment
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
        self._count = 0

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        self._rows[table].append(row)
        self._count += 1
        if self._count >= AT_ONCE:
            self.flush()

    def change(self, statement: str, parameters: tuple[Any, ...]) -> None:
        self.flush()
        self._connection.execute(statement.replace("?", self._mark), parameters)

    def flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._write(table, COLUMNS[table].split(), rows)
                rows.clear()
        self._count = 0

    def _write(self, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{each}"' for each in columns)
        if isinstance(self._connection, sqlite3.Connection):
            marks = ", ".join("?" * len(columns))
            self._connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
            return
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def _text_of(at: datetime) -> str:
    """As SQLAlchemy keeps a moment in SQLite."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _move_sequences(connection: psycopg.Connection[Any]) -> None:
    """The next row that an act writes comes after ours."""
    for name in COLUMNS:
        column = Base.metadata.tables[name].columns.get("id")
        if column is not None:
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
    connection.commit()
    connection.autocommit = True
    connection.execute("ANALYZE")
