"""What kept pages are made of: a store of a bounded size, bodies compressed once, and when to look again."""

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.kept.pages import Page
from portal.web.kept.standing import Looked
from portal.web.kept.store import Store

WORDS = "示例市公示 " * 200


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=200))
def test_the_store_holds_no_more_than_its_room(puts: list[tuple[int, int]]) -> None:
    store: Store[int] = Store(100)
    last: dict[int, int] = {}
    for serial, (address, size) in enumerate(puts):
        kept = store.put((str(address), ""), serial, size)
        last[address] = serial
        assert store.used <= 100 and (not kept or size <= 6)
        assert store.get((str(address), "")) == (serial if kept else None)
    for address, serial in last.items():
        assert store.get((str(address), "")) in (serial, None)
    store.clear()
    assert store.used == 0 and len(store) == 0


def test_a_crawler_that_asks_for_everything_once_pushes_nothing_out() -> None:
    store: Store[str] = Store(160)
    for each in range(16):
        assert store.put((f"/hot/{each}", ""), "page", 10)
    assert not any(store.put(("/", f"made-up={each}"), "junk", 10) for each in range(20_000))
    assert all(store.get((f"/hot/{each}", "")) for each in range(16))
    assert not store.put(("/new", ""), "page", 10) and store.put(("/new", ""), "page", 10)
    assert store.get(("/hot/0", "")) is None and store.get(("/hot/1", "")) == "page"


def test_it_is_looked_at_again_when_time_has_passed_or_news_has_come() -> None:
    looks = count(1)
    never = Looked(lambda: next(looks), 3600)
    assert [never.now(0), never.now(0), never.now(1), never.now(1)] == [1, 1, 2, 2]
    always = Looked(lambda: next(looks), 0)
    assert [always.now(0), always.now(0)] == [3, 4]


def test_nothing_is_compressed_that_gains_nothing() -> None:
    for body, kind in ((b"short", "text/html"), (WORDS.encode(), "application/pdf")):
        page = Page.of("200 OK", [("Content-Type", kind)], body)
        assert not page.packed and ("Vary", "Accept-Encoding") not in page.plain_headers
