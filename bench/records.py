"""A portal's database filled with any number of invented results: ``python -m bench.records --size 20000 --out DIR``.

Real tables by the real migrations, true record hashes, commitments, ledger lines and tree; five years, twenty
departments, one task for some 300 results, one result in a hundred corrected or withdrawn. The rows are written
past the acts, in bulk. The same seed and last day give the same bytes.
"""

import multiprocessing
import os
import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Any, NamedTuple

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench import sheets
from bench.making import Made, Maker
from bench.rows import rows_into
from bench.sheets import Task, moment
from bench.town import department_rows
from bench.writing import Writer
from portal import clock
from portal.cli.log import origin
from portal.codes.book import CodeBook
from portal.codes.seed import load_departments, load_regions
from portal.demo.office import furnish
from portal.demo.reading import facts
from portal.ledger import book, sealing
from portal.ledger.signer import Signer
from portal.opening import bring_up_to_date, office
from portal.people.models import Person
from portal.publications import tallying
from portal.publications.models import Publication
from portal.sessions import session_at
from portal.settings import Settings

SEED = 339900
AHEAD = 8  # jobs that are made before they are written


class Event(NamedTuple):
    """Something that happens at one moment: what is made, from what."""

    at: datetime
    what: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Built:
    """What there is now."""

    settings: Settings
    results: int
    releases: int
    entries: int
    seconds: float

    def environment(self) -> dict[str, str]:
        """The settings that are not the usual ones, as variables."""
        return environment(self.settings)


def environment(settings: Settings) -> dict[str, str]:
    found = {"PORTAL_VAR": str(settings.var), "PORTAL_INDEX_DIR": str(settings.index_dir)}
    if settings.database_url:
        found["PORTAL_DATABASE_URL"] = settings.database_url
    return found


def settings_for(out: Path, database_url: str = "", **more: Any) -> Settings:
    """Where a county of records lives: everything under one folder."""
    out = out.resolve()
    return Settings(var=out, index_dir=out / "search_index", database_url=database_url, **more)


def build(
    settings: Settings,
    size: int,
    *,
    seed: int = SEED,
    until: date | None = None,
    lean: bool = False,
    processes: int = 0,
    tell: Any = lambda done: None,
) -> Built:
    """Fill an empty database.

    :param size: how many results.
    :param until: the last day on which anything was published; today.
    :param processes: that make the bytes beside this one; 0: as many as there are cores.
    :param tell: is told how many results are written.
    :raises click.ClickException: when there are publications already.
    """
    began, until = time.monotonic(), until or clock.today()
    app = office(settings)
    bring_up_to_date(app, settings)
    with session_at(app, "write") as session:
        author, officer, codes = _furnish(session)
    with app.app_context():
        _close(app)
    maker = Maker(seed, size, codes, sheets.tasks(seed, size, until))
    with rows_into(settings.database) as rows:
        writer = Writer(rows, author, officer, lean)
        for event, made in _made(maker, events(maker.tasks, until), processes or os.cpu_count() or 1):
            _write(writer, maker, event, made)
            tell(writer.releases)
        writer.close()
    with session_at(app, "write") as session:
        _seal(session, settings, writer)
    with app.app_context():
        _close(app)
    return Built(settings, size, writer.releases, writer.entries, time.monotonic() - began)


def events(tasks: list[Task], until: date) -> list[Event]:
    """Everything that happens, in the order of its time."""
    first = until - timedelta(days=sheets.YEARS * 365)
    found = [Event(moment(first, 9), "lists", (first,)), Event(moment(first, 10), "plans", (first.year,))]
    found += [
        Event(moment(date(year, 1, 10), 10), "plans", (year,))
        for year in range(first.year + 1, until.year + 1)
        if date(year, 1, 10) <= until
    ]
    for task in tasks:
        found.append(Event(moment(task.starts, 15, 10), "announce", (task.nth,)))
        found.append(Event(moment(task.published, 9, 40), "results", (task.nth,)))
        found.append(Event(min(moment(task.changed, 16, 5), moment(until, 7)), "changes", (task.nth,)))
    return sorted((each._replace(at=each.at.astimezone(UTC)) for each in found), key=lambda each: each.at)


