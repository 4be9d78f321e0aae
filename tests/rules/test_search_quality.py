"""What each engine finds for the cases of docs/search.md, and that the page shows these."""

from collections.abc import Iterator

import pytest

from portal.search.engine import Engine
from portal.search.engines import ENGINES
from tests.searched import PAGE, Case, cases, found, page_with, records, table
from tests.searching import at


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = ENGINES[request.param](tmp_path_factory.mktemp("quality") / "index")
    made.put(records(), (), at(0))
    yield made
    made.close()


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.query} {case.conditions}".strip())
def test_what_is_typed_finds_what_is_expected(engine: Engine, case: Case) -> None:
    names = {record.number: record.title for record in records()}
    assert found(engine, case.asked, names) == (case.total, case.first, case.meant)


def test_the_page_shows_the_cases_as_they_are() -> None:
    """When this fails after a case was changed on purpose: ``python -m tests.searched``."""
    assert PAGE.read_text(encoding="utf-8") == page_with(table())


def test_the_cases_stand_on_invented_firms_of_this_place() -> None:
    assert {record.title[:2] for record in records()} == {"示例"}
    assert all(not record.entity_code or record.entity_code.startswith("91339900") for record in records())
