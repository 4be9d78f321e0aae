"""What recognisers see in a record's public fields, and which of it somebody has decided about. Pure.

A finding is decided when marks cover it, or when somebody kept it (``dismissed``). Both stand where the words
stand and follow them through edits; what changed is open again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from portal.publications.fields import Field, Kind
from portal.publications.kinds import KINDS
from portal.publications.remarking import value_at
from portal.redaction.recognising.finding import Finding
from portal.redaction.recognising.proposing import propose
from portal.words import Sentence, label_of, say

Content = Mapping[str, Any]
Decided = Sequence[Mapping[str, Any]]

# names and numbers that are public by what they are; the name of a firm is its own
_PUBLIC_BY_NATURE = frozenset(
    "entity_name entity_code seq item_code source_number task_no plan_no document_no platform_draw_no rectifies".split()
)
_OF_NO_FIRM = ("list", "plan")  # what they say of a risk class (W2) or of a process is said of nobody
_NAMES = frozenset({"entity_name"})  # public, but not the number of a person that was typed behind it
_NUMBERS = frozenset({"id", "bank", "phone", "email"})
_FEWEST_DIGITS = 7
_SHORTEST = 2
_MOST_REMEMBERED = 50_000


@dataclass(frozen=True)
class Found:
    """A finding and where it stands.

    :param start: None, as in a mark: the whole field, of a field that is a list of texts.
    """

    path: str
    start: int | None
    end: int | None
    finding: Finding

    @property
    def kind(self) -> str:
        return self.finding.kind

    @property
    def sure(self) -> bool:
        return self.finding.sure

    @property
    def key(self) -> str:
        """Names it on a form: of one revision, whose content never changes."""
        return f"{self.path}:{'' if self.start is None else self.start}:{'' if self.end is None else self.end}:{self.kind}"


class _Clean(set[int]):
    """Texts in which nothing was found, by their hash in this process: most texts of a batch are the same few.

    Nothing can be read back from it, and what holds a finding is never in it.
    """

    def propose(self, text: str) -> list[Finding]:
        fingerprint = hash(text)
        if fingerprint in self:
            return []
        found = propose(text)
        if not found:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self.add(fingerprint)
        return found


_CLEAN = _Clean()


def findings(kind: str, content: Content) -> list[Found]:
    """Everything that recognisers propose for what a record would show."""
    found = [
        each
        for field, path, value in shown_texts(KINDS[kind], content)
        for each in _in_value(field, path, value)
        if not (each.kind in ("risk", "secret") and kind in _OF_NO_FIRM)
    ]
    return [*_behind_names(KINDS[kind], content), *found]


def open_findings(
    kind: str, content: Content, marks: Decided, dismissed: Decided, besides: Sequence[Found] = ()
) -> list[Found]:
    """Those nobody has decided about.

    :param besides: what was found by other means than recognisers, such as declared secrets.
    """
    kept = {key_of(each) for each in dismissed}
    found = [*findings(kind, content), *besides]
    return [each for each in found if each.key not in kept and not _is_covered(each, marks)]


def count_undecided(kind: str, content: Content, marks: Decided, dismissed: Decided) -> int:
    """How many sure ones keep a record from being published."""
    return sum(each.sure for each in open_findings(kind, content, marks, dismissed))


def key_of(dismissal: Mapping[str, Any]) -> str:
    """The :attr:`Found.key` of what somebody kept."""
    start, end = dismissal["start"], dismissal["end"]
    return f"{dismissal['path']}:{'' if start is None else start}:{'' if end is None else end}:{dismissal['kind']}"


def words_of(content: Content, place: Found | Mapping[str, Any]) -> str:
    """The words at a place, for staff."""
    path, start, end = (
        (place.path, place.start, place.end)
        if isinstance(place, Found)
        else (place["path"], place["start"], place["end"])
    )
    value = value_at(content, path)
    text = "；".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text[start:end]


def words_under(content: Content, marks: Decided) -> set[str]:
    """The texts that marks withhold, without single characters, which stand everywhere."""
    found: set[str] = set()
    for mark in marks:
        value = value_at(content, mark["path"])
        if isinstance(value, str):
            found.add(value[mark["start"] : mark["end"]])
        elif isinstance(value, list):
            found |= {each for each in value if isinstance(each, str)}
    return {each for each in found if len(each) >= _SHORTEST}


def place_of(kind: str, path: str) -> Sentence:
    """Where a path points, as a sentence names it."""
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    field = KINDS[kind].by_name[table]
    if not rest:
        return label_of(field)
    name = next(each for each in field.rows if each.name == column)
    return say("{table}第{row}行{column}", table=label_of(field), row=int(row) + 1, column=label_of(name))


def shown_texts(kind: Kind, content: Content) -> Iterator[tuple[Field, str, Any]]:
    """Every public text of a record with its path."""
    for field, columns in _written_fields(kind.name):
        value = content.get(field.name)
        if not value:
            continue
        if field.type != "rows":
            yield field, field.name, value
        elif not (field.name == "drawn" and content.get("names_shown") is False):  # the gate shows no row
            for at, row in enumerate(value):
                for each in columns:
                    yield each, f"{field.name}/{at}/{each.name}", row.get(each.name)


@cache
def _written_fields(kind: str) -> list[tuple[Field, list[Field]]]:
    """The public fields that are not public by nature, each with those of its columns that are not either."""

    def written(fields: Iterable[Field]) -> list[Field]:
        return [each for each in fields if each.public and each.name not in _PUBLIC_BY_NATURE]

    return [(field, written(field.rows)) for field in written(KINDS[kind].fields)]


def _behind_names(kind: Kind, content: Content) -> Iterator[Found]:
    """A person's number that was typed behind the name of a firm; the name itself is public."""
    for field, columns in _naming_fields(kind.name):
        if field.name == "drawn" and content.get("names_shown") is False:
            continue
        for at, row in enumerate(content.get(field.name) or [] if columns else []):
            for name in columns:
                yield from _numbers(f"{field.name}/{at}/{name}", row.get(name))
        if field.name in _NAMES:
            yield from _numbers(field.name, content.get(field.name))


