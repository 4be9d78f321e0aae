"""Chinese at the source, English complete: every sentence a person can meet has its translation."""

import string
from collections.abc import Iterator
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.house.source import ROOT

PO = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "say": None}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
HINT = "run `make words`, then translate what is empty in translations/en"
SAME_IN_BOTH = {""}


@cache
def at_the_source() -> dict[str, str]:
    """Each sentence in the code or a template, with the file it stands in."""
    return dict(_extracted())


def _extracted() -> Iterator[tuple[str, str]]:
    for folder in ("portal", "templates"):
        found = extract_from_dir(ROOT / folder, method_map=METHODS, keywords=KEYWORDS)
        for name, _line, message, _comments, _context in found:
            for text in [message] if isinstance(message, str) else message:
                yield text, f"{folder}/{name}"


@cache
def english() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def translation(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_sentence_has_an_english_translation() -> None:
    known = {
        text
        for message in english()
        if all(translation(message)) and not message.fuzzy
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    missing = {text: where for text, where in at_the_source().items() if text not in known}
    assert not missing, HINT


def test_a_translation_names_the_same_values() -> None:
    """``{row}`` and ``%(name)s`` come out of the translation as they went in."""
    wrong = [
        message.id
        for message in english()
        if message.id
        and isinstance(message.id, str)
        and fields(message.id) != fields(translation(message)[0])
    ]
    assert not wrong


def fields(text: str) -> set[str]:
    """The names that a sentence puts values in for, of both ways to write them.

    >>> sorted(fields("第{row}行%(name)s"))
    ['name', 'row']
    """
    percent = {piece.split(")")[0] for piece in text.split("%(")[1:]}
    try:
        braces = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}
    except ValueError:
        braces = set()  # a lone brace in a sentence that is never formatted with braces
    return percent | braces


def test_the_compiled_catalogue_is_fresh() -> None:
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    written = {
        message.id: message.string
        for message in english()
        if message.id and message.string and not message.fuzzy and all(translation(message))
    }
    assert compiled == written, HINT


def test_no_translation_is_left_over() -> None:
    kept = {
        text
        for message in english()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    assert kept - set(at_the_source()) <= SAME_IN_BOTH, HINT
