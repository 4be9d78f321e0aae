"""W2: whoever reads everything that is public of the demo does no better than by chance at telling risk classes."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from statistics import mean

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.db import PUBLIC_TABLES, Base
from portal.publications.facing import read
from portal.publications.models import Release, Revision

CHANCE = 5.0  # standard errors: once in two million
WORDS = (
    "risk_class",
    "risk_filter",
    "risk_differ",
    "by_risk",
    "stratum",
    "strata",
    "信用风险",
    "风险分类",
    "风险等级",
    "A层",
    "B层",
    "C层",
    "D层",
)

Clue = Mapping[str, float]  # what a reader knows of each entity, by its code


@pytest.fixture
def session(demo_session: Session) -> Session:
    return demo_session


@pytest.fixture
def classes(session: Session) -> dict[str, int]:
    """What nobody outside may know: 1 for the upper two classes, 0 for the lower two."""
    found: dict[str, int] = {}
    for content in session.scalars(sa.select(Revision.content).where(Revision.kind.in_(("task", "result")))):
        for row in [content, *(content.get("drawn") or [])]:
            if row.get("risk_class") and row.get("entity_code"):
                found[row["entity_code"]] = int(row["risk_class"] in "CD")
    assert 0.05 < mean(found.values()) < 0.5
    return found


def clues(session: Session) -> dict[str, Clue]:
    """Every place, order and count in which an entity stands in public."""
    places: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for number, kind, body in session.execute(
        sa.select(Release.number, Release.kind, Release.body).order_by(Release.id)
    ):
        fields = read(body)["fields"] if body else {}
        if kind == "result" and fields.get("entity_code"):
            at = places[fields["entity_code"]]
            at["number"].append(float(number.rpartition("-")[2]))
            at["outcomes"].append(float(len(fields["items"])))
            at["day"].append(float(fields["inspected_on"].replace("-", "")))
        drawn = fields.get("drawn") or []
        for nth, row in enumerate(drawn):
            at = places[row["entity_code"]]
            at["drawn"].append(nth / len(drawn))
            at["pool"].append(float(fields.get("pool_size") or 0))
    how: dict[str, Callable[[Sequence[float]], float]] = {
        "mean": mean,
        "count": len,
        "first": min,
        "last": max,
    }
    names = {name for known in places.values() for name in known}
    return {
        f"{measure} {name}": {code: float(work(known[name])) for code, known in places.items() if known[name]}
        for name in sorted(names)
        for measure, work in how.items()
    }


def advantage(clue: Clue, classes: Mapping[str, int]) -> float:
    """How far the two groups stand apart in a clue: the distance of their mean ranks, in standard errors of chance."""
    ranked = sorted(clue, key=lambda code: (clue[code], code))
    upper = [at / len(ranked) for at, code in enumerate(ranked) if classes[code]]
    lower = [at / len(ranked) for at, code in enumerate(ranked) if not classes[code]]
    return abs(mean(upper) - mean(lower)) / sqrt((1 / len(upper) + 1 / len(lower)) / 12)


def test_no_clue_tells_more_than_chance_would(session: Session, classes: dict[str, int]) -> None:
    found = clues(session)
    assert len(found) >= 16 and any(name.endswith("drawn") for name in found)
    told = {
        name: advantage({code: clue[code] for code in clue if code in classes}, classes)
        for name, clue in found.items()
    }
    assert max(told.values()) < CHANCE, told


def test_the_same_reader_does_tell_them_by_the_order_that_came_in(
    session: Session, classes: dict[str, int]
) -> None:
    """Else the reader would be too dull to prove anything."""
    came: dict[str, list[float]] = defaultdict(list)
    for content in session.scalars(sa.select(Revision.content).where(Revision.kind == "task")):
        rows = content.get("drawn") or []
        for nth, row in enumerate(rows):
            came[row["entity_code"]].append(nth / len(rows))
    clue = {code: mean(places) for code, places in came.items() if code in classes}
    assert advantage(clue, classes) > 2 * CHANCE


def test_no_public_row_has_a_word_of_it(session: Session) -> None:
    for name in PUBLIC_TABLES:
        for row in session.execute(sa.select(Base.metadata.tables[name])):
            text = json.dumps([str(value) for value in row], ensure_ascii=False)
            assert not [word for word in WORDS if word in text], name
