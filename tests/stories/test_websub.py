"""A WebSub hub is told which feeds changed: once, again when it did not take it, and of nothing that is off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import work
from tests import examples
from tests.cast import Cast
from tests.office import disclose, withdraw
from tests.serving import Quiet, strangers

SITE = "http://127.0.0.1:8000"


@dataclass
class Hub:
    """Takes pings and keeps them; ``answer`` is the status it gives."""

    answer: int = 204
    topics: list[str] = field(default_factory=list)

    def new(self) -> set[str]:
        told, self.topics = {each.removeprefix(SITE) for each in self.topics}, []
        return told


@contextmanager
def listening(hub: Hub) -> Iterator[str]:
    """The hub on this machine; its address."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            form = parse_qs(self.body.decode())
            if hub.answer < 300 and form["hub.mode"] == ["publish"]:
                hub.topics += form["hub.url"]
            self.answer(hub.answer)

    with strangers(Handler) as address:
        yield f"{address}/"


@pytest.fixture
def hub(app: Flask) -> Iterator[Hub]:
    before, hub = app.extensions["portal_settings"], Hub()
    with listening(hub) as address:
        app.extensions["portal_settings"] = replace(before, websub_hub=address)
        yield hub
    app.extensions["portal_settings"] = before


def test_the_hub_is_told_of_each_feed_that_changed_and_once(
    app: Flask, hub: Hub, session: Session, cast: Cast
) -> None:
    disclose(session, cast, "list", examples.item_list())
    assert work.hub_step(app) == 0 and not hub.new()  # from here on: no storm about the past
    published = disclose(session, cast, "result", examples.result())
    work.hub_step(app)
    stems = ("/feeds/all", "/feeds/results", "/feeds/departments/scjg", "/entities/9133990075TNM5LB3J")
    assert hub.new() == {f"{stem}.{form}" for stem in stems for form in ("atom", "rss", "json")}
    assert work.hub_step(app) == 0 and not hub.new()
    withdraw(session, cast, published, "录入错误。")
    hub.answer = 503
    with pytest.raises(ConnectionError):
        work.hub_step(app)
    hub.answer = 204
    work.hub_step(app)
    told = hub.new()
    assert "/feeds/corrections.atom" in told and "/feeds/results.json" in told
    assert not any("/entities/" in each for each in told)  # whose it was nobody can say any more


def test_without_a_hub_nothing_is_told(app: Flask, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    assert work.hub_step(app) == 0
