"""Style sheets, scripts and pictures of the site, each at an address that names its bytes, so that it is kept for good."""

import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from portal.web.kept.pages import Page

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FOR_GOOD = "public, max-age=31536000, immutable"
HASH = 12  # hexadecimal digits
NAMED = re.compile(rf"/static/(?P<stem>[\w.-]+)\.(?P<hash>[0-9a-f]{{{HASH}}})(?P<suffix>\.\w+)")


class Assets:
    """A WSGI application around the site, with some files in memory, compressed once.

    ``/static/theme.0123456789ab.css`` is kept by browsers for a year. The same name with another hash is what a node
    of another edition links to while a site is being brought up to date: the file as it is here, not to be kept.
    """

    def __init__(self, site: "WSGIApplication", files: Iterable[Path]) -> None:
        self.site = site
        self.addresses: dict[str, str] = {}
        self._pages: dict[str, Page] = {}
        self._present: dict[str, Page] = {}
        for file in files:
            self._add(file)

    def address(self, name: str) -> str:
        """Where a file is, by its name: what templates link to.

        :raises KeyError: when the site has no such file.
        """
        return self.addresses[name]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path.startswith("/static/") and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            page = self._pages.get(path) or self._of_another_edition(path)
            if page is not None:
                return page.answer(environ, start_response)
        return self.site(environ, start_response)

    def _of_another_edition(self, path: str) -> Page | None:
        named = NAMED.fullmatch(path)
        return self._present.get(named["stem"] + named["suffix"]) if named else None

    def _add(self, file: Path) -> None:
        data = file.read_bytes()
        digest = sha256(data).hexdigest()[:HASH]
        path = f"/static/{file.stem}.{digest}{file.suffix}"
        self.addresses[file.name] = path
        self._pages[path] = _page(file.name, data, digest, FOR_GOOD)
        self._present[file.name] = _page(file.name, data, digest, "no-cache")


def files_of(*folders: Path, also: Mapping[Path, Iterable[str]]) -> Iterator[Path]:
    """Every file of some folders, and the named ones of others."""
    for folder in folders:
        yield from sorted(each for each in folder.iterdir() if each.is_file())
    for folder, names in also.items():
        yield from (folder / name for name in names)


def _page(name: str, data: bytes, digest: str, kept: str) -> Page:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = [
        ("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind),
        ("Cache-Control", kept),
        ("ETag", f'"{digest}"'),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),  # as WhiteNoise says of the same files at their plain addresses
    ]
    return Page.of("200 OK", headers, data)
