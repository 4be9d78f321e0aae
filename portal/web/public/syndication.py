"""RSS 2.0 and Atom from one list of items; the same item keeps its id for good."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from flask import Response, request

from portal.web.rendering import absolute, html_lang

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FORMS = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
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


class Tombstones(BaseExtension):
    """An ``at:deleted-entry`` for each erased item; readers who do not know it read the item itself."""

    of: Sequence[Item] = ()

    def extend_ns(self) -> dict[str, str]:
        return {"at": TOMBSTONES}

    def extend_atom(self, atom: Any) -> Any:
        for item in self.of:
            said = {"ref": tag(item.key or item.path, item.published), "when": item.updated.isoformat()}
            atom.append(atom.makeelement(f"{{{TOMBSTONES}}}deleted-entry", said))
        return atom


def feed(form: str, title: str, page: str, items: Sequence[Item]) -> Response:
    """The items as a feed that answers 304 to a reader who has them.

    :param form: rss or atom.
    :param page: path of the page that shows the same.
    """
    updated = max((item.updated for item in items), default=EPOCH)
    made = FeedGenerator()
    made.id(tag(page, EPOCH))
    made.title(clean(title))
    made.subtitle(clean(title))
    made.language(html_lang())
    made.link(href=absolute(page), rel="alternate")
    made.link(href=absolute(request.full_path.rstrip("?")), rel="self", type=FORMS[form])
    made.updated(updated)
    made.lastBuildDate(updated)
    for item in items:
        _add(made, item, form)
    if form == "atom" and any(item.erased for item in items):
        made.register_extension("erased", Tombstones, None, rss=False)
        made.erased.of = [item for item in items if item.erased]
    body = made.atom_str(pretty=True) if form == "atom" else made.rss_str(pretty=True)
    response = Response(body, content_type=f"{FORMS[form]}; charset=utf-8")
    response.last_modified = updated
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _add(made: FeedGenerator, item: Item, form: str) -> None:
    entry = made.add_entry(order="append")  # by default the generator turns the list round
    name = tag(item.key or item.path, item.published)
    entry.id(name)
    entry.guid(name, permalink=False)
    entry.title(clean(item.title))
    entry.link(href=absolute(item.path))
    entry.description(clean(item.summary), isSummary=True)
    entry.author(name=clean(item.author))
    entry.category(term=clean(item.category))
    # RSS has one date only: the newest, so that a corrected record comes up again
    entry.published(item.updated if form == "rss" else item.published)
    entry.updated(item.updated)


def tag(path: str, since: datetime) -> str:
    """A tag URI (RFC 4151) that outlives a change of the site's scheme or port."""
    host = urlsplit(absolute("/")).hostname or "localhost"
    return f"tag:{host},{since:%Y-%m-%d}:{path}"


def clean(text: str) -> str:
    """Text without the control characters that XML forbids; one of them would break the whole feed."""
    return NOT_XML.sub("", text)
