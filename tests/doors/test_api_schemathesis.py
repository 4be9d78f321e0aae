"""Whatever its document lets a program send, and what it does not: the read API answers as the document says."""

from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from sqlalchemy.orm import Session

from portal import work
from portal.publications.models import Publication

EXAMPLES = 20  # of each address, beside those that its schema's edges give
# whose parameters must fit each other, which a schema does not say: days or term, a cursor of its own order
DEPENDENT = {"GET /api/v1/calendar/due", "GET /api/v1/publications"}


@pytest.mark.slow
@pytest.mark.about_sqlite
def test_schemathesis_finds_nothing(app: Flask, session: Session, result: Publication) -> None:
    session.commit()
    work.once(app)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    schema.config.generation.update(max_examples=EXAMPLES, allow_x00=False, deterministic=True)
    schema.config.phases.stateful.enabled = False
    found, asked = [], 0
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.FatalError | events.NonFatalError), event
        if isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.cases)
            found += list(_failures(event.recorder))
    assert not found, "\n".join(found)
    assert asked > 500


def _failures(recorder: ScenarioRecorder) -> Iterator[str]:
    for check in (check for checks in recorder.checks.values() for check in checks):
        if check.name == "positive_data_acceptance" and recorder.label in DEPENDENT:
            continue
        if check.failure_info is not None:
            yield f"{recorder.label}: {check.name}: {check.failure_info.code_sample}"
