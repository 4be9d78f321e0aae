"""One question answered by one commit of tantivy's: the facets, the number of all, the page."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import tantivy

from portal import clock
from portal.search.documents import CORRECTED, LIVE
from portal.search.engine import FACETS, Answer, Days, Hit, Query
from portal.search.engines.sought import (
    Asked,
    Sought,
    Tier,
    every,
    inspected,
    newest_between,
    of_score,
    since,
    term,
)
from portal.search.facts import ordinal

Counts = dict[str, dict[str, int]]
Found = Sequence[tuple[Any, tantivy.DocAddress]]

MOST_VALUES = 60_000  # of one field that are counted
KEPT = 256  # questions of one commit, by what is counted
FEW = 500  # what matches is fetched whole and put in order here, rather than asked for in parts
NEWEST = (8, 64, 512)  # days among which a page is looked for


@dataclasses.dataclass(frozen=True)
class Narrowed:
    """What of a question decides how many match: not its page, nor its order."""

    text: str
    filters: frozenset[tuple[str, str]]
    without: frozenset[tuple[str, str]]
    published: Days
    inspected: Days
    facets: tuple[str, ...]
    asking: "_Answering" = dataclasses.field(compare=False)

    @classmethod
    def of(cls, asking: "_Answering") -> "Narrowed":
        query = asking.query
        filters, without = frozenset(query.filters.items()), frozenset(query.without.items())
        return cls(query.text, filters, without, query.published, query.inspected, query.facets, asking)


class Counted(NamedTuple):
    """How many match, and how many of each value of each facet as it is shown."""

    total: int
    facets: Counts


Counting = Callable[[Narrowed], Counted]


def counting(kept: int = KEPT) -> Counting:
    """Counts in one commit; those asked for lately are kept: a reader who turns pages has them counted once."""
    return lru_cache(kept)(lambda narrowed: narrowed.asking.counted())


def answer(
    searcher: tantivy.Searcher, counted: Counting, query: Query, position: int, few: int = FEW
) -> Answer:
    """Everything that was asked for. Of few without facets what finds the page counts all of them too."""
    asking = _Answering(searcher, query, few)
    if asking.are_few:
        total, hits = asking.page()
        return Answer(total, hits, {}, position)
    total, facets = counted(Narrowed.of(asking))
    return Answer(total, asking.hits(total), facets, position)


class _Answering:
    """One question to one commit."""

    def __init__(self, searcher: tantivy.Searcher, query: Query, few: int) -> None:
        self.query, self._searcher, self._asked, self._few = query, searcher, Asked(query), few
        self.wanted = [field for field in query.facets if field in FACETS]

    def counted(self) -> Counted:
        counts = self._counts()
        return Counted(self._total(counts), self._let_in(counts))

    # ── counting ─────────────────────────────────────────────

    def _counts(self) -> Counts:
        """Each value of each field under all filters but its own; one pass for those not filtered."""
        passes: dict[str, list[str]] = defaultdict(list)
        for field in self.wanted:
            passes[field if field in self.query.filters else ""].append(field)
        counts: Counts = {}
        for free, fields in passes.items():
            columns = [field for field in fields if field != "state"]
            asked = {field: {"terms": {"field": field, "size": MOST_VALUES}} for field in columns}
            found = self._searcher.aggregate(self._asked.matching(free=free), asked) if asked else {}
            for field in columns:
                counts[field] = {each["key"]: int(each["doc_count"]) for each in found[field]["buckets"]}
            if "state" in fields:
                single = next((counts[field] for field in ("kind", "department") if field in columns), None)
                counts["state"] = self._states(free, single)
        return counts

    def _states(self, free: str, single: Mapping[str, int] | None) -> dict[str, int]:
        """All are live, and few are corrected beside: a column of two values would take as long as all the others.

        :param single: counts of a field of which each has one value, under the same filters.
        """
        live = self._count(self._asked.matching(free=free)) if single is None else sum(single.values())
        corrected = self._count(self._asked.matching(term("state", CORRECTED), free=free))
        return {LIVE: live, CORRECTED: corrected}

    def _total(self, counts: Counts) -> int:
        """Every publication has one kind: who counted the kinds need not count again."""
        kinds, chosen = counts.get("kind"), self.query.filters.get("kind")
        if kinds is None:
            return self._count(self._asked.everything)
        return kinds.get(chosen, 0) if chosen else sum(kinds.values())

    def _let_in(self, counts: Counts) -> Counts:
        """The counts as they are shown: what was excluded as if it were let in, largest first."""
        for field in self.wanted:
            excluded = self.query.without.get(field)
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
        return _count_of(self._searcher.search(of_score(sought, 0.0), 1, True))

    # ── the page ─────────────────────────────────────────────

    @property
    def are_few(self) -> bool:
        """Whether no facets are asked for, and so few can match that their page counts them."""
        if self.wanted or self.query.size > self._few:
            return False
        return self._at_most <= self._at_once

    def page(self) -> tuple[int, list[Hit]]:
        """How many match, and the page, of few."""
        return self._in_order(self._at_most, self.query.offset, self.query.size)

    def hits(self, total: int) -> list[Hit]:
        """The page of so many that match."""
        query = self.query
        size = min(query.size, total - query.offset)  # a heap is made for as many as are asked for
        if size <= 0:
            return []
        if query.wanted and (size > self._few or total <= self._at_once):
            return self._in_order(total, query.offset, size)[1]
        if query.wanted and query.sort == "relevance":
            return list(self._by_tiers(total, size))
        return self._placed(self._first(total, size, query.offset))

    @property
    def _often(self) -> int:
        """So many must match for each up to the page's end: then there surely are new ones enough."""
        return max(1, self._few // 25)

    @cached_property
    def _at_most(self) -> int:
        return self._asked.at_most(self._searcher) if self.query.wanted else self._searcher.num_docs

    @property
    def _at_once(self) -> int:
        """So many are fetched whole sooner than they are asked for in parts."""
        return self._few // 5 if self.query.sort == "published" else self._few

    def _first(self, total: int, size: int, offset: int, tier: Tier | None = None) -> Found:
        """From an offset on, the first so many of all that match by the sort's day, or of a tier.

        Looked for among the newest days first: what stands in every record need not be looked up in every record.
        """
        key, day = ("inspected", "inspected") if self.query.sort == "inspected" else ("newest", "published")
        today = ordinal(clock.today())
        for days in NEWEST if (offset + size) * self._often <= total else ():
            newest = self._matching(tier, since(day, today - days))
            found = self._searcher.search(newest, size, False, key, offset).hits
            if len(found) == size:
                return found
        return self._searcher.search(self._matching(tier), size, False, key, offset).hits

    def _matching(self, tier: Tier | None, *among: Sought) -> Sought:
        return every(tier.matching, *among) if tier else self._asked.matching(*among)

    def _placed(self, found: Found) -> list[Hit]:
        """The hits of a page by the sort asked for, then by day of publication and number, newest first."""
        if not found:
            return []
        return self._by_inspection(found) if self.query.sort == "inspected" else self._scored(found)

    def _scored(self, found: Found, *among: Sought) -> list[Hit]:
        """What stands one after the other in the order of publication, with the scores.

        :param among: what held beside the question.
        """
        if not self.query.wanted:
            return [Hit(self._number(address), 0.0) for _, address in found]
        ranked = self._asked.ranked(newest_between(found[-1][0], found[0][0]), *among)
        most = len(found) + self._few  # two may stand at one place
        ranks = {_place(address): rank for rank, address in self._searcher.search(ranked, most, False).hits}
        return [self._hit(ranks[_place(address)], address) for _, address in found]

    def _by_inspection(self, found: Found) -> list[Hit]:
        """Between the days of the page stands more than the page shows: newest first within each day."""
        offset, sought = self.query.offset, self._asked.matching
        days = list(dict.fromkeys(day for day, _ in found))
        before = offset and offset - self._count(sought(inspected(days[0] + 1)))
        between = inspected(days[-1], days[0])
        if self._count(sought(between)) <= self._few:
            return self._in_order(self._few, before, len(found), between)[1]
        hits: list[Hit] = []
        for day in days:
            of_day, size = inspected(day, day), len(found) - len(hits)
            newest = self._searcher.search(sought(of_day), size, False, "newest", before).hits
            hits += self._scored(newest, of_day)
            before = 0
        return hits

    def _by_tiers(self, total: int, size: int) -> Iterator[Hit]:
        """Tier by tier until the page is full: what stands before it is counted, not fetched."""
        before = self.query.offset
        for tier in self._asked.tiers():
            held = self._count(tier.matching) if tier.score else total  # the last has what is left
            found = self._first(held, min(size, held - before), before, tier) if held > before else ()
            yield from (Hit(self._number(address), tier.score) for _, address in found)
            size, total, before = size - len(found), total - held, max(0, before - held)
            if not size:
                return

    def _in_order(self, most: int, start: int, size: int, *among: Sought) -> tuple[int, list[Hit]]:
        """How many match and a page of them, all fetched at once: what is few, and what has no pages.

        :param most: there are not more.
        """
        found = self._searcher.search(self._asked.ranked(*among), most, False).hits if most else []
        addresses = [address for _, address in found]
        newest = self._searcher.fast_field_values("newest", addresses)
        first: Sequence[Any] = newest
        if self.query.sort == "inspected":
            first = self._searcher.fast_field_values("inspected", addresses)
        elif self.query.sort == "relevance":
            first = [self._asked.score(rank) for rank, _ in found]
        ordered = sorted(zip(first, newest, range(len(found)), strict=True), reverse=True)
        return len(found), [self._hit(*found[at]) for _, _, at in ordered[start : start + size]]

    def _hit(self, rank: float, address: tantivy.DocAddress) -> Hit:
        return Hit(self._number(address), self._asked.score(rank))

    def _number(self, address: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(address).get_first("number"))


def _place(address: tantivy.DocAddress) -> tuple[int, int]:
    return address.segment_ord, address.doc


def _count_of(found: Any) -> int:
    """How many matched: the wheel's stub does not know the attribute."""
    return int(found.count)
