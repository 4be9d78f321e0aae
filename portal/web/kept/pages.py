"""An answer as bytes: rendered once, compressed once, and given to whoever asks for it."""

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.http import parse_accept_header, parse_date, parse_etags

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

Headers = list[tuple[str, str]]

TEXTUAL = ("text/", "application/json", "application/xml", "application/atom+xml", "application/rss+xml", "application/javascript",
           "application/feed+json", "application/ld+json", "application/problem+json", "image/svg+xml")  # fmt: skip
WORTH = 512  # bytes; what is shorter fits one packet either way
LEVEL = 6
OVERHEAD = 2048  # bytes that a page takes in memory beside its bodies: headers three times, and their objects
NOT_IN_304 = {"content-type", "content-length", "content-disposition", "content-language"}


@dataclass(frozen=True)
class Page:
    """A whole answer, and the same compressed.

    :param packed: empty where compressing gains nothing.
    :param tag: its ETag as it stands in the header; empty when it has none. So with ``modified``.
    """

    status: str
    body: bytes
    packed: bytes
    tag: str
    modified: str
    plain_headers: Headers
    packed_headers: Headers
    unchanged_headers: Headers

    @classmethod
    def of(cls, status: str, headers: Headers, body: bytes) -> "Page":
        """Make a page of what the site answered."""
        named = {name.lower(): value for name, value in headers}
        packed = _packed(body, named.get("content-type", ""))
        if packed:
            headers = _varying(headers)
        tag = named.get("etag", "")
        return cls(
            status,
            body,
            packed,
            tag,
            named.get("last-modified", ""),
            _sized(headers, body),
            [*_sized(_weak(headers), packed), ("Content-Encoding", "gzip")],
            [(name, value) for name, value in headers if name.lower() not in NOT_IN_304],
        )

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return len(self.body) + len(self.packed) + OVERHEAD

    def answer(self, environ: Mapping[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Give it: whole, compressed, without its body, or as 304."""
        if self._is_known(environ):
            start_response("304 NOT MODIFIED", list(self.unchanged_headers))
            return []
        if self.packed and _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            start_response(self.status, list(self.packed_headers))
            body = self.packed
        else:
            start_response(self.status, list(self.plain_headers))
            body = self.body
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _is_known(self, environ: Mapping[str, Any]) -> bool:
        """As the views do it themselves: weakly, and ``*`` is nobody's page."""
        if not self.status.startswith("200"):
            return False
        if tags := environ.get("HTTP_IF_NONE_MATCH"):
            return bool(self.tag) and (tags == self.tag or _contains(tags, self.tag))
        if self.modified and (since := environ.get("HTTP_IF_MODIFIED_SINCE")):
            asked, ours = parse_date(since), parse_date(self.modified)
            return asked is not None and ours is not None and ours <= asked
        return False


def _contains(tags: str, tag: str) -> bool:
    known = parse_etags(tags)
    return not known.star_tag and known.contains_weak(tag.removeprefix("W/").strip('"'))


def _takes_gzip(given: str) -> bool:
    if "gzip" not in given:
        return False
    return ";" not in given or parse_accept_header(given)["gzip"] > 0


def _packed(body: bytes, content_type: str) -> bytes:
    if len(body) < WORTH or not content_type.startswith(TEXTUAL):
        return b""
    packed = gzip.compress(body, LEVEL, mtime=0)
    return packed if len(packed) < len(body) else b""


def _sized(headers: Headers, body: bytes) -> Headers:
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    return [*kept, ("Content-Length", str(len(body)))]


def _weak(headers: Headers) -> Headers:
    """A strong tag names bytes, and these are others: as nginx does, the same tag weakly."""
    return [
        (name, f"W/{value}" if name.lower() == "etag" and not value.startswith("W/") else value)
        for name, value in headers
    ]


def _varying(headers: Headers) -> Headers:
    named = [value for name, value in headers if name.lower() == "vary"]
    kept = [(name, value) for name, value in headers if name.lower() != "vary"]
    return [*kept, ("Vary", ", ".join([*named, "Accept-Encoding"]))]
