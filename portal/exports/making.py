"""Making an edition of the bulk files: one pass over everything that is live, at the public door.

The ledger's size is read first, then the publications chunk by chunk, each chunk in a session of its own: an edition
holds everything up to that size, and what changed in between as it then was. No transaction stays open for it. If
anything went off in between, the edition is thrown away before anybody can fetch it.
"""

import gzip
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import sqlalchemy as sa

from portal import clock
from portal.exports import cells, editions, package, speaking
from portal.exports.editions import MANIFEST, PART, Edition, File
from portal.exports.flat import Column, Row, Table, rows_of, tables_of
from portal.exports.national import NATIONAL, national_rows
from portal.exports.package import Publisher
from portal.exports.reading import Doors, every
from portal.exports.resource import Resource
from portal.publications.kinds import KINDS
from portal.publications.models import Face

CSV, ZIP, JSONL = "text/csv", "application/zip", "application/gzip"
LEVEL = 6  # of compression; more takes twice as long for a few hundredths
UNDATED = (1980, 1, 1, 0, 0, 0)  # the same records give the same bytes

Advance = Callable[[int, int], None]


class CsvFile:
    """A table as a CSV file alone in a zip: a click opens it everywhere, and programs read it as it is."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self.path, self.columns, self.rows = path, columns, 0

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        archive = self._stack.enter_context(zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED))
        inside = zipfile.ZipInfo(self.path.name.removesuffix(".zip"), UNDATED)
        inside.compress_type = zipfile.ZIP_DEFLATED
        self._file: IO[bytes] = self._stack.enter_context(archive.open(inside, "w", force_zip64=True))
        self._file.write((cells.BOM + cells.heading(column.name for column in self.columns)).encode())
        return self

    def write(self, rows: Sequence[Row]) -> None:
        self.rows += len(rows)
        self._file.write(cells.lines(rows, self.columns, for_people=False).encode())

    def __exit__(self, *error: Any) -> None:
        self._stack.close()


class JsonLines:
    """Publications as they are in the API, one a line, compressed."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, 0

    def __enter__(self) -> Self:
        self._raw = self.path.open("wb")
        self._file = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", compresslevel=LEVEL, mtime=0)
        return self

    def write(self, live: Sequence[Resource]) -> None:
        self.rows += len(live)
        self._file.write("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in live).encode())

    def __exit__(self, *error: Any) -> None:
        self._file.close()
        self._raw.close()


def make(doors: Doors, folder: Path, publisher: Publisher, advance: Advance | None = None) -> Edition | None:
    """Make an edition and put it beside the others; None when something went off meanwhile: make it again.

    Only under the worker's turn ``exports``: unfinished editions of others are removed.

    :param doors: a session of its own at the public door each time.
    :param advance: is told how many publications of how many are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(f"{PART}*"):
        shutil.rmtree(left)
    made_at = clock.now()
    with doors() as session:
        size, line = editions.place(session)
    name = f"{made_at.astimezone(clock.SHANGHAI):%Y%m%d-%H%M%S}-{size}"
    part = folder / f"{PART}{name}"
    part.mkdir()
    try:
        counts, files = _write(doors, part, publisher, advance or (lambda done, all: None))
        edition = Edition(name, clock.stamp(made_at), size, line, counts, tuple(files))
        edition = package.complete(part, edition, publisher)
        (part / MANIFEST).write_text(edition.written(), encoding="utf-8")
        with doors() as session:
            # a session of its own: it sees what was committed while the files were written
            if editions.is_off(session, edition):
                return None
        if (folder / name).exists():  # made in the same second out of the same ledger
            return editions.find(folder, name)
        part.rename(folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return edition


def _write(
    doors: Doors, part: Path, publisher: Publisher, advance: Advance
) -> tuple[dict[str, int], list[File]]:
    files, counts, done = [], {}, 0
    with doors() as session:
        total = session.scalar(sa.select(sa.func.count()).select_from(Face).where(Face.live)) or 0
        files += _plain(part, "code_tables.csv", _CODES, speaking.CODES, speaking.code_rows(session))
        rows = speaking.department_rows(session)
        files += _plain(part, "departments.csv", _DEPARTMENTS, speaking.DEPARTMENTS, rows)
    for kind in KINDS:
        with ExitStack() as stack:
            tables = {
                table: stack.enter_context(CsvFile(part / f"{table.name}.csv.zip", table.columns))
                for table in (*tables_of(kind), *([NATIONAL] if kind == NATIONAL.kind else []))
            }
            lines = stack.enter_context(JsonLines(part / f"{KINDS[kind].plural}.jsonl.gz"))
            for chunk in every(doors, kind):
                lines.write(chunk)
                for table, file in tables.items():
                    file.write([row for live in chunk for row in _rows(table, live, publisher.site)])
                done += len(chunk)
                advance(done, max(done, total))
        counts[kind] = lines.rows
        files += _described(kind, tables, lines)
    return counts, files


def _rows(table: Table, live: Resource, site: str) -> Sequence[Row]:
    return [*(national_rows(live) if table is NATIONAL else rows_of(table, live, site))]


def _described(kind: str, tables: Mapping[Table, CsvFile], lines: JsonLines) -> list[File]:
    label, label_en = KINDS[kind].label, KINDS[kind].label_en
    found = [
        described(file.path, table.label, table.label_en, ZIP, file.rows, kind)
        for table, file in tables.items()
    ]
    return [*found, described(lines.path, f"{label}（JSON）", f"{label_en} (JSON)", JSONL, lines.rows, kind)]


_CODES, _DEPARTMENTS = ("代码表", "Code tables"), ("部门", "Departments")


def _plain(
    part: Path, name: str, labels: tuple[str, str], columns: Sequence[Column], rows: Sequence[Row]
) -> list[File]:
    text = io.StringIO()
    text.write(cells.BOM + cells.heading(column.name for column in columns))
    text.write(cells.lines(rows, columns, for_people=False))
    (part / name).write_bytes(text.getvalue().encode())
    return [described(part / name, *labels, CSV, len(rows))]


def described(path: Path, label: str, label_en: str, media_type: str, rows: int = -1, kind: str = "") -> File:
    """A written file with its size and digest."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path.name, label, label_en, media_type, path.stat().st_size, digest, rows, kind)
