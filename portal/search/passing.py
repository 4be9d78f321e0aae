"""One pass over the matching documents: filters, facets, sorting and the page, with arrays."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.search.engine import FACETS, Answer, Hit, Query
from portal.search.facts import Columns, Ids, Mask, ordinal

FOREVER = 9_999_999  # after every ordinal of a date


class Matches(NamedTuple):
    """What the text matched in one segment: live documents, ascending, with their scores."""

    columns: Columns
    ids: Ids
    scores: NDArray[np.float64]


class Sieve(NamedTuple):
    """The matches of one segment with the verdict of every filter upon each."""

    matches: Matches
    dated: Mask
    passed: Mapping[str, Mask]

    def left(self, without: str = "") -> Mask:
        """Which pass every filter, or every filter but one."""
        mask = self.dated
        for field, passed in self.passed.items():
            if field != without:
                mask = mask & passed
        return mask


def answer(query: Query, segments: Sequence[Matches], position: int) -> Answer:
    """Filter, count and sort what the text matched."""
    sieves = [_sieve(query, matches) for matches in segments]
    found = [sieve.matches.ids[sieve.left()] for sieve in sieves]
    return Answer(
        total=sum(len(ids) for ids in found),
        hits=list(_page(query, sieves)),
        facets={field: _facet(field, sieves) for field in query.facets if field in FACETS},
        position=position,
    )


def _sieve(query: Query, matches: Matches) -> Sieve:
    columns, ids, _ = matches
    days = columns.values[query.dated][ids]
    dated = np.ones(len(ids), np.bool_)
    if query.since or query.until:
        dated = (days >= (ordinal(query.since) or 1)) & (days <= (ordinal(query.until) or FOREVER))
    passed = {field: columns.texts[field].holding(value, ids) for field, value in query.filters.items()}
    return Sieve(matches, dated, passed)


def _facet(field: str, sieves: Sequence[Sieve]) -> dict[str, int]:
    """The counts of a field under every filter but its own, largest first."""
    counts: Counter[str] = Counter()
    for sieve in sieves:
        counts += sieve.matches.columns.texts[field].counts(sieve.matches.ids[sieve.left(without=field)])
    return dict(sorted(counts.items(), key=lambda count: (-count[1], count[0])))


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
