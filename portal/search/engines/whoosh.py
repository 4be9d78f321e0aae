"""The embedded engine, to about 100,000 records: Whoosh keeps the postings, arrays do the rest.

Whoosh never calls fsync and its readers meet vanishing files while it writes. So the index is a disposable
cache, a whole generation is opened before anything is read from it, and a generation that vanished
meanwhile is opened anew.
"""

import logging
import pickle
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import error as StructError
from threading import Lock
from time import sleep
from typing import Any, TypeVar

from whoosh import index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import ReaderClosed
from whoosh.writing import MERGE_SMALL, OPTIMIZE, SegmentWriter

from portal.search.documents import Document
from portal.search.engine import (
    BEING_WRITTEN,
    RECOVERING,
    START,
    Answer,
    Busy,
    Damaged,
    NotReady,
    Position,
    Query,
)
from portal.search.engines.postings import BlockCodec
from portal.search.engines.segments import BOOKMARK, Generation, Segment, schema
from portal.search.facts import pack

Result = TypeVar("Result")
log = logging.getLogger(__name__)

VANISHED = (FileNotFoundError, ReaderClosed, index.EmptyIndexError)
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,  # numpy, unicode
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ImportError,
    AssertionError,
    StructError,
    zlib.error,
    pickle.UnpicklingError,
    index.IndexError,
    index.IndexVersionError,
    index.EmptyIndexError,
)
TRIES = 8


class WhooshEngine:
    """An index in one folder, made by the first ``put``; threads ask in turn."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._segments: dict[str, Segment] = {}
        self._generation: Generation | None = None
        self._ix: index.FileIndex | None = None

    def position(self) -> Position:
        if self._is_empty:
            return START
        return self._reading(lambda generation: generation.position)

    def ask(self, query: Query) -> Answer:
        if self._is_empty:  # a new office that has published nothing: no hits, not an error
            return Generation(0, []).ask(query)
        return self._reading(lambda generation: generation.ask(query))

    def near(self, tokens: Sequence[str], limit: int) -> Sequence[str]:
        if self._is_empty:
            return []
        return self._reading(lambda generation: generation.near(tokens, limit))

    def put(
        self, documents: Sequence[Document], drop: Collection[str], position: Position, *, purge: bool = False
    ) -> None:
        """:raises Busy: when another program writes to the index now."""
        newest = {document.number: document for document in documents}
        with self.writing(OPTIMIZE if purge else MERGE_SMALL) as writer:
            for number in {*newest, *drop, BOOKMARK}:
                writer.delete_by_term("number", number)
            for document in newest.values():
                writer.add_document(number=document.number, text=document, facts=pack(document))
            writer.add_document(number=BOOKMARK, facts=b"", bookmark=tuple(position))

    def check(self) -> None:
        if self._is_empty:
            return
        try:
            with self._lock:
                self._forget()
                generation = self._newest()
                generation.ask(Query())
                for segment, _ in generation.opened:
                    segment.check()
        except UNREADABLE as error:
            raise Damaged(str(self.path)) from error

    def close(self) -> None:
        with self._lock:
            self._forget()

    @property
    def _is_empty(self) -> bool:
        return not any(self.path.glob("_MAIN_*.toc"))

    def _reading(self, read: Callable[[Generation], Result]) -> Result:
        """Read from the newest commit.

        :raises NotReady: when the index can not be read.
        """
        with self._lock:
            try:
                return self._retried(read)
            except UNREADABLE as error:
                log.exception("the search index can not be read")
                self._forget()
                raise NotReady(RECOVERING) from error

    def _retried(self, read: Callable[[Generation], Result]) -> Result:
        try:
            return read(self._newest())
        except VANISHED:
            self._forget()
            return read(self._newest())

    def _newest(self) -> Generation:
        """The newest commit. While it is being opened a writer may take its files away: then again."""
        for _ in range(TRIES):
            with suppress(*VANISHED):
                return self._open()
            sleep(0.01)
        return self._open()

    def _open(self) -> Generation:
        if self._ix is None:
            self._ix = index.open_dir(str(self.path), schema=schema())
        ix, number = self._ix, self._ix.latest_generation()
        if self._generation is not None and self._generation.number == number:
            return self._generation
        if number < 0:
            raise index.EmptyIndexError(str(self.path))
        toc = index.TOC.read(ix.storage, ix.indexname, number, schema=schema())
        kept = {segment.segment_id(): self._segment(ix.storage, segment) for segment in toc.segments}
        for name in self._segments.keys() - kept.keys():
            self._segments[name].close()
        self._segments = kept
        opened = [(kept[each.segment_id()], frozenset(each.deleted_docs())) for each in toc.segments]
        self._generation = Generation(number, opened)
        return self._generation

    def _segment(self, storage: FileStorage, segment: Any) -> Segment:
        name = segment.segment_id()
        if name not in self._segments:
            self._segments[name] = Segment(storage, segment)
        return self._segments[name]

    def _forget(self) -> None:
        for segment in self._segments.values():
            segment.close()
        self._segments, self._generation, self._ix = {}, None, None

    @contextmanager
    def writing(self, merge: Any = MERGE_SMALL) -> Iterator[SegmentWriter]:
        """The only writer; what fails within is as if it had not been begun.

        Not ``compound``: that would copy the whole index into every reader's memory at each commit.

        :raises Busy: when another program writes to the index now.
        """
        if not index.exists_in(str(self.path)):
            self.path.mkdir(parents=True, exist_ok=True)
            index.create_in(str(self.path), schema())
        try:
            writer = index.open_dir(str(self.path), schema=schema()).writer(
                compound=False, codec=BlockCodec()
            )
        except index.LockError as error:
            raise Busy(BEING_WRITTEN) from error
        try:
            yield writer
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=merge)
