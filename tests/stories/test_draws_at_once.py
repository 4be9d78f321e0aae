"""Two people at once on one draw: one succeeds, the other is told, nothing is drawn twice."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.draws import drawing
from portal.draws.models import Draw, DrawStep
from portal.errors import Overtaken, Refused
from portal.ledger.models import Entry
from tests.cast import Cast
from tests.drawing import SIGNATURE
from tests.drawn import AFTER, BEFORE, TASK_NO, committed, fill_registries, want
from tests.stories.test_acting_at_once import at_once, person


@pytest.fixture(autouse=True)
def registries(session: Session) -> None:
    fill_registries(session)


def test_two_who_commit_for_one_task_at_once(app: Flask, session: Session, cast: Cast) -> None:
    outcomes: list[str] = []

    def committing(name: str) -> Callable[[], None]:
        def act() -> None:
            with clock.at(BEFORE):
                try:
                    drawing.commit(db.session(), want(db.session()), by=person(name))
                    db.session.commit()
                    outcomes.append("committed")
                except Refused as refusal:
                    db.session.rollback()
                    outcomes.append(refusal.reasons[0])

        return act

    session.rollback()
    at_once(app, committing("he"), committing("bai"))
    assert sorted(each == "committed" for each in outcomes) == [False, True]
    assert session.scalar(sa.select(sa.func.count(Entry.index))) == 1


def test_two_who_run_one_draw_at_once(app: Flask, session: Session, cast: Cast) -> None:
    draw_id = committed(session, cast.he).id
    outcomes: list[str] = []

    def running(name: str) -> Callable[[], None]:
        def act() -> None:
            with clock.at(AFTER):
                try:
                    drawing.run(db.session(), db.session.get_one(Draw, draw_id), SIGNATURE, by=person(name))
                    db.session.commit()
                    outcomes.append("run")
                except (Overtaken, Refused) as refusal:
                    db.session.rollback()
                    outcomes.append(refusal.reasons[0])

        return act

    session.rollback()
    at_once(app, running("he"), running("bai"))
    assert outcomes.count("run") == 1 and len(outcomes) == 2
    session.expire_all()
    assert len(session.scalars(sa.select(DrawStep.id).where(DrawStep.state == "run")).all()) == 1
    assert session.get_one(Draw, draw_id).task_no == TASK_NO
