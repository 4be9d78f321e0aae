"""What one row of a batch says, in short: whom it is about, which items were inspected, what was found."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.publications.models import Revision


def object_of(revision: Revision) -> str:
    """By what the inspected object is told from others: its code, else its name."""
    return str(revision.content.get("entity_code") or revision.content.get("entity_name") or "")


def _items(revision: Revision) -> Iterator[Mapping[str, Any]]:
    rows = revision.content.get("items") if revision.kind == "result" else None
    yield from (row for row in rows or [] if isinstance(row, Mapping))


def outcomes_of(revision: Revision) -> tuple[str, ...]:
    """The outcomes of a result in the words with which they would be published, each once."""
    return tuple(
        dict.fromkeys(str(each["label"]) for row in _items(revision) for each in row.get("outcomes") or [])
    )


def items_of(revision: Revision) -> tuple[str, ...]:
    """The inspected items of a result, each once."""
    return tuple(
        dict.fromkeys(str(row.get("item") or row.get("item_code") or "") for row in _items(revision))
    )
