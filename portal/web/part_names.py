"""A part of a record, by its path, as a page names it: 第1项 处理情况."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from portal.publications.fields import Kind
from portal.web.rendering import named

EXCERPT = 24  # letters by which a part is recognised


def part_name(kind: Kind, path: str) -> str:
    """The part's name; the path itself where the kind has no such part."""
    name, _slash, rest = path.partition("/")
    field = kind.by_name.get(name)
    if field is None:
        return path
    at, _slash, column = rest.partition("/")
    inner = next((each for each in field.rows if each.name == column), None)
    if not rest or inner is None or not at.isdigit():
        return named(field)
    return f"{_('第%(n)s项', n=int(at) + 1)} {named(inner)}"


def part_with_words(kind: Kind, path: str, fields: Mapping[str, Any]) -> str:
    """Its name and how its released words begin."""
    name, _slash, rest = path.partition("/")
    at, _slash, column = rest.partition("/")
    value = fields[name][int(at)][column] if rest else fields[name]
    text = value if isinstance(value, str) else "、".join(str(each.get("label", "")) for each in value)
    return f"{part_name(kind, path)}{_('：')}{text[:EXCERPT]}{'…' if len(text) > EXCERPT else ''}"
