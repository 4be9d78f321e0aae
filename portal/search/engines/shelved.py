"""What tantivy keeps of a document: its fields, and a document in them."""

from datetime import date
from functools import lru_cache

import tantivy

from portal.search.documents import Document
from portal.search.engine import Position
from portal.search.facts import ordinal
from portal.search.terms import LONGEST_KEPT, cut_line, keys, lines

BOOKMARK, FILLER = "@position", "@filler"  # numbers of documents that are no publications
EPOCH = date(1970, 1, 1).toordinal()
LABELS = ("kind", "department", "year", "region", "outcome", "state", "entity")


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
    builder.add_unsigned_field("newest", fast=True)
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
    made.add_unsigned("newest", newest(document))
    made.add_integer("published", ordinal(document.published_on))
    made.add_integer("inspected", ordinal(document.happened_on))
    return made


def bookmark(position: Position) -> tantivy.Document:
    """The document that is no publication: how far the index followed the ledger."""
    made = _apart(BOOKMARK)
    made.add_text("bookmark", f"{position.entry} {position.leaf_hash}")
    return made


def filler() -> tantivy.Document:
    """A document without words, of which purging makes segments."""
    return _apart(FILLER)


def _apart(number: str) -> tantivy.Document:
    """What is no publication has a value in each column too: one with gaps is slower to read."""
    made = tantivy.Document()
    made.add_text("number", number)
    for name in ("kind", "department", "year", "state"):
        made.add_text(name, number)
    made.add_unsigned("newest", 0)
    made.add_integer("published", 0)
    made.add_integer("inspected", 0)
    return made


def newest(document: Document) -> int:
    """Day of publication, then letters, year and serial of the number, in 64 bits: 16, 10, 8 and 30.

    Good from 1970 to 2149, for years of numbers from 1900 to 2155 and serials below a thousand million.
    """
    day = min(max(ordinal(document.published_on) - EPOCH, 0), 0xFFFF)
    letters, _, rest = document.number.partition("-")
    year, _, serial = rest.partition("-")
    first, second = ((ord(letter) - 65) % 26 for letter in letters[:2].ljust(2, "A"))
    kind = 26 * first + second
    counted = (
        (kind << 38) + (min(max(_digits(year) - 1900, 0), 0xFF) << 30) + min(_digits(serial), (1 << 30) - 1)
    )
    return (day << 48) + counted


def _digits(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


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


def _words(line: str, is_name: bool) -> tantivy.PreTokenizedString:
    return _kept(line, is_name) if len(line) <= LONGEST_KEPT else _made(line, is_name)


def _made(line: str, is_name: bool) -> tantivy.PreTokenizedString:
    texts, positions, _ = cut_line(line, is_name)
    found = [tantivy.Token(text, position, 0, 0) for text, position in zip(texts, positions, strict=True)]
    return tantivy.PreTokenizedString("", found)


_kept = lru_cache(maxsize=4096)(_made)
