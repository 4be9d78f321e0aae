"""A job that ends in an error of the site's own: the others go on, and its page says what to do."""

import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.jobs import asking, incoming
from portal.jobs.models import MOST_TRIES, Job
from portal.settings import Settings
from portal.work import jobs_step
from tests.cast import Cast
from tests.sheets import sheet, written

SECRET = "示例某某餐饮店"


def queued(session: Session, settings: Settings, cast: Cast, told: dict[str, Any]) -> tuple[int, Path]:
    path = incoming.new_file(settings.var)
    path.write_bytes(written(settings.var / "r.csv", [sheet(at) for at in range(3)]).read_bytes())
    job = asking.ask_for_import(session, path, told, by=cast.he)
    session.commit()
    return job.id, path


def found(session: Session, number: int) -> Job:
    return session.get_one(Job, number, populate_existing=True)


def test_one_that_fails_keeps_no_other_waiting_and_is_given_up_with_its_file(
    app: Flask, session: Session, settings: Settings, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    (first, broken), (second, whole) = (
        queued(session, settings, cast, {"name": "r.csv", "kind": kind}) for kind in (SECRET, "result")
    )
    for tries in range(1, MOST_TRIES + 1):
        with pytest.raises(ExceptionGroup):
            jobs_step(app)
        session.rollback()
        assert found(session, first).tries == tries
        assert found(session, second).import_id is not None and not whole.exists()
        assert broken.exists() == found(session, first).is_open == (tries < MOST_TRIES)
        session.rollback()
    assert jobs_step(app) == 0
    lines = [each for each in caplog.records if each.name == "portal.jobs.carrying_out"]
    assert [each.levelno for each in lines] == [logging.ERROR] * MOST_TRIES
    assert f"job {first}" in lines[-1].getMessage() and not any(SECRET in each.getMessage() for each in lines)


def test_a_refused_import_leaves_no_file(
    app: Flask, session: Session, settings: Settings, cast: Cast
) -> None:
    number, path = queued(session, settings, cast, {"name": "r.csv", "kind": "result"})
    path.write_bytes(b"%PDF-1.7 no table")
    assert jobs_step(app) == 1
    session.rollback()
    job = found(session, number)
    assert job.reasons and not job.is_open and not path.exists()
