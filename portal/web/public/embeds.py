"""嵌入: a small card of a record or an entity, for other people's pages. No script, no cookie, links open outside.

A card is made anew at each request, so that a page elsewhere says what is so now: corrected, under objection, withdrawn.
These addresses alone may stand in a frame of another site.
"""

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, abort, json, make_response, render_template, request
from markupsafe import Markup

from portal import clock
from portal.publications import queries
from portal.publications.kinds import BY_PLURAL
from portal.web.public.contesting import contested
from portal.web.public.record import GONE, PLURALS
from portal.web.public.room import View, follows_ledger, keeps_ledger, public, reading, settings
from portal.web.rendering import absolute, in_english
from portal.web.typed import whole_number

FRAMED = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
WIDTH, HEIGHT = 420, 300  # pixels
NEWEST = 3


def framed(view: View) -> View:
    """Let others frame the answer; a 304 as well, whose headers a browser puts in place of those it keeps."""

    @wraps(view)
    def answered(**values: Any) -> Response:
        response = make_response(view(**values))
        response.headers["Content-Security-Policy"] = FRAMED
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answered


@public.get(f"/embed/{PLURALS}/<number>")
@framed
@follows_ledger
def embedded_record(plural: str, number: str) -> Response:
    """A record as a card; of one that is off its number, its state and the day."""
    face = queries.face(reading(), number)
    if face is None or face.kind != BY_PLURAL[plural].name:
        return _card("public/embed_none.html", 404)
    known = contested([face])
    return _card(
        "public/embed_record.html", 200 if face.live else GONE[face.face], face=face, contested=known
    )


@public.get("/embed/entities/<code>")
@framed
@follows_ledger
def embedded_entity(code: str) -> Response:
    """An entity as a card: how many results are public, and the newest of them."""
    session, code = reading(), code.upper()
    total, tasks = queries.count_of_entity(session, code), queries.tasks_that_drew(session, code)
    if not total and not tasks:
        return _card("public/embed_none.html", 404)
    faces = queries.of_entity(session, code, limit=NEWEST)
    names = queries.names_of_entity(session, code, faces)
    return _card(
        "public/embed_entity.html", code=code, faces=faces, total=total, tasks=len(tasks),
        name=next(iter(names), code), contested=contested(faces),
    )  # fmt: skip


def _card(template: str, status: int = 200, **more: Any) -> Response:
    return make_response(render_template(template, today=clock.today(), **more), status)


@public.app_context_processor
def give_embed_code() -> dict[str, Any]:
    """Let pages show what is to be copied."""
    return {"embed_code": embed_code}


def embed_code(path: str, name: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The element that shows a card in a page; plain text, for a page shows it to be copied.

    :param path: the card's address without the site.
    :param width: of the card in pixels, as is its height.
    """
    there = absolute(path) + ("?lang=en" if in_english() else "")
    code = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )
    return str(code.format(there, name, width, height))


# ── oEmbed ───────────────────────────────────────────────────


@public.get("/oembed")
@keeps_ledger
def oembed() -> Response:
    """What to put where somebody pasted the address of a record or an entity (https://oembed.com)."""
    if request.args.get("format", "json") != "json":
        abort(501)  # what the standard says of a form that is not offered
    width, height = _at_most("maxwidth", WIDTH), _at_most("maxheight", HEIGHT)
    path = _path(request.args.get("url", ""))
    name = _name_at(path)
    body = {
        "version": "1.0",
        "type": "rich",
        "title": name,
        "provider_name": settings().place_en if in_english() else settings().place,
        "provider_url": absolute("/"),
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": embed_code(f"/embed{path}", name, width, height),
    }
    response = Response(json.dumps(body, ensure_ascii=False), content_type="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _at_most(name: str, usual: int) -> int:
    """The usual size, or what the asking page has room for."""
    return min(usual, whole_number(request.args.get(name, "")) or usual)


def _path(url: str) -> str:
    """The path of an address of this site, or 404."""
    try:
        asked, ours = urlsplit(url), urlsplit(settings().base_url)
    except ValueError:  # brackets that close nothing
        abort(404)
    if asked.netloc != ours.netloc or asked.scheme not in ("http", "https"):
        abort(404)
    return asked.path


def _name_at(path: str) -> str:
    """What stands at the address of a record or an entity that is public, or 404."""
    room, _slash, key = path.removeprefix("/").partition("/")
    session = reading()
    if room == "entities" and key:
        code = key.upper()
        faces = queries.of_entity(session, code, limit=1)
        return next(iter(queries.names_of_entity(session, code, faces)), "") or abort(404)
    face = queries.face(session, key) if room in BY_PLURAL else None
    if face is None or not face.live or face.kind != BY_PLURAL[room].name:
        abort(404)
    return face.title or face.number
