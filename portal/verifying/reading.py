"""The files of a log as a verifier asks for them: by tile, never more than the checkpoint covers."""

from functools import lru_cache

from portal.errors import Refused
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.notes import Note
from portal.ledger.tiles import ENTRIES, HASH, WIDTH, Tile, unpack_entries, unpack_hashes
from portal.verifying.sources import OK, Source
from portal.words import say

CHECKPOINT, KEY, TILES = "log/checkpoint", "log/key", "log/tile"
BUNDLES_KEPT = 4


class LogReader:
    """Reads one source; the last few bundles of entries are kept."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._bundle = lru_cache(maxsize=BUNDLES_KEPT)(self._read_bundle)

    def checkpoint(self) -> tuple[Note, Checkpoint]:
        """The newest signed head.

        :raises Refused: when there is none, or it can not be read.
        """
        status, body = self.source.get(CHECKPOINT)
        if status != OK:
            raise Refused(say("没有找到 /log/checkpoint，这里没有可以核验的公示存证。请检查地址。"))
        return read_checkpoint(body)

    def key(self) -> str:
        """The verifier key that the source itself gives; empty when it gives none."""
        status, body = self.source.get(KEY)
        return body.decode(errors="replace").strip() if status == OK else ""

    def hashes(self, level: int, number: int, width: int) -> list[bytes]:
        """The hashes of a tile, at most ``width``; fewer when the file is missing or too short."""
        body = self._tile(Tile(level, number, width)) or b""
        return unpack_hashes(body[: len(body) // HASH * HASH])[:width]

    def entries(self, number: int, width: int) -> list[bytes]:
        """The entries of a bundle, at most ``width``; fewer when the file is missing or broken."""
        return self._bundle(number, width)

    def _read_bundle(self, number: int, width: int) -> list[bytes]:
        body = self._tile(Tile(ENTRIES, number, width)) or b""
        try:
            return unpack_entries(body)[:width]
        except ValueError:
            return []

    def _tile(self, tile: Tile) -> bytes | None:
        """A partial tile may have been swept away once the full one is there (tlog-tiles)."""
        for each in dict.fromkeys([tile, Tile(tile.level, tile.number, WIDTH)]):
            status, body = self.source.get(f"{TILES}/{each.path}")
            if status == OK:
                return body
        return None


def read_checkpoint(body: bytes | str) -> tuple[Note, Checkpoint]:
    """A signed checkpoint, not yet believed.

    :raises Refused: when it is none.
    """
    try:
        note = Note.parse(body)
        return note, Checkpoint.parse(note.text)
    except ValueError as error:
        raise Refused(
            say("这不是签名的存证头（checkpoint）：应当有名称、条数、根哈希和签名。请检查文件或者网址。")
        ) from error
