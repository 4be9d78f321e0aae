"""One result published: what it costs in a small office and in a large one, and when readers see it."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import perf_counter, sleep
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from bench import servers
from bench.figure import Figure, Line, beside, in_turn
from bench.place import Place, has_engine
from portal.ledger.models import LedgerHead
from portal.opening import office
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.sessions import session_at
from portal.work import PAUSE, index_step, log_files_step

SMALL = 1_000
MOST_WHOOSH = 50_000
ROUNDS = 10  # for each round of the run
SEEN = 5


def one(place: Place, size: int) -> Iterator[Line]:
    """The act that makes an approved result public, its commit and signature included."""
    small, large = (_publisher(office(place.settings(each))) for each in (SMALL, size))
    small(), large()
    theirs, ours = in_turn(ROUNDS * place.rounds, small, large)
    yield Line("publish one result", size, "ms", ours, f"the same at {SMALL:,}", theirs, budget="≤ 1.5 ×")
    engine = "tantivy" if size > MOST_WHOOSH and has_engine("tantivy") else "whoosh"
    if engine == "whoosh" and size > MOST_WHOOSH:
        yield Line("seen after publication", size, "ms", [], note="not run: the portal has no tantivy engine")
        return
    yield from _seen(place, size, engine)


def _publisher(app: Flask) -> Callable[[], float]:
    """Writes, submits and approves one more result, then publishes it: the milliseconds of that alone."""

    def publish() -> float:
        with session_at(app, "write") as session:
            revision, by = approved(session)
            revision_id, by_id = revision.id, by.id
            session.commit()
        with session_at(app, "write") as session:
            began = perf_counter()
            pipeline.carry_out(
                session, session.get_one(Revision, revision_id), by=session.get_one(Person, by_id)
            )
            session.commit()
            return (perf_counter() - began) * 1000

    return publish


def approved(session: Session) -> tuple[Revision, Person]:
    """A result like one that is public, about a firm with a name of its own, agreed to; and who agreed."""
    he, song = (
        session.scalars(sa.select(Person).where(Person.username == name)).one()
        for name in ("hezhiyuan", "songqinghe")
    )
    like = session.scalars(
        sa.select(Revision)
        .where(
            Revision.kind == "result",
            Revision.state == "done",
            Revision.department_code == he.department_code,
        )
        .where(Revision.act == "publish", sa.cast(Revision.marks, sa.Text) == "[]")
        .limit(1)
    ).one()
    content: dict[str, Any] = dict(like.content)
    word = secrets.token_hex(4)
    items = [
        {name: row[name] for name in row if name not in ("problem", "disposition")}
        for row in content["items"]
    ]
    content |= {"entity_name": f"示例新开{word}商行", "source_number": f"bench{word}", "items": items}
    revision = pipeline.draft(session, "result", content, by=he)
    pipeline.submit(session, revision, by=he)
    pipeline.approve(session, revision, by=song)
    return revision, song


def _seen(place: Place, size: int, engine: str) -> Iterator[Line]:
    """From the commit until the search page, the feed and the log's checkpoint show it, over HTTP."""
    settings = place.indexed(size, engine)
    app = office(settings)
    index_step(app), log_files_step(app)
    seen: dict[str, list[float]] = {"search": [], "feed": [], "log": []}
    with servers.portal(settings, place.port + 3) as address, following(app):
        for path in ("/search.jsonl?q=bench", "/feeds/results.atom", "/log/checkpoint"):
            _text(address + path)  # a site that people read, not its very first page
        for _ in range(SEEN):
            name, lines, began = _publish_named(app)
            shows = {
                "search": lambda name=name: name in _text(f"{address}/search.jsonl?q={name}"),
                "feed": lambda name=name: name in _text(f"{address}/feeds/results.atom"),
                "log": lambda lines=lines: int(_text(f"{address}/log/checkpoint").split("\n")[1]) >= lines,
            }
            for where, at in _first_shown(shows, began).items():
                seen[where].append(at)
    for where, samples in seen.items():
        yield Line(f"published until seen in {where}", size, "ms", samples, budget="≤ 1,000 ms", note=engine)


def _publish_named(app: Flask) -> tuple[str, int, float]:
    with session_at(app, "write") as session:
        revision, by = approved(session)
        pipeline.carry_out(session, revision, by=by)
        name = revision.content["entity_name"]
        lines = session.scalars(sa.select(LedgerHead.size)).one()
        session.commit()
    return name.removeprefix("示例新开").removesuffix("商行"), lines, perf_counter()


def _first_shown(shows: dict[str, Callable[[], bool]], began: float) -> dict[str, float]:
    found: dict[str, float] = {}
    while len(found) < len(shows) and perf_counter() - began < 30:
        for where, is_shown in shows.items():
            if where not in found and is_shown():
                found[where] = (perf_counter() - began) * 1000
        sleep(0.01)
    return found


def _text(address: str) -> str:
    return servers.fetch(address).decode()


def following(app: Flask) -> AbstractContextManager[None]:
    """The worker's steps that readers wait for, at the worker's pace, beside everything else."""

    def step() -> None:
        index_step(app)
        log_files_step(app)

    return beside(step, PAUSE)


FIGURES = [
    Figure(
        "publish-one",
        "One result published",
        "at 1M as against 1k records ≤ 1.5 ×; visible in search, feed and log within 1 s",
        one,
    ),
]
