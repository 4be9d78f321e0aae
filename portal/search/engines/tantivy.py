"""The engine for large sites: tantivy keeps words, facts and order, and answers from memory-mapped files.

Each ``put`` opens a writer, commits and waits for the merges that its commit began, so that no writer is left
standing in another program's way. Readers look at the commit's date before each answer: that costs less
than a microsecond and sees what another program committed.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

import tantivy

from portal.search.documents import Document
from portal.search.engine import (
    BEING_WRITTEN,
    FACETS,
    RECOVERING,
    START,
    Answer,
    Busy,
    Damaged,
    NotReady,
    Position,
    Query,
)
from portal.search.engines import answered, purging, shelved
from portal.search.engines.nearby import near
from portal.search.engines.shelved import BOOKMARK
from portal.search.engines.sought import term

Result = TypeVar("Result")
log = logging.getLogger(__name__)

UNREADABLE = (OSError, ValueError, RuntimeError)
FEW, MANY_BYTES, FEW_BYTES = 1_000, 200_000_000, 30_000_000  # documents of a put; memory of its writer


class Commit(NamedTuple):
    """One commit, opened whole."""

    stamp: tuple[int, int, int]
    searcher: tantivy.Searcher
    counted: answered.Counting
    position: Position


class TantivyEngine:
    """An index in one folder, made by the first ``put``; threads ask at the same time.

    :param kept: how many questions' counts are kept until the next commit.
    :param few: what matches is fetched whole when there is no more of it.
    """

    def __init__(self, path: Path, kept: int = answered.KEPT, few: int = answered.FEW) -> None:
        self.path = path
        self._kept, self._few = kept, few
        self._meta = path / "meta.json"
        self._lock = Lock()
        self._index: tantivy.Index | None = None
        self._commit: Commit | None = None

    def position(self) -> Position:
        return START if self._is_empty else self._reading(lambda commit: commit.position)

    def ask(self, query: Query) -> Answer:
        if self._is_empty:  # a new office that has published nothing: no hits, not an error
            facets: dict[str, dict[str, int]] = {field: {} for field in query.facets if field in FACETS}
            return Answer(0, [], facets, START.entry)
        return self._reading(lambda commit: self._answer(commit, query))

    def near(self, tokens: Sequence[str], limit: int) -> Sequence[str]:
        return [] if self._is_empty else self._reading(lambda commit: near(commit.searcher, tokens, limit))

    def put(
        self, documents: Sequence[Document], drop: Collection[str], position: Position, *, purge: bool = False
    ) -> None:
        newest = {document.number: document for document in documents}
        with self.writing(MANY_BYTES if len(newest) > FEW else FEW_BYTES) as writer:
            for number in {*newest, *drop}:
                writer.delete_documents_by_term("number", number)
            for document in sorted(newest.values(), key=shelved.newest, reverse=True):
                writer.add_document(shelved.shelved(document))  # newest first: see decision 50
            if not purge:
                _mark(writer, position)
            writer.commit()
        if purge:  # the position moves when the words have left: killed before, all of it is done again
            purging.purge(self.path, self.writing)
            with self.writing() as writer:
                _mark(writer, position)
                writer.commit()

    def check(self) -> None:
        if self._is_empty:
            return
        try:
            with self._lock:
                self._forget()
                commit = self._newest()
            self._answer(commit, Query())
            purging.read_through(self.path)
        except UNREADABLE as error:
            raise Damaged(str(self.path)) from error

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _answer(self, commit: Commit, query: Query) -> Answer:
        return answered.answer(commit.searcher, commit.counted, query, commit.position.entry, self._few)

    @property
    def _is_empty(self) -> bool:
        return not self._meta.exists()

    def _reading(self, read: Callable[[Commit], Result]) -> Result:
        """Read from the newest commit.

        :raises NotReady: when the index can not be read.
        """
        try:
            with self._lock:
                commit = self._newest()
            return read(commit)
        except UNREADABLE as error:
            log.exception("the search index can not be read")
            self.close()
            raise NotReady(RECOVERING) from error

    def _newest(self) -> Commit:
        """The newest commit; the date is read first, so that one which comes meanwhile is seen next time."""
        meta = self._meta.stat()
        stamp = (meta.st_mtime_ns, meta.st_ino, meta.st_size)
        if self._commit is None or self._commit.stamp != stamp:
            if self._index is None:
                self._index = tantivy.Index.open(str(self.path))
                self._index.config_reader("manual")
            self._index.reload()
            searcher = self._index.searcher()
            self._commit = Commit(stamp, searcher, answered.counting(self._kept), _position(searcher))
        return self._commit

    def _forget(self) -> None:
        self._index, self._commit = None, None

    @contextmanager
    def writing(self, memory: int = FEW_BYTES) -> Iterator[tantivy.IndexWriter]:
        """The only writer; what it did not commit is not there.

        :raises Busy: when another program writes to the index now.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(shelved.schema(), str(self.path))
        try:
            writer = index.writer(memory, 1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            raise Busy(BEING_WRITTEN) from error
        try:
            yield writer
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()


def _mark(writer: tantivy.IndexWriter, position: Position) -> None:
    writer.delete_documents_by_term("number", BOOKMARK)
    writer.add_document(shelved.bookmark(position))


def _position(searcher: tantivy.Searcher) -> Position:
    """The bookmark's; an index without one was never committed to by us."""
    hits = searcher.search(term("number", BOOKMARK), 1, False).hits
    if not hits:
        return START
    entry, leaf_hash = str(searcher.doc(hits[0][1]).get_first("bookmark")).split(" ")
    return Position(int(entry), leaf_hash)
