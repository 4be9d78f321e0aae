"""Cells of text files, so that a spreadsheet neither runs nor rewrites what it is given. Pure.

CSV knows no types: a spreadsheet guesses. Two guesses do harm, and each has its guard:

- a text that begins like a formula is run. It gets an apostrophe before it (OWASP, CSV injection);
- a text that looks like a number or a date is changed for good: ``33990020261012003`` becomes ``3.39900202610120E+16``
  and loses its last digits, ``3-5`` becomes the fifth of March. It gets a tab after it, which no spreadsheet shows and
  every one takes for text; the other known way, ``="…"``, is a formula, and we give nobody formulas.

The tab is for people, who open a file by clicking on it. A program wants the number as it is: files for programs
(bulk files, JSON Lines) have the first guard alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from portal.exports.flat import Column, Row, Value

RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # without it Excel reads Chinese in the code page of the machine

_REWRITTEN = re.compile(
    r"\d{12,}"  # shown as 3.39E+16 from twelve digits on, and cut after fifteen
    r"|0\d+"  # the zeros in front go
    r"|\d+(\.\d+)?[eE][+-]?\d+"  # a code such as 913E5
    r"|\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?"  # a date
    r"|\d{1,2}[:：]\d{1,2}([:：]\d{1,2})?"  # a time
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- /]?\d+",  # a date in English
    re.IGNORECASE,
)


def guarded(text: str) -> str:
    """The text, with an apostrophe when a spreadsheet would run it.

    >>> guarded("=1+1"), guarded("＝1+1"), guarded("示例商行")
    ("'=1+1", "'＝1+1", '示例商行')
    """
    return f"'{text}" if text.startswith(RUN) else text


def kept_as_typed(text: str) -> str:
    """The text, with a tab after it when a spreadsheet would read a number or a date in it.

    >>> kept_as_typed("33990020261012003"), kept_as_typed("3-5"), kept_as_typed("9133990075TNM5LB3J")
    ('33990020261012003\\t', '3-5\\t', '9133990075TNM5LB3J')
    """
    return f"{text}\t" if _REWRITTEN.fullmatch(text) else text


def cell(value: Value, column: Column, *, for_people: bool, words: tuple[str, str] = ("是", "否")) -> str:
    """A value as a cell of a CSV file.

    :param words: yes and no, for people; programs read ``true`` and ``false``.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return words[not value] if for_people else str(value).lower()
    if isinstance(value, int):
        return str(value)
    text = guarded(value)
    return kept_as_typed(text) if for_people and column.type == "text" else text


def lines(
    rows: Iterable[Row], columns: Sequence[Column], *, for_people: bool, words: tuple[str, str] = ("是", "否")
) -> str:
    """Rows as lines of a CSV file (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in rows:
        writer.writerow(
            cell(value, column, for_people=for_people, words=words)
            for value, column in zip(row, columns, strict=True)
        )
    return text.getvalue()


def heading(names: Iterable[str]) -> str:
    """The first line of a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerow(guarded(name) for name in names)
    return text.getvalue()
