"""Ten times the records: a public page makes the database work no harder, told by the steps SQLite takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bench.place import Place
from portal.app import create_app
from portal.opening import office
from portal.sessions import session_at
from tests.doors.test_bounded_pages import addresses, heard, public_engine

FEW, MANY = 400, 8_000
EVERY = 10  # steps of SQLite's machine between two counts
GROWN, FREE = 1.5, 20_000  # a page of twenty where there were four, and less than one look at each of MANY
SORTED = ("/search?sort=inspected", "/search?sort=inspected&page=15")
GROWS = {
    "/search.csv": "a file of all that is found, streamed",
    "/search.json": "a file of all that is found, streamed",
    "/tasks/RW-####-####/progress": "what became of one task's results, here some three hundred for twenty",
    "/plans/JH-####-####/progress": "the same of a plan's tasks",
    "/statistics": "a year's figures, counted once for each line of the ledger and kept",
    "/search/suggestions?q=示例": "the titles of what two hundred hits name, and of whom its tasks drew",
}


@contextmanager
def steps(app: Flask) -> Iterator[list[int]]:
    """How many steps SQLite takes for the public, in tens."""
    taken = [0]

    def tick() -> int:
        taken[0] += EVERY
        return 0

    def listen(connection: Any, *_more: object) -> None:
        connection.connection.dbapi_connection.set_progress_handler(tick, EVERY)

    with heard(public_engine(app), listen):
        yield taken


def work_of(place: Place, size: int) -> dict[str, int]:
    """The steps of each page, asked a second time."""
    settings = place.indexed(size, "tantivy", page_cache_mb=0)
    app = create_app(settings)
    visitor, found = app.test_client(), {}
    with app.app_context(), session_at(office(settings), "public") as session:
        paths = {rule_of(path): path for path in (*addresses(app, session), *SORTED)}
    for name, path in paths.items():
        visitor.get(path)
        with steps(app) as taken:
            assert visitor.get(path).status_code < 500, path
        found[name] = taken[0]
    return found


def rule_of(path: str) -> str:
    """An address without the numbers in it, which differ from county to county."""
    return "".join("#" if each.isdigit() else each for each in path)


@pytest.mark.slow
@pytest.mark.about_sqlite
def test_ten_times_the_records_are_no_more_work_for_the_database(tmp_path: Path) -> None:
    place = Place(tmp_path)
    few, many = work_of(place, FEW), work_of(place, MANY)
    both = few.keys() & many.keys()
    assert len(both) > 60
    grown = {name: (few[name], many[name]) for name in both if many[name] > GROWN * few[name] + FREE}
    assert {name: told for name, told in grown.items() if not name.startswith(tuple(GROWS))} == {}
