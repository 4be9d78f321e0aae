"""The files of a tiled log (c2sp.org/tlog-tiles): which there are, where they stand, what is in them. Pure."""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 256  # hashes, or entries, of a full tile
HASH = 32  # bytes
ENTRIES = -1  # the level of the bundles of entries, which stand beside level 0
HIGHEST = 63

_PATH = re.compile(r"(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?")


@dataclass(frozen=True)
class Tile:
    """One file: the hashes of a level, or the entries themselves, from ``number * 256`` on.

    :param width: 1 to 256; less than 256 is a partial tile.
    """

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it stands below ``/log/tile/``.

        >>> Tile(0, 1234067).path, Tile(ENTRIES, 5, 112).path
        ('0/x001/x234/067', 'entries/005.p/112')
        """
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{_groups(self.number)}{partial}"

    @property
    def start(self) -> int:
        """The index of its first hash within its level, or of its first entry."""
        return self.number * WIDTH


def parse_path(path: str) -> Tile:
    """The tile at a path below ``/log/tile/``.

    :raises ValueError: when no tile can stand there.
    """
    level, _slash, rest = path.partition("/")
    if not (level == "entries" or re.fullmatch(r"0|[1-9][0-9]?", level)) or not _PATH.fullmatch(rest):
        raise ValueError(f"no tile stands at {path!r}")
    groups, partial, width = rest.partition(".p/")
    number = int(groups.replace("x", "").replace("/", ""))
    tile = Tile(ENTRIES if level == "entries" else int(level), number, int(width) if partial else WIDTH)
    if tile.path != path or tile.level > HIGHEST or (partial and tile.width >= WIDTH):
        raise ValueError(f"no tile stands at {path!r}")
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Every file of a log of so many entries, bundles of entries first.

    :param since: leave out the full ones that a log of this size had already.
    """
    for level in (ENTRIES, *range(HIGHEST + 1)):
        count, before = size >> 8 * max(level, 0), since >> 8 * max(level, 0)
        if not count:
            return
        for number in range(before // WIDTH, count // WIDTH):
            yield Tile(level, number)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)


def pack_hashes(hashes: Iterable[bytes]) -> bytes:
    """A tile's bytes."""
    return b"".join(hashes)


def unpack_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile.

    :raises ValueError: when its length is not a multiple of 32.
    """
    if len(data) % HASH:
        raise ValueError("a tile is made of hashes of 32 bytes")
    return [data[at : at + HASH] for at in range(0, len(data), HASH)]


def pack_entries(bodies: Iterable[bytes]) -> bytes:
    """A bundle's bytes: each entry after its length in two bytes, the higher first."""
    return b"".join(struct.pack(">H", len(body)) + body for body in bodies)


def unpack_entries(data: bytes) -> list[bytes]:
    """The entries of a bundle.

    :raises ValueError: when it ends in the middle of one.
    """
    found, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("a bundle of entries ends in the middle of a length")
        (length,) = struct.unpack_from(">H", data, at)
        at += 2 + length
        if at > len(data):
            raise ValueError("a bundle of entries ends in the middle of an entry")
        found.append(data[at - length : at])
    return found


def _groups(number: int) -> str:
    last, rest = number % 1000, number // 1000
    path = f"{last:03}"
    while rest:
        path = f"x{rest % 1000:03}/{path}"
        rest //= 1000
    return path
