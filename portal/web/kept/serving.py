"""In front of the framework: what is kept is given out, what is not is rendered once however many ask.

Only what a view says it is made of is kept (see ``portal/web/public/room.py``): whatever nobody thought of goes through.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Protocol

from portal.web.kept.pages import Headers, Page
from portal.web.kept.standing import Standing
from portal.web.kept.store import Address, Store
from portal.web.rooms import ROOMS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MADE_OF = "portal.made_of"  # in the request's environment: LEDGER or INDEX, said by the view
LEDGER, INDEX = "ledger", "index"
AS_OF = "portal.as_of"  # beside it: the size of the ledger that the view read

KEPT = ("200", "410", "451")  # that a record is off is asked for by as many as asked for the record
LARGEST = 2**20  # bytes of a body
LONGEST = 2048  # characters of an address
PATIENCE = 10.0  # seconds that one request waits for another that renders the same
# what changes the answer to a GET beside its address, or asks for a part of it: none of our pages' business
UNUSUAL = ("HTTP_RANGE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_AUTHORIZATION",
           "HTTP_TRANSFER_ENCODING")  # fmt: skip
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
ELSEWHERE = (*(room.path for room in ROOMS), "/static/", "/bootstrap/", "/healthz", "/readyz", "/metrics")


class Watching(Protocol):
    """Who says what pages are made of now; see :class:`portal.web.kept.standing.Watch`."""

    def standing(self) -> Standing | None: ...
    def position(self) -> int | None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Kept:
    """A page, and what stood when it was begun; ``position`` is None where the index is not in it."""

    page: Page
    standing: Standing
    position: int | None


Key = tuple[Address, Standing, int | None]


@dataclass
class Rendering:
    """Somebody renders; others wait for it."""

    done: Event = field(default_factory=Event)
    page: Page | None = None


class PageCache:
    """A WSGI application around the site.

    :param room: bytes.
    """

    def __init__(self, site: "WSGIApplication", watch: Watching, room: int) -> None:
        self.site, self.watch = site, watch
        self.store: Store[Kept] = Store(room)
        self.hits = self.misses = self.passed = 0  # about: threads count without a lock
        self._rendering: dict[Key, Rendering] = {}
        self._lock = Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        address = _address(environ)
        standing = self.watch.standing() if address is not None else None
        if address is None or standing is None:
            self.passed += 1
            return self.site(environ, start_response)
        kept = self.store.get(address)
        if kept is not None and self._is_fresh(kept, standing):
            self.hits += 1
            return kept.page.answer(environ, start_response)
        if (
            environ["REQUEST_METHOD"] == "HEAD"
        ):  # a view may answer it more cheaply, and would have no body to keep
            self.passed += 1
            return self.site(environ, start_response)
        self.misses += 1
        return self._rendered(address, standing, environ, start_response)

    def close(self) -> None:
        """Forget everything, listen to nobody."""
        self.watch.close()
        self.store.clear()

    def _is_fresh(self, kept: Kept, standing: Standing) -> bool:
        if kept.standing != standing:
            return False
        return kept.position is None or kept.position == self.watch.position()

    def _rendered(
        self,
        address: Address,
        standing: Standing,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        """Render, or wait for who does. What was read before rendering is what the page is kept under."""
        position = self.watch.position()
        key = (address, standing, position)
        with self._lock:
            under_way = self._rendering.get(key)
            mine = under_way or self._rendering.setdefault(key, Rendering())
        if under_way is not None:
            under_way.done.wait(PATIENCE)
            page = under_way.page
            return page.answer(environ, start_response) if page else self.site(environ, start_response)
        try:
            return self._render(mine, key, environ, start_response)
        finally:
            with self._lock:
                del self._rendering[key]
            mine.done.set()

    def _render(
        self,
        mine: Rendering,
        key: "Key",
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        address, standing, position = key
        whole = {name: value for name, value in environ.items() if name not in CONDITIONS}
        is_conditional = len(whole) < len(environ)  # before the site adds to it
        answered = Answered(self.site, whole)
        if not answered.may_be_kept:
            if not is_conditional:
                return answered.passed_on(start_response)
            answered.close()  # it may have an answer to the condition that we do not know
            return self.site(environ, start_response)
        body = answered.read()
        page = mine.page = Page.of(answered.status, [EDGE, *answered.headers], body)
        is_behind = (
            whole[AS_OF] < standing.size
        )  # read from a copy that has not what another server had a moment ago
        if not is_behind and (whole[MADE_OF] == LEDGER or position is not None):
            kept = Kept(page, standing, None if whole[MADE_OF] == LEDGER else position)
            self.store.put(address, kept, page.size + len(address[0]) + len(address[1]))
        return page.answer(environ, start_response)


EDGE = (
    "X-Accel-Expires",
    "1",
)  # first: nginx before 1.23 hears whichever of this and Cache-Control comes first


class Answered:
    """What the site answers, before anybody has it."""

    status = ""

    def __init__(self, site: "WSGIApplication", environ: "WSGIEnvironment") -> None:
        self.environ = environ
        self.headers: Headers = []
        self.chunks = site(environ, self._start)

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> Any:
        self.status, self.headers = status, headers

    @property
    def may_be_kept(self) -> bool:
        """Whether a view said what it is made of, and the answer is whole, small and nobody's own."""
        named = {name.lower(): value for name, value in self.headers}
        length = named.get("content-length", "")
        return (
            MADE_OF in self.environ
            and self.status.startswith(KEPT)
            and length.isdigit()
            and int(length) <= LARGEST
            and "set-cookie" not in named
            and "content-encoding" not in named
            and "no-store" not in named.get("cache-control", "")
        )

    def read(self) -> bytes:
        """The whole body."""
        try:
            return b"".join(self.chunks)
        finally:
            self.close()

    def passed_on(self, start_response: "StartResponse") -> Iterable[bytes]:
        """The answer as it is."""
        start_response(self.status, self.headers)
        return self.chunks

    def close(self) -> None:
        """Let go of what it reads from."""
        close = getattr(self.chunks, "close", None)
        if close is not None:
            close()


def _address(environ: "WSGIEnvironment") -> Address | None:
    """What tells one public page from another; None for what is not looked up here.

    Path and query as they came, language and display among them. Not the host: no page repeats it.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SCRIPT_NAME"):
        return None
    path: str = environ.get("PATH_INFO", "")
    if path.startswith(ELSEWHERE) or environ.get("CONTENT_LENGTH") not in (None, "", "0"):
        return None
    if any(name in environ for name in UNUSUAL):
        return None
    query: str = environ.get("QUERY_STRING", "")
    return (path, query) if len(path) + len(query) <= LONGEST else None
