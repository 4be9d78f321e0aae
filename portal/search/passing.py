"""One pass over the matching documents: filters, facets, sorting and the page, with arrays."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.search.engine import DATED, FACETS, Answer, Hit, Query
from portal.search.facts import Columns, Ids, Mask, ordinal

FOREVER = 9_999_999  # after every ordinal of a date


class Matches(NamedTuple):
    """What the text matched in one segment: live documents, ascending, with their scores."""

    columns: Columns
    ids: Ids
    scores: NDArray[np.float64]


class Sieve(NamedTuple):
    """The matches of one segment with the verdict of every filter, and of every exclusion, upon each."""

    matches: Matches
    dated: Mask
    passed: Mapping[str, Mask]
    spared: Mapping[str, Mask]

    def left(self, but_filter: str = "", but_exclusion: str = "") -> Mask:
        """Which pass every filter but one, and every exclusion but one."""
        mask = self.dated
        for verdicts, left_out in ((self.passed, but_filter), (self.spared, but_exclusion)):
            for field, verdict in verdicts.items():
                if field != left_out:
                    mask = mask & verdict
        return mask


def answer(query: Query, segments: Sequence[Matches], position: int) -> Answer:
    """Filter, count and sort what the text matched."""
    sieves = [_sieve(query, matches) for matches in segments]
    found = [sieve.matches.ids[sieve.left()] for sieve in sieves]
    return Answer(
        total=sum(len(ids) for ids in found),
        hits=list(_page(query, sieves)),
        facets={field: _facet(query, field, sieves) for field in query.facets if field in FACETS},
        position=position,
    )


def _sieve(query: Query, matches: Matches) -> Sieve:
    columns, ids, _ = matches
    passed = {field: columns.texts[field].holding(value, ids) for field, value in query.filters.items()}
    spared = {field: ~columns.texts[field].holding(value, ids) for field, value in query.without.items()}
    return Sieve(matches, _dated(query, columns, ids), passed, spared)


def _dated(query: Query, columns: Columns, ids: Ids) -> Mask:
    """Which happened on the days asked for; what has no such day did not."""
    mask = np.ones(len(ids), np.bool_)
    for name, asked in zip(DATED, (query.published, query.inspected), strict=True):
        if not asked.are_open:
            days = columns.values[name][ids]
            mask &= (days >= (ordinal(asked.first) or 1)) & (days <= (ordinal(asked.last) or FOREVER))
    return mask


def _facet(query: Query, field: str, sieves: Sequence[Sieve]) -> dict[str, int]:
    """What each value would give in place of its field's own filter, largest first."""
    counts: Counter[str] = Counter()
    excluded = query.without.get(field)
    for sieve in sieves:
        column, ids = sieve.matches.columns.texts[field], sieve.matches.ids
        counts += column.counts(ids[sieve.left(but_filter=field)])
        if excluded is not None:
            let_in = ids[sieve.left(but_filter=field, but_exclusion=field)]
            counts[excluded] += int(column.holding(excluded, let_in).sum())
    return dict(
        sorted(((value, n) for value, n in counts.items() if n), key=lambda each: (-each[1], each[0]))
    )


def _page(query: Query, sieves: Sequence[Sieve]) -> Iterator[Hit]:
    """The hits of one page: by the sort asked for, then by day of publication and number, newest first."""
    if not sieves:
        return
    left = [sieve.left() for sieve in sieves]
    ids = [sieve.matches.ids[mask] for sieve, mask in zip(sieves, left, strict=True)]
    scores = np.concatenate([sieve.matches.scores[mask] for sieve, mask in zip(sieves, left, strict=True)])

    def gathered(name: str) -> NDArray[np.int64]:
        return np.concatenate(
            [sieve.matches.columns.values[name][some] for sieve, some in zip(sieves, ids, strict=True)]
        )

    keys: list[NDArray[Any]] = [gathered("order"), gathered("published")]
    if query.sort == "relevance":
        keys.append(scores)
    elif query.sort == "inspected":
        keys.append(gathered("inspected"))
    newest_first = np.lexsort(keys)[::-1][query.offset : query.offset + query.size]
    ends = np.cumsum([len(some) for some in ids])
    for at in newest_first.tolist():
        segment = int(np.searchsorted(ends, at, side="right"))
        within = at - (int(ends[segment - 1]) if segment else 0)
        number = sieves[segment].matches.columns.numbers[ids[segment][within]]
        yield Hit(number, float(scores[at]))
