"""Pages kept as bytes: never an older one than what stands, rendered once however many ask, in bounded room."""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.kept.serving import AS_OF, EDGE, INDEX, LEDGER, MADE_OF, PageCache
from portal.web.kept.standing import Standing

DAY = date(2026, 11, 23)
WORDS = "示例市公示 " * 200


@dataclass
class Site:
    """A site of one page that shows how long its ledger is and how far its index came; and whoever watches it."""

    size: int = 0
    indexed: int = 0
    made_of: str = LEDGER
    status: str = "200 OK"
    headers: Sequence[tuple[str, str]] = ()
    acts_before: int = 0  # while the next page is being rendered
    acts_after: int = 0
    behind: int = 0  # lines that the server which the page is read from has not yet
    rendered: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)
    held: Event | None = None

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.rendered += 1
        self.seen.append(dict(environ))
        self.size, self.acts_before = self.size + self.acts_before, 0
        as_of = self.size - self.behind
        body = f"{as_of} {self.indexed if self.made_of == INDEX else ''} {WORDS}".encode()
        if self.held:
            assert self.held.wait(5)
        self.size, self.acts_after = self.size + self.acts_after, 0
        if self.made_of:
            environ[MADE_OF], environ[AS_OF] = self.made_of, as_of
        told = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            *self.headers,
        ]
        start_response(self.status, told)
        return [body]

    def standing(self) -> Standing | None:
        return Standing(self.size, "", None, DAY)

    def position(self) -> int | None:
        return self.indexed

    def close(self) -> None:
        pass


@dataclass
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes


def ask(cache: PageCache, path: str = "/", method: str = "GET", **more: Any) -> Answer:
    """One request, as a server hands it on."""
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "wsgi.input": BytesIO(),
        **more,
    }
    body = b"".join(cache(environ, lambda status, headers, exc_info=None: told.extend((status, headers))))  # type: ignore[arg-type]
    return Answer(told[0][:3], {name.lower(): value for name, value in told[1]}, body)


def of(site: Site, room: int = 2**20) -> PageCache:
    return PageCache(site, site, room)


def test_a_page_read_from_a_copy_that_is_behind_is_given_once_and_not_kept() -> None:
    site = Site(size=7, behind=1)
    cache = of(site)
    assert ask(cache).body.startswith(b"6 ")
    site.behind = 0
    assert ask(cache).body.startswith(b"7 ")
    assert ask(cache).body.startswith(b"7 ")
    assert site.rendered == 2


MOVES = st.lists(
    st.sampled_from(["act", "index", "ask", "act before it is read", "act after it is read"]), max_size=30
)


@settings(max_examples=60)
@given(MOVES, st.sampled_from([LEDGER, INDEX]))
def test_whoever_asks_after_an_act_sees_it_wherever_it_fell(moves: list[str], made_of: str) -> None:
    site = Site(made_of=made_of)
    cache = of(site)
    for move in moves:
        if move == "act":
            site.size += 1
        elif move == "index":
            site.indexed = site.size
        else:
            site.acts_before += move == "act before it is read"
            site.acts_after += move == "act after it is read"
            ask(cache)
            site.acts_before = site.acts_after = 0  # nothing was rendered
        shown = ask(cache).body.decode().split()
        assert shown[0] == str(site.size)
        assert made_of == LEDGER or shown[1] == str(site.indexed)


def test_what_did_not_change_is_rendered_once() -> None:
    site = Site()
    cache = of(site)
    assert {ask(cache).body for _ in range(5)} == {ask(cache).body} and site.rendered == 1
    assert (cache.hits, cache.misses) == (5, 1)
    site.indexed += 1  # nothing of the index is in this page
    ask(cache)
    assert site.rendered == 1


def test_a_crowd_waits_for_one_rendering() -> None:
    site = Site(held=Event())
    cache, answers = of(site), list[Answer]()
    crowd = [Thread(target=lambda: answers.append(ask(cache))) for _ in range(8)]
    for each in crowd:
        each.start()
    assert site.held
    site.held.set()
    for each in crowd:
        each.join(5)
    assert len(answers) == 8 and len({each.body for each in answers}) == 1 and site.rendered == 1


def test_whoever_comes_after_an_act_does_not_take_what_was_begun_before_it() -> None:
    site, shown = Site(held=Event()), list[bytes]()
    cache = of(site)
    early = Thread(target=lambda: shown.append(ask(cache).body[:1]))
    early.start()
    while not site.rendered:
        pass
    site.size += 1
    late = Thread(target=lambda: shown.append(ask(cache).body[:1]))
    late.start()
    assert site.held
    site.held.set()
    early.join(5)
    late.join(5)
    assert sorted(shown) == [b"0", b"1"]


