"""Where a log and its records are read: a site, or a folder in which a mirror laid them down.

Both answer as HTTP does. A folder holds the file of each address; that of a record holds its page as
``index.html`` and, when the site answered something else than 200, a file ``status`` with that number.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

import requests

from portal.errors import Refused
from portal.words import say

PATIENCE = 60  # seconds for one answer
OK, GONE, NOT_FOUND, WITHHELD = 200, 410, 404, 451
PAGE, STATUS = "index.html", "status"
DATA = "record.json"


class Answer(NamedTuple):
    """What stands at an address."""

    status: int
    body: bytes


class Source(Protocol):
    """Anything that answers for the addresses of a portal."""

    def get(self, path: str) -> Answer:
        """What stands at a path such as ``log/checkpoint``; 404 when nothing does.

        :raises Refused: when nothing can be said, because nobody answers.
        """


class Directory:
    """A folder made by ``portal log mirror``, or by hand after the addresses."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(self, path: str) -> Answer:
        at = self.root / path
        noted = (at.parent if at.name == DATA else at) / STATUS
        if noted.is_file():
            page = noted.with_name(PAGE)
            return Answer(_number(noted), page.read_bytes() if page.is_file() else b"")
        found = at / PAGE if at.is_dir() else at
        return Answer(OK, found.read_bytes()) if found.is_file() else Answer(NOT_FOUND, b"")


class Site:
    """A portal by its address; one connection is kept open."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._session = requests.Session()

    def get(self, path: str) -> Answer:
        try:
            answer = self._session.get(f"{self.address}/{path}", timeout=PATIENCE)
        except requests.RequestException as error:
            raise Refused(
                say("读不到{address}/{path}。请检查网址和网络后再试。", address=self.address, path=path)
            ) from error
        return Answer(answer.status_code, answer.content)


def source_at(place: str) -> Source:
    """The site or the folder that a person named."""
    if place.startswith(("http://", "https://")):
        return Site(place)
    folder = Path(place)
    if not folder.is_dir():
        raise Refused(
            say("“{place}”不是文件夹，也不是以 http:// 或 https:// 开头的网址。请检查后再试。", place=place)
        )
    return Directory(folder)


def _number(noted: Path) -> int:
    text = noted.read_text().strip()
    return int(text) if text.isdecimal() else NOT_FOUND
