"""What is asked, as tantivy's queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import tantivy

from portal.search.engine import DATED, Days, Query
from portal.search.engines.shelved import BOOKMARK, FILLER, schema
from portal.search.facts import ordinal
from portal.search.terms import NUMBER, WHOLE, Way

Sought = tantivy.Query
MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
SCHEMA = schema()
MOST_ASKED = 4  # tokens of a phrase whose frequency is asked for: names are short


def term(field: str, value: str) -> Sought:
    return Sought.term_query(SCHEMA, field, value, "basic")


def phrase(field: str, way: Way) -> Sought:
    """Tokens that follow each other; a number's is a key and stands alone."""
    if way[0].startswith(NUMBER):
        return term("keys", way[0])
    return Sought.phrase_query(SCHEMA, field, list(way)) if len(way) > 1 else term(field, way[0])


def every(*parts: Sought) -> Sought:
    return parts[0] if len(parts) == 1 else Sought.boolean_query([(MUST, part) for part in parts])


def any_of(parts: Sequence[Sought], at_least: int = 1) -> Sought:
    if len(parts) == 1 and at_least == 1:
        return parts[0]
    return Sought.boolean_query([(SHOULD, part) for part in parts], at_least if at_least > 1 else None)


def without(wanted: Sought, unwanted: Iterable[Sought]) -> Sought:
    gone = [(MUST_NOT, part) for part in unwanted]
    return Sought.boolean_query([(MUST, wanted), *gone]) if gone else wanted


def of_score(wanted: Sought, score: float) -> Sought:
    return Sought.const_score_query(wanted, score)


class Tier(NamedTuple):
    """What has one score."""

    score: float
    matching: Sought


class Asked:
    """The parts of one question, to be put together in several ways."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.dates = [*_dates(query)]
        self.filters = {field: term(field, value) for field, value in query.filters.items()}
        self.exclusions = {field: term(field, value) for field, value in query.without.items()}
        self.unwanted = [_all_pieces(word) for word in query.unwanted_phrases]

    def matching(self, *more: Sought, but: Iterable[Sought] = (), free: str = "", let_in: str = "") -> Sought:
        """What the words, the days and every filter and exclusion let through.

        :param more: what must hold beside them; ``but``, what must not.
        :param free: the field whose filter is left out; ``let_in``, the one whose exclusion is.
        """
        filters = [each for field, each in self.filters.items() if field != free]
        gone = [each for field, each in self.exclusions.items() if field != let_in]
        return without(every(*self._words, *filters, *self.dates, *more), [*gone, *self.unwanted, *but])

    def tiers(self, *among: Sought) -> Iterator[Tier]:
        """What matches, by falling score; what is in one tier is in none below it.

        :param among: what must hold beside it.
        """
        given: list[Sought] = []
        for score, held in self._ranks:
            yield Tier(score, self.matching(held, *among, but=given))
            given.append(held)
        yield Tier(0.0, self.matching(*among, but=given))

    def ranked(self, *among: Sought) -> Sought:
        """What matches, all tiers at once: what the engine takes for a score is read by :meth:`score`."""
        every_one = of_score(every(self.everything, *among), 0.0)
        if not self._ranks:
            return every_one
        best = [of_score(held, float(rank)) for rank, (_, held) in enumerate(reversed(self._ranks), 1)]
        return Sought.boolean_query([(MUST, every_one), (SHOULD, Sought.disjunction_max_query(best))])

    @cached_property
    def everything(self) -> Sought:
        """What matches."""
        return self.matching()

    def at_most(self, searcher: tantivy.Searcher) -> int:
        """Not more than so many match: as many as what is rarest of all that must be there, the deleted counted."""
        often = [searcher.doc_freq(field, value) for field, value in self.query.filters.items()]
        for ways in self.query.phrases:
            rarest = (min(_frequency(searcher, token) for token in way[:MOST_ASKED]) for way in ways)
            often.append(sum(rarest))
        number = _frequency(searcher, NUMBER + self.query.number) if self.query.number else 0
        return min(often, default=searcher.num_docs) + number

    def score(self, rank: float) -> float:
        """The score of a rank: whole numbers come back from the engine as they were given."""
        return self._ranks[-int(rank)][0] if rank else 0.0

    @cached_property
    def _ranks(self) -> list[tuple[float, Sought]]:
        return [*self._scored()] if self.query.wanted else []

    def _scored(self) -> Iterator[tuple[float, Sought]]:
        """Who is called just so, then who has all the words in the name or the number, then some of the words."""
        query = self.query
        if query.name:
            yield 2.0, term("keys", WHOLE + query.name)
        named = [any_of([phrase("names", way) for way in ways]) for ways in query.phrases]
        number = [term("keys", NUMBER + query.number)] if query.number else []
        if named or number:
            yield 1.0, any_of([*([every(*named)] if named else []), *number])
        for count in range(len(named) - 1, 0, -1):
            yield count * 1000 // len(named) / 1000, any_of(named, count)

    @cached_property
    def _words(self) -> list[Sought]:
        query = self.query
        if not query.wanted:
            no_publication = [term("number", BOOKMARK), term("number", FILLER)]
            return [without(Sought.all_query(), no_publication)]
        words = [any_of([phrase("text", way) for way in ways]) for ways in query.phrases]
        number = [term("keys", NUMBER + query.number)] if query.number else []
        if number and words:
            return [any_of([every(*words), *number])]
        return words or number or [Sought.empty_query()]


def _frequency(searcher: tantivy.Searcher, token: str) -> int:
    return searcher.doc_freq("keys" if token.startswith(NUMBER) else "text", token)


def inspected(first: int, last: int | None = None) -> Sought:
    """What was inspected on the days from one ordinal to another, both included; None leaves the end open."""
    return Sought.range_query(SCHEMA, "inspected", tantivy.FieldType.Integer, first, last)


def since(field: str, day: int) -> Sought:
    """What was published or inspected on the day of an ordinal or later."""
    return Sought.range_query(SCHEMA, field, tantivy.FieldType.Integer, day, None)


def newest_between(first: int, last: int) -> Sought:
    """What stands in the order of publication from one place to another, both included."""
    return Sought.range_query(SCHEMA, "newest", tantivy.FieldType.Unsigned, first, last)


def _all_pieces(word: Sequence[Sequence[Way]]) -> Sought:
    return every(*(any_of([phrase("text", way) for way in ways]) for ways in word))


def _dates(query: Query) -> Iterator[Sought]:
    asked: Mapping[str, Days] = dict(zip(DATED, (query.published, query.inspected), strict=True))
    for field, days in asked.items():
        if not days.are_open:
            first, last = ordinal(days.first) or 1, ordinal(days.last) or None
            yield Sought.range_query(SCHEMA, field, tantivy.FieldType.Integer, first, last)
