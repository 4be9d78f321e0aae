"""What is followed is kept as data and comes back the same; and what can be decided of a record that is off."""

from datetime import date, datetime

import pytest

from portal.following.rhythm import next_digest
from portal.following.subject import Subject, as_data, from_data, is_lasting, lasting_of
from portal.publications.lasting import Lasting
from portal.search.engine import Days, Query

SEARCHES = (
    Query(),
    Query(text="示例 -机械", filters={"kind": "result", "outcome": "5"}),
    Query(without={"department": "scjg"}, inspected=Days(date(2026, 1, 1), None)),
    Query(published=Days(None, date(2026, 11, 26)), filters={"entity": "9133990075TNM5LB3J"}),
)


@pytest.mark.parametrize("query", SEARCHES)
def test_a_search_is_kept_whole(query: Query) -> None:
    assert from_data(as_data(query)) == query


def test_two_searches_are_told_apart_by_what_they_find_alone() -> None:
    digests = {Subject("search", query, "/search", "x").digest for query in SEARCHES}
    assert len(digests) == len(SEARCHES)
    one, other = SEARCHES[1], Query(text="示例 -机械", filters={"outcome": "5", "kind": "result"}, page=3)
    assert Subject("search", one, "/a", "a").digest == Subject("search", other, "/b", "b").digest


@pytest.mark.parametrize(
    "query",
    [
        *SEARCHES[1:], Query(text="示例"), Query(filters={"state": "corrected"}), Query(filters={"region": "330000"}),
        Query(without={"kind": "list"}),
    ],
)  # fmt: skip
def test_what_a_gone_page_does_not_show_decides_nothing(query: Query) -> None:
    assert not is_lasting(query)
    assert Subject("search", query, "/search", "x").lasting is None


def test_kind_department_and_year_last() -> None:
    query = Query(filters={"kind": "result", "department": "scjg", "year": "2026"}, sort="inspected", page=2)
    assert is_lasting(query) and lasting_of(query) == Lasting("result", "scjg", 2026)
    assert Subject("entity", query, "/entities/x", "x").lasting is None


def test_the_first_digest_after_the_hour_is_the_next_days() -> None:
    moment = next_digest(next_digest(_at("2026-11-29T23:59"), "weekly", 0), "weekly", 0)
    assert moment.isoformat() == "2026-12-07T00:00:00+08:00"
    assert next_digest(_at("2026-11-30T08:00"), "weekly", 8).isoformat() == "2026-12-07T08:00:00+08:00"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+08:00")
