"""What Whoosh's engine reads: opened segments, and a commit of them opened whole."""

from collections.abc import Collection, Sequence
from functools import reduce
from typing import Any

import numpy as np
from whoosh import fields
from whoosh.filedb.filestore import FileStorage

from portal.search.engine import START, Answer, Position, Query
from portal.search.engines.postings import Found, Terms, TextField, common
from portal.search.facts import Columns, Ids
from portal.search.passing import Matches, answer
from portal.search.terms import NUMBER, WHOLE

BOOKMARK = "@position"  # the one document that is no publication: its facts are empty


def schema() -> fields.Schema:
    """The fields: never pickled into use, always given at opening, so that code decides."""
    return fields.Schema(
        number=fields.ID(unique=True), text=TextField(), facts=fields.COLUMN(), bookmark=fields.STORED()
    )


class Segment:
    """One opened segment: its terms, and its facts in memory. Its deletions come with each generation."""

    def __init__(self, storage: FileStorage, segment: Any) -> None:
        codec = segment.codec()
        self._text = schema()["text"]
        self._terms = codec.terms_reader(storage, segment)
        per_document = codec.per_document_reader(storage, segment)
        try:
            self.columns, self.position = _read(per_document, segment.doc_count_all())
        finally:
            per_document.close()
        self.is_publication = np.array([bool(number) for number in self.columns.numbers], np.bool_)

    def matches(self, query: Query, deleted: Collection[int]) -> Matches:
        """The live documents that the text matches; all of them when there is no text."""
        live = self.is_publication.copy()
        live[list(deleted)] = False
        live[self._unwanted(query)] = False
        if not query.wanted:
            ids = np.flatnonzero(live).astype(np.int64)
            return Matches(self.columns, ids, np.zeros(len(ids)))
        found = self._found(query)
        is_live = live[found.ids]
        return Matches(self.columns, found.ids[is_live], found.first[is_live] / 1000)

    def _found(self, query: Query) -> Found:
        """Documents with every phrase, and in ``first`` the share in thousandths that stands in the names."""
        terms = Terms(self._terms, "text", self._text.format)
        ids: Any = None
        named = np.zeros(len(self.columns.numbers), np.int64)
        for ways in query.phrases:
            found = terms.any_of(ways)
            in_names = found.first + _shortest(ways) <= self.columns.values["names_end"][found.ids]
            named[found.ids[in_names]] += 1
            ids = found.ids if ids is None else common(ids, found.ids)
        if ids is None:
            ids = np.empty(0, np.int64)
        shares = named * 1000 // max(len(query.phrases), 1)
        if query.number:
            numbered = terms.phrase((NUMBER + query.number,)).ids
            shares[numbered] = 1000
            ids = np.union1d(ids, numbered)
        if query.name:
            shares[terms.phrase((WHOLE + query.name,)).ids] = 2000
        return Found(ids, shares[ids])

    def _unwanted(self, query: Query) -> Ids:
        """Documents that have an unwanted word."""
        terms = Terms(self._terms, "text", self._text.format)
        gone = [reduce(common, (terms.any_of(ways).ids for ways in word)) for word in query.unwanted_phrases]
        return np.concatenate([np.empty(0, np.int64), *gone])

    def near(self, tokens: Sequence[str], deleted: Collection[int], among: int) -> dict[int, float]:
        """The documents in whose names most tokens stand, with their weights: the rarer a token the more."""
        terms = Terms(self._terms, "text", self._text.format)
        weights = np.zeros(len(self.columns.numbers))
        for token in tokens:
            found = terms.phrase((token,))
            named = found.ids[found.first < self.columns.values["names_end"][found.ids]]
            weights[named] += np.log1p(len(weights) / (1 + len(named)))
        weights[list(deleted)] = 0
        best = np.argsort(-weights, kind="stable")[:among]
        return {int(at): float(weights[at]) for at in best if weights[at] > 0}

    def check(self) -> None:
        """Walk the terms and unpack the postings written last: what a power cut leaves short fails here."""
        last = max((term for term in self._terms.terms()), default=None)
        if last is not None:
            list(self._terms.matcher(*last, self._text.format).all_ids())

    def close(self) -> None:
        self._terms.close()


def _shortest(ways: Sequence[Sequence[str]]) -> int:
    """Which of the ways stands there is not known: the shortest, so that no name is taken for a text."""
    return min(map(len, ways))


def _read(per_document: Any, count: int) -> tuple[Columns, Position | None]:
    """The facts of a segment's documents and, when the bookmark is among them, the position."""
    if not count:
        return Columns.of([]), None
    column = per_document.column_reader("facts", fields.COLUMN().column_type)
    packed = [column[at] for at in range(count)]
    bookmarks = (per_document.stored_fields(at)["bookmark"] for at, value in enumerate(packed) if not value)
    return Columns.of(packed), max((Position(*each) for each in bookmarks), default=None)


class Generation:
    """One commit, opened whole: nothing of it can vanish any more."""

    def __init__(self, number: int, opened: Sequence[tuple[Segment, frozenset[int]]]) -> None:
        self.number = number
        self.opened = opened

    @property
    def position(self) -> Position:
        """The bookmark's; deleted ones are older, and a ledger only grows."""
        return max((each.position for each, _ in self.opened if each.position), default=START)

    def ask(self, query: Query) -> Answer:
        matched = [segment.matches(query, deleted) for segment, deleted in self.opened]
        return answer(query, matched, self.position.entry)

    def near(self, tokens: Sequence[str], limit: int) -> Sequence[str]:
        found = [
            (weight, segment.columns.numbers[at])
            for segment, deleted in self.opened
            for at, weight in segment.near(tokens, deleted, limit).items()
        ]
        return [number for _, number in sorted(found, reverse=True)[:limit]]
