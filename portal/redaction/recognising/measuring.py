"""How well the recognisers do on labelled text: recall and precision per kind, and what was masked wrongly."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.redaction.recognising.proposing import propose

# recall that must be reached, of those kinds that have a budget
BUDGETS: Mapping[str, float] = {
    "id": 0.995,
    "phone": 0.995,
    "bank": 0.995,
    "email": 0.995,
    "person": 0.90,
    "address": 0.90,
}


@dataclass
class Measure:
    """What was labelled, what of it was found exactly, and what was proposed in all, per kind.

    :param touched: values that must stay and were touched, with the id of their text.
    """

    texts: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)
    touched: list[tuple[Any, str]] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """Found of labelled; 1 where nothing is labelled."""
        return self.found[kind] / self.labelled[kind] if self.labelled[kind] else 1.0

    def precision(self, kind: str) -> float:
        """Found of proposed; 1 where nothing is proposed."""
        return self.found[kind] / self.proposed[kind] if self.proposed[kind] else 1.0

    @property
    def kinds(self) -> list[str]:
        return sorted({*self.labelled, *self.proposed})

    @property
    def missed_budgets(self) -> list[str]:
        """The kinds whose recall is too low."""
        return [kind for kind, least in BUDGETS.items() if self.recall(kind) < least]


def measure(records: Iterable[Mapping[str, Any]]) -> Measure:
    """Run the recognisers over labelled text.

    :param records: ``{id, text, spans: [{start, end, kind or label}], keep: [words that must stay]}``.
    """
    so_far = Measure()
    for record in records:
        _add(so_far, record)
    return so_far


def _add(so_far: Measure, record: Mapping[str, Any]) -> None:
    text = record["text"]
    proposed = {(each.start, each.end, each.kind) for each in propose(text)}
    labelled = {(each["start"], each["end"], _kind(each)) for each in record["spans"]}
    so_far.texts += 1
    so_far.labelled.update(kind for _, _, kind in labelled)
    so_far.found.update(kind for _, _, kind in labelled & proposed)
    so_far.proposed.update(kind for _, _, kind in proposed)
    for words in record.get("keep", ()):
        first = text.find(words)
        if any(start < first + len(words) and first < end for start, end, _ in proposed):
            so_far.touched.append((record.get("id"), words))


def _kind(span: Mapping[str, Any]) -> str:
    return str(span.get("kind") or span["label"]).lower()
