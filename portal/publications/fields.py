"""What a field is, and what a kind of publication is: data, read by intake, the gate, pages and search."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Type = Literal[
    "text", "prose", "date", "number", "yes_no", "code", "codes", "department", "departments", "texts", "rows"
]


@dataclass(frozen=True)
class Field:
    """One field of a kind.

    :param name: the key in a revision's content and in ``record.json``.
    :param label: the Chinese label, in the words of the national schema where it has them.
    :param public: whether :func:`portal.publications.gate.release` lets it out. The default is **no**: a
        field nobody listed is withheld.
    :param table: the code table of a ``code`` or ``codes`` field.
    :param rows: the fields of each row of a ``rows`` field.
    """

    name: str
    label: str
    label_en: str
    type: Type = "text"
    public: bool = False
    required: bool = False
    table: str = ""
    rows: tuple["Field", ...] = ()


def shown(name: str, label: str, label_en: str, type: Type = "text", **more: object) -> Field:
    """A field on the allow-list."""
    return Field(name, label, label_en, type, public=True, **more)  # type: ignore[arg-type]


def internal(name: str, label: str, label_en: str, type: Type = "text", **more: object) -> Field:
    """A field that has no way out."""
    return Field(name, label, label_en, type, public=False, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Kind:
    """One of the four things that must be disclosed (G5, D1)."""

    name: str
    label: str
    label_en: str
    prefix: str
    digits: int
    plural: str  # the address: /lists/ …
    fields: tuple[Field, ...]
    title_field: str

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def tables(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.type == "rows")

    def public_fields(self) -> Iterator[Field]:
        """The allow-list."""
        return (field for field in self.fields if field.public)
