"""Asking: what a reader typed becomes a page of live publications with the words marked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import CodeValue, Department, Region
from portal.errors import refuse_if
from portal.publications.kinds import KINDS
from portal.publications.models import Face, Release
from portal.search import listing
from portal.search.documents import CORRECTED, LIVE, released_lines, released_names
from portal.search.engine import EXCLUDABLE, FILTERS, SORTS, Answer, Hit, Query
from portal.search.folder import IndexFolder
from portal.search.highlighting import Segment, name_segments, snippet
from portal.words import Sentence, say

LONGEST = 200
MOST_WORDS = 12
MOST_NAMES = 200  # of one record, looked through for one that is spelled so
EVERYTHING = 10_000_000


class Shown(NamedTuple):
    """One publication found, as it is released now, with its words in segments.

    :param snippet: a line of the record round the first word; empty when only the name matched.
    """

    number: str
    face: Face
    title: Sequence[Segment]
    snippet: Sequence[Segment]
    score: float


class Found(NamedTuple):
    """The first numbers of what was found, and how many there are in all."""

    numbers: Sequence[str]
    total: int


@dataclass(frozen=True)
class Page:
    """One page of a search.

    :param position: the ledger index that the answer has followed, for the page's cache key.
    :param read_as: the code that was looked for, where one was typed with a letter that no code has.
    """

    total: int
    hits: Sequence[Shown]
    facets: Mapping[str, Mapping[str, int]]
    position: int
    read_as: str = ""


def ask(session: Session, folder: IndexFolder, query: Query) -> Page:
    """One page of what was found, at the public door.

    :raises Refused: with a sentence for each condition that does not exist.
    :raises NotReady: when words are to be found and there is no index to find them in.
    """
    refuse_if(why_not(session, query))
    query = folded(query)
    named = _named(session, query)
    found = _answer(session, folder, query, named)
    words = [named.read_as] if named and named.read_as else query.words
    hits = list(_shown(session, found.hits, words))
    gone = len(found.hits) - len(hits)  # taken down since the index looked
    read_as = named.read_as if named else ""
    return Page(found.total - gone, hits, found.facets, found.position, read_as)


def numbers(session: Session, folder: IndexFolder, query: Query) -> Sequence[str]:
    """The number of everything found, in order; see :func:`first`."""
    return first(session, folder, query, EVERYTHING).numbers


def first(session: Session, folder: IndexFolder, query: Query, most: int) -> Found:
    """The numbers of what was found, in order, and how many there are in all: for exports, which have no pages.

    Whoever shows them reads the faces and leaves out what is no longer live.

    :param most: numbers that are wanted; nothing is read beyond them.
    """
    refuse_if(why_not(session, query))
    wanted = replace(folded(query), page=1, size=most, facets=())
    found = _answer(session, folder, wanted, _named(session, query))
    return Found([hit.number for hit in found.hits], found.total)


def why_not(session: Session, query: Query) -> list[Sentence]:
    """Why this can not be asked; empty means it can."""
    reasons = [
        say("条件“{name}”没有“{value}”这个值，请去掉它或者在页面上选择。", name=name, value=value[:40])
        for names, given in ((FILTERS, query.filters), (EXCLUDABLE, query.without))
        for name, value in given.items()
        if name not in names or not _is_known(session, name, value)
    ]
    if query.sort not in SORTS:
        reasons.append(say("没有“{sort}”这种排序，请在页面上选择。", sort=query.sort[:20]))
    if query.page < 1:
        reasons.append(say("页码从1开始，请改正网址里的页码。"))
    if len(query.text) > LONGEST:
        reasons.append(say("查找的文字最多{most}个字，请缩短后再试。", most=LONGEST))
    if len(query.text.split()) > MOST_WORDS:
        reasons.append(say("一次最多查找{most}个词，请减少后再试。", most=MOST_WORDS))
    if query.published.are_reversed or query.inspected.are_reversed:
        reasons.append(say("开始日期晚于结束日期，请对调后再试。"))
    return reasons


def _is_known(session: Session, name: str, value: str) -> bool:
    if name == "kind":
        return value in KINDS
    if name == "department":
        return session.get(Department, value) is not None
    if name == "outcome":
        known = sa.select(CodeValue.id).where(CodeValue.table == "outcome", CodeValue.code == value)
        return session.scalar(known.limit(1)) is not None
    if name == "region":
        return session.get(Region, value) is not None
    if name == "year":
        return len(value) == 4 and value.isascii() and value.isdigit()
    if name == "state":
        return value in (LIVE, CORRECTED)
    return 0 < len(value) <= 40


def folded(query: Query) -> Query:
    """Codes of entities are kept in capitals."""
    entity = query.filters.get("entity")
    return replace(query, filters={**query.filters, "entity": entity.upper()}) if entity else query


def _named(session: Session, query: Query) -> listing.Named | None:
    """What was typed, when it is a number that something has; one that nobody has is looked for in the words."""
    return listing.numbered(session, query.text) if query.typed and query.wanted == query.typed else None


def _answer(session: Session, folder: IndexFolder, query: Query, named: listing.Named | None) -> Answer:
    """By SQL where no text engine is needed."""
    if query.typed and named is None:
        return folder.ask(query)
    return listing.answer(session, query, named.condition if named else None)


# made once: to make a statement takes SQLAlchemy longer than to have it answered
_RELEASED = (
    sa.select(Face, Release.body)
    .join(Release, Release.id == Face.release_id)
    .where(Face.number.in_(sa.bindparam("numbers", expanding=True)), Face.live, Release.body.is_not(None))
)


def _shown(session: Session, hits: Sequence[Hit], words: Sequence[str]) -> Iterator[Shown]:
    """The hits that are live now, in their order, made of what is released now."""
    rows = session.execute(_RELEASED, {"numbers": [hit.number for hit in hits]})
    found = {face.number: (face, body or "") for face, body in rows}
    for hit in hits:
        if hit.number in found:
            face, body = found[hit.number]
            yield _marked(face, body, words, hit.score)


def _marked(face: Face, body: str, words: Sequence[str], score: float) -> Shown:
    fields = json.loads(body)["fields"]
    lines = (line for line in released_lines(face.kind, fields) if line != face.title)
    title = name_segments(face.title, words)
    line: Sequence[Segment] = snippet(lines, words)
    if not line and not any(part.is_match for part in title):
        line = _spelled_name(released_names(face.kind, fields), words)
    return Shown(face.number, face, title, line, score)


def _spelled_name(names: Sequence[str], words: Sequence[str]) -> Sequence[Segment]:
    """The first name in the record that is spelled by a word."""
    marked = (name_segments(name, words) for name in names[:MOST_NAMES])
    return next((parts for parts in marked if any(part.is_match for part in parts)), [])
