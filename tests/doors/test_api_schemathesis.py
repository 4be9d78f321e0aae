"""Whatever its document lets a program send, and what it does not: both interfaces answer as the document says."""

import traceback
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema
from sqlalchemy.orm import Session

from portal import work
from portal.publications.models import Publication
from tests.house.source import ROOT

EXAMPLES = 20  # of each address, beside those that its schema's edges give
PUSHED = 5  # likewise; each is judged like a row of a file
# whose parameters must fit each other, which a schema does not say: days or term, a cursor of its own order
DEPENDENT = {"GET /api/v1/calendar/due", "GET /api/v1/publications"}

OURS = str(ROOT / "portal")  # stands in a traceback that went through our code
BY_RECORD = {
    "POST /push/v1/records"
}  # what does not fit is refused record by record, inside an answer of 200


@pytest.mark.slow
@pytest.mark.about_sqlite
def test_schemathesis_finds_nothing(app: Flask, session: Session, result: Publication) -> None:
    session.commit()
    work.once(app)
    assert _asked(schemathesis.openapi.from_wsgi("/openapi.json", app), EXAMPLES) > 500


@pytest.mark.slow
def test_nor_does_it_with_a_key_where_records_are_pushed(app: Flask, key: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app).include(path_regex="^/push/")
    schema.config.headers = {"Authorization": f"Bearer {key}"}
    schema.config.checks.ignored_auth.enabled = (
        False  # breaks on WSGI; tests/doors/test_push.py asks without a key
    )
    assert _asked(schema, PUSHED) > 50


def _asked(schema: BaseSchema, examples: int) -> int:
    """How much was asked, and nothing found. Where the tool itself broke, and nothing of ours, it asks once more."""
    schema.config.generation.update(max_examples=examples, allow_x00=False, deterministic=True)
    schema.config.phases.stateful.enabled = False
    asked, broken = _once(schema)
    if broken and not any(OURS in each for each in broken):
        asked, broken = _once(schema)
    assert not broken, "\n".join(broken)
    return asked


def _once(schema: BaseSchema) -> tuple[int, list[str]]:
    """How much was asked, and what broke in the tool."""
    found, broken, asked = [], [], 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            broken.append("".join(traceback.format_exception(event.exception)))
        elif isinstance(event, events.NonFatalError):
            broken.append("".join(traceback.format_exception(event.value)))
        elif isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.cases)
            found += list(_failures(event.recorder))
    assert not found, "\n".join(found)
    return asked, broken


def _failures(recorder: ScenarioRecorder) -> Iterator[str]:
    for check in (check for checks in recorder.checks.values() for check in checks):
        if check.name == "positive_data_acceptance" and recorder.label in DEPENDENT:
            continue
        if check.name == "negative_data_rejection" and recorder.label in BY_RECORD:
            continue
        if check.failure_info is not None:
            yield f"{recorder.label}: {check.name}: {check.failure_info.code_sample}"
