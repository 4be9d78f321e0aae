"""Roots and proofs of the tree (RFC 6962, 2.1), from its tiles; and their checks (RFC 9162, 2.1). Pure.

Whoever has the tiles gives a function that reads one: its hashes, as many as there are.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from portal.ledger.hashing import EMPTY_ROOT, node_hash

HEIGHT = 8  # of a tile: 256 hashes wide

ReadTile = Callable[[int, int], Sequence[bytes]]  # level and number of a tile, both from 0


class Tree:
    """A tree of so many leaves, over its tiles; each tile is read once.

    :raises ValueError: by every method, when a tile is shorter than the size needs it to be.
    """

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._tile = lru_cache(maxsize=64)(read)

    def root(self, size: int | None = None) -> bytes:
        """The root of the whole tree, or of its first leaves."""
        wanted = self.size if size is None else size
        return self._range(0, wanted) if wanted else EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """That a leaf is in the tree: from its sibling up to a child of the root."""
        if not 0 <= index < self.size:
            raise ValueError(f"a tree of {self.size} leaves has no leaf {index}")
        return self._path(index, 0, self.size)

    def consistency(self, size: int) -> list[bytes]:
        """That the tree grew from its first leaves without changing them; nothing for none or all of them."""
        if not 0 <= size <= self.size:
            raise ValueError(f"a tree of {self.size} leaves had never {size}")
        return [] if size in (0, self.size) else self._subproof(size, 0, self.size, True)

    def _path(self, index: int, low: int, high: int) -> list[bytes]:
        if high - low == 1:
            return []
        middle = low + _split(high - low)
        if index < middle:
            return [*self._path(index, low, middle), self._range(middle, high)]
        return [*self._path(index, middle, high), self._range(low, middle)]

    def _subproof(self, size: int, low: int, high: int, whole: bool) -> list[bytes]:
        if size == high:
            return [] if whole else [self._range(low, high)]
        middle = low + _split(high - low)
        if size <= middle:
            return [*self._subproof(size, low, middle, whole), self._range(middle, high)]
        return [*self._subproof(size, middle, high, False), self._range(low, middle)]

    def _range(self, low: int, high: int) -> bytes:
        width = high - low
        if width & (width - 1) == 0:  # complete: all splits fall on multiples of their width
            return self._node(width.bit_length() - 1, low // width)
        middle = low + _split(width)
        return node_hash(self._range(low, middle), self._range(middle, high))

    def _node(self, height: int, index: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        width = 1 << above
        tile, at = divmod(index * width, 1 << HEIGHT)
        hashes = list(self._tile(level, tile)[at : at + width])
        if len(hashes) != width:
            raise ValueError(f"tile {tile} of level {level} is too short for a tree of {self.size} leaves")
        return joined(hashes)


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over a complete row of hashes, 1, 2, 4 … of them."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def is_included(leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that a leaf's hash stands at an index of a tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def extends(size: int, root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the newer tree begins with the older one (RFC 9162, 2.1.4.2)."""
    if size == new_size:
        return root == new_root and not proof
    if size == 0:
        return root == EMPTY_ROOT and not proof
    if size > new_size or not proof:
        return False
    path = [root, *proof] if size & (size - 1) == 0 else [*proof]
    at, last = size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, each)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root and new == new_root


def _split(width: int) -> int:
    """The largest power of two below a width."""
    return int(1 << (width - 1).bit_length() - 1)
