"""The tree of RFC 6962 over SHA-256: leaves, nodes, roots. Pure; nothing here knows what an entry says."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The hash of one entry's bytes (RFC 6962, 2.1: prefix 0)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side (RFC 6962, 2.1: prefix 1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that must be kept of a tree to go on growing it: the roots of its complete subtrees.

    There is one root for each 1 in the binary form of ``size``, widest subtree first, so a million entries
    need seven hashes and one more entry costs on average two.

    >>> Frontier().add(leaf_hash(b"")).root().hex()
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    """

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def add(self, leaf: bytes) -> "Frontier":
        """The frontier with one more leaf, given by its :func:`leaf_hash`."""
        return self.grown(self.completes(leaf))

    def grown(self, completed: Sequence[bytes]) -> "Frontier":
        """The frontier with one more leaf, given by what it :meth:`completes`."""
        return Frontier(self.size + 1, (*self.roots[: len(self.roots) - len(completed) + 1], completed[-1]))

    def completes(self, leaf: bytes) -> list[bytes]:
        """The roots of all subtrees that one more leaf completes, by height from 0, the leaf itself, on."""
        found, size = [leaf], self.size
        while size & 1:  # a complete subtree of the tail's width stands at the right edge: join them
            found.append(node_hash(self.roots[-len(found)], found[-1]))
            size >>= 1
        return found

    def root(self) -> bytes:
        """The tree's root (MTH); of the empty tree, the hash of nothing."""
        if not self.roots:
            return EMPTY_ROOT
        *wider, whole = self.roots
        for left in reversed(wider):
            whole = node_hash(left, whole)
        return whole

    def to_text(self) -> str:
        """The roots in hex, widest first, one blank between them, as ``LedgerHead.frontier`` keeps them."""
        return " ".join(root.hex() for root in self.roots)

    @classmethod
    def from_text(cls, size: int, text: str) -> "Frontier":
        """Read back what :meth:`to_text` wrote.

        :raises ValueError: when the text can not be the frontier of a tree of ``size`` leaves.
        """
        roots = tuple(bytes.fromhex(part) for part in text.split())
        if size < 0 or len(roots) != size.bit_count() or any(len(root) != 32 for root in roots):
            raise ValueError(f"this is not the frontier of a tree of {size} leaves: {text!r}")
        return cls(size, roots)


def frontier_of(leaves: Iterable[bytes]) -> Frontier:
    """The frontier of a whole list of leaf hashes, in their order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.add(leaf)
    return frontier


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a whole list of leaf hashes, in their order."""
    return frontier_of(leaves).root()
