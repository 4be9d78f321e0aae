"""The form on which somebody decides about what recognisers proposed, and how proposals are read on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.db import db
from portal.people.models import Person
from portal.publications.deciding import REASONS, Decision
from portal.publications.findings import Found, place_of, words_of
from portal.publications.models import Revision
from portal.redaction.recognising.finding import CALLED as WHAT
from portal.web.staff.marking import read_ground
from portal.words import Sentence

MOST_SHOWN = 60  # on one page; the others come up as these are decided
_LONGEST_WORDS = 60


@dataclass(frozen=True)
class Waiting:
    """One proposal on the page, with what was typed about it when something was refused.

    :param choice: ``hide``, ``keep`` or empty: nothing decided yet.
    """

    number: int
    key: str
    sure: bool
    what: Sentence
    place: Sentence
    words: str
    ground: str
    basis: str
    other_basis: str
    choice: str
    reason: str
    own_reason: str


@dataclass(frozen=True)
class Kept:
    """One proposal that somebody decided to show."""

    number: int
    what: Sentence
    place: Sentence
    words: str
    reason: str
    by: str


def waiting(revision: Revision, found: Sequence[Found], form: Any) -> list[Waiting]:
    """The open proposals of a revision, numbered as they are numbered in the text."""
    typed = {form[name]: name.removeprefix("key") for name in form if name.startswith("key-")}
    return [
        _waiting(revision, number, each, form, typed.get(each.key))
        for number, each in enumerate(found[:MOST_SHOWN], start=1)
    ]


def _waiting(revision: Revision, number: int, found: Found, form: Any, at: str | None) -> Waiting:
    def typed(name: str, default: str = "") -> str:
        return str(form.get(f"{name}{at}", default)) if at else default

    return Waiting(
        number,
        found.key,
        found.sure,
        WHAT[found.kind],
        place_of(revision.kind, found.path),
        _short(words_of(revision.content, found)),
        ground=typed("ground", found.finding.ground),
        basis=typed("basis", found.finding.basis),
        other_basis=typed("other_basis"),
        choice=typed("choice"),
        reason=typed("reason"),
        own_reason=typed("own_reason"),
    )


def kept(revision: Revision) -> list[Kept]:
    """What somebody decided to show, by whom and why."""
    return [
        Kept(
            number,
            WHAT[each["kind"]],
            place_of(revision.kind, each["path"]),
            _short(words_of(revision.content, each)),
            each["reason"],
            _name(each["by"]),
        )
        for number, each in enumerate(revision.dismissed, start=1)
    ]


def read_decisions(form: Any) -> tuple[list[Decision], list[Sentence]]:
    """The decisions that a filled-in form holds; those left open are not among them."""
    decisions, reasons = [], []
    for number in (name.removeprefix("key") for name in form if name.startswith("key-")):
        choice = form.get(f"choice{number}", "")
        if choice == "hide":
            ground, basis, unclear = read_ground(form, number)
            reasons += unclear
            decisions.append(Decision(form[f"key{number}"], True, ground, basis))
        elif choice == "keep":
            listed = REASONS.get(form.get(f"reason{number}", ""), "")
            reason = form.get(f"own_reason{number}", "").strip() or str(listed)
            decisions.append(Decision(form[f"key{number}"], False, reason=reason))
    return decisions, list(dict.fromkeys(reasons))


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"


def _name(person_id: int) -> str:
    person = db.session.get(Person, person_id)
    return person.name if person else ""
