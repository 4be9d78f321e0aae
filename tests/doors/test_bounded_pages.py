"""A public page asks the database a number of questions that does not grow with the records."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.db import db
from portal.publications import beside, lasting, queries
from portal.publications.lasting import Lasting
from portal.publications.models import Face, Publication
from portal.publications.queries import Filters
from portal.search import listing
from portal.search.engine import Query
from tests import examples
from tests.cast import Cast
from tests.office import disclose
from tests.secrets.addresses import CONDITIONS
from tests.walking.examples import values_of

MOST = 40  # statements of any public page
CONDITIONED = (
    "public.browse",
    "public.search",
    "public.feed",
    "public.corrections",
    "public.entity",
    "public.log",
)


@contextmanager
def heard(engine: sa.Connection | sa.Engine, listen: Callable[..., None]) -> Iterator[None]:
    """Somebody hears each statement before the database does."""
    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)


def public_engine(app: Flask) -> sa.Engine:
    with app.app_context():
        return db.engines["public"]


@contextmanager
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the public engine is given, with its parameters."""
    said: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, given: Any, *_more: object) -> None:
        said.append((statement, given))

    with heard(public_engine(app), listen):
        yield said


def addresses(app: Flask, session: Session) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("public.") or "GET" not in (rule.methods or ()):
            continue
        parts = next(iter(values_of(session, rule, {})), None)
        if parts is None:
            continue
        built = rule.build(parts, append_unknown=False)
        assert built is not None
        yield built[1]
        if rule.endpoint in CONDITIONED:
            yield from (f"{built[1]}?{name}={value}" for each in CONDITIONS.get(rule.endpoint, ())[:3] for name, value in each.items())  # fmt: skip


def counts(app: Flask, visitor: FlaskClient, paths: list[str]) -> dict[str, int]:
    found = {}
    for path in paths:
        visitor.get(path)
        with asked(app) as said:
            visitor.get(path)
        found[path] = len(said)
    return found


@pytest.mark.slow
def test_three_times_the_records_cost_no_further_question(
    app: Flask, session: Session, cast: Cast, result: Publication, visitor: FlaskClient
) -> None:
    more(session, cast, 1)
    session.commit()
    work.index_step(app)
    paths = list(dict.fromkeys(addresses(app, session)))
    session.rollback()
    few = counts(app, visitor, paths)
    more(session, cast, 4)
    session.commit()
    work.index_step(app)
    many = counts(app, visitor, paths)
    assert len(paths) > 60 and sum(few.values()) > 100
    assert {path: (few[path], many[path]) for path in paths if many[path] > few[path]} == {}
    assert {path: count for path, count in many.items() if count > MOST} == {}


def more(session: Session, cast: Cast, results: int) -> None:
    for at in range(results):
        content = examples.result(plan_no="33990020260001", source_number=f"3399002026101200300{at}{results}")
        disclose(session, cast, "result", content)


# ── plans ────────────────────────────────────────────────────

SORTED = re.compile("TEMP B-TREE FOR ORDER BY")
LISTS = (
    Filters(), Filters(department="scjg"), Filters(year=2026), Filters(task="x"), Filters(plan="x"),
)  # fmt: skip


@pytest.mark.about_sqlite
def test_no_public_list_reads_or_sorts_a_whole_table(app: Flask, session: Session) -> None:
    for filters in LISTS:
        with plans(app, session) as found:
            queries.browse(session, "result", filters, limit=20, offset=2000)
        assert_bounded(found)
    for ask in (
        lambda: queries.newest(session, limit=7, live_only=True),
        lambda: queries.newest(session, limit=7, kinds=["result"]),
        lambda: lasting.changed(session, Lasting(), limit=50, offset=2000),
        lambda: lasting.changed(session, Lasting(department="scjg"), limit=50, offset=2000),
        lambda: queries.of_entity(session, "x", limit=20, offset=2000),
        lambda: queries.ledger(session, limit=20, offset=2000),
        lambda: queries.ledger(session, types=["correct"], limit=20, offset=2000),
        lambda: listing.hits(session, Query(sort="inspected", page=100)),
    ):
        with plans(app, session) as found:
            ask()
        assert_bounded(found)


@pytest.mark.about_sqlite
def test_what_stands_beside_a_result_is_found_in_indexes(app: Flask, session: Session) -> None:
    by_code = Face(number="x", task_no="x", entity_code="x", department_code="x")
    by_name = Face(number="x", task_no="x", entity_code="", entity_name="x", department_code="x")
    for face in (by_code, by_name):
        with plans(app, session) as found:
            beside.of_result(session, face, "x")
        assert_nothing_is_read_whole(found)


def assert_nothing_is_read_whole(found: list[str]) -> None:
    assert found
    assert [each for each in found if re.search(r"^SCAN (?!ledger_heads|anon_)\w+$", each)] == []


def assert_bounded(found: list[str]) -> None:
    assert_nothing_is_read_whole(found)
    chosen = found[found.index("LIST SUBQUERY 1") + 1 :] if "LIST SUBQUERY 1" in found else found
    # the twenty rows of a page may be put in order; what they are chosen from may not
    assert sum(bool(SORTED.search(each)) for each in chosen) <= ("LIST SUBQUERY 1" in found), found


@contextmanager
def plans(app: Flask, session: Session) -> Iterator[list[str]]:
    """The plan of every statement within."""
    engine, said = session.get_bind(), []

    def listen(
        _c: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_more: object
    ) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    found: list[str] = []
    with heard(engine, listen):
        yield found
    for statement, parameters in said:
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        found += [row[-1] for row in rows]
