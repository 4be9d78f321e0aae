"""What PostgreSQL does for each public page of a county of twenty thousand results, told by its own plans."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bench.records import build, settings_for
from portal.app import create_app
from portal.db import db
from portal.opening import office
from portal.search.engines import open_folder
from portal.search.following import rebuild
from portal.sessions import session_at
from portal.settings import Settings
from tests.conftest import Shelf
from tests.doors.test_bounded_pages import addresses, asked, public_engine
from tests.doors.test_bounded_work import SORTED

SIZE = 20_000
LARGE = {"faces", "releases", "entries", "drawn_faces", "listed_items"}  # grow with what is published
MOST = 2_000  # rows looked at and left, or sorted, by one statement
# looks at more, by the number of records, and why it may
ALLOWED = {
    "/search.csv": "a file of all that is found, streamed",
    "/search.json": "the same",
    "/statistics": "a year's figures, once for each line of the ledger",
}

Plan = Mapping[str, Any]


@pytest.fixture
def county(shelf: Shelf, tmp_path: Path) -> Iterator[Flask]:
    """A county, its numbers known to the planner, its index built."""
    with shelf.empty(Settings(var=tmp_path)) as given:
        settings = settings_for(
            tmp_path, given.database_url, worker=False, search_engine="tantivy", page_cache_mb=0
        )
        build(settings, SIZE)
        folder = open_folder(settings)
        with session_at(office(settings), "public") as session:
            rebuild(session, folder)
        folder.close()
        app = create_app(settings)
        yield app
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.mark.proof
@pytest.mark.about_postgres
def test_no_public_page_reads_a_whole_table(county: Flask) -> None:
    visitor, wrong, looked = county.test_client(), {}, set[str]()
    with county.app_context(), session_at(county, "public") as session:
        paths = list(dict.fromkeys((*addresses(county, session), *SORTED)))
    for path in paths:
        said = asked_by(county, visitor, path)
        for statement, parameters in said:
            shape = re.sub(r"%\(\w+\)s(::\w+)?(, )?", "", statement)
            if shape not in looked:
                looked.add(shape)
                if found := [*too_much(planned(county, statement, parameters))]:
                    wrong.setdefault(path.partition("?")[0], []).append((found, shape[:300]))
    sys.stdout.write(f"proof: {len(paths)} pages of {SIZE} results, {len(looked)} statements explained\n")
    assert len(paths) > 60 and len(looked) > 60
    assert {path: told for path, told in wrong.items() if not path.startswith(tuple(ALLOWED))} == {}


def asked_by(app: Flask, visitor: Any, path: str) -> list[tuple[str, Any]]:
    """The statements of a page that is asked for the second time."""
    visitor.get(path)
    with asked(app) as said:
        answer = visitor.get(path)
        assert answer.status_code < 500, path
        assert answer.data is not None  # a file is read to its end
    return [each for each in said if each[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def planned(app: Flask, statement: str, parameters: Any) -> Plan:
    """How PostgreSQL carries a statement out, with what it met."""
    with public_engine(app).connect() as connection:
        told = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar()
    plan: Plan = told[0]["Plan"]
    return plan


def too_much(node: Plan) -> Iterator[str]:
    """What of a plan grows with the records."""
    kind, table = node["Node Type"], node.get("Relation Name", "")
    left, came = node.get("Rows Removed by Filter", 0), node["Actual Rows"]
    if kind == "Seq Scan" and table in LARGE:
        yield f"reads all of {table}"
    if left > MOST:
        yield f"leaves {left} rows of {table or kind}"
    if kind == "Sort" and came > MOST:
        yield f"sorts {came} rows"
    for each in node.get("Plans", ()):
        yield from too_much(each)
