"""What a mirror is made of, and what making it did."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.mirror.addresses import Address

Doors = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Answer:
    """What the site answered. ``media_type`` without its parameters."""

    status: int
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Site:
    """The site that is mirrored.

    :param ask: an address and the answer, at the public door.
    :param doors: a session of its own at the public door each time.
    :param edition: of templates, static files, translations and settings; when it changes, every page does.
    """

    ask: Callable[[Address], Answer]
    doors: Doors
    edition: Callable[[Session, str], str]


@dataclass
class Counts:
    """What a run did."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    pages: int = 0
    size: int = 0
