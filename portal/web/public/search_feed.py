"""A search as a feed: what it finds now, what was corrected among it, and what is off."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, request

from portal.following.subject import is_lasting, lasting_of
from portal.publications import queries
from portal.publications.models import Face
from portal.search import asking
from portal.search.documents import CORRECTED
from portal.search.engine import Query
from portal.web.public.feeds import FORM, LENGTH, dropped, items, of_lasting
from portal.web.public.room import public, reading
from portal.web.public.search import asked, described, folder, keeps_index
from portal.web.public.syndication import Feed, feed

MOST = 500  # corrected records that are looked at


@public.get(f"/search.{FORM}", endpoint="search_feed")
@keeps_index
def of_search(form: str) -> Response:
    """The newest of what the same search finds, and what was corrected last among it.

    A search by kind, department and year alone goes on holding what was taken down, and says so. Of any other
    nobody can say any more what it found: it names what was taken down by id alone, for readers who hold it.
    """
    query = replace(asked(1, LENGTH), sort="published", facets=())
    found = asking.ask(reading(), folder(), query)
    within = lasting_of(query)
    if is_lasting(query):
        return of_lasting(form, described(query), _page(), within)
    faces = _by_change([*(hit.face for hit in found.hits), *_corrected(query)])
    return feed(form, Feed(described(query), _page(), items(faces), dropped=dropped(within)))


def _corrected(query: Query) -> Sequence[Face]:
    """What was found and corrected since, however long ago it was published."""
    corrected = replace(query, filters={**query.filters, "state": CORRECTED})
    numbers = asking.first(reading(), folder(), corrected, MOST).numbers
    return [face for face in queries.faces(reading(), numbers).values() if face.live]


def _by_change(faces: Sequence[Face]) -> Sequence[Face]:
    each = {face.number: face for face in faces}
    return sorted(each.values(), key=lambda face: face.entry_index, reverse=True)[:LENGTH]


def _page() -> str:
    query = request.query_string.decode()
    return f"/search?{query}" if query else "/search"
