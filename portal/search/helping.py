"""When little or nothing is found: what of it is there, and which released names are nearly what was typed.

Nothing else is ever searched for than what was typed: these are offers, each with what it would find.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.publications.models import Face
from portal.search.asking import Page
from portal.search.engine import MINUS, Query
from portal.search.folder import IndexFolder
from portal.search.nearness import Near, nearest
from portal.search.terms import near

LITTLE = 2
AMONG = 120  # documents looked at for each word
MOST = 3
MOST_WORDS = 6  # counted one by one
LONGEST_WORD = 40


class Meant(NamedTuple):
    """A search that may have been meant: its text, what it finds, and whether under the same conditions."""

    text: str
    total: int
    keeps_conditions: bool


@dataclass(frozen=True)
class Help:
    """What to say beside an empty answer.

    :param each: how many publications have each of several words, whatever the conditions.
    :param words_alone: how many the words find without the conditions; 0 when there are none.
    """

    each: Mapping[str, int] = field(default_factory=dict)
    words_alone: int = 0
    meant: Sequence[Meant] = ()

    @property
    def nowhere(self) -> list[str]:
        """The words that no publication has."""
        return [word for word, count in self.each.items() if not count]


def needs_help(query: Query, found: Page) -> bool:
    """Whether little was found, and not by a name."""
    little = found.total <= LITTLE and not any(hit.score for hit in found.hits)
    return bool(query.words) and little and (found.total == 0 or query.page == 1)


def help_for(session: Session, folder: IndexFolder, query: Query, found: Page) -> Help:
    """What to say when little or nothing was found.

    :raises NotReady: when there is no index to look in.
    """
    bare = Query(" ".join(query.wanted), size=1, facets=())
    has_more = bare.text != query.text or _has_conditions(query)
    counts = {word: folder.ask(replace(bare, text=word)).total for word in query.words[:MOST_WORDS]}
    return Help(
        each=counts if len(counts) > 1 and not found.total else {},
        words_alone=folder.ask(bare).total if has_more and not found.total else 0,
        meant=list(_meant(session, folder, query, counts)),
    )


def _has_conditions(query: Query) -> bool:
    return bool(query.filters or query.without or not (query.published.are_open and query.inspected.are_open))


def _meant(session: Session, folder: IndexFolder, query: Query, counts: Mapping[str, int]) -> Iterator[Meant]:
    """For the word that the fewest have the names near it, each in its place, when something is found so."""
    word = min(counts, key=lambda each: counts[each])
    if counts[word] > LITTLE or len(word) > LONGEST_WORD:
        return
    names = released_names(session, folder.near(near(word), AMONG))
    texts = (_in_its_place(query, word, each) for each in nearest(word, names, MOST))
    for text in dict.fromkeys(texts):
        asked = replace(query, text=text, page=1, size=1, facets=())
        if total := folder.ask(asked).total:
            yield Meant(text, total, keeps_conditions=True)
        elif total := folder.ask(Query(text, size=1, facets=())).total:
            yield Meant(text, total, keeps_conditions=False)


def _in_its_place(query: Query, word: str, found: Near) -> str:
    """The whole name where one word was typed; its near part where others stand beside it."""
    if len(query.typed) == 1:
        return found.name
    return " ".join(found.part if each == word else each for each in query.typed)


def released_names(session: Session, numbers: Sequence[str]) -> list[str]:
    """What live publications and the departments are called: read now, whatever the index remembers."""
    titles = session.scalars(sa.select(Face.title).where(Face.number.in_(numbers), Face.live))
    names = [*titles, *session.scalars(sa.select(Department.label))]
    return [name for name in dict.fromkeys(names) if name and not name.startswith(MINUS)]
