"""What recognisers found in a batch, kind by kind: decided together, exceptions one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.publications.deciding import Decision
from portal.publications.findings import Found, place_of, words_of
from portal.publications.oddities import Row
from portal.redaction.recognising.finding import CALLED
from portal.words import Sentence

OPEN = ("draft", "sent_back", "submitted")  # states in which marks can still be changed
AROUND = 24  # characters of context on either side of the words
MOST_SHOWN = 1000  # findings of one kind on one page


@dataclass(frozen=True)
class Seen:
    """One finding as it stood on the page: of which revision, at which step."""

    row: Row
    found: Found

    @property
    def pick(self) -> str:
        """Its name on the form: revision, step, place."""
        revision = self.row.revision
        return f"{revision.id}.{revision.step_id}.{self.found.key}"

    @property
    def place(self) -> Sentence:
        return place_of(self.row.revision.kind, self.found.path)

    @property
    def pieces(self) -> tuple[str, str, str]:
        """What stands before the words, the words, what stands after them."""
        words, start, end = words_of(self.row.revision.content, self.found), self.found.start, self.found.end
        if start is None or end is None:
            return "", words, ""
        whole = words_of(self.row.revision.content, {"path": self.found.path, "start": None, "end": None})
        return whole[max(start - AROUND, 0) : start], words, whole[end : end + AROUND]


@dataclass(frozen=True)
class KindOfFinding:
    """Everything of one kind that is open in a batch.

    :param sure: whether it keeps a publication waiting; else it is a prompt.
    """

    kind: str
    sure: bool
    seen: Sequence[Seen]

    @property
    def name(self) -> str:
        """In the address: ``phone``, or ``phone-maybe``."""
        return self.kind if self.sure else f"{self.kind}-maybe"

    @property
    def what(self) -> Sentence:
        return CALLED[self.kind]

    @property
    def rows(self) -> int:
        return len({each.row.revision.id for each in self.seen})

    @property
    def ground(self) -> str:
        return self.seen[0].found.finding.ground

    @property
    def basis(self) -> str:
        return self.seen[0].found.finding.basis


def kinds_of_finding(rows: Sequence[Row]) -> list[KindOfFinding]:
    """The open findings of a batch by kind, those that must be decided first."""
    found: dict[tuple[bool, str], list[Seen]] = {}
    for row in rows:
        if row.revision.state in OPEN:
            for each in row.found:
                found.setdefault((each.sure, each.kind), []).append(Seen(row, each))
    order = list(CALLED)
    keys = sorted(found, key=lambda key: (not key[0], order.index(key[1])))
    return [KindOfFinding(kind, sure, found[sure, kind][:MOST_SHOWN]) for sure, kind in keys]


@dataclass(frozen=True)
class Picked:
    """What was decided about one revision, and the step at which it was looked at."""

    revision_id: int
    step_id: int
    decisions: Sequence[Decision]


def picked(names: Sequence[str], decided: Decision) -> list[Picked]:
    """One decision for many findings, revision by revision; what is no finding's name is left out.

    >>> [one] = picked(["7.31.problem:0:4:phone", "7.31.problem:9:13:phone", "x"], Decision("", True, "privacy", "b"))
    >>> one.revision_id, one.step_id, [each.key for each in one.decisions]
    (7, 31, ['problem:0:4:phone', 'problem:9:13:phone'])
    """
    keys: dict[tuple[int, int], list[str]] = {}
    for name in names:
        revision, _, rest = name.partition(".")
        step, _, key = rest.partition(".")
        if revision.isascii() and revision.isdigit() and step.isascii() and step.isdigit() and key:
            keys.setdefault((int(revision), int(step)), []).append(key)
    return [Picked(*at, [_named(key, decided) for key in names]) for at, names in keys.items()]


def _named(key: str, decided: Decision) -> Decision:
    return Decision(key, decided.withheld, decided.ground, decided.basis, decided.reason)
