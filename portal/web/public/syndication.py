"""RSS 2.0, Atom and JSON Feed 1.1 from one list of items; the same item keeps its id for good."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from flask import Response, json, request

from portal.web.public.room import settings
from portal.web.rendering import absolute, here, html_lang

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FORMS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """One line of a feed.

    :param path: the permalink, without language or display.
    :param key: what makes the id; the permalink unless one page has several items.
    :param erased: readers are told to drop what they hold: a tombstone (RFC 6721) beside the item that says so.
    """

    path: str
    title: str
    summary: str
    category: str
    author: str
    published: datetime
    updated: datetime
    key: str = ""
    erased: bool = False

    @property
    def id(self) -> str:
        return tag(self.key or self.path, self.published)


@dataclass(frozen=True)
class Feed:
    """What one feed says.

    :param page: path of the page that shows the same.
    :param dropped: what a reader who holds it should drop, said by its id alone: whether it ever stood in this
        feed can not be said of a record whose words are off.
    :param pings: whether the hub is told when this feed changes, so that it may be named.
    :param earlier: whether there is a next page (RFC 5005).
    """

    title: str
    page: str
    items: Sequence[Item]
    dropped: Sequence[Item] = ()
    pings: bool = False
    earlier: bool = False

    @property
    def updated(self) -> datetime:
        return max((each.updated for each in (*self.items, *self.dropped)), default=EPOCH)

    @property
    def tombstones(self) -> list[Item]:
        return [*(each for each in self.items if each.erased), *self.dropped]

    @property
    def address(self) -> str:
        return absolute(request.full_path.rstrip("?"))

    @property
    def hub(self) -> str:
        """The hub, at the one address of this feed that it is told of."""
        return settings().websub_hub if self.pings and not request.query_string else ""

    @property
    def next(self) -> str:
        page = request.args.get("page", "1")
        return absolute(here(page=int(page) + 1)) if self.earlier and page.isdigit() else ""


class Tombstones(BaseExtension):
    """An ``at:deleted-entry`` for each item that is gone; readers who do not know it read the items themselves."""

    of: Sequence[Item] = ()

    def extend_ns(self) -> dict[str, str]:
        return {"at": TOMBSTONES}

    def extend_atom(self, atom: Any) -> Any:
        for item in self.of:
            said = {"ref": item.id, "when": item.updated.isoformat()}
            atom.append(atom.makeelement(f"{{{TOMBSTONES}}}deleted-entry", said))
        return atom


class HubLink(BaseExtension):
    """The hub of an RSS feed: of all links feedgen writes the one to itself alone."""

    hub = ""

    def extend_rss(self, rss: Any) -> Any:
        channel = rss[0]
        channel.insert(0, channel.makeelement(f"{{{ATOM}}}link", {"rel": "hub", "href": self.hub}))
        return rss


def feed(form: str, this: Feed) -> Response:
    """The feed in a form, answered by 304 to a reader who has it.

    :param form: rss, atom or json.
    """
    if form == "rss":
        this = replace(this, dropped=())  # it has no way to say so
    body = _json(this) if form == "json" else _xml(this, form)
    response = Response(body, content_type=f"{FORMS[form]}; charset=utf-8")
    response.last_modified = this.updated
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


# ── XML ──────────────────────────────────────────────────────


def _xml(this: Feed, form: str) -> bytes:
    made = FeedGenerator()
    made.id(tag(this.page, EPOCH))
    made.title(clean(this.title))
    made.subtitle(clean(this.title))
    made.language(html_lang())
    if form == "atom":
        for rel, address in (("hub", this.hub), ("next", this.next)):
            if address:
                made.link(href=address, rel=rel)
    made.link(href=this.address, rel="self", type=FORMS[form])
    made.link(href=absolute(this.page), rel="alternate")  # the last one is the link of an RSS channel
    made.updated(this.updated)
    made.lastBuildDate(this.updated)
    for item in this.items:
        _add(made, item, form)
    if form == "atom" and this.tombstones:
        made.register_extension("erased", Tombstones, None, rss=False)
        made.erased.of = this.tombstones
    if form == "rss" and this.hub:
        made.register_extension("hub", HubLink, None, atom=False)
        made.hub.hub = this.hub
    body: bytes = made.atom_str(pretty=True) if form == "atom" else made.rss_str(pretty=True)
    return body


def _add(made: FeedGenerator, item: Item, form: str) -> None:
    entry = made.add_entry(order="append")  # by default the generator turns the list round
    entry.id(item.id)
    entry.guid(item.id, permalink=False)
    entry.title(clean(item.title))
    entry.link(href=absolute(item.path))
    entry.description(clean(item.summary), isSummary=True)
    entry.author(name=clean(item.author))
    entry.category(term=clean(item.category))
    # RSS has one date only: the newest, so that a corrected record comes up again
    entry.published(item.updated if form == "rss" else item.published)
    entry.updated(item.updated)


# ── JSON ─────────────────────────────────────────────────────


def _json(this: Feed) -> str:
    """JSON Feed 1.1; what is gone stands in an extension, as the format names them: with a line before."""
    said: dict[str, Any] = {
        "version": JSON_FEED,
        "title": this.title,
        "description": this.title,
        "home_page_url": absolute(this.page),
        "feed_url": this.address,
        "language": html_lang(),
    }
    if this.next:
        said["next_url"] = this.next
    if this.hub:
        said["hubs"] = [{"type": "WebSub", "url": this.hub}]
    if this.tombstones:
        gone = [{"ref": each.id, "when": each.updated.isoformat()} for each in this.tombstones]
        said["_tombstones"] = {"about": "https://www.rfc-editor.org/rfc/rfc6721", "entries": gone}
    said["items"] = [_as_json(item) for item in this.items]
    return json.dumps(said, ensure_ascii=False, sort_keys=False)


def _as_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": absolute(item.path),
        "title": item.title,
        "content_text": item.summary,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "authors": [{"name": item.author}],
        "tags": [item.category],
    }


def tag(path: str, since: datetime) -> str:
    """A tag URI (RFC 4151) that outlives a change of the site's scheme or port."""
    host = urlsplit(absolute("/")).hostname or "localhost"
    return f"tag:{host},{since:%Y-%m-%d}:{path}"


def clean(text: str) -> str:
    """Text without the control characters that XML forbids; one of them would break the whole feed."""
    return NOT_XML.sub("", text)
