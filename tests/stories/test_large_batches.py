"""A batch too large for one request: the worker carries it out, goes on after a stop, and costs no more a row."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs import asking
from portal.jobs.models import Job
from portal.ledger import book
from portal.publications import bulk, pacing, pipeline
from portal.publications.entering import enter
from portal.publications.models import Batch, Face, Prepared, Release, Revision
from portal.publications.proposing import Proposal
from portal.work import jobs_step
from tests import examples
from tests.batches import contents, standing
from tests.cast import Cast
from tests.office import disclose

ROWS = int(os.environ.get("PORTAL_TEST_ROWS", "100000"))


def plain_batch(session: Session, cast: Cast, rows: int, label: str = "大批") -> Batch:
    """Results in which nothing is to be decided."""
    made = Batch(
        kind="result", label=label, department_code="scjg", created_by_id=cast.he.id, created_at=clock.now()
    )
    session.add(made)
    session.flush()
    given = (each | {"items": [_item()]} for each in contents(rows))
    proposals = (Proposal(each, identity=f"{label}{at}") for at, each in enumerate(given))
    while chunk := list(islice(proposals, 300)):
        enter(session, "result", chunk, by=cast.he, batch=made)
    session.commit()
    return made


def _item() -> dict[str, Any]:
    return {"item": "获证食品经营单位监督检查", "item_code": "B05", "outcomes": [examples.FOUND_NOTHING]}


def act(session: Session, batch: Batch, what: bulk.BulkAct, by: Any, **more: Any) -> bulk.Outcome:
    return bulk.act_on_batch(session, session.get_one(Batch, batch.id), what, by=session.merge(by), **more)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Every statement that is sent, by whatever door."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_together_they_end_where_one_by_one_they_end(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = plain_batch(session, cast, 4)
    one, *_ = session.scalars(sa.select(Revision).where(Revision.batch_id == batch.id).order_by(Revision.id))
    pipeline.submit(session, one, by=cast.he)
    pipeline.approve(session, one, by=cast.song)
    pipeline.carry_out(session, one, by=cast.song)
    session.commit()
    for what, by in (("submit", cast.he), ("approve", cast.song), ("publish", cast.song)):
        assert act(session, batch, what, by).done == 3  # type: ignore[arg-type]
    assert standing(session, session.get_one(Batch, batch.id)) == {"done": 4}
    faces = session.scalars(sa.select(Face).where(Face.kind == "result").order_by(Face.number)).all()
    assert [each.number[-6:] for each in faces] == ["000001", "000002", "000003", "000004"]
    columns = [each.key for each in sa.inspect(Face).column_attrs]
    alike = [{name: getattr(each, name) for name in columns} for each in faces]
    own = {"number", "release_id", "entry_index", "changed_at", "title", "entity_name", "entity_code"}
    assert len({str({name: each[name] for name in each if name not in own}) for each in alike}) == 1
    releases = session.scalars(
        sa.select(Release).where(Release.kind == "result").order_by(Release.number)
    ).all()
    assert {(each.version, each.act, each.department_code) for each in releases} == {(1, "publish", "scjg")}
    assert [each.release_id for each in faces] == [each.id for each in releases]
    numbers = {
        each.publication.number
        for each in session.scalars(sa.select(Revision).where(Revision.batch_id == batch.id))
    }
    assert numbers == {each.number for each in faces}
    assert session.scalar(sa.select(sa.func.count()).select_from(Prepared)) == 5
    assert book.check(session) == []


def test_three_times_the_rows_cost_no_more_statements_a_turn(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    small, large = plain_batch(session, cast, 30), plain_batch(session, cast, 90, "更大一批")
    for what, by in (("submit", cast.he), ("approve", cast.song), ("publish", cast.song)):
        with counted(session) as few:
            act(session, small, what, by)  # type: ignore[arg-type]
        with counted(session) as many:
            act(session, large, what, by)  # type: ignore[arg-type]
        assert len(many) <= len(few) + 6, (
            what
        )  # who acts and the batch, read anew; not a statement for each row


def test_one_that_somebody_took_back_meanwhile_stays_and_the_others_go(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = plain_batch(session, cast, 5)
    act(session, batch, "submit", cast.he)
    look = pacing.LOOK["approve"]

    def somebody_else_in_between(door: Session, rows: Any, by: Any) -> Any:
        looked = look(door, rows, by)
        looked.ready[1].revision.step_id = 1  # as if it stood at another step by the time of writing
        return looked

    monkeypatch.setitem(pacing.LOOK, "approve", somebody_else_in_between)
    outcome = act(session, batch, "approve", cast.song)
    assert outcome.done == 5  # one by one, each looked at anew
    assert standing(session, session.get_one(Batch, batch.id)) == {"approved": 5}


def test_the_worker_carries_a_job_out_and_goes_on_after_it_was_killed(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = plain_batch(session, cast, 25)
    act(session, batch, "submit", cast.he)
    act(session, batch, "approve", cast.song)
    batch = session.get_one(Batch, batch.id)
    job = asking.ask_for_batch(session, batch, "publish", by=cast.song, rows=25, note="", seen=None)
    assert "还没有完成" in asking.why_not_now(session, batch)[0]
    session.commit()
    for name in ("FIRST", "FEWEST", "CHUNK"):
        monkeypatch.setattr(pacing, name, 10)
    turns = iter(range(2))
    end = pacing.Pace.end

    def killed(self: pacing.Pace, rows: int) -> None:
        end(self, rows)
        if next(turns) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(pacing.Pace, "end", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs_step(app)
    assert standing(session, session.get_one(Batch, batch.id)) == {"approved": 5, "done": 20}
    session.rollback()
    monkeypatch.setattr(pacing.Pace, "end", end)
    assert jobs_step(app) == 1
    assert standing(session, session.get_one(Batch, batch.id)) == {"done": 25}
    found = session.get_one(Job, job.id, populate_existing=True)
    assert not found.is_open and not found.refused
    serials = sorted(
        int(each[-6:]) for each in session.scalars(sa.select(Face.number).where(Face.kind == "result"))
    )
    assert serials == list(range(1, 26))
    assert book.check(session) == []


@pytest.mark.proof
def test_a_hundred_thousand_go_out_in_flat_memory_while_somebody_files(
    app: Flask, session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    disclose(session, cast, "list", examples.item_list())
    batch = plain_batch(session, cast, ROWS)
    held: list[float] = []
    peaks: list[int] = []
    end = pacing.Pace.end

    def noted(self: pacing.Pace, rows: int) -> None:
        held.append(time.monotonic() - self.began)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        end(self, rows)

    monkeypatch.setattr(pacing.Pace, "end", noted)
    for what, by in (("submit", cast.he), ("approve", cast.song), ("publish", cast.song)):
        session.commit()
        held.clear(), peaks.clear()
        began = time.monotonic()
        assert act(session, batch, what, by).done == ROWS  # type: ignore[arg-type]
        seconds, grown = time.monotonic() - began, peaks[-1] - peaks[len(peaks) // 10]
        print(f"proof: {what}: {ROWS} rows, {ROWS / seconds:.0f}/s, a turn held writers {median(held) * 1000:.0f} ms "  # noqa: T201
              f"(median), {max(held) * 1000:.0f} ms (most); memory grew by {grown} MB")  # fmt: skip
        assert grown < 40
    assert book.check(session) == []
