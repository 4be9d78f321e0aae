"""Whether a node is well: for load balancers, and for whoever looks after it. Nothing here is kept by any cache."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import is_copy
from portal.nodes.readiness import InTime, Watch, waiting_since
from portal.publications import queries
from portal.search.outgrowing import why_outgrown
from portal.sessions import session_at
from portal.web.public.room import public, reading, settings
from portal.web.public.search import folder
from portal.web.rendering import said
from portal.words import Sentence, say

ANSWER_WITHIN = 1.0  # seconds for the database that ours is a copy of: whoever asks us does not wait long


@public.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return _plain("ok\n")


@public.get("/readyz")
def readyz() -> Response:
    """Whether readers may be sent here: the database can be read, and what they find is not out of date.

    503 with a sentence when not; a load balancer takes the node out until it is up to date again. Under ``ready``
    stands what will need somebody's attention.
    """
    notes: list[Sentence] = []
    try:
        reasons = list(_why_not_ready(reading()))
        notes = list(why_outgrown(reading(), settings()))
    except SQLAlchemyError:
        reasons = [say("数据库读不了。")]
    return _lines(reasons, 503) if reasons else _lines(["ready", *notes])


def _why_not_ready(session: Session) -> Iterator[Sentence]:
    at, size = clock.now(), queries.ledger_size(session)
    index, copy = _watches(current_app)
    position = folder().position()
    waits = waiting_since(session, position)
    if not index.is_fit(position, waits, at):
        yield say(
            "检索索引落后公示存证{n}条，最早的一条已等了{s}秒，现在没有跟上。请查看后台任务。",
            n=size - 1 - position,
            s=_seconds(at - (waits or at)),
        )
    if not is_copy(session):
        return
    missing = _missing(current_app, size - 1)
    waits = missing[1] if missing else None
    if missing is not None and not copy.is_fit(size - 1, waits, at):
        yield say(
            "只读副本落后主库公示存证{n}条，最早的一条已等了{s}秒。请检查数据库的复制。",
            n=missing[0],
            s=_seconds(at - (waits or at)),
        )


def _missing(app: Flask, position: int) -> tuple[int, Any] | None:
    """How many lines the writing database has beyond a position, and since when; None when it does not answer.

    Then nobody can publish either, and readers are better served by a copy than by nobody.
    """

    here = app._get_current_object()  # type: ignore[attr-defined]  # another thread does not know which is current

    def ask() -> tuple[int, Any]:
        with session_at(here, "reads") as session:
            return queries.ledger_size(session) - 1 - position, waiting_since(session, position)

    asking: InTime[tuple[int, Any]] = app.extensions.setdefault("portal_asking", InTime(ANSWER_WITHIN))
    try:
        return asking.answer(ask)
    except SQLAlchemyError:
        return None


def _watches(app: Flask) -> tuple[Watch, Watch]:
    """What this process saw of its index and of its copy of the database when it was asked before."""
    patience = timedelta(seconds=settings().stale_after)
    watches: tuple[Watch, Watch] = app.extensions.setdefault(
        "portal_watches", (Watch(patience), Watch(patience))
    )
    return watches


def _seconds(waited: timedelta) -> int:
    return int(waited.total_seconds())


def _lines(sentences: Iterable[str], status: int = 200) -> Response:
    return _plain("".join(f"{said(each)}\n" for each in sentences), status)


def _plain(text: str, status: int = 200) -> Response:
    response = Response(text, status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
