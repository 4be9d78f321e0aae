"""What a site has beside its pages: about, map, robots, whom to tell of a hole, and whether it is well."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Response, abort, current_app, render_template, request, send_from_directory, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.publications import months, queries
from portal.publications.kinds import KINDS
from portal.search.outgrowing import why_outgrown
from portal.web.public.room import follows_ledger, keeps_ledger, public, reading, settings, words
from portal.web.rendering import absolute, permalink
from portal.web.typed import whole_number

PER_MAP = 40_000  # addresses; sitemaps.org allows 50,000
SECURITY_DAYS = 180  # RFC 9116 2.5.5 recommends less than a year
NOT_FOR_MACHINES = ("/staff/", "/objections/", "/push/", "/search?", "/*?*display=")


@public.get("/about/")
@follows_ledger
def about() -> str:
    """What the site is, and how to object."""
    offices = [each for each in words().departments.values() if each.phone and each.valid_to is None]
    return render_template("public/about.html", offices=offices)


@public.get("/sitemap.xml")
@keeps_ledger
def sitemap() -> Response:
    """The maps: the site's own pages, and one for each month in which something was first published."""
    by_month = [
        (_map_of(year, month, part), changed)
        for year, month, live, changed in months.live_months(reading())
        for part in range(1, -(-live // PER_MAP) + 1)
    ]
    return _xml("public/sitemap_index.xml", maps=[(url_for("public.sitemap_of_pages"), None), *by_month])


@public.get("/sitemap/pages.xml")
@keeps_ledger
def sitemap_of_pages() -> Response:
    """The pages that are no publications."""
    return _xml("public/sitemap.xml", pages=[(absolute(path), None) for path in _own_pages()])


@public.get("/sitemap/<month>.xml")
@keeps_ledger
def sitemap_of_month(month: str) -> Response:
    """What was first published in a month, ``2026-11``, and is live; in parts when it is very much."""
    part = whole_number(request.args.get("part", "1")) or 0
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        abort(404)
    rows = months.live_of_month(reading(), first, limit=PER_MAP, offset=(part - 1) * PER_MAP) if part > 0 else ()  # fmt: skip
    if not rows or f"{first:%Y-%m}" != month:
        abort(404)
    pages = [(absolute(permalink(number)), changed) for number, changed in rows]
    return _xml("public/sitemap.xml", pages=pages)


def _own_pages() -> Iterator[str]:
    yield "/"
    yield from (f"/{kind.plural}/" for kind in KINDS.values())
    for name in ("corrections", "withdrawals", "statistics", "tasks_of_year", "calendar", "log", "feeds", "help", "help_objections", "about"):  # fmt: skip
        yield url_for(f"public.{name}")


def _map_of(year: int, month: int, part: int) -> str:
    address = url_for("public.sitemap_of_month", month=f"{date(year, month, 1):%Y-%m}")
    return address if part == 1 else f"{address}?part={part}"


def _xml(template: str, **given: object) -> Response:
    return Response(render_template(template, **given), content_type="application/xml; charset=utf-8")


@public.get("/robots.txt")
@keeps_ledger
def robots() -> Response:
    """Every record may be read by machines: not the rooms, nor one page in every search and display."""
    no = [f"Disallow: {each}" for each in NOT_FOR_MACHINES]
    return _text("User-agent: *", *no, f"Sitemap: {absolute('/sitemap.xml')}")


@public.get("/.well-known/security.txt")
@keeps_ledger
def security() -> Response:
    """Whom to tell of a hole in the site (RFC 9116), when somebody is named."""
    contact = settings().security_contact
    if not contact:
        abort(404)
    until = datetime.combine(clock.today() + timedelta(days=SECURITY_DAYS), time(), UTC)
    return _text(
        f"Contact: {contact}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    )


def _text(*lines: str) -> Response:
    return Response("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public.get("/favicon.ico")
def favicon() -> Response:
    """For browsers that ask without having been told."""
    return send_from_directory(Path(str(current_app.static_folder)), "favicon.ico")


@public.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@public.get("/readyz")
def readyz() -> Response:
    """The process answers and can read its database; beside it what will need somebody's attention."""
    try:
        reading().execute(sa.text("SELECT 1"))
        queries.head(reading())
        notes = [str(reason) for reason in why_outgrown(reading(), settings())]
    except SQLAlchemyError:
        return Response("the database can not be read\n", status=503, content_type="text/plain")
    return _text("ready", *notes)
