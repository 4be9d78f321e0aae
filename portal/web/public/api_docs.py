"""``/openapi.json`` and ``/api/``: the read API described, from the descriptions that its views are checked by."""

from typing import Any

from flask import Response, current_app, render_template, request

from portal.web.describing import sent
from portal.web.openapi import Address, addresses, document
from portal.web.problems import is_for_machines
from portal.web.public.room import follows_ledger, public, settings
from portal.web.rendering import said
from portal.words import say

EXPOSED = "ETag, Link, Retry-After"


@public.get("/openapi.json")
@follows_ledger
def openapi() -> Response:
    """The OpenAPI 3.1 document, in the reader's language."""
    title = said(say("双随机、一公开抽查公示接口"))
    return sent(document(current_app, said, server=settings().base_url.rstrip("/"), title=title))


@public.get("/api/")
@follows_ledger
def api_docs() -> str:
    """The same for people."""
    known = addresses(current_app)
    return render_template(
        "public/api.html",
        chapters=_chapters(known),
        base=settings().base_url.rstrip("/"),
        members=_members,
        find={each.name: each for each in known},
    )


def _chapters(known: list[Address]) -> list[tuple[str, list[Address]]]:
    chapters: dict[str, list[Address]] = {}
    for each in known:
        chapters.setdefault(each.endpoint.tag, []).append(each)
    return list(chapters.items())


def _members(address: Address) -> list[tuple[str, str]]:
    """Name and meaning of what an answer holds, for those that are plain objects."""
    properties: dict[str, Any] = address.endpoint.answer.build(said).get("properties", {})
    return [(name, schema.get("description", "")) for name, schema in properties.items()]


@public.after_app_request
def open_to_other_sites(response: Response) -> Response:
    """Public data, no cookies: a page of anybody may read it; nothing that takes a key is opened so."""
    if is_for_machines(request) and not request.path.startswith("/push/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = EXPOSED
        response.headers.setdefault("Cache-Control", "no-cache")
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
    return response
