"""Our own draws, for whoever wants to check one: what was committed to, and the page that draws again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from portal.draws import queries, randomness
from portal.draws.models import DrawFace
from portal.draws.pool import GROUNDS
from portal.draws.queries import attempts
from portal.ledger import sealing
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.publications.models import Face
from portal.publications.queries import entries_at, fields_of, release
from portal.web.public.paging import asked_page, paging
from portal.web.public.record import found, gone
from portal.web.public.room import follows_ledger, keeps_ledger, public, reading, settings
from portal.web.rendering import said

OPEN_FORMAT = "portal.draw-commitments/1"
LINES = "<any(commit, result, reveal):line>"


@dataclass(frozen=True)
class Line:
    """One line of the ledger about a draw: its bytes, and what they say."""

    entry: Entry
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """A draw with its lines; ``reason`` is that of drawing again."""

    face: DrawFace
    commit: Line
    result: Line | None
    reveal: Line | None

    @property
    def reason(self) -> str:
        return self.commit.entry.reason

    @property
    def is_late(self) -> bool:
        """Whether it was committed to when what replaced it could already be known: for a second draw."""
        return self.commit.entry.at >= self.face.decides_at


@public.get("/log/draws")
@follows_ledger
def draws() -> str:
    """Every draw that was committed to: those that were given up, and those without a list, too."""
    pages = paging(asked_page(), settings().page_size, queries.count(reading()))
    some = queries.faces(reading(), limit=pages.size, offset=pages.offset)
    return render_template("public/draws.html", draws=shown(some), paging=pages, source_words=source_words)


@public.get("/tasks/<number>/draw")
@follows_ledger
def draw(number: str) -> Any:
    """How the objects of a task were drawn, and everything to check it with."""
    face = found("tasks", number)
    if not face.live:
        return gone(face)
    drawn = existing(face)
    all_of_them = shown(attempts(reading(), drawn))
    return render_template(
        "public/draw.html",
        face=face,
        draw=next(each for each in all_of_them if each.face.commit_index == drawn.commit_index),
        attempts=all_of_them,
        source_words=source_words,
        beacon=randomness.QUICKNET,
        grounds=GROUNDS,
        drand_round=randomness.drand_round(drawn.source),
    )


@public.get("/tasks/<number>/draw.json")
@keeps_ledger
def draw_json(number: str) -> Any:
    """The bundle for ``portal draw verify`` and for the page's script; before the code is told, the commitments."""
    face = found("tasks", number)
    if not face.live:
        return gone(face)
    drawn = existing(face)
    body = queries.bundle(reading(), drawn.commit_index) if _shows_its_list(face) else None
    response = Response(body, content_type="application/json") if body else _commitments(drawn)
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


@public.get(f"/tasks/<number>/draw/{LINES}/proof")
@keeps_ledger
def draw_proof(number: str, line: str) -> Any:
    """That a line about a draw stands in the log."""
    face = found("tasks", number)
    if not face.live:
        return gone(face)
    (one,) = shown([existing(face)])
    there: Line | None = getattr(one, line)
    proof = sealing.proof(reading(), there.entry) if there else None
    if proof is None:
        abort(404)
    response = Response(str(proof), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}-draw-{line}.tlog-proof"'
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _shows_its_list(face: Face) -> bool:
    """Whether the announcement still names whom it drew: its scope may have been narrowed since (W1)."""
    shown = release(reading(), face.number, face.version)
    rows = fields_of(shown).get("drawn") if shown else None
    return isinstance(rows, list) and not any("〔" in str(row.get("entity_code")) for row in rows)


def existing(face: Face) -> DrawFace:
    """Our own draw of an announcement, or 404."""
    return queries.face(reading(), face.number) or abort(404)


def shown(some: Sequence[DrawFace]) -> list[Shown]:
    """Draws with their lines, read at once."""
    indexes = [
        index
        for each in some
        for index in (each.commit_index, each.result_index, each.reveal_index)
        if index is not None
    ]
    entries = entries_at(reading(), indexes)
    lines = {index: Line(entry, read_entry(entry.body)) for index, entry in entries.items()}
    return [
        Shown(
            each,
            lines[each.commit_index],
            lines.get(each.result_index or -1),
            lines.get(each.reveal_index or -1),
        )
        for each in some
    ]


def source_words(source: str, decides_at: datetime) -> str:
    """The public randomness in words."""
    if number := randomness.drand_round(source):
        return _("drand quicknet 第%(number)s轮随机数", number=number)
    lottery = randomness.lottery_of(source)
    label = said(lottery.label) if lottery else source
    return _("%(lottery)s第%(issue)s期开奖号码", lottery=label, issue=source.rpartition(":")[2])


def _commitments(drawn: DrawFace) -> Response:
    (one,) = shown([drawn])
    lines = {"commit": one.commit, "result": one.result, "reveal": one.reveal}
    given: dict[str, Any] = {
        name: {"index": line.entry.index, "body": line.entry.body.decode("ascii")} if line else None
        for name, line in lines.items()
    }
    made = Response(rfc8785.dumps({"format": OPEN_FORMAT, "number": drawn.number, **given}))
    made.content_type = "application/json"
    return made
