"""Somebody sees that a large batch or file is the wrong one: it ends after the turn it is at, and can be gone on with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.intake import importing
from portal.intake.models import Import
from portal.intake.taking_in import TakingIn
from portal.jobs import asking, carrying_out, incoming
from portal.jobs.models import Job
from portal.people.models import Person
from portal.publications import pacing
from portal.publications.models import Batch, Face, Revision
from portal.sessions import session_at
from portal.settings import Settings
from portal.work import jobs_step
from tests import examples
from tests.batches import standing
from tests.cast import MEMBERS, Cast
from tests.office import disclose
from tests.sheets import sheet, written
from tests.stories.test_large_batches import act, plain_batch


@pytest.fixture(autouse=True)
def small_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a turn, each told of."""
    for name in ("FIRST", "FEWEST", "CHUNK"):
        monkeypatch.setattr(pacing, name, 10)
    monkeypatch.setattr(importing, "CHUNK", 3)
    monkeypatch.setattr(carrying_out, "EVERY", 0.0)


@pytest.fixture
def stops(app: Flask, session: Session) -> Callable[[int, str], None]:
    """Somebody stops a job, in a session of their own."""

    def stop(number: int, who: str) -> None:
        session.rollback()
        with session_at(app, "write") as own:
            by = own.scalars(sa.select(Person).where(Person.username == MEMBERS[who].username)).one()
            asking.stop(own, own.get_one(Job, number), by=by)
            own.commit()

    return stop


def after(times: int, do: Callable[[], None], then: Callable[..., Any]) -> Callable[..., Any]:
    """What is called as before, and the given time does something afterwards."""
    left: Iterator[int] = iter(range(1, 1000))

    def called(*args: Any) -> Any:
        answer = then(*args)
        if next(left) == times:
            do()
        return answer

    return called


def stopped_after(turn: int, do: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing.Pace, "end", after(turn, do, pacing.Pace.end))


def approved(session: Session, cast: Cast, rows: int) -> Batch:
    disclose(session, cast, "list", examples.item_list())
    batch = plain_batch(session, cast, rows)
    act(session, batch, "submit", cast.he)
    act(session, batch, "approve", cast.song)
    return session.get_one(Batch, batch.id)


def publishing(session: Session, cast: Cast, batch: Batch) -> int:
    number = asking.ask_for_batch(session, batch, "publish", by=cast.song, rows=25, note="", seen=None).id
    session.commit()
    return number


def found(session: Session, number: int) -> Job:
    session.rollback()
    return session.get_one(Job, number, populate_existing=True)


def test_a_batch_ends_after_its_turn_and_the_rest_can_go_out_later(
    app: Flask,
    session: Session,
    cast: Cast,
    stops: Callable[[int, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = approved(session, cast, 25)
    number = publishing(session, cast, batch)
    stopped_after(1, lambda: stops(number, "zhou"), monkeypatch)
    session.rollback()
    assert jobs_step(app) == 1
    job = found(session, number)
    assert job.is_stopped and job.stop_by is not None and job.stop_by.name == MEMBERS["zhou"].name
    assert (job.done, job.total, job.refused) == (10, 25, 0)
    batch = session.get_one(Batch, batch.id)
    assert standing(session, batch) == {"approved": 15, "done": 10}
    assert asking.why_not_now(session, batch) == []
    again = publishing(session, cast, batch)
    session.rollback()
    assert jobs_step(app) == 1
    assert not found(session, again).is_stopped
    assert standing(session, session.get_one(Batch, batch.id)) == {"done": 25}
    assert session.scalar(sa.select(sa.func.count()).where(Face.kind == "result")) == 25


def test_what_has_not_begun_ends_at_once_and_nothing_is_touched(
    app: Flask, session: Session, cast: Cast, stops: Callable[[int, str], None]
) -> None:
    batch = approved(session, cast, 3)
    number = publishing(session, cast, batch)
    stops(number, "song")
    job = found(session, number)
    assert job.is_stopped and job.began_at is None
    session.rollback()
    assert jobs_step(app) == 0
    assert standing(session, session.get_one(Batch, batch.id)) == {"approved": 3}


def test_who_asks_when_all_is_done_has_stopped_nothing(
    app: Flask,
    session: Session,
    cast: Cast,
    stops: Callable[[int, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = publishing(session, cast, approved(session, cast, 12))
    monkeypatch.setattr(carrying_out, "EVERY", 60.0)  # nobody hears of it before the end
    stopped_after(2, lambda: stops(number, "song"), monkeypatch)
    session.rollback()
    assert jobs_step(app) == 1
    job = found(session, number)
    assert (job.done, job.is_open, job.is_stopped) == (12, False, False)
    with pytest.raises(Refused, match="已经结束"):
        stops(number, "song")


def test_an_import_that_was_stopped_goes_on_with_the_same_file(
    app: Flask,
    session: Session,
    settings: Settings,
    cast: Cast,
    stops: Callable[[int, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = written(settings.var / "r.csv", [sheet(at) for at in range(8)]).read_bytes()

    def queued() -> tuple[int, Path]:
        path = incoming.new_file(settings.var)
        path.write_bytes(content)
        number = asking.ask_for_import(session, path, {"name": "r.csv", "kind": "result"}, by=cast.he).id
        session.commit()
        return number, path

    first, path = queued()
    take = TakingIn.take
    monkeypatch.setattr(TakingIn, "take", after(2, lambda: stops(first, "he"), take))
    session.rollback()
    assert jobs_step(app) == 1
    assert found(session, first).is_stopped and not path.exists()
    assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 6
    [one] = session.scalars(sa.select(Import))
    assert not one.is_finished
    second, _ = queued()
    session.rollback()
    assert jobs_step(app) == 1
    assert found(session, second).import_id == one.id
    assert session.scalar(sa.select(sa.func.count()).select_from(Revision)) == 8


def test_only_the_department_and_whoever_began_it_may_stop_it(session: Session, cast: Cast) -> None:
    number = publishing(session, cast, approved(session, cast, 1))
    job = session.get_one(Job, number)
    assert [not asking.why_not_stop(job, each) for each in (cast.song, cast.zhou, cast.fang)] == [
        True,
        True,
        False,
    ]
    assert "其他部门" in asking.why_not_stop(job, cast.fang)[0]
