"""The two search engines with nothing of ours round them: the same words, already cut, in their own fields."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import tantivy
from whoosh import index as whoosh_index
from whoosh.analysis import RegexTokenizer
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.query import And, Every, Phrase, Term
from whoosh.sorting import FieldFacet

from portal.search.documents import Document
from portal.search.engine import Query
from portal.search.facts import ordinal
from portal.search.terms import lines, terms
from portal.search.tokens import phrases, tokens

COUNTED = ("kind", "department", "year", "region", "outcome")


class Cut(NamedTuple):
    """A document as a bare engine takes it: its tokens with blanks between them, and its values."""

    number: str
    text: str
    values: dict[str, str]
    published: int
    inspected: int


class Bare(Protocol):
    """An engine without us."""

    def fill(self, documents: Iterable[Cut]) -> None: ...

    def ask(self, query: Query) -> int: ...


def cut(documents: Iterable[Document], spelled: bool = False) -> Iterator[Cut]:
    """:param spelled: every token that the portal keeps, pinyin and numbers too; else pairs alone."""
    for each in documents:
        words: Iterable[str] = (token.text for token in terms(each)) if spelled else _pairs(each)
        values = {
            "kind": each.kind,
            "department": each.department,
            "year": str(each.year),
            "region": each.region,
            "outcome": next(iter(each.outcomes), ""),
        }
        yield Cut(each.number, " ".join(words), values, ordinal(each.published_on), ordinal(each.happened_on))


def _pairs(document: Document) -> Iterator[str]:
    for line, _ in lines(document):
        yield from (token.text for token in tokens(line))
        yield "\x1f"  # no phrase runs from one line into the next


def looked_for(query: Query) -> list[list[str]]:
    """Tokens that follow each other, for each word."""
    return [list(each) for word in query.words for each in phrases(word)]


class BareWhoosh:
    """Whoosh with its own text field, sorting and facets."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, documents: Iterable[Cut]) -> None:
        self.path.mkdir(parents=True)
        values = {name: ID(sortable=True) for name in COUNTED}
        days = {name: NUMERIC(sortable=True) for name in ("published", "inspected")}
        text = TEXT(analyzer=RegexTokenizer(r"\S+"), phrase=True)
        schema = Schema(number=ID(stored=True), text=text, **values, **days)
        writer = whoosh_index.create_in(str(self.path), schema).writer()
        for each in documents:
            writer.add_document(
                number=each.number,
                text=each.text,
                published=each.published,
                inspected=each.inspected,
                **each.values,
            )
        writer.commit()

    def open(self) -> "BareWhoosh":
        self._searcher = whoosh_index.open_dir(str(self.path)).searcher()
        return self

    def ask(self, query: Query) -> int:
        """The newest page, the number of all, and how many of each value."""
        parts: list[Any] = [
            Phrase("text", each) if len(each) > 1 else Term("text", each[0]) for each in looked_for(query)
        ]
        parts += [Term(name, value) for name, value in query.filters.items()]
        facets = {name: FieldFacet(name) for name in COUNTED} if query.facets else None
        found = self._searcher.search_page(
            And(parts) if parts else Every(),
            query.page,
            pagelen=query.size,
            sortedby=None if query.sort == "relevance" else query.sort,
            reverse=query.sort != "relevance",
            groupedby=facets,
        )
        if facets:
            for name in COUNTED:
                found.results.groups(name)
        return len(list(found))


class BareTantivy:
    """tantivy with its own text field, fast fields and aggregations."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self, documents: Iterable[Cut]) -> None:
        self.path.mkdir(parents=True)
        ix = tantivy.Index(_tantivy_schema(), path=str(self.path))
        writer = ix.writer(heap_size=256_000_000)
        for each in documents:
            made = tantivy.Document()
            made.add_text("number", each.number)
            made.add_text("text", each.text)
            made.add_integer("published", each.published)
            made.add_integer("inspected", each.inspected)
            for name, value in each.values.items():
                made.add_text(name, value)
            writer.add_document(made)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> "BareTantivy":
        ix = tantivy.Index.open(str(self.path))
        ix.reload()
        self._schema, self._searcher = ix.schema, ix.searcher()
        return self

    def ask(self, query: Query) -> int:
        """The newest page, the number of all, and how many of each value."""
        wanted = self._query(query)
        found = self._searcher.search(
            wanted,
            limit=query.size,
            count=True,
            offset=query.offset,
            order_by_field=None if query.sort == "relevance" else query.sort,
        )
        for _, address in found.hits:
            self._searcher.doc(address)
        if query.facets:
            self._searcher.aggregate(
                wanted, {name: {"terms": {"field": name, "size": 50}} for name in COUNTED}
            )
        return int(found.count or 0)

    def _query(self, query: Query) -> tantivy.Query:
        parts = [
            tantivy.Query.phrase_query(self._schema, "text", list(each))
            if len(each) > 1
            else tantivy.Query.term_query(self._schema, "text", each[0])
            for each in looked_for(query)
        ]
        parts += [
            tantivy.Query.term_query(self._schema, name, value) for name, value in query.filters.items()
        ]
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in parts])


def _tantivy_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("number", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    for name in COUNTED:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("published", "inspected"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


BARE: dict[str, type[BareWhoosh] | type[BareTantivy]] = {"whoosh": BareWhoosh, "tantivy": BareTantivy}


def opened(folder: Path, engine: str, documents: Iterable[Document]) -> BareWhoosh | BareTantivy:
    """A bare index of documents, filled when it is not there."""
    path = folder / f"bare-{engine}"
    bare = BARE[engine](path)
    done = path / "filled"
    if not done.exists():
        shutil.rmtree(path, ignore_errors=True)
        bare.fill(cut(documents))
        done.touch()
    return bare.open()


def first(documents: Iterable[Document], count: int) -> Sequence[Document]:
    return [each for _, each in zip(range(count), documents, strict=False)]
