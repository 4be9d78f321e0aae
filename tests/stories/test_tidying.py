"""What nobody needs any more goes: drafts untouched for a month, files that no row names."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal import clock, timers
from portal.files import Store
from portal.jobs import asking, incoming
from portal.notices.rounds import Rounds
from portal.objections import keeping
from portal.objections.models import ObjectionDraft, ObjectionFile
from portal.publications.models import Publication
from portal.settings import Settings
from tests.cast import Cast
from tests.objecting import object_to

DAYS = timedelta(days=1)


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.evidence_dir)


def kept(store: Store, folder: Path, *, days_old: int) -> str:
    """A file that came so many days ago."""
    name = store.put(b"a photo").name
    when = (clock.now() - days_old * DAYS).timestamp()
    os.utime(folder / name[:2] / name, (when, when))
    return name


def arrived(settings: Settings, *, days_old: int) -> Path:
    """A file handed in for the worker so many days ago."""
    path = incoming.new_file(settings.var)
    path.write_bytes(b"a,b")
    when = (clock.now() - days_old * DAYS).timestamp()
    os.utime(path, (when, when))
    return path


def row(name: str) -> ObjectionFile:
    return ObjectionFile(
        purpose="evidence", name="照片.jpg", kind="jpeg", media_type="image/jpeg", size=7, sha256="0" * 64,
        stored=name, at=clock.now(),
    )  # fmt: skip


def there(settings: Settings) -> set[str]:
    return {each.name for each in settings.evidence_dir.glob("??/*")}


def test_files_that_no_row_names_go_after_two_days(
    app: Flask, session: Session, settings: Settings, store: Store, result: Publication
) -> None:
    case = object_to(session, result)
    of_a_case, unnamed, young = (kept(store, settings.evidence_dir, days_old=days) for days in (40, 3, 1))
    named = row(of_a_case)
    named.objection_id = case.id
    session.add(named)
    session.commit()
    assert timers.tidying(app, Rounds()) == 1
    assert there(settings) == {of_a_case, young} and unnamed not in there(settings)


def test_a_file_that_came_in_for_no_job_goes_after_two_days(
    app: Flask, session: Session, settings: Settings, cast: Cast
) -> None:
    waiting, unnamed, young = (arrived(settings, days_old=days) for days in (40, 3, 1))
    asking.ask_for_import(session, waiting, {"kind": "result"}, by=cast.he)
    session.commit()
    assert timers.tidying(app, Rounds()) == 1
    assert waiting.exists() and young.exists() and not unnamed.exists()


def test_a_draft_nobody_touched_for_a_month_goes_with_its_files(
    app: Flask, session: Session, settings: Settings, store: Store, result: Publication
) -> None:
    for key, days in (("old", 31), ("new", 29)):
        files = [row(kept(store, settings.evidence_dir, days_old=days))]
        draft = keeping.save_draft(session, key, str(result.number), {"text": "查的不是我家"}, files)
        draft.touched_at = clock.now() - days * DAYS
    session.commit()
    assert timers.tidying(app, Rounds()) == 2  # the draft, and its file
    session.expire_all()
    assert [each.key_hash for each in session.scalars(sa.select(ObjectionDraft))] == [keeping.hashed("new")]
    assert there(settings) == {each.stored for each in session.scalars(sa.select(ObjectionFile))}


def test_it_is_done_once_an_hour_at_most(
    app: Flask, session: Session, settings: Settings, store: Store
) -> None:
    session.rollback()
    rounds = Rounds()
    assert timers.tidying(app, rounds) == 0
    kept(store, settings.evidence_dir, days_old=3)
    assert timers.tidying(app, rounds) == 0
    assert timers.tidying(app, Rounds()) == 1


def test_one_part_that_fails_keeps_no_other_waiting(
    app: Flask, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.evidence_dir.parent.mkdir(parents=True, exist_ok=True)
    monkeypatch.setitem(app.extensions, "portal_rounds", rounds := Rounds())
    session.execute(sa.text("ALTER TABLE calendar_notices RENAME TO calendar_notices_gone"))
    session.commit()
    with pytest.raises(ExceptionGroup) as failed:
        timers.timers_step(app)
    assert len(failed.value.exceptions) == 2  # both that count by the calendar
    assert not rounds.is_time("tidying")
