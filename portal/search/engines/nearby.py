"""Names that nearly hold some tokens, found by tantivy."""

from collections.abc import Sequence
from math import log1p

import tantivy

from portal.search.engines.sought import Sought, any_of, term

MOST_LOOKED_AT = 200_000  # documents that the tokens may stand in together: the rarest are taken


def near(searcher: tantivy.Searcher, tokens: Sequence[str], limit: int) -> list[str]:
    """The numbers of documents in whose names most tokens stand, the rarer a token the more it counts."""
    often = {token: searcher.doc_freq("names", token) for token in tokens}
    rarest_first = sorted((count, token) for token, count in often.items() if count)
    parts: list[Sought] = []
    looked_at = 0
    for count, token in rarest_first:
        looked_at += count
        if parts and looked_at > MOST_LOOKED_AT:
            break
        weight = log1p(searcher.num_docs / (1 + count))
        parts.append(Sought.const_score_query(term("names", token), weight))
    if not parts:
        return []
    hits = searcher.search(any_of(parts), limit, False).hits
    return [str(searcher.doc(address).get_first("number")) for _, address in hits]
