"""A site laid down in a folder, in the layout of its addresses, so that it can be verified without the site.

What of a log never changes is not fetched twice: full tiles, and earlier versions of a record. Records and pages are
compared with the log the next time anyway, so they are fetched anew where the log has a newer entry of them.
"""

import json
from pathlib import Path
from typing import NamedTuple

from portal.errors import Refused
from portal.ledger.tiles import WIDTH, Tile, tiles_of
from portal.verifying.reading import CHECKPOINT, KEY, TILES, LogReader
from portal.verifying.records import address_of, data_of, in_order, page_of
from portal.verifying.register import Standing
from portal.verifying.report import Report
from portal.verifying.sources import DATA, OK, PAGE, STATUS, Directory, Source
from portal.verifying.walking import Progress, Walk
from portal.words import say

SEEN = ".seen.json"  # of each number the newest entry for which its files were fetched


class Mirrored(NamedTuple):
    """How much a mirror has now, and how much of it was fetched this time."""

    entries: int
    numbers: int
    files: int


def mirror(source: Source, folder: Path, progress: Progress) -> Mirrored:
    """Fetch what verification needs; whatever was fetched before stays.

    :raises Refused: when the site does not answer, has no log, or a file of it is missing; run again, it goes on.
    """
    made = _Mirror(source, folder)
    note, head = LogReader(source).checkpoint()
    tiles = list(tiles_of(head.size))
    for done, tile in enumerate(tiles, start=1):
        made.tile(tile)
        progress(done, len(tiles))
    made.write(CHECKPOINT, str(note).encode())  # last: it names what is there already
    made.copy(KEY)
    walk = Walk(LogReader(Directory(folder)), Report())
    walk.go_on(head.size, lambda done, size: None)
    numbers = in_order(walk.register)
    for done, number in enumerate(numbers, start=1):
        made.record(number, walk.register.numbers[number])
        progress(done, len(numbers))
    made.remember()
    return Mirrored(head.size, len(numbers), made.fetched)


class _Mirror:
    def __init__(self, source: Source, folder: Path) -> None:
        self.source, self.folder, self.fetched = source, folder, 0
        seen = folder / SEEN
        self._seen: dict[str, int] = json.loads(seen.read_text()) if seen.is_file() else {}

    def tile(self, tile: Tile) -> None:
        path = f"{TILES}/{tile.path}"
        if (self.folder / path).is_file():
            return
        answer = self.source.get(path)
        if answer.status != OK and tile.width < WIDTH:
            tile = Tile(tile.level, tile.number)
            path = f"{TILES}/{tile.path}"
            answer = self.source.get(path)
        if answer.status != OK:
            raise Refused(say("{path}读不到，下载没有完成。请稍后再运行一次，会接着下载。", path=path))
        self.write(path, answer.body)

    def record(self, number: str, standing: Standing) -> None:
        """The data and the pages of every version, unless nothing was entered since they were fetched."""
        if self._seen.get(number) == standing.newest or not address_of(number):
            return
        newest = len(standing.versions)
        for version in range(1, newest + 1):
            self._page(page_of(number, version, newest), data_of(number, version, newest))
        self._seen[number] = standing.newest
        if len(self._seen) % 500 == 0:
            self.remember()

    def _page(self, page: str, data: str) -> None:
        status, body = self.source.get(data)
        shown = self.source.get(page)
        self.write(f"{page}/{PAGE}", shown.body)
        if status == OK == shown.status:
            (self.folder / page / STATUS).unlink(missing_ok=True)
            self.write(f"{page}/{DATA}", body)
        else:
            self.write(f"{page}/{STATUS}", f"{status if status != OK else shown.status}\n".encode())
            (self.folder / page / DATA).unlink(missing_ok=True)

    def copy(self, path: str) -> None:
        status, body = self.source.get(path)
        if status == OK:
            self.write(path, body)

    def write(self, path: str, body: bytes) -> None:
        """Whole or not at all, so that an interrupted download is not taken for a finished one."""
        at = self.folder / path
        at.parent.mkdir(parents=True, exist_ok=True)
        half = at.with_name(f".{at.name}.half")
        half.write_bytes(body)
        half.replace(at)
        self.fetched += 1

    def remember(self) -> None:
        self.write(SEEN, json.dumps(self._seen).encode())
