"""What a site has beside its pages: about, map, robots, and whether it is well."""

import sqlalchemy as sa
from flask import Response, abort, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from portal.publications import queries
from portal.web.public.room import follows_ledger, public, reading, words
from portal.web.rendering import absolute, permalink
from portal.web.typed import whole_number

PER_MAP = 20_000


@public.get("/about/")
@follows_ledger
def about() -> str:
    """What the site is, and how to object."""
    offices = [each for each in words().departments.values() if each.phone and each.valid_to is None]
    return render_template("public/about.html", offices=offices)


@public.get("/sitemap.xml")
def sitemap() -> Response:
    """All live addresses; in parts when they are many."""
    total = queries.count_live(reading())
    parts, asked = -(-total // PER_MAP), request.args.get("part", "")
    part = whole_number(asked)
    if asked and (part is None or not 1 <= part <= parts):
        abort(404)
    if total > PER_MAP and not part:
        body = render_template("public/sitemap_index.xml", parts=parts)
    else:
        offset = ((part or 1) - 1) * PER_MAP
        rows = queries.all_live(reading(), limit=PER_MAP, offset=offset)
        pages = [(absolute(permalink(number)), changed) for number, changed in rows]
        body = render_template("public/sitemap.xml", pages=pages)
    return Response(body, content_type="application/xml; charset=utf-8")


@public.get("/robots.txt")
def robots() -> Response:
    """Everything public may be read by machines; the staff's room has nothing for them."""
    lines = ["User-agent: *", "Disallow: /staff/", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@public.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@public.get("/readyz")
def readyz() -> Response:
    """The process answers and can read its database."""
    try:
        reading().execute(sa.text("SELECT 1"))
        queries.head(reading())
    except SQLAlchemyError:
        return Response("the database can not be read\n", status=503, content_type="text/plain")
    return Response("ready\n", content_type="text/plain")
