"""What search knows of one publication: a pure function of its public face and its released body."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.publications.fields import Field
from portal.publications.kinds import KINDS
from portal.publications.models import Face

LIVE, CORRECTED = "live", "corrected"
CALLED = frozenset({"title", "entity_name", "task_name", "plan_name"})  # and every department
NUMBERS = frozenset(
    {"entity_code", "source_number", "task_no", "plan_no", "document_no", "item_code", "platform_draw_no"}
)


@dataclass(frozen=True)
class Document:
    """One live publication, made of released values only.

    :param lines: the released words, one line per value, in the order of the record.
    :param called: of these the names of entities, departments, tasks and plans: found by pinyin too.
    :param numbers: its own number and those that it names, found however they are typed.
    :param states: ``live`` always, ``corrected`` beside it (a correction does not replace 公示中).
    :param happened_on: inspected, drawn, in force from.
    """

    number: str
    kind: str
    title: str
    department: str
    lines: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    entity_name: str = ""
    entity_code: str = ""
    outcomes: tuple[str, ...] = ()
    year: int = 0
    region: str = ""
    states: tuple[str, ...] = (LIVE,)
    published_on: date | None = None
    happened_on: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the thing is called: a match here outranks a match in the text."""
        return (self.title,) if self.title == self.entity_name else (self.title, self.entity_name)


def document(face: Face, body: str) -> Document:
    """The document of a live face and the ``record.json`` of its release."""
    fields = json.loads(body)["fields"]
    words = list(_words(KINDS[face.kind].fields, fields))
    return Document(
        number=face.number,
        kind=face.kind,
        title=face.title,
        department=face.department_code,
        lines=(face.number, *(text for _, text in words)),
        called=tuple(dict.fromkeys(text for field, text in words if _is_called(field))),
        numbers=(face.number, *dict.fromkeys(text for field, text in words if field.name in NUMBERS)),
        entity_name=face.entity_name,
        entity_code=face.entity_code,
        outcomes=codes(face.outcomes),
        year=face.year,
        region=face.region,
        states=states(face.corrected),
        published_on=face.published_on,
        happened_on=face.happened_on,
    )


def codes(column: str) -> tuple[str, ...]:
    """The codes of a column like ``|6|1|``, each once.

    >>> codes("|6|1|6|")
    ('6', '1')
    """
    return tuple(dict.fromkeys(code for code in column.split("|") if code))


def states(corrected: bool) -> tuple[str, ...]:
    """The state flags of a live publication."""
    return (LIVE, CORRECTED) if corrected else (LIVE,)


def released_lines(kind: str, fields: Mapping[str, Any]) -> Iterator[str]:
    """The words of released fields, by the kind's allow-list; dates, numbers and flags are not words."""
    return (text for _, text in _words(KINDS[kind].fields, fields))


def released_names(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """What of the released words is called a name: found by pinyin too."""
    return [text for field, text in _words(KINDS[kind].fields, fields) if _is_called(field)]


def _is_called(field: Field) -> bool:
    return field.name in CALLED or field.type in ("department", "departments")


def _words(fields: tuple[Field, ...], values: Mapping[str, Any]) -> Iterator[tuple[Field, str]]:
    """Each released word with the field it stands in."""
    for field in fields:
        value = values.get(field.name)
        if value and field.public and field.name != "seq":
            yield from _words_of(field, value)


def _words_of(field: Field, value: Any) -> Iterator[tuple[Field, str]]:
    """A value that is withheld as a whole is its marker, a text, whatever the field's type."""
    if isinstance(value, str):
        if field.type != "date":
            yield field, value
    elif field.type in ("code", "department"):
        yield field, _label(value)
    elif field.type in ("codes", "departments"):
        yield from ((field, _label(each)) for each in value)
    elif field.type == "texts":
        yield from ((field, str(each)) for each in value)
    elif field.type == "rows":
        for row in value:
            yield from _words(field.rows, row)


def _label(value: Any) -> str:
    """The label as it was published."""
    return str(value.get("label") or value.get("code") or "") if isinstance(value, Mapping) else str(value)
