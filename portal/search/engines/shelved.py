"""What tantivy keeps of a document: its fields, and a document in them."""

from datetime import date
from functools import lru_cache

import tantivy

from portal.search.documents import Document
from portal.search.engine import Position
from portal.search.facts import ordinal
from portal.search.terms import LONGEST_KEPT, keys, line_terms, lines

BOOKMARK, FILLER = "@position", "@filler"  # numbers of documents that are no publications
NO_DAY = "0001-01-01"
LABELS = ("kind", "department", "year", "region", "outcome", "state", "entity")
SPLIT = "\x1f"


def schema() -> tantivy.Schema:
    """The fields. Words are found in ``text``, own names again in ``names``, so that a match there tells a name."""
    builder = tantivy.SchemaBuilder()
    for name in ("number", "bookmark"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("keys", tokenizer_name="raw", index_option="basic")
    for name in ("text", "names"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    for name in LABELS:
        is_counted = name != "entity"
        builder.add_text_field(name, fast=is_counted, tokenizer_name="raw", index_option="basic")
    for name in ("by_published", "by_inspected"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("published", "inspected"):
        builder.add_integer_field(name, fast=True, indexed=True)
    return builder.build()


def shelved(document: Document) -> tantivy.Document:
    """A document as tantivy takes it. Each line is a value of its own: tantivy leaves a gap between them."""
    made = tantivy.Document()
    made.add_text("number", document.number)
    for key in keys(document):
        made.add_text("keys", key)
    names = set(document.names)
    for line, is_name in lines(document):
        words = _words(line, is_name)
        made.add_pre_tokenized_text("text", words)
        if line in names:
            made.add_pre_tokenized_text("names", words)
    for name, values in _labels(document).items():
        for value in filter(None, values):
            made.add_text(name, value)
    newest = f"{_day(document.published_on)}{SPLIT}{document.number}"
    made.add_text("by_published", newest)
    made.add_text("by_inspected", f"{_day(document.happened_on)}{SPLIT}{newest}")
    made.add_integer("published", ordinal(document.published_on))
    made.add_integer("inspected", ordinal(document.happened_on))
    return made


def bookmark(position: Position) -> tantivy.Document:
    """The document that is no publication: how far the index followed the ledger."""
    made = tantivy.Document()
    made.add_text("number", BOOKMARK)
    made.add_text("bookmark", f"{position.entry} {position.leaf_hash}")
    return made


def filler() -> tantivy.Document:
    """A document without words, of which purging makes segments."""
    made = tantivy.Document()
    made.add_text("number", FILLER)
    return made


def number_of(order_key: str) -> str:
    """The number at the end of what hits are ordered by."""
    return order_key.rpartition(SPLIT)[2]


def _labels(document: Document) -> dict[str, tuple[str, ...]]:
    return {
        "kind": (document.kind,),
        "department": (document.department,),
        "year": (str(document.year or ""),),
        "region": (document.region,),
        "outcome": document.outcomes,
        "state": document.states,
        "entity": (document.entity_code,),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else NO_DAY


def _words(line: str, is_name: bool) -> tantivy.PreTokenizedString:
    return _kept(line, is_name) if len(line) <= LONGEST_KEPT else _made(line, is_name)


def _made(line: str, is_name: bool) -> tantivy.PreTokenizedString:
    found = [tantivy.Token(text, position, 0, 0) for text, position in line_terms(line, is_name).tokens]
    return tantivy.PreTokenizedString("", found)


_kept = lru_cache(maxsize=4096)(_made)