def test_a_rendering_that_fails_keeps_nobody_waiting() -> None:
    site = Site()

    def fails_once(environ: Any, start_response: Any) -> Iterable[bytes]:
        site.rendered += 1
        if site.rendered == 1:
            raise RuntimeError
        return site(environ, start_response)

    cache = PageCache(fails_once, site, 2**20)
    with pytest.raises(RuntimeError):
        ask(cache)
    assert ask(cache).status == "200"


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({"made_of": ""}, {}),
        ({"status": "404 NOT FOUND"}, {}),
        ({"status": "500 INTERNAL SERVER ERROR"}, {}),
        ({"status": "302 FOUND"}, {}),
        ({"headers": [("Set-Cookie", "a=b")]}, {}),
        ({"headers": [("Cache-Control", "no-store")]}, {}),
        ({"headers": [("Content-Encoding", "gzip")]}, {}),
        ({}, {"method": "POST"}),
        ({}, {"path": "/staff/"}),
        ({}, {"path": "/objections/YY-2026-0001"}),
        ({}, {"path": "/push/v1/records"}),
        ({}, {"path": "/subscriptions/new"}),
        ({}, {"path": "/readyz"}),
        ({}, {"HTTP_RANGE": "bytes=0-1"}),
        ({}, {"HTTP_AUTHORIZATION": "Bearer x"}),
        ({}, {"CONTENT_LENGTH": "5"}),
        ({}, {"QUERY_STRING": "q=" + "x" * 3000}),
    ],
)
def test_what_is_somebodys_own_or_not_said_to_be_kept_is_made_each_time(
    change: dict[str, Any], asked: dict[str, Any]
) -> None:
    site = Site(**change)
    cache = of(site)
    for _ in range(3):
        ask(cache, **asked)
    assert site.rendered == 3 and len(cache.store) == 0


@pytest.mark.parametrize("status", ["410 GONE", "451 UNAVAILABLE FOR LEGAL REASONS"])
def test_that_something_is_off_is_kept_too_and_is_no_304(status: str) -> None:
    site = Site(status=status, headers=[("ETag", 'W/"a"')])
    cache = of(site)
    assert [ask(cache, HTTP_IF_NONE_MATCH='W/"a"').status for _ in range(2)] == [status[:3]] * 2
    assert site.rendered == 1


def test_what_the_state_can_not_be_read_of_goes_through() -> None:
    site = Site()
    cache = of(site)
    ask(cache)
    site.standing = lambda: None  # type: ignore[method-assign]
    ask(cache)
    assert site.rendered == 2


def test_a_reader_who_has_it_is_told_so_without_rendering() -> None:
    site = Site(headers=[("ETag", 'W/"a"'), ("Content-Security-Policy", "default-src 'self'")])
    cache = of(site)
    first = ask(cache, HTTP_IF_NONE_MATCH='W/"old"')
    assert first.status == "200" and "HTTP_IF_NONE_MATCH" not in site.seen[0]
    for tags in ('W/"a"', '"a"', '"b", W/"a"'):
        again = ask(cache, HTTP_IF_NONE_MATCH=tags)
        assert (again.status, again.body) == ("304", b"")
        assert again.headers["etag"] == 'W/"a"' and "content-length" not in again.headers
        assert again.headers["content-security-policy"] == "default-src 'self'"
        assert again.headers["vary"] == "Accept-Encoding"
    for tags in ('"b"', "*", "nonsense", '""'):
        assert ask(cache, HTTP_IF_NONE_MATCH=tags).status == "200"
    assert site.rendered == 1


def test_by_date_too_where_there_is_one() -> None:
    cache = of(Site(headers=[("Last-Modified", "Mon, 23 Nov 2026 02:00:00 GMT")]))
    since = [f"Mon, 23 Nov 2026 0{hour}:00:00 GMT" for hour in (1, 2, 3)]
    assert [ask(cache, HTTP_IF_MODIFIED_SINCE=each).status for each in since] == ["200", "304", "304"]


def test_it_is_compressed_for_those_who_take_it_and_a_strong_tag_becomes_weak() -> None:
    cache = of(Site(headers=[("ETag", '"a"')]))
    plain = ask(cache)
    for takes in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.5"):
        packed = ask(cache, HTTP_ACCEPT_ENCODING=takes)
        assert gzip.decompress(packed.body) == plain.body
        assert packed.headers["content-encoding"] == "gzip" and packed.headers["etag"] == 'W/"a"'
        assert packed.headers["content-length"] == str(len(packed.body))
    for refuses in ("", "br", "gzip;q=0", "identity"):
        assert ask(cache, HTTP_ACCEPT_ENCODING=refuses).body == plain.body
    assert plain.headers["etag"] == '"a"' and plain.headers["vary"] == "Accept-Encoding"
    assert dict([EDGE]).items() <= {("X-Accel-Expires", plain.headers["x-accel-expires"])}


def test_head_is_answered_from_what_is_kept_and_keeps_nothing() -> None:
    site = Site()
    cache = of(site)
    ask(cache, method="HEAD")
    assert len(cache.store) == 0
    whole = ask(cache)
    head = ask(cache, method="HEAD")
    assert head.body == b"" and head.headers == whole.headers and site.rendered == 2


def test_a_path_that_looks_like_a_query_is_another_address() -> None:
    cache = of(Site())
    ask(cache, "/results/", QUERY_STRING="a=1")
    ask(cache, "/results/?a=1")
    assert len(cache.store) == 2
