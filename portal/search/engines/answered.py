"""One question answered by one commit of tantivy's: the facets, the number of all, the page."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import tantivy

from portal.search.engine import FACETS, Answer, Days, Hit, Query
from portal.search.engines.sought import Asked, Sought, inspected, one_of, term

Counts = dict[str, dict[str, int]]

MOST_VALUES = 60_000  # of one field that are counted
KEPT = 256  # questions of one commit, by what is counted
MOST_SCORED = 200  # hits of one page whose scores are looked up after they were found


class Narrowed(NamedTuple):
    """What of a question decides how many match: not its page, nor its order."""

    text: str
    filters: frozenset[tuple[str, str]]
    without: frozenset[tuple[str, str]]
    published: Days
    inspected: Days
    facets: tuple[str, ...]

    @classmethod
    def of(cls, query: Query) -> "Narrowed":
        filters, without = frozenset(query.filters.items()), frozenset(query.without.items())
        return cls(query.text, filters, without, query.published, query.inspected, query.facets)

    @property
    def query(self) -> Query:
        """A question that counts the same."""
        return Query(
            self.text,
            dict(self.filters),
            dict(self.without),
            self.published,
            self.inspected,
            facets=self.facets,
        )


class Counted(NamedTuple):
    """How many match, and how many of each value of each facet as it is shown."""

    total: int
    facets: Counts


Counting = Callable[[Narrowed], Counted]


def counting(searcher: tantivy.Searcher) -> Counting:
    """Counts in one commit; those asked for lately are kept: a reader who turns pages has them counted once."""
    return lru_cache(KEPT)(lambda narrowed: _Answering(searcher, narrowed.query).counted())


def answer(searcher: tantivy.Searcher, counted: Counting, query: Query, position: int) -> Answer:
    """Everything that was asked for."""
    total, facets = counted(Narrowed.of(query))
    return Answer(total, list(_Answering(searcher, query).hits(total)), facets, position)


class _Answering:
    """One question to one commit."""

    def __init__(self, searcher: tantivy.Searcher, query: Query) -> None:
        self._searcher, self._query, self._asked = searcher, query, Asked(query)
        self._wanted = [field for field in query.facets if field in FACETS]

    def counted(self) -> Counted:
        counts = self._counts()
        return Counted(self._total(counts), self._let_in(counts))

    # ── counting ─────────────────────────────────────────────

    def _counts(self) -> Counts:
        """Each value of each field under all filters but its own; one pass for those not filtered."""
        passes: dict[str, list[str]] = defaultdict(list)
        for field in self._wanted:
            passes[field if field in self._query.filters else ""].append(field)
        counts: Counts = {}
        for free, fields in passes.items():
            asked = {field: {"terms": {"field": field, "size": MOST_VALUES}} for field in fields}
            found = self._searcher.aggregate(self._asked.matching(free=free), asked)
            for field in fields:
                counts[field] = {each["key"]: int(each["doc_count"]) for each in found[field]["buckets"]}
        return counts

    def _total(self, counts: Counts) -> int:
        """Every publication has one kind: who counted the kinds need not count again."""
        kinds, chosen = counts.get("kind"), self._query.filters.get("kind")
        if kinds is None:
            return self._count(self._asked.matching())
        return kinds.get(chosen, 0) if chosen else sum(kinds.values())

    def _let_in(self, counts: Counts) -> Counts:
        """The counts as they are shown: what was excluded as if it were let in, largest first."""
        for field in self._wanted:
            excluded = self._query.without.get(field)
            if excluded is not None:
                sought = self._asked.matching(term(field, excluded), free=field, let_in=field)
                counts[field][excluded] = counts[field].get(excluded, 0) + self._count(sought)
        return {
            field: dict(
                sorted(((value, n) for value, n in found.items() if n), key=lambda each: (-each[1], each[0]))
            )
            for field, found in counts.items()
        }

    def _count(self, sought: Sought) -> int:
        return _count_of(self._searcher.search(sought, 1, True, "published"))

    # ── the page ─────────────────────────────────────────────

    def hits(self, total: int) -> Iterator[Hit]:
        """By the sort asked for, then by day of publication and number, newest first."""
        query = self._query
        size = min(query.size, total - query.offset)  # a heap is made for as many as are asked for
        if size <= 0:
            return
        if query.wanted and query.sort == "relevance":
            yield from self._by_tiers(size)
        elif query.wanted and size > MOST_SCORED:
            yield from self._all_by_tiers(total)[query.offset : query.offset + size]
        else:
            numbers = self._by_inspection(size) if query.sort == "inspected" else self._by_publication(size)
            scores = self._scores(numbers) if query.wanted else {}
            yield from (Hit(number, scores.get(number, 0.0)) for number in numbers)

    def _by_publication(self, size: int) -> list[str]:
        found = self._searcher.search(self._asked.matching(), size, False, "newest", self._query.offset)
        return [self._number(address) for _, address in found.hits]

    def _by_inspection(self, size: int) -> list[str]:
        """The days of the page first, then each day's, newest first: a day holds more than the page shows."""
        offset, sought, numbers = self._query.offset, self._asked.matching, list[str]()
        page = self._searcher.search(sought(), size, False, "inspected", offset).hits
        days = list(dict.fromkeys(day for day, _ in page))
        before = offset - self._count(sought(inspected(days[0] + 1)))
        for day in days:
            found = self._searcher.search(
                sought(inspected(day, day)), size - len(numbers), True, "newest", before
            )
            numbers += [self._number(address) for _, address in found.hits]
            before = 0
        return numbers

    def _by_tiers(self, size: int) -> Iterator[Hit]:
        """Tier by tier until the page is full: what stands before it is counted, not fetched."""
        before = self._query.offset
        for tier in self._asked.tiers():
            found = self._searcher.search(tier.matching, size, True, "newest", before)
            yield from (Hit(self._number(address), tier.score) for _, address in found.hits)
            size -= len(found.hits)
            before = max(0, before - _count_of(found))
            if not size:
                return

    def _all_by_tiers(self, total: int) -> list[Hit]:
        """Everything that matches, in order: for what has no pages."""
        found = []
        for tier in self._asked.tiers():
            hits = self._searcher.search(tier.matching, total, False, "newest").hits
            days: Sequence[Any] = [0] * len(hits)
            if self._query.sort == "inspected":
                days = self._searcher.fast_field_values("inspected", [address for _, address in hits])
            found += [
                (day, newest, tier.score, self._number(address))
                for day, (newest, address) in zip(days, hits, strict=True)
            ]
        return [Hit(number, score) for _, _, score, number in sorted(found, reverse=True)]

    def _scores(self, numbers: Sequence[str]) -> dict[str, float]:
        """The scores of the hits of one page."""
        return {
            self._number(address): tier.score
            for tier in self._asked.tiers(one_of("number", numbers))
            for _, address in self._searcher.search(tier.matching, len(numbers), False, "newest").hits
        }

    def _number(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("number"))


def _count_of(found: Any) -> int:
    """How many matched: the wheel's stub does not know the attribute."""
    return int(found.count)
