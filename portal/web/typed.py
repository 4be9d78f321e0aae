"""What arrives from outside, before anything believes it."""

import re

from flask import Request
from werkzeug.routing import IntegerConverter

NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST_ADDRESS = 4096  # every link of a page carries the conditions along


class RowNumber(IntegerConverter):
    """``<int:…>`` in addresses: no other script's digits, nothing longer than a database's integers."""

    regex = NUMBER.pattern


def whole_number(text: str) -> int | None:
    """A whole number of at most nine digits; None for whatever else was typed."""
    return int(text) if NUMBER.fullmatch(text) else None


def is_too_long(request: Request) -> bool:
    """Whether an address is longer than any of ours."""
    return len(request.path) + len(request.query_string) > LONGEST_ADDRESS


def has_nul(request: Request) -> bool:
    """Whether any name or value holds U+0000, which no database keeps in a text."""
    given = [request.path, *request.args.keys(), *request.form.keys()]
    given += [
        value for values in (*request.args.listvalues(), *request.form.listvalues()) for value in values
    ]
    return any("\0" in text for text in given)


def storable(text: str) -> str:
    """The text with a question mark for each half of a letter, which JSON can name and UTF-8 can not hold."""
    return text.encode("utf-8", "replace").decode()
