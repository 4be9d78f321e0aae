"""The folder in which everything is measured: counties of records by size, their indexes, copies for others."""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import click
import sqlalchemy as sa

from bench.records import build, settings_for
from portal.opening import office
from portal.publications.models import Face, Release
from portal.search.documents import Document, document
from portal.search.engines import ENGINES, open_folder
from portal.search.following import rebuild
from portal.sessions import session_at
from portal.settings import Settings

LEAN_FROM = 500_000  # from here on without what approvals fixed: half the disk


@dataclass
class Place:
    """Where a run works; what it finds there from an earlier run it uses again.

    :param port: the first of four.
    :param rounds: how often each side is measured.
    :param patience: seconds for one shape of query; what is slower is measured less often.
    """

    folder: Path
    port: int = 8700
    rounds: int = 3
    patience: float = 6.0

    def settings(self, size: int, engine: str = "whoosh", **more: object) -> Settings:
        """A county of so many results, built when it is not there."""
        folder = self.folder / f"records-{size}"
        settings = settings_for(folder, worker=False, search_engine=engine)
        done = folder / "built.json"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            click.echo(f"  building {size:,} records …", err=True)
            built = build(settings, size, lean=size >= LEAN_FROM)
            done.write_text(json.dumps({"seconds": built.seconds, "entries": built.entries}))
        return replace(settings, **more)  # type: ignore[arg-type]

    def seconds_to_build(self, size: int) -> float:
        self.settings(size)
        told: dict[str, float] = json.loads((self.folder / f"records-{size}" / "built.json").read_text())
        return told["seconds"]

    def indexed(self, size: int, engine: str, **more: object) -> Settings:
        """The county with its search index, built when it is not there."""
        settings = self.settings(size, engine, **more)
        folder = open_folder(settings)
        if not folder.current:
            click.echo(f"  indexing {size:,} records with {engine} …", err=True)
            began = perf_counter()
            with session_at(office(settings), "public") as session:
                rebuild(session, folder)
            (folder.root / "seconds").write_text(str(perf_counter() - began))
        folder.close()
        return settings

    def documents(self, size: int, most: int = 10**9) -> Iterator[Document]:
        """What search knows of each live publication, in the ledger's order."""
        with session_at(office(self.settings(size)), "public") as session:
            wanted = (
                sa.select(Face, Release.body)
                .join(Release, Release.id == Face.release_id)
                .where(Face.live)
                .order_by(Face.entry_index)
                .limit(most)
                .execution_options(yield_per=1000)
            )
            for face, body in session.execute(wanted):
                yield document(face, body)

    def flat(self, size: int) -> Path:
        """The same results as one table with full text, as somebody would give them to Datasette."""
        path = self.folder / f"records-{size}" / "flat.db"
        if not path.exists():
            new = path.with_suffix(".new")
            new.unlink(missing_ok=True)
            with closing(sqlite3.connect(new)) as flat:
                _fill(flat, self.documents(size))
            new.rename(path)
        return path

    def numbers(self, size: int, most: int = 200) -> Sequence[str]:
        """Numbers of live results, spread over all years."""
        with session_at(office(self.settings(size)), "public") as session:
            live = sa.select(Face.number).where(Face.live, Face.kind == "result").order_by(Face.number)
            found = list(session.scalars(live))
        return found[:: max(1, len(found) // most)][:most]


def has_engine(name: str) -> bool:
    return name in ENGINES


FLAT = """
CREATE TABLE results (number TEXT PRIMARY KEY, entity_name TEXT, entity_code TEXT, department TEXT, year INTEGER,
  region TEXT, outcome TEXT, published_on TEXT, inspected_on TEXT, text TEXT);
"""
AFTER = """
CREATE INDEX by_published ON results (published_on);
CREATE VIRTUAL TABLE results_fts USING fts5(text, content='results', tokenize='trigram');
INSERT INTO results_fts (results_fts) VALUES ('rebuild');
ANALYZE;
"""


def _fill(flat: sqlite3.Connection, documents: Iterator[Document]) -> None:
    flat.executescript(FLAT)
    flat.executemany(
        "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (each.number, each.entity_name, each.entity_code, each.department, each.year, each.region,
             next(iter(each.outcomes), ""), str(each.published_on), str(each.happened_on), "\n".join(each.lines))
            for each in documents
            if each.kind == "result"
        ),
    )  # fmt: skip
    flat.commit()
    flat.executescript(AFTER)
    flat.commit()
