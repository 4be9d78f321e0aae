"""Columns: what filters, facets and sorting need of every document of a segment, in numpy arrays.

Built-in facets, sorting and filters of Whoosh look at one document at a time; one pass over the matching ids
with arrays answers all of them together.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.search.documents import Document
from portal.search.terms import names_end

Mask = NDArray[np.bool_]
Ids = NDArray[np.int64]

SEPARATOR = "\x1f"
MANY = "|"
TEXTS = ("kind", "department", "year", "region", "outcome", "state", "entity")
NUMBERS = ("published", "inspected", "names_end", "order")


def pack(document: Document) -> bytes:
    """One document's facts for the column file."""
    texts = (
        document.kind,
        document.department,
        str(document.year or ""),
        document.region,
        MANY.join(document.outcomes),
        MANY.join(document.states),
        document.entity_code,
    )
    numbers = (
        ordinal(document.published_on),
        ordinal(document.happened_on),
        names_end(document),
        order(document.number),
    )
    return SEPARATOR.join((document.number, *texts, *map(str, numbers))).encode()


def ordinal(day: date | None) -> int:
    """A day as a number; none is before every day."""
    return day.toordinal() if day else 0


def order(number: str) -> int:
    """A number that sorts as our numbers do as texts: by the letters, then by year and serial.

    >>> order("JG-2025-000002") < order("JG-2026-000001") < order("RW-2025-0001")
    True
    """
    letters = "".join(re.findall("[A-Z]", number))[:2].ljust(2, "A")
    digits = int("".join(re.findall("[0-9]", number)) or 0) % 10**12
    return ((ord(letters[0]) - 65) * 26 + ord(letters[1]) - 65) * 10**12 + digits


class TextColumn(NamedTuple):
    """Each document's value as an index into the labels; a label may hold several values."""

    labels: Sequence[tuple[str, ...]]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[str]) -> "TextColumn":
        labels: dict[str, int] = {}
        codes = np.fromiter(
            (labels.setdefault(value, len(labels)) for value in values), np.int64, len(values)
        )
        return cls([tuple(filter(None, label.split(MANY))) for label in labels], codes)

    def holding(self, value: str, ids: Ids) -> Mask:
        """Which of some documents hold a value."""
        fits = np.fromiter((value in label for label in self.labels), np.bool_, len(self.labels))
        return fits[self.codes[ids]] if len(fits) else np.zeros(len(ids), np.bool_)

    def counts(self, ids: Ids) -> Counter[str]:
        """How many of some documents hold each value."""
        found: Counter[str] = Counter()
        per_label = np.bincount(self.codes[ids], minlength=len(self.labels))
        for label, count in zip(self.labels, per_label.tolist(), strict=True):
            if count:
                found.update(dict.fromkeys(label, count))
        return found


class Columns(NamedTuple):
    """The facts of one segment."""

    numbers: Sequence[str]
    texts: dict[str, TextColumn]
    values: dict[str, NDArray[np.int64]]

    @classmethod
    def of(cls, packed: Iterable[bytes]) -> "Columns":
        """Unpack; an empty value, that of a document that is no publication, gives empty facts."""
        empty = SEPARATOR.join(("", *("" for _ in TEXTS), *("0" for _ in NUMBERS))).encode()
        rows = [(value or empty).decode().split(SEPARATOR) for value in packed]
        numbers, *rest = zip(*rows, strict=True) if rows else ((),) * (1 + len(TEXTS) + len(NUMBERS))
        texts, values = rest[: len(TEXTS)], rest[len(TEXTS) :]
        return cls(
            numbers,
            {name: TextColumn.of(column) for name, column in zip(TEXTS, texts, strict=True)},
            {name: np.array(column, np.int64) for name, column in zip(NUMBERS, values, strict=True)},
        )
