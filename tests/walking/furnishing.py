"""What the demo leaves out, done by its people: so that pages about it have something to show."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import drawing
from portal.erasing import deciding
from portal.jobs import asking
from portal.people.models import Grant
from portal.publications import pipeline
from portal.publications.models import Batch, Face, Publication
from tests import examples
from tests.attaching import attach
from tests.cast import Cast
from tests.drawn import NUMBERS, fill_registries, want
from tests.erasing import WHOLE
from tests.office import carry_through
from tests.sheets import sheet, taken_in, written


def furnish(app: Flask, session: Session, folder: Path) -> None:
    """A draw of our own, an import with a refusal, an erasure that waits, records with files, a job of the worker."""
    cast = Cast(session)
    _own_draw(session, cast)
    taken_in(session, cast, written(folder / "results.csv", [sheet(1), sheet(2, 检查日期="不详")]))
    deciding.propose(session, _a_result(session), WHOLE, by=cast.he)
    for finished in (True, False):
        revision = pipeline.draft(session, "list", examples.item_list(), by=cast.he)
        revision = attach(session, app, revision, by=cast.he)
        if finished:
            carry_through(session, cast, revision)
    batch = session.scalars(sa.select(Batch).where(Batch.department_code == cast.he.department_code)).first()
    assert batch is not None
    asking.ask_for_batch(session, batch, "submit", by=cast.he, rows=0, note="", seen=None)
    session.commit()


def _own_draw(session: Session, cast: Cast) -> None:
    """Decided by a lottery: of a beacon's rounds only old ones are known here."""
    given = session.scalars(sa.select(sa.func.min(Grant.given_at))).one()
    fill_registries(session)
    session.execute(sa.update(Grant).values(given_at=given))
    moment = clock.now()
    wanted = want(session, source="lottery:ssq:2026137", decides_at=moment + timedelta(minutes=5))
    draw = drawing.commit(session, wanted, by=cast.he)
    session.commit()
    with clock.at(moment + timedelta(minutes=10)):
        revision = drawing.run(session, draw, NUMBERS, by=cast.he)
        pipeline.submit(session, revision, by=cast.he)
        pipeline.approve(session, revision, by=cast.song)
        drawing.lock(session, draw, revision, by=cast.song)
        session.commit()


def _a_result(session: Session) -> Publication:
    live = sa.select(sa.func.max(Face.number)).where(
        Face.live, Face.kind == "result", Face.department_code == "scjg"
    )
    return session.scalars(sa.select(Publication).where(Publication.number == live.scalar_subquery())).one()
