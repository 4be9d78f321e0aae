"""Orders that tell nothing of what is withheld: made from released values alone (W2). Pure.

A platform writes its drawn list stratum by stratum, and a file of results is sorted as the office sorts it: in
the order they came in, neighbours share what neither of them shows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.ledger.canonical import canonical

Row = Mapping[str, Any]
Mark = Mapping[str, Any]

REORDERED = ("drawn",)  # lists whose own order means nothing to a reader; items stand as they were printed


def key_of(released: Row) -> tuple[str, str, bytes]:
    """Where something stands among its like: by code, by name, by whatever else is shown of it."""
    code, name = (str(released.get(part) or "") for part in ("entity_code", "entity_name"))
    return code, name, canonical(dict(released))


def moves(released: Sequence[Row]) -> dict[int, int]:
    """For each row, where it goes."""
    order = sorted(range(len(released)), key=lambda at: key_of(released[at]))
    return {before: now for now, before in enumerate(order)}


def moved(rows: Sequence[Any], places: Mapping[int, int]) -> list[Any]:
    """The rows where they go."""
    return [rows[at] for at in sorted(range(len(rows)), key=places.__getitem__)]
