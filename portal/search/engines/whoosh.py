"""The embedded engine, to about 100,000 records: Whoosh keeps the postings, arrays do the rest.

Whoosh never calls fsync and its readers meet vanishing files while it writes. So the index is a disposable
cache, a whole generation is opened before anything is read from it, and a generation that vanished
meanwhile is opened anew.
"""

import logging
import pickle
import zlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import reduce
from pathlib import Path
from struct import error as StructError
from threading import Lock
from time import sleep
from typing import Any, TypeVar

import numpy as np
from whoosh import fields, index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import ReaderClosed
from whoosh.writing import MERGE_SMALL, OPTIMIZE, SegmentWriter

from portal.errors import Refused
from portal.search.documents import Document
from portal.search.engine import START, Answer, Damaged, NotReady, Position, Query
from portal.search.engines.postings import BlockCodec, Found, Terms, TextField, common
from portal.search.facts import Columns, Ids, pack, text_of
from portal.search.passing import Matches, answer
from portal.words import say

Result = TypeVar("Result")
log = logging.getLogger(__name__)

BOOKMARK = "@position"  # the one document that is no publication: its facts are empty
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


def schema() -> fields.Schema:
    """The fields: never pickled into use, always given at opening, so that code decides."""
    return fields.Schema(
        number=fields.ID(unique=True), text=TextField(), facts=fields.COLUMN(), bookmark=fields.STORED()
    )


class Busy(Refused):
    """Another program writes to the index now."""


class Segment:
    """One opened segment: its terms, and its facts in memory. Its deletions come with each generation."""

    def __init__(self, storage: FileStorage, segment: Any) -> None:
        codec = segment.codec()
        self._text = schema()["text"]
        self._terms = codec.terms_reader(storage, segment)
        per_document = codec.per_document_reader(storage, segment)
        try:
            self.columns, self.position = _read(per_document, segment.doc_count_all())
        finally:
            per_document.close()
        self.is_publication = np.array([bool(number) for number in self.columns.numbers], np.bool_)

    def matches(self, query: Query, deleted: Collection[int]) -> Matches:
        """The live documents that the text matches; all of them when there is no text."""
        live = self.is_publication.copy()
        live[list(deleted)] = False
        live[self._unwanted(query)] = False
        if not query.wanted:
            ids = np.flatnonzero(live).astype(np.int64)
            return Matches(self.columns, ids, np.zeros(len(ids)))
        found = self._found(query)
        is_live = live[found.ids]
        return Matches(self.columns, found.ids[is_live], found.first[is_live] / 1000)

    def _found(self, query: Query) -> Found:
        """Documents with every phrase, and in ``first`` the share in thousandths that stands in the names."""
        terms = Terms(self._terms, "text", self._text.format)
        ids: Any = None
        named = np.zeros(len(self.columns.numbers), np.int64)
        for phrase in query.phrases:
            found = terms.phrase(phrase)
            in_names = found.first + len(phrase) <= self.columns.values["names_end"][found.ids]
            named[found.ids[in_names]] += 1
            ids = found.ids if ids is None else common(ids, found.ids)
        if ids is None:
            ids = np.empty(0, np.int64)
        return Found(ids, named[ids] * 1000 // max(len(query.phrases), 1))

    def _unwanted(self, query: Query) -> Ids:
        """Documents that have an unwanted word."""
        terms = Terms(self._terms, "text", self._text.format)
        gone = [reduce(common, map(terms.ids, word)) for word in query.unwanted_phrases]
        return np.concatenate([np.empty(0, np.int64), *gone])

    def check(self) -> None:
        """Walk the terms and unpack the postings written last: what a power cut leaves short fails here."""
        last = max((term for term in self._terms.terms()), default=None)
        if last is not None:
            list(self._terms.matcher(*last, self._text.format).all_ids())

    def close(self) -> None:
        self._terms.close()


def _read(per_document: Any, count: int) -> tuple[Columns, Position | None]:
    """The facts of a segment's documents and, when the bookmark is among them, the position."""
    if not count:
        return Columns.of([]), None
    column = per_document.column_reader("facts", fields.COLUMN().column_type)
    packed = [column[at] for at in range(count)]
    bookmarks = (per_document.stored_fields(at)["bookmark"] for at, value in enumerate(packed) if not value)
    return Columns.of(packed), max((Position(*each) for each in bookmarks), default=None)


class Generation:
    """One commit, opened whole: nothing of it can vanish any more."""

    def __init__(self, number: int, opened: Sequence[tuple[Segment, frozenset[int]]]) -> None:
        self.number = number
        self.opened = opened

    @property
    def position(self) -> Position:
        """The bookmark's; deleted ones are older, and a ledger only grows."""
        return max((each.position for each, _ in self.opened if each.position), default=START)

    def ask(self, query: Query) -> Answer:
        matched = [segment.matches(query, deleted) for segment, deleted in self.opened]
        return answer(query, matched, self.position.entry)


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

    def put(
        self, documents: Sequence[Document], drop: Collection[str], position: Position, *, purge: bool = False
    ) -> None:
        """:raises Busy: when another program writes to the index now."""
        writer = self._writer()
        try:
            newest = {document.number: document for document in documents}
            for number in {*newest, *drop, BOOKMARK}:
                writer.delete_by_term("number", number)
            for document in newest.values():
                writer.add_document(number=document.number, text=text_of(document), facts=pack(document))
            writer.add_document(number=BOOKMARK, facts=b"", bookmark=tuple(position))
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=OPTIMIZE if purge else MERGE_SMALL)

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
                raise NotReady(
                    say("全文检索正在恢复。请过几分钟再查，或者先按编号、类别、部门和年份浏览。")
                ) from error

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

    def _writer(self) -> SegmentWriter:
        """Not ``compound``: that would copy the whole index into every reader's memory at each commit."""
        if not index.exists_in(str(self.path)):
            self.path.mkdir(parents=True, exist_ok=True)
            index.create_in(str(self.path), schema())
        try:
            return index.open_dir(str(self.path), schema=schema()).writer(compound=False, codec=BlockCodec())
        except index.LockError as error:
            raise Busy(say("另一个程序正在写入检索索引，本次跳过；下一次会从中断处继续。")) from error
