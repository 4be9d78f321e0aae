"""The postings on disk in whole blocks, and finding phrases in them with arrays.

Whoosh pickles every posting's value by itself and its ``Phrase`` walks spans document by document: 有限公司 in
20,000 records took 190 ms. Here a block is three arrays, read at one stroke, and a phrase is an
intersection of integers. The overridden methods are private; the version of Whoosh is pinned for that.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3LeafMatcher, W3PostingsWriter
from whoosh.fields import FieldType
from whoosh.formats import Format

from portal.search.documents import Document
from portal.search.facts import Ids
from portal.search.terms import keys, placed

INTEGER = "<u4"
INTEGER_BYTES = 4
BLOCK = 512  # postings
POSITION_BITS = 24  # a document of 16 million tokens is cut, not refused
MAXIMUM = (1 << POSITION_BITS) - 1


class Positions(Format):  # type: ignore[misc]
    """The positions of a term in a document as little-endian 32-bit integers, read by the block."""

    def fixed_value_size(self) -> int:
        return -1


class TextField(FieldType):  # type: ignore[misc]
    """A field of folded tokens with positions; never scored, never stored."""

    def __init__(self) -> None:
        self.format = Positions()
        self.stored = self.unique = False
        self.indexed = self.scorable = True  # lengths: without them Whoosh looks for their file per posting
        self.spelling = self.multitoken_query = self.vector = None
        self.column_type = None
        self.analyzer = None

    def index(self, value: Document, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each distinct token of a document with its positions, ascending, as Whoosh wants them."""
        found: dict[str, list[int]] = {key: [0] for key in keys(value)}
        for start, line in placed(value):
            if start + len(line.texts) > MAXIMUM:
                break
            for text, position in zip(line.texts, line.positions, strict=True):
                found.setdefault(text, []).append(start + position)
        for text, positions in found.items():
            yield text.encode(), len(positions), 1.0, struct.pack(f"<{len(positions)}I", *positions)


class Block(NamedTuple):
    """Documents, ascending, with how many bytes each one's value has, and the values in a row."""

    ids: Ids
    lengths: Ids
    values: bytes


class BlockWriter(W3PostingsWriter):  # type: ignore[misc]
    """Writes a block's ids and values as arrays."""

    def _mini_ids(self) -> bytes:
        return np.array(self._ids, INTEGER).tobytes()

    def _mini_values(self) -> tuple[bytes, bytes]:
        values = self._values or [b""] * len(self._ids)  # Whoosh keeps no empty ones
        return np.fromiter(map(len, values), INTEGER, len(values)).tobytes(), b"".join(values)


class BlockReader(W3LeafMatcher):  # type: ignore[misc]
    """Reads blocks; one posting at a time too, as Whoosh does when it merges and deletes."""

    def block(self) -> Block:
        self._read_data()
        ids, _, (lengths, values) = self._data
        return Block(
            np.frombuffer(ids, INTEGER).astype(np.int64),
            np.frombuffer(lengths, INTEGER).astype(np.int64),
            values,
        )

    def blocks(self, within: Ids | None) -> Iterator[Block]:
        """Every block, or those with a document of ``within``; the others are not unpacked."""
        reached = 0
        while self.is_active():
            wanted = within is None
            if within is not None:
                end = int(np.searchsorted(within, self.block_max_id(), "right"))
                wanted, reached = end > reached, end
            if wanted:
                yield self.block()
            self._next_block()

    def _read_ids(self) -> None:
        self._ids = self.block().ids.tolist()

    def _read_values(self) -> None:
        _, lengths, values = self.block()
        ends = np.cumsum(lengths).tolist()
        self._values = [values[start:end] for start, end in zip([0, *ends], ends, strict=False)]


class BlockCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with postings in arrays."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> BlockWriter:
        return BlockWriter(dbfile, blocklimit=BLOCK, byteids=byteids, compression=1)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Format, term: Any = None, scorer: Any = None
    ) -> BlockReader:
        return BlockReader(dbfile, *terminfo.extent(), format_, term=term, scorer=scorer)


class Found(NamedTuple):
    """Where a phrase is: documents, ascending, and the position of its first occurrence in each."""

    ids: Ids
    first: NDArray[np.int64]


class Terms:
    """The terms of one segment's text field."""

    def __init__(self, terms_reader: Any, field: str, format_: Format) -> None:
        self._terms, self._field, self._format = terms_reader, field, format_

    def phrase(self, words: Sequence[str]) -> Found:
        """Where the words follow each other. The rarest is read first, the others only where it is."""
        terms = [(self._field, word.encode()) for word in words]
        if any(term not in self._terms for term in terms):
            return Found(np.empty(0, np.int64), np.empty(0, np.int64))
        rarest_first = sorted(enumerate(terms), key=lambda each: self._terms.doc_frequency(*each[1]))
        starts: Ids | None = None
        for offset, term in rarest_first:
            within = None if starts is None else _firsts(starts).ids
            here = self._places(term, within) - offset
            starts = here if starts is None else common(starts, here)
            if not len(starts):
                break
        return _firsts(starts if starts is not None else np.empty(0, np.int64))

    def any_of(self, ways: Sequence[Sequence[str]]) -> Found:
        """Where any of some phrases is, with the first of their first occurrences."""
        found = [self.phrase(way) for way in ways]
        if len(found) == 1:
            return found[0]
        places = [(each.ids << POSITION_BITS) | each.first for each in found]
        return _firsts(np.unique(np.concatenate([np.empty(0, np.int64), *places])))

    def _places(self, term: tuple[str, bytes], within: Ids | None) -> Ids:
        """Document and position of each occurrence in one integer, ascending."""
        blocks = list(self._terms.matcher(*term, self._format).blocks(within))
        if not blocks:
            return np.empty(0, np.int64)
        ids = np.concatenate([block.ids for block in blocks])
        lengths = np.concatenate([block.lengths for block in blocks])
        positions = np.frombuffer(b"".join(block.values for block in blocks), INTEGER).astype(np.int64)
        return (ids.repeat(lengths // INTEGER_BYTES) << POSITION_BITS) | positions


def common(some: Ids, others: Ids) -> Ids:
    """What is in both of two ascending arrays without doubles; quick when the first is short."""
    if not len(some) or not len(others):
        return np.empty(0, np.int64)
    at = np.searchsorted(others, some)
    at[at == len(others)] = 0
    both: Ids = some[others[at] == some]
    return both


def _firsts(places: Ids) -> Found:
    """The first place in each document, of ascending places."""
    ids = places >> POSITION_BITS
    is_first = np.ones(len(ids), np.bool_)
    is_first[1:] = ids[1:] != ids[:-1]
    return Found(ids[is_first], places[is_first] & MAXIMUM)