def _furnish(session: Session) -> tuple[int, int, CodeBook]:
    if session.scalar(sa.select(sa.func.count()).select_from(Publication)):
        raise click.ClickException("there are publications already; give an empty folder or database")
    with clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        if not session.scalar(sa.select(sa.func.count()).select_from(Person)):
            furnish(session)
        load_regions(session, facts("regions"))
        load_departments(session, department_rows())
    session.commit()
    people = [
        session.scalars(sa.select(Person.id).where(Person.username == name)).one()
        for name in ("hezhiyuan", "songqinghe")
    ]
    codes = CodeBook.load(session)
    session.expunge_all()
    session.rollback()
    return people[0], people[1], codes


def _write(writer: Writer, maker: Maker, event: Event, made: list[Made]) -> None:
    if event.what in ("lists", "plans"):
        writer.publish(made, event.at)
        return
    task = maker.tasks[event.arguments[0]]
    acts = sheets.changes_of(maker.seed, task)
    if event.what == "changes":
        writer.change(made, event.at, task, acts)
    else:
        writer.publish(made, event.at, task, frozenset(acts))


_maker: Maker | None = None  # of a process that makes


def _made(maker: Maker, wanted: list[Event], processes: int) -> Iterator[tuple[Event, list[Made]]]:
    """What each event needs, in order, made a few events ahead."""
    global _maker
    _maker = maker
    if processes == 1 or maker.size < 1000:
        yield from ((event, _make(event)) for event in wanted)
        return
    room = Semaphore(AHEAD * processes)

    def given() -> Iterator[Event]:
        for event in wanted:
            room.acquire()
            yield event

    with ExitStack() as stack:
        pool = stack.enter_context(multiprocessing.get_context("fork").Pool(processes))
        stack.callback(lambda: [room.release() for _ in wanted])  # else the feeder waits for ever
        for event, made in zip(wanted, pool.imap(_make, given()), strict=True):
            room.release()
            yield event, made


def _make(event: Event) -> list[Made]:
    assert _maker is not None
    return _maker.make(event.what, event.arguments)


def _seal(session: Session, settings: Settings, writer: Writer) -> None:
    """Move the ledger's head to where it is and have it signed."""
    head = book.lock(session)
    frontier = writer.frontier
    head.size, head.root, head.frontier, head.at = (
        frontier.size,
        frontier.root().hex(),
        frontier.to_text(),
        writer.at,
    )
    signer = Signer(settings.log_key_dir)
    if not signer.is_there:
        signer.make(origin(settings))
    sealing.begin(session)
    tallying.recount(session)
    session.commit()


def _close(app: Any) -> None:
    for engine in app.extensions["sqlalchemy"].engines.values():
        engine.dispose()


def say_environment(variables: Mapping[str, str]) -> str:
    return " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())


@click.command()
@click.option("--size", default=20_000, show_default=True, help="How many results.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="An empty folder: PORTAL_VAR.")
@click.option("--database-url", default="", help="A PostgreSQL database; left out, SQLite in the folder.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; left out, today.")
@click.option("--lean", is_flag=True, help="Without the table of what approvals fixed: half the disk.")
def main(size: int, out: Path, database_url: str, seed: int, until: datetime | None, lean: bool) -> None:
    """Fill an empty portal database with invented results."""
    settings = settings_for(out, database_url)
    last = until.date() if until else None
    with click.progressbar(length=size, label="records") as bar:

        def tell(done: int) -> None:
            bar.update(min(done, size) - bar.pos)

        built = build(settings, size, seed=seed, until=last, lean=lean, tell=tell)
    click.echo(
        f"{built.results} results, {built.releases} releases, {built.entries} ledger lines in {built.seconds:.1f} s"
        f" ({built.results / built.seconds:.0f} results/s)"
    )
    click.echo(say_environment(built.environment()))


if __name__ == "__main__":
    main()
