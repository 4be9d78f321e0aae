"""The log as files, for mirrors and plain web servers: made from the database, and again at will."""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from shutil import rmtree
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.errors import Refused
from portal.files import write_whole
from portal.ledger.checkpoints import Checkpoint
from portal.ledger.models import Entry, SignedCheckpoint, TreeHash
from portal.ledger.notes import Note
from portal.ledger.tiles import ENTRIES, WIDTH, Tile, pack_entries, pack_hashes, tiles_of
from portal.words import Sentence, say

Progress = Callable[[int, int], None]


def tile_bytes(session: Session, tile: Tile) -> bytes | None:
    """What a tile holds, from the database; none while the log has not grown so far."""
    if tile.level == ENTRIES:
        found = _first(session, sa.select(Entry.body), Entry.index, tile)
        return pack_entries(found) if len(found) == tile.width else None
    found = hashes(session, tile)
    return pack_hashes(found) if len(found) == tile.width else None


def hashes(session: Session, tile: Tile) -> Sequence[bytes]:
    """The hashes of a tile, as many as there are and it is wide."""
    if tile.level == 0:
        return _first(session, sa.select(Entry.leaf_hash), Entry.index, tile)
    query = sa.select(TreeHash.hash).where(TreeHash.level == tile.level)
    return _first(session, query, TreeHash.number, tile)


def published(folder: Path) -> list[Checkpoint]:
    """The checkpoint that stands among the files, if there is one.

    :raises Refused: when it can not be read.
    """
    path = folder / "checkpoint"
    if not path.exists():
        return []
    try:
        return [Checkpoint.parse(Note.parse(path.read_bytes()).text)]
    except ValueError as error:
        raise Refused(
            say("存证文件目录里的 checkpoint 已损坏。请运行 portal log tiles --rebuild 重新生成。")
        ) from error


def is_behind(session: Session, folder: Path) -> bool:
    """Whether a newer checkpoint was signed than stands among the files."""
    size = session.scalar(sa.select(sa.func.max(SignedCheckpoint.size)))
    return size is not None and not any(each.size >= size for each in published(folder))


def bring_up(session: Session, folder: Path, progress: Progress = lambda _done, _size: None) -> int:
    """Write what the newest checkpoint needs and is not there, the checkpoint itself last; how many files."""
    last = session.scalar(sa.select(SignedCheckpoint).order_by(SignedCheckpoint.size.desc()).limit(1))
    if last is None:
        return 0
    before = published(folder)
    since = before[0].size if before else 0
    if before and since >= last.size:
        return 0
    wanted = [*tiles_of(last.size, since), *_partial_before(session, last.size, since)]
    for done, tile in enumerate(wanted, start=1):
        data = tile_bytes(session, tile)
        if data is None:
            raise Refused(say("存证的条目或者分片缺失。请从备份中恢复，恢复前不要继续公示。"))
        write_whole(folder / "tile" / tile.path, data)
        if tile.width == WIDTH:  # the full one has come: the partial ones are served no more
            rmtree(folder / "tile" / f"{tile.path}.p", ignore_errors=True)
        progress(done, len(wanted))
    write_whole(folder / "checkpoint", last.note.encode())
    write_whole(folder / "key", f"{last.key}\n".encode())
    return len(wanted) + 2


def rebuild(session: Session, folder: Path, progress: Progress = lambda _done, _size: None) -> int:
    """Make all of them anew, beside those in use; how many files."""
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for each in (fresh, old):
        rmtree(each, ignore_errors=True)
    made = bring_up(session, fresh, progress)
    if folder.exists():
        folder.rename(old)
    if fresh.exists():
        fresh.rename(folder)
    rmtree(old, ignore_errors=True)
    return made


def differing(session: Session, folder: Path, size: int) -> list[Sentence]:
    """Why the files are not those of the database: the first that differs. Compares each full tile of hashes."""
    for tile in _full_on_disk(folder, size):
        if (folder / "tile" / tile.path).read_bytes() != tile_bytes(session, tile):
            return [
                say(
                    "存证文件 {path} 与数据库不一致。请先用 portal log verify 查明哪一边被改动过；"
                    "数据库无误的，运行 portal log tiles --rebuild 重新生成。",
                    path=f"tile/{tile.path}",
                )
            ]
    return []


def _partial_before(session: Session, size: int, since: int) -> list[Tile]:
    """The partial tiles of the checkpoints in between, which stay until the full tile is there."""
    between = (SignedCheckpoint.size > since, SignedCheckpoint.size < size)
    sizes = session.scalars(sa.select(SignedCheckpoint.size).where(*between))
    partial = {tile for each in sizes for tile in tiles_of(each, each)}
    return sorted(partial - {*tiles_of(size, size)} - {*_filled(partial, size)}, key=lambda tile: tile.path)


def _filled(partial: Collection[Tile], size: int) -> Iterator[Tile]:
    for tile in partial:
        if (tile.number + 1) * WIDTH <= size >> 8 * max(tile.level, 0):
            yield tile


def _full_on_disk(folder: Path, size: int) -> Iterator[Tile]:
    for tile in tiles_of(size):
        if tile.level >= 0 and tile.width == WIDTH and (folder / "tile" / tile.path).exists():
            yield tile


def _first(
    session: Session, query: sa.Select[Any], at: InstrumentedAttribute[int], tile: Tile
) -> Sequence[bytes]:
    found = query.where(at >= tile.start, at < tile.start + tile.width).order_by(at)
    return session.scalars(found).all()
