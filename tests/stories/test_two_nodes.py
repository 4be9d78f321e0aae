"""Two machines over one PostgreSQL, each ``portal serve`` with an index of its own: one is killed, one stands still."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, work
from portal.errors import Refused
from portal.nodes import queries, telling
from portal.nodes.models import Node
from portal.people.models import Person
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.erasing import erased, finished
from tests.filing_over_http import PATIENCE, Server
from tests.office import disclose, withdraw

pytestmark = pytest.mark.about_postgres


@pytest.fixture
def nodes(settings: Settings) -> Iterator[tuple[Server, Server]]:
    """Both, in folders that they share but for the index; a line may wait for a second."""
    pair = tuple(
        Server(
            settings,
            name=name,
            PORTAL_WORKER="1",
            PORTAL_NODE=name,
            PORTAL_STALE_AFTER="1",
            PORTAL_INDEX_DIR=str(settings.index_dir / name),
        )
        for name in ("one", "two")
    )
    with ThreadPoolExecutor() as at_once:
        list(at_once.map(Server.start, pair))
    yield pair  # type: ignore[misc]
    for each in pair:
        each.kill()


def wait_until(so: Callable[[], bool]) -> float:
    """How many seconds it took."""
    began = time.monotonic()
    while not so():
        assert time.monotonic() < began + PATIENCE
        time.sleep(0.05)
    return time.monotonic() - began


def page(node: Server, address: str) -> requests.Response:
    return requests.get(f"{node.site}{address}", timeout=20)


def finds(node: Server, number: str) -> bool:
    return f"/results/{number}" in page(node, "/search?q=示例").text


def is_ready(node: Server) -> bool:
    return page(node, "/readyz").status_code == 200


def publish(session: Session, cast: Cast, name: str) -> str:
    return str(disclose(session, cast, "result", examples.result(entity_name=name)).number)


def stopped(node: Server, signalled: int) -> None:
    """Its worker, which runs in the first of its processes; the one that answers goes on."""
    assert node.process is not None
    os.kill(node.process.pid, signalled)


@pytest.mark.slow
def test_two_nodes_one_killed_one_stale(
    nodes: tuple[Server, Server], session: Session, cast: Cast, result: Publication
) -> None:
    one, two = nodes
    session.commit()
    for each in nodes:
        wait_until(lambda each=each: is_ready(each) and finds(each, str(result.number)))

    # what is published is found on both
    second = publish(session, cast, "示例第二商店")
    wait_until(lambda: finds(one, second) and finds(two, second))

    # one is killed while it indexes: it comes back and repairs its index
    many = [publish(session, cast, f"示例第{at}家商店") for at in range(6)]
    two.kill()
    two.start()
    wait_until(lambda: is_ready(two) and all(finds(two, each) for each in (*many, second)))

    # one stands still: it says so, and what it shows still leads somewhere
    stopped(two, signal.SIGSTOP)
    late = publish(session, cast, "示例最后商店")
    withdraw(session, cast, session.get_one(Publication, result.id), "检查结果有误。")
    wait_until(lambda: not is_ready(two))
    assert "检索索引落后公示存证2条" in page(two, "/readyz").text
    wait_until(lambda: is_ready(one) and finds(one, late))
    assert not finds(two, late) and not finds(two, str(result.number))
    assert page(two, f"/results/{late}").status_code == 200
    assert page(two, f"/results/{second}").status_code == 200

    # and catches up by itself
    stopped(two, signal.SIGCONT)
    wait_until(lambda: is_ready(two) and finds(two, late))
    session.rollback()
    wait_until(lambda: {each.name for each in seen(session)} == {"one", "two"})


def seen(session: Session) -> list[Node]:
    session.rollback()
    return list(queries.nodes(session))


def node(session: Session, name: str, **more: object) -> Node:
    """Another machine, as it told of itself."""
    at = clock.now()
    told = {"index_entry": -1, "clear_to": -1, "edition": "", "key_print": "", "folders": {}, "seen_at": at}
    found = Node(name=name, **told | more)
    session.add(found)
    session.commit()
    return found


def test_an_erasure_is_done_when_every_node_has_followed_it(
    app: Flask, session: Session, cast: Cast, result: Publication, sign_in: Callable[[Person], FlaskClient]
) -> None:
    other = node(session, "two")
    erasure = erased(session, cast, result)
    work.index_step(app)
    assert work.node_step(app) == 1  # an erasure waits for it: told at once
    assert work.node_step(app) == 0
    finished(app, session, erasure)
    assert [each.name for each in erasure.places if not each.done_at] == ["index"]
    assert queries.behind(session, erasure.entry_index or 0) == [other]
    session.commit()
    told = sign_in(cast.lin).get(f"/staff/erasures/{erasure.id}").text
    assert "检索索引还在等这些节点" in told and "<li>two" in told
    other.clear_to = erasure.entry_index or 0
    session.commit()
    assert finished(app, session, erasure).state == "done"


def test_a_node_that_is_gone_for_good_is_forgotten_by_an_administrator(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    node(session, "two", seen_at=clock.now() - timedelta(days=3))
    erasure = erased(session, cast, result)
    assert finished(app, session, erasure).state == "agreed"
    telling.forget(session, "two")
    session.commit()
    assert finished(app, session, erasure).state == "done"
    with pytest.raises(Refused, match="portal nodes"):
        telling.forget(session, "two")


def test_nodes_that_differ_in_what_must_be_one_are_told_apart(
    app: Flask, session: Session, settings: Settings
) -> None:
    work.node_step(app)
    mine = session.get_one(Node, telling.name_of(settings))
    shared = dict(mine.folders)
    assert shared["log_key"] and queries.why_not_alike(session, clock.now()) == []
    for name in ("three", "two"):
        node(session, name, key_print=mine.key_print, edition=mine.edition, folders=shared)
    odd = session.get_one(Node, "two")
    odd.key_print, odd.folders = "another", shared | {"log_key": "another"}
    session.commit()
    told = queries.why_not_alike(session, clock.now() + timedelta(minutes=6))
    assert sum("没有消息" in each for each in told) == 3
    assert sum("“two”" in each and "PORTAL_SECRET_KEY" in each for each in told) == 1
    assert sum("“two”" in each and "PORTAL_LOG_KEY" in each for each in told) == 1
    assert len(told) == 5
