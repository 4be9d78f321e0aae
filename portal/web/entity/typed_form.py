"""What was typed on the form: as it came, as a draft keeps it, as a filing."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.objections.filing import Filing
from portal.web.typed import storable, whole_number

Typed = dict[str, Any]

WORDS = ("text", "entity_name", "objector_name", "phone", "email", "postal_address")
CHOICES = {"party": ("entity", "agent"), "send": ("electronic", "post")}
LISTS = ("grounds", "items")
LONGEST_KEPT = 100_000  # characters; what is longer than a filing may be is kept until it is shortened
MOST_CHOSEN = 200


def typed_in(form: MultiDict[str, str]) -> Typed:
    """What a form says. Nothing is refused here."""
    words = {name: _plain(form.get(name, "")) for name in WORDS}
    chosen = {name: _one_of(form.get(name, ""), allowed) for name, allowed in CHOICES.items()}
    lists = {name: [_plain(each) for each in form.getlist(name)[:MOST_CHOSEN]] for name in LISTS}
    return {**words, **chosen, **lists, "unmarked": bool(form.get("unmarked"))}


def nothing_typed() -> Typed:
    """An empty form."""
    return typed_in(MultiDict())


def as_form(kept: Mapping[str, Any]) -> Typed:
    """A kept draft, with whatever a newer form has beside it."""
    return nothing_typed() | dict(kept)


def filing_of(number: str, typed: Typed, language: str) -> Filing:
    """The filing that a form stands for."""
    items = [whole_number(each) for each in typed["items"]]
    return Filing(
        result_number=number,
        grounds=tuple(dict.fromkeys(typed["grounds"])),
        text=typed["text"],
        party=typed["party"],
        entity_name=typed["entity_name"],
        objector_name=typed["objector_name"],
        phone=typed["phone"],
        email=typed["email"],
        postal_address=typed["postal_address"],
        items=tuple(-1 if each is None else each for each in items),
        shows_mark=not typed["unmarked"],
        electronic=typed["send"] == "electronic",
        language=language,
    )


def is_empty(typed: Typed) -> bool:
    """Whether nothing was typed or chosen that would be lost."""
    return not any(typed[name] for name in (*WORDS, *LISTS))


def _plain(text: str) -> str:
    text = storable(text).replace("\r\n", "\n").replace("\0", "")
    return text[:LONGEST_KEPT]


def _one_of(given: str, allowed: tuple[str, ...]) -> str:
    return given if given in allowed else allowed[0]
