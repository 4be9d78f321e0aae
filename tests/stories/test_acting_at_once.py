"""Two officers submit, approve and publish at once while a reader reads: nothing lost, nothing twice."""

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db
from portal.errors import Overtaken, Refused
from portal.ledger import book
from portal.ledger.models import Entry
from portal.people.models import Person
from portal.publications import duty, pipeline, tallying
from portal.publications.models import Face, Publication, Release, Revision, Step
from portal.publications.pacing import GIVE_WAY
from tests import examples
from tests.cast import Cast
from tests.office import disclose, propose

RECORDS = 12


def at_once(app: Flask, *acts: Callable[[], None]) -> None:
    """Run each act in a thread and an application context of its own, and raise what any of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        start.wait()
        try:
            with app.app_context():
                act()
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def try_all(ids: list[int], step: Callable[[Session, Revision], None], done: list[int]) -> None:
    """Do one step on every revision, one commit each; who comes second is refused and told."""
    for revision_id in ids:
        try:
            step(db.session(), db.session.get_one(Revision, revision_id))
            db.session.commit()
            done.append(revision_id)
        except Refused as refusal:
            db.session.rollback()
            assert refusal.reasons[0]


def person(name: str) -> Person:
    return getattr(Cast(db.session()), name)  # type: ignore[no-any-return]


def test_two_officers_and_a_reader_at_once(app: Flask, session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    drafts = [
        pipeline.draft(session, "result", examples.result(entity_name=f"示例东{at}商店"), by=cast.he).id
        for at in range(RECORDS)
    ]
    session.commit()
    done: dict[str, list[int]] = {"submitted": [], "approved": [], "published": []}

    def officer(drafter: str, reviewer: str) -> Callable[[], None]:
        def act() -> None:
            try_all(drafts, lambda s, r: pipeline.submit(s, r, by=person(drafter)), done["submitted"])
            try_all(drafts, lambda s, r: pipeline.approve(s, r, by=person(reviewer)), done["approved"])
            try_all(drafts, lambda s, r: _publish(s, r, reviewer), done["published"])

        return act

    def reader() -> None:
        visitor = app.test_client()
        for _ in range(RECORDS):
            assert visitor.get("/results/").status_code == 200

    at_once(app, officer("he", "song"), officer("bai", "song"), reader)

    assert {name: sorted(ids) for name, ids in done.items()} == dict.fromkeys(done, drafts)
    session.rollback()
    session.expire_all()
    numbers = sorted(session.scalars(sa.select(Face.number).where(Face.kind == "result")))
    year = numbers[0].split("-")[1]
    assert numbers == [f"JG-{year}-{at:06d}" for at in range(1, RECORDS + 1)]
    assert list(session.scalars(sa.select(Entry.index).order_by(Entry.index))) == list(range(RECORDS + 1))
    assert session.scalar(sa.select(sa.func.count(Release.id))) == RECORDS + 1
    assert book.check(session) == []
    assert [*tallying.why_not_true(session)] == []
    for draft in drafts:
        steps = list(
            session.scalars(sa.select(Step.state).where(Step.revision_id == draft).order_by(Step.id))
        )
        assert steps == ["draft", "submitted", "approved", "done"]


def _publish(session: Session, revision: Revision, by: str) -> None:
    pipeline.carry_out(session, revision, by=person(by))


def test_who_files_comes_in_at_the_first_gap_a_batch_leaves(app: Flask, session: Session, cast: Cast) -> None:
    session.rollback()
    filed, turns, begun = threading.Event(), list[int](), threading.Event()

    def batch() -> None:
        while not filed.is_set() and len(turns) < 12:
            book.lock(db.session())
            turns.append(len(turns))
            begun.set()
            time.sleep(0.15)  # writes; then looks at the next rows
            db.session.rollback()
            time.sleep(GIVE_WAY)

    def filer() -> None:
        begun.wait()
        book.lock(db.session())
        filed.set()
        db.session.rollback()

    at_once(app, batch, filer)
    assert len(turns) <= 3


def test_who_looked_at_an_older_state_is_told_who_was_first(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    revision = pipeline.draft(session, "result", examples.result(), by=cast.he)
    pipeline.submit(session, revision, by=cast.he)
    seen = revision.step_id
    pipeline.send_back(session, revision, by=cast.song, note="请补充检查情况。", seen=seen)
    pipeline.submit(session, revision, by=cast.he)
    with pytest.raises(Overtaken) as refused:
        pipeline.approve(session, revision, by=cast.song, seen=seen)
    assert "何知远" in refused.value.reasons[0]


def test_a_hold_a_moment_before_a_correction_goes_out_keeps_the_record_off(
    app: Flask, session: Session, cast: Cast
) -> None:
    disclose(session, cast, "list", examples.item_list())
    publication = disclose(session, cast, "result", examples.result())
    revision = propose(session, cast, publication, "correct", "文字有误。")
    pipeline.submit(session, revision, by=cast.he)
    pipeline.approve(session, revision, by=cast.lin)
    session.commit()
    revision_id, publication_id, number = revision.id, publication.id, publication.number
    session.rollback()
    held = threading.Event()

    def hold() -> None:
        duty.hold(
            db.session(), db.session.get_one(Publication, publication_id), by=person("zhou"), reason="急。"
        )
        held.set()
        time.sleep(0.3)  # the other one is on its way meanwhile
        db.session.commit()

    def correct() -> None:
        held.wait()
        with pytest.raises(Refused, match="现在不在公示中"):
            pipeline.carry_out(db.session(), db.session.get_one(Revision, revision_id), by=person("lin"))
        db.session.rollback()

    at_once(app, hold, correct)
    session.rollback()
    session.expire_all()
    assert session.get_one(Face, number).face == "held"