@cache
def _naming_fields(kind: str) -> list[tuple[Field, list[str]]]:
    """The public fields that name somebody, or whose rows do in the columns said."""
    named = [
        (field, [each.name for each in field.rows if each.public and each.name in _NAMES])
        for field in KINDS[kind].public_fields()
    ]
    return [(field, columns) for field, columns in named if columns or field.name in _NAMES]


def _numbers(path: str, value: Any) -> Iterator[Found]:
    if isinstance(value, str) and sum(map(str.isdigit, value)) >= _FEWEST_DIGITS:
        for each in _CLEAN.propose(value):
            if each.sure and each.kind in _NUMBERS:
                yield Found(path, each.start, each.end, each)


def _in_value(field: Field, path: str, value: Any) -> Iterator[Found]:
    if field.type in ("text", "prose") and isinstance(value, str):
        for each in _CLEAN.propose(value):
            yield Found(path, each.start, each.end, each)
    elif field.type == "texts" and value:
        # a list of texts can be withheld as a whole only
        seen = [each for text in value for each in _CLEAN.propose(str(text))]
        for each in {each.kind: each for each in sorted(seen, key=lambda one: one.sure)}.values():
            yield Found(path, None, None, each)


def _is_covered(found: Found, marks: Decided) -> bool:
    table = found.path.partition("/")[0]
    spans = []
    for mark in marks:
        if mark["path"] == table and mark["start"] is None:
            return True
        if mark["path"] == found.path:
            if mark["start"] is None or found.start is None:
                return True
            spans.append((mark["start"], mark["end"]))
    if found.start is None or found.end is None:
        return False
    reached = found.start
    for start, end in sorted(spans):
        if start <= reached:
            reached = max(reached, end)
    return reached >= found.end
