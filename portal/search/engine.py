"""What a search engine is to the portal: it is given documents and a position, and it is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

from portal.errors import Refused
from portal.search.documents import Document
from portal.search.tokens import phrases

Dated = Literal["published", "inspected"]
FACETS = ("kind", "outcome", "department", "year", "region", "state")
FILTERS = (*FACETS, "entity")
SORTS = ("published", "relevance", "inspected")


class NotReady(Refused):
    """The index is not there or can not be read now; the follower will repair it."""


class Damaged(Exception):
    """The index can not be read: it is to be thrown away and built again."""


class Position(NamedTuple):
    """How far an index followed the ledger: the last entry's index and, to tell ledgers apart, its hash."""

    entry: int
    leaf_hash: str


START = Position(-1, "")


@dataclass(frozen=True)
class Query:
    """What is asked. Words separated by blanks must all be there; ``filters`` hold one value per field.

    :param since: first day and, ``until``, last day of what ``dated`` names; happened_on is ``inspected``.
    :param facets: the fields to count. A facet is counted under every filter but its own, so that a reader
        sees what another choice would give.
    """

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    dated: Dated = "published"
    sort: str = "published"
    page: int = 1
    size: int = 20
    facets: tuple[str, ...] = FACETS

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that can be looked for."""
        return tuple(word for word in dict.fromkeys(self.text.split()) if phrases(word))

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """The words that can not: a single hanzi, or marks alone."""
        return tuple(word for word in dict.fromkeys(self.text.split()) if not phrases(word))

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """All of these must match, each as tokens that follow each other."""
        return tuple(dict.fromkeys(phrase for word in self.words for phrase in phrases(word)))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


class Hit(NamedTuple):
    """One publication found; the score is the share of the phrases that stand in its name."""

    number: str
    score: float


@dataclass(frozen=True)
class Answer:
    """One page of hits, the number of all of them, counts per facet value, and how fresh the index is."""

    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Mapping[str, int]]
    position: int


class Engine(Protocol):
    """A folder with an index. One writer at a time, kept out by the folder's lock; readers at any time."""

    def position(self) -> Position:
        """How far the index followed the ledger; :data:`START` when it is new."""

    def put(
        self, documents: Sequence[Document], drop: Collection[str], position: Position, *, purge: bool = False
    ) -> None:
        """Replace documents, drop numbers and move the position, all in one commit.

        :param purge: what is dropped must leave the disk too, not only the answers (erasure).
        """

    def ask(self, query: Query) -> Answer:
        """Answer from the newest commit. A page beyond the end is empty and its total true."""

    def check(self) -> None:
        """Read what an answer needs.

        :raises Damaged: when it can not be read.
        """

    def close(self) -> None:
        """Give back what is open; the engine may be asked again."""
