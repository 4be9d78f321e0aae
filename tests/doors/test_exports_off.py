"""批量下载: from the moment something goes off, no edition that holds it is given out; then it is removed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock, work
from portal.exports import editions, making, nightly
from portal.exports.editions import Edition
from portal.publications import duty, pipeline
from portal.publications.models import Publication
from portal.sessions import session_at, turn_of
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.erasing import CANARY, erased, finished
from tests.exporting import make, rows
from tests.office import carry_through, correct, disclose, withdraw

Act = Callable[[Session, Cast, Publication], None]


@pytest.fixture
def made(app: Flask, settings: Settings, result: Publication) -> Edition:
    """An edition of a list, a plan, a task and a result."""
    return make(app, settings)


def hold(session: Session, cast: Cast, publication: Publication) -> None:
    duty.hold(session, publication, by=cast.zhou, reason="写了不该公开的")
    session.commit()


def take_down(session: Session, cast: Cast, publication: Publication) -> None:
    withdraw(session, cast, publication, "录入错误。")


def erase(session: Session, cast: Cast, publication: Publication) -> None:
    erased(session, cast, publication)


def hide_more(session: Session, cast: Cast, publication: Publication) -> None:
    """应隐去未隐去: a change of scope covers what the edition shows."""
    before = publication.revisions[-1]
    mark = {
        "path": "items/0/problem",
        "start": 0,
        "end": 4,
        "ground": "trade_secret",
        "basis": "条例",
        "by": 0,
        "note": "",
    }
    revision = pipeline.draft(
        session,
        "result",
        before.content,
        by=cast.he,
        act="rescope",
        publication=publication,
        reason="隐去商业秘密。",
        marks=[mark],
    )
    carry_through(session, cast, revision)


@pytest.mark.parametrize("act", [hold, take_down, erase, hide_more])
def test_what_went_off_can_not_be_fetched_from_that_moment_on(
    app: Flask,
    session: Session,
    cast: Cast,
    settings: Settings,
    visitor: FlaskClient,
    result: Publication,
    made: Edition,
    act: Act,
) -> None:
    address = f"/exports/{made.name}/results.csv.zip"
    assert visitor.get(address).status_code == 200
    act(session, cast, result)
    answer = visitor.get(address)
    assert answer.status_code == 410 and "不再提供下载" in answer.text
    assert visitor.get("/exports/latest/results.csv.zip").status_code == 404
    assert made.name not in visitor.get("/exports/").text + visitor.get("/exports/dcat.jsonld").text
    with clock.at(clock.now() + timedelta(minutes=1)):  # it rests after a making
        assert work.exports_step(app) == 2  # the old one away, a new one made
    (again,) = editions.standing(settings.exports_dir)
    assert again.size > made.size and not (settings.exports_dir / made.name).exists()
    assert again.counts["result"] == (1 if act is hide_more else 0)
    assert visitor.get(f"/exports/{again.name}/results.csv.zip").status_code == 200


def test_what_is_new_or_plainly_corrected_leaves_the_edition_standing(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, result: Publication, made: Edition
) -> None:
    correct(session, cast, result, "原记录有误。", registration_authority="示例市市场监督管理局")
    other = examples.result(entity_name="示例西丰盛机械厂", entity_code="91339900QD7612PLT6")
    disclose(session, cast, "result", other)
    assert visitor.get(f"/exports/{made.name}/results.csv.zip").status_code == 200
    assert work.exports_step(app) == 0


def test_an_edition_of_another_ledger_is_not_given_out(
    session: Session, settings: Settings, visitor: FlaskClient, made: Edition
) -> None:
    """The database was restored from before, the files were not."""
    manifest = settings.exports_dir / made.name / editions.MANIFEST
    for changed in (replace(made, size=made.size + 1000), replace(made, line="0" * 64)):
        manifest.write_text(changed.written(), encoding="utf-8")
        assert visitor.get(f"/exports/{made.name}/results.csv.zip").status_code == 410


def test_something_that_goes_off_while_an_edition_is_made_ends_the_making(
    app: Flask, session: Session, cast: Cast, settings: Settings, result: Publication
) -> None:
    done = []

    @contextmanager
    def doors() -> Iterator[Session]:
        with session_at(app, "public") as each:
            yield each
        done.append(1)
        if len(done) == 9:  # the chunk with the result is read
            withdraw(session, cast, result, "录入错误。")

    made = making.make(doors, settings.exports_dir, nightly.publisher_of(settings))
    assert len(done) > 9 and made is None
    assert [*settings.exports_dir.iterdir()] == []


def test_an_erasure_reaches_the_editions_and_waits_for_one_being_made(
    app: Flask, session: Session, cast: Cast, settings: Settings, result: Publication, made: Edition
) -> None:
    half = settings.exports_dir / f"{editions.PART}half"
    half.mkdir()
    erasure = erased(session, cast, result)
    with turn_of(app, "exports") as mine:
        assert mine
        finished(app, session, erasure)
        assert [place.name for place in erasure.places if place.done_at is None] == ["exports"]
        session.rollback()
    finished(app, session, erasure)
    assert erasure.state == "done"
    assert {place.name: place.count for place in erasure.places}["exports"] == 1
    assert [*settings.exports_dir.iterdir()] == []


def test_a_part_that_is_erased_takes_the_editions_that_showed_it(
    app: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "result", examples.result(entity_name=f"示例{CANARY}商行"))
    work.exports_step(app)
    (edition,) = editions.standing(settings.exports_dir)
    assert CANARY in rows(settings, edition, "results.csv.zip")[0]["entity_name"]
    assert editions.remove_before(settings.exports_dir, edition.size - 1) == 0
    assert editions.remove_before(settings.exports_dir, edition.size) == 1
