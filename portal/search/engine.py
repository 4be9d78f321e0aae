"""What a search engine is to the portal: it is given documents and a position, and it is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple, Protocol

from portal.errors import Refused
from portal.search.documents import Document
from portal.search.terms import NUMBER, Way, name_key, number_key, ways
from portal.search.tokens import phrases
from portal.words import say

FACETS = ("kind", "outcome", "department", "year", "region", "state")
FILTERS = (*FACETS, "entity")
EXCLUDABLE = ("kind", "department", "outcome", "region", "year")
DATED = ("published", "inspected")
MINUS = ("-", "－", "−")  # typed before a word that must not be there
SORTS = ("published", "relevance", "inspected")

# what whoever asks, or writes, is told by every engine
RECOVERING = say("全文检索正在恢复。请过几分钟再查，或者先按编号、类别、部门和年份浏览。")
BEING_WRITTEN = say("另一个程序正在写入检索索引，本次跳过；下一次会从中断处继续。")


class NotReady(Refused):
    """The index is not there or can not be read now; the follower will repair it."""


class Busy(Refused):
    """Another program writes to the index now."""


class Damaged(Exception):
    """The index can not be read: it is to be thrown away and built again."""


class Position(NamedTuple):
    """How far an index followed the ledger: the last entry's index and, to tell ledgers apart, its hash."""

    entry: int
    leaf_hash: str


START = Position(-1, "")


class Days(NamedTuple):
    """From one day to another, both included; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    @property
    def are_open(self) -> bool:
        return self.first is None and self.last is None

    @property
    def are_reversed(self) -> bool:
        return self.first is not None and self.last is not None and self.first > self.last


@dataclass(frozen=True)
class Query:
    """What is asked. Words separated by blanks must all be there, those after a minus must not.

    :param filters: one value per field, which must be there.
    :param without: one value per field of :data:`EXCLUDABLE`, which must not be there.
    :param published: the days of first publication; ``inspected``, those of ``happened_on``.
    :param facets: the fields to count. A value is counted as if it were chosen in place of its field's own
        filter, under all the others; the value that ``without`` names as if it were let in again.
    """

    text: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)
    published: Days = Days()
    inspected: Days = Days()
    sort: str = "published"
    page: int = 1
    size: int = 20
    facets: tuple[str, ...] = FACETS

    @cached_property
    def typed(self) -> tuple[str, ...]:
        """What was typed between blanks, each once."""
        return tuple(dict.fromkeys(self.text.split()))

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The words that must be there, whether they can be looked for or not."""
        return tuple(word for word in self.typed if not word.startswith(MINUS))

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that must be there and can be looked for."""
        return tuple(word for word in self.wanted if ways(word))

    @cached_property
    def unwanted(self) -> tuple[str, ...]:
        """The words that must not be there, without their minus."""
        bare = (word[1:] for word in self.typed if word.startswith(MINUS))
        return tuple(word for word in bare if ways(word))

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """The words that can not be looked for: marks alone."""
        return tuple(word for word in self.typed if not ways(word.lstrip("".join(MINUS))))

    @cached_property
    def single(self) -> tuple[str, ...]:
        """The words of one hanzi: looked for in names only."""
        return tuple(word for word in self.words if not phrases(word))

    @cached_property
    def phrases(self) -> tuple[tuple[Way, ...], ...]:
        """For each of these one way must match, as tokens that follow each other."""
        return tuple(dict.fromkeys(piece for word in self.words for piece in ways(word)))

    @cached_property
    def unwanted_phrases(self) -> tuple[tuple[tuple[Way, ...], ...], ...]:
        """For each unwanted word its pieces: a document that has all of them is left out."""
        found = [tuple(ways(word)) for word in self.unwanted]
        keys = filter(None, map(number_key, self.unwanted))
        return (*found, *((((NUMBER + key,),),) for key in keys))

    @cached_property
    def number(self) -> str:
        """The key of the number that the words together may be; a document with it is found beside the others."""
        return number_key(" ".join(self.wanted))

    @cached_property
    def name(self) -> str:
        """The key of the name that the words together may be: who is called just so comes first."""
        return name_key(" ".join(self.wanted))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


class Hit(NamedTuple):
    """One publication found; the score is the share of the phrases in its name, 2 when they are the whole name."""

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

        :param purge: what is dropped must leave the disk too, not only the answers (erasure). Killed meanwhile,
            the position has not moved and the same is put again.
        :raises Busy: when another program writes to the index now.
        """

    def ask(self, query: Query) -> Answer:
        """Answer from the newest commit. A page beyond the end is empty and its total true."""

    def near(self, tokens: Sequence[str], limit: int) -> Sequence[str]:
        """The numbers of documents in whose names most of some tokens stand, rare ones counting more."""

    def check(self) -> None:
        """Read what an answer needs.

        :raises Damaged: when it can not be read.
        """

    def close(self) -> None:
        """Give back what is open; the engine may be asked again."""
