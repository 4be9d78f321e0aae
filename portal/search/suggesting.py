"""Suggestions while somebody types: names that are released now, by their letters, their sound or their code."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.publications.models import DrawnFace, Face
from portal.search import listing, numerals
from portal.search.engine import NotReady, Query
from portal.search.folder import IndexFolder
from portal.search.pinyin import is_spelled, readings, spellings, unfinished
from portal.search.tokens import compared, runs

MOST = 8
SHORTEST, LONGEST = 2, 60
MOST_DRAWN = 2_000
AMONG = 200  # documents looked at: a firm with more results than that may hide another


class Suggestion(NamedTuple):
    """A name that can be searched for.

    :param text: what to search for; the name itself, or the code when a code was typed.
    :param of: the kind of what has the name, ``result`` for an inspected entity, or ``department``.
    """

    text: str
    name: str
    of: str


def suggest(session: Session, folder: IndexFolder, typed: str) -> list[Suggestion]:
    """At most eight names, the likeliest first; none for less than two characters."""
    typed = typed.strip()
    if not SHORTEST <= len(compared(typed)) <= LONGEST or len(typed) > 2 * LONGEST:
        return []
    coded = list(dict.fromkeys(_by_number(session, typed)))
    if coded:
        return coded[:MOST]
    offered = dict.fromkeys([*_departments(session), *_in_publications(session, folder, typed)])
    ranked = [(rank, each) for each in offered if (rank := _rank(typed, each.name)) is not None]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1].name), pair[1].name))
    return [each for _, each in ranked][:MOST]


def _by_number(session: Session, typed: str) -> Iterator[Suggestion]:
    """Who has the code, what has the number."""
    named = listing.numbered(session, typed)
    if named is None:
        return
    part = numerals.part_of_a_code(named.read_as or typed)
    query = sa.select(Face.kind, Face.entity_code, Face.number, Face.title).where(Face.live, named.condition)
    for kind, code, number, title in session.execute(query.distinct().order_by(Face.number).limit(AMONG)):
        yield Suggestion(code if part and part in code else number, title, kind)


def _departments(session: Session) -> Iterator[Suggestion]:
    for name in session.scalars(sa.select(Department.label)):
        yield Suggestion(name, name, "department")


def _in_publications(session: Session, folder: IndexFolder, typed: str) -> Iterator[Suggestion]:
    """The titles of what the index finds and whom its announcements name, as they are released now."""
    numbers = list({number for text in _readings_of(typed) for number in _found(folder, text)})
    titles = sa.select(Face.kind, Face.title).where(Face.number.in_(numbers), Face.live)
    for kind, title in session.execute(titles.distinct()):
        if title:
            yield Suggestion(title, title, kind)
    drawn = sa.select(DrawnFace.entity_name).where(DrawnFace.number.in_(numbers)).distinct().limit(MOST_DRAWN)
    for name in session.scalars(drawn):
        yield Suggestion(name, name, "result")


def _readings_of(typed: str) -> Sequence[str]:
    """What was typed, and with its last word as something that is not finished."""
    *before, last = typed.split()
    return list(dict.fromkeys([typed, " ".join([*before, unfinished(compared(last))])]))


def _found(folder: IndexFolder, text: str) -> list[str]:
    try:
        return [hit.number for hit in folder.ask(Query(text, sort="relevance", size=AMONG, facets=())).hits]
    except NotReady:  # the page itself says so
        return []


def _rank(typed: str, name: str) -> int | None:
    """0 for a name that begins so, then one that holds it, then by sound likewise; None for neither."""
    ranks = [_rank_of_word(word, compared(name)) for word in typed.split()]
    known = [rank for rank in ranks if rank is not None]
    return max(known) if len(known) == len(ranks) else None


def _rank_of_word(word: str, name: str) -> int | None:
    word = compared(word)
    if word in name:
        return 0 if name.startswith(word) else 1
    for script, run in runs(name):
        if script == "hanzi":
            at = _spelled_at(word, run)
            if at is not None:
                return 2 if at == 0 and name.startswith(run) else 3
    return None


def _spelled_at(word: str, hanzi: str) -> int | None:
    ways, read = {*spellings(word), *spellings(unfinished(word))}, readings(hanzi)
    places = (at for at in range(len(read)) if any(_is_so(way, word, read[at:]) for way in ways))
    return next(places, None)


def _is_so(way: tuple[str, ...], word: str, read: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the whole word is how some hanzi are read, the last of them perhaps not to its end."""
    rest = word[sum(map(len, way[:-1])) :].replace("ü", "v")
    return is_spelled((*way[:-1], rest), read, is_beginning=True)
