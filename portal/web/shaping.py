"""Schemas that every description of an interface is put together from."""

from collections.abc import Callable, Iterable, Mapping

from portal.web.checking import Schema
from portal.web.describing import Shape, Speak
from portal.words import Sentence

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
WHOLE: Schema = {"type": "integer"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}

Described = Mapping[str, tuple[Schema, Sentence]]


def object_of(members: Described, optional: Iterable[str] = ()) -> Callable[[Speak], Schema]:
    """A schema of an object with exactly these members, each with its sentence."""

    def build(speak: Speak) -> Schema:
        return {
            "type": "object",
            "properties": {
                name: schema | {"description": speak(says)} if says else schema
                for name, (schema, says) in members.items()
            },
            "required": [name for name in members if name not in {*optional}],
            "additionalProperties": False,
        }

    return build


def list_of(shape: Shape) -> Schema:
    """A list of some shape."""
    return {"type": "array", "items": shape.ref}
