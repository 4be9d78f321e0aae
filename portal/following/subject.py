"""What somebody follows: a search, one entity, or every correction and withdrawal; kept as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from hashlib import sha256
from typing import Any, Literal, get_type_hints

from portal.publications.lasting import Lasting
from portal.search.engine import Query

What = Literal["search", "entity", "acts"]

PAGED = {"sort", "page", "size", "facets"}  # how a search is shown, not what it finds
LASTING = {"kind", "department", "year"}


@dataclass(frozen=True)
class Subject:
    """What is followed.

    :param query: what finds it; for ``acts`` an empty one.
    :param address: the page that shows the same, as a path.
    :param title: what it is called, in the language of whoever follows it.
    """

    what: What
    query: Query
    address: str
    title: str

    @property
    def digest(self) -> str:
        """The same for the same subject, in whatever order its address was written.

        >>> one, other = Query(text="示例", page=2), Query(text="示例", sort="inspected")
        >>> Subject("search", one, "/search?a", "a").digest == Subject("search", other, "/search?b", "b").digest
        True
        """
        said = json.dumps([self.what, as_data(self.query)], sort_keys=True)
        return sha256(said.encode()).hexdigest()

    @property
    def lasting(self) -> Lasting | None:
        """The conditions, when they can be decided of what was taken down; None when they can not."""
        if self.what == "acts":
            return Lasting()
        return lasting_of(self.query) if self.what == "search" and is_lasting(self.query) else None


def is_lasting(query: Query) -> bool:
    """Whether a search asks for nothing but what a record keeps when its words are off.

    >>> is_lasting(Query(filters={"kind": "result", "year": "2026"})), is_lasting(Query(text="示例"))
    (True, False)
    >>> is_lasting(Query(filters={"entity": "9133990075TNM5LB3J"}))
    False
    """
    bare = {each.name: getattr(query, each.name) for each in fields(query) if each.name in PAGED}
    # any other condition, one added later too, makes it another search than the empty one
    plain = replace(query, text=query.text.strip(), filters={})
    return plain == replace(Query(), **bare) and query.filters.keys() <= LASTING


def lasting_of(query: Query) -> Lasting:
    """Those conditions of a search that can be decided of what was taken down."""
    year = query.filters.get("year", "")
    return Lasting(
        kind=query.filters.get("kind", ""),
        department=query.filters.get("department", ""),
        year=int(year) if year.isdigit() else 0,
    )


def as_data(query: Query) -> dict[str, Any]:
    """A search as JSON keeps it: its conditions that say something, none of how it is shown.

    >>> as_data(Query(text="示例", page=3))
    {'text': '示例'}
    """
    given = {each.name: getattr(query, each.name) for each in fields(query) if each.name not in PAGED}
    empty = Query()
    return {name: _plain(value) for name, value in given.items() if value != getattr(empty, name)}


def from_data(data: Mapping[str, Any]) -> Query:
    """The search again.

    >>> query = Query(text="示例", filters={"kind": "result"})
    >>> from_data(as_data(query)) == query
    True
    """
    kinds = get_type_hints(Query)
    return Query(**{name: _of_kind(value, kinds[name]) for name, value in data.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


def _of_kind(value: Any, kind: Any) -> Any:
    """Days from one to another as what they are; anything else as JSON has it."""
    if isinstance(value, list):
        return kind(*(date.fromisoformat(each) if each else None for each in value))
    return value
