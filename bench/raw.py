"""What a bulk publication writes, written once more with nothing but SQL: the measure that it is held against."""

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

CHUNK = 300
TABLES = ("steps", "entries", "releases", "faces")
CHANGED = ("publications", "revisions")


def measure(published: Path, before: Path) -> dict[str, Any]:
    """Take the rows out of a database after a publication and write them into a copy of what it was before.

    Chunks of 300 with a commit each, as durable as the portal's own (WAL, ``synchronous=FULL``, ``secure_delete``).
    """
    target = before.with_name("raw.db")
    shutil.copyfile(before, target)
    source, out = sqlite3.connect(published), sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        out.execute(f"PRAGMA {pragma}")
    new = {table: _new(source, out, table) for table in TABLES}
    changed = {
        "publications": source.execute("SELECT number, version, id FROM publications WHERE number LIKE 'JG-%'").fetchall(),
        "revisions": source.execute("SELECT state, step_id, id FROM revisions WHERE state = 'done'").fetchall(),
    }  # fmt: skip
    count, began = len(new["entries"]), time.perf_counter()
    for at in range(0, count, CHUNK):
        out.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            rows = new[table][at : at + CHUNK]
            marks = ",".join("?" * len(rows[0])) if rows else ""
            out.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        out.executemany("UPDATE publications SET number = ?, version = ? WHERE id = ?", changed["publications"][at : at + CHUNK])  # fmt: skip
        out.executemany("UPDATE revisions SET state = ?, step_id = ? WHERE id = ?", changed["revisions"][at : at + CHUNK])  # fmt: skip
        out.execute("COMMIT")
    seconds = time.perf_counter() - began
    return {"rows": count, "writing_seconds": round(seconds, 2), "writing_per_second": round(count / seconds)}


def _new(source: sqlite3.Connection, out: sqlite3.Connection, table: str) -> list[Any]:
    """The rows that one has and the other has not."""
    last = out.execute(f"SELECT coalesce(max(rowid), 0) FROM {table}").fetchone()[0]  # noqa: S608
    return source.execute(f"SELECT * FROM {table} WHERE rowid > ? ORDER BY rowid", (last,)).fetchall()  # noqa: S608
