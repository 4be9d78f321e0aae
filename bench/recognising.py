"""The recognisers of what must be withheld: recall and precision on labelled text, and what a text costs."""

import json
import time
from collections.abc import Iterator

from bench.figure import Figure, Line
from bench.place import Place
from bench.servers import ROOT
from portal.redaction.recognising.measuring import BUDGETS, measure

SAMPLES = ROOT / "tests" / "fixtures" / "redaction_samples.jsonl"


def recognised(place: Place, size: int) -> Iterator[Line]:
    """A row per kind that has a budget; the whole table prints ``python -m bench.redaction FILE``."""
    records = [json.loads(line) for line in SAMPLES.read_text("utf-8-sig").split("\n") if line.strip()]
    began = time.process_time()
    result = measure(records)
    spent = (time.process_time() - began) * 1000 / max(1, len(records))
    for kind in result.kinds:
        budget = f"recall ≥ {BUDGETS[kind]:.1%}" if kind in BUDGETS else ""
        note = f"precision {result.precision(kind):.2%}, {result.labelled[kind]} labelled"
        yield Line(
            f"recall of {kind}", len(records), "%", [result.recall(kind) * 100], note=note, budget=budget
        )
    touched = f"{len(result.touched)} words that must stay were masked"
    yield Line("a text looked through", len(records), "ms", [spent], note=touched)


FIGURES = [
    Figure(
        "redaction",
        "Recognisers",
        "recall per kind of identifier, see docs/decisions/0023",
        recognised,
        alone=True,
    )
]
