"""Two engines, one contract: the same records and the same question give the same answer.

tantivy answers twice: once it fetches whole what is few, once it asks for everything in parts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.search.documents import Document
from portal.search.engine import FACETS, SORTS, Answer, Days, Engine, Query
from portal.search.engines import ENGINES
from portal.search.engines.tantivy import TantivyEngine
from tests.searching import DAY, at, result

WORDS = st.text("甲乙长店ab1", min_size=1, max_size=3)
TEXTS = st.text("甲乙长店ab1 （，", min_size=1, max_size=8)
FILTERS = st.fixed_dictionaries(
    {}, optional={"kind": st.sampled_from(["result", "task"]), "outcome": st.sampled_from("123")}
)


def records() -> list[Document]:
    """Forty whose names, texts, days and outcomes repeat, so that everything has ties."""
    made = []
    for n in range(1, 41):
        name = "".join("甲乙长店"[(n * k + n // 3) % 4] for k in (1, 2, 3)) + ("", "ab1", "（甲）店")[n % 3]
        document = result(
            n,
            name,
            "".join("甲乙店a1，"[(n + k * k) % 6] for k in range(9)),
            outcomes=tuple("123"[: n % 3]),
            department=("scjg", "yjgl")[n % 2],
            region=("", "339901")[n // 21],
            published_on=DAY - timedelta(days=n % 5),
            happened_on=DAY - timedelta(days=20 + n % 3) if n % 4 else None,
            states=("live", "corrected") if n % 7 == 0 else ("live",),
        )
        made.append(replace(document, number=f"RW-2026-{n:04d}", kind="task") if n % 6 == 0 else document)
    return made


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    made = [ENGINES[name](tmp_path_factory.mktemp(name) / "index") for name in sorted(ENGINES)]
    made.append(TantivyEngine(tmp_path_factory.mktemp("parts") / "index", kept=0, few=5))
    for engine in made:
        for start in (0, 15, 30):
            engine.put(records()[start : start + 15], (), at(start))
        engine.put(records()[3:5], ["JG-2026-000011"], at(40))
    yield made
    for engine in made:
        engine.close()


@settings(deadline=None, max_examples=60)
@given(
    words=st.lists(st.builds("".join, st.tuples(st.sampled_from(["", "", "", "-"]), WORDS)), max_size=3),
    filters=FILTERS,
    without=FILTERS,
    sort=st.sampled_from(SORTS),
    days=st.tuples(st.none() | st.integers(0, 4), st.none() | st.integers(0, 23)),
    page=st.integers(1, 3),
    size=st.sampled_from([3, 20, 300]),
    counts=st.booleans(),
    today=st.integers(-16, 70),
)
def test_every_engine_gives_the_same_answer(
    engines: list[Engine],
    words: list[str],
    filters: dict[str, str],
    without: dict[str, str],
    sort: str,
    days: tuple[int | None, int | None],
    page: int,
    size: int,
    counts: bool,
    today: int,
) -> None:
    first, last = (None if each is None else DAY - timedelta(days=each) for each in days)
    facets = FACETS if counts else ()
    query = Query(
        " ".join(words), filters, without, Days(first=first), Days(last=last), sort, page, size, facets
    )
    noon = datetime(DAY.year, DAY.month, DAY.day, 4, tzinfo=UTC) + timedelta(days=today)
    with clock.at(noon):  # a page is looked for among the newest days first
        one, *others = (plain(engine.ask(query)) for engine in engines)
    assert all(other == one for other in others)


def plain(answer: Answer) -> tuple[object, ...]:
    facets = {field: list(counts.items()) for field, counts in answer.facets.items()}
    return answer.total, list(answer.hits), facets, answer.position
