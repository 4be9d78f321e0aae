"""何知远 puts a recipe beside a plan and covers a line of it, 宋清和 agrees, and the public gets our copy and no more."""

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.attachments import showing
from portal.attachments.models import Attachment, AttachmentCopy, PublicFile
from portal.erasing.blanking import MARKER
from portal.errors import Overtaken, Refused
from portal.ledger.models import Entry
from portal.publications import attaching, duty, pipeline, requirements
from portal.publications.models import Publication, Release, Revision
from portal.publications.scope import RESCOPE
from portal.settings import Settings
from portal.timers import timers_step
from tests import examples
from tests.attaching import BASIS, attach, cover, kept_in, one_page, stores_of
from tests.cast import Cast
from tests.erasing import erased, finished
from tests.office import carry_through, propose, withdraw
from tests.rules.test_documents import read


@pytest.fixture
def drafted(session: Session, cast: Cast, app: Flask) -> Revision:
    """A plan with the recipe beside it, nothing covered yet."""
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    return attach(session, app, revision, by=cast.he)


@pytest.fixture
def shown(session: Session, cast: Cast, app: Flask, drafted: Revision) -> Publication:
    """The same, its middle line covered, public."""
    return carry_through(session, cast, cover(session, app, drafted, by=cast.he))


def body(session: Session, publication: Publication) -> dict[str, object]:
    newest = (
        sa.select(Release.body).where(Release.number == publication.number).order_by(Release.version.desc())
    )
    record: dict[str, object] = json.loads(session.scalars(newest).first() or "{}")
    return record


def test_the_public_gets_our_copy_under_our_name(
    session: Session, shown: Publication, visitor: FlaskClient
) -> None:
    answer = visitor.get(f"/plans/{shown.number}/files/1.pdf")
    words = read(answer.data)
    assert answer.status_code == 200
    assert "mixed with" in words
    assert "〔依法隐去：商业秘密〕" in words
    assert "SECRET" not in words
    assert "filename*=UTF-8''JH-2026-0001-%E9%99%84%E4%BB%B61.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (told,) = body(session, shown)["attachments"]  # type: ignore[misc]
    assert told["notes"] == [{"ground": "trade_secret", "label": "商业秘密", "basis": BASIS}]
    assert (
        visitor.get(
            f"/plans/{shown.number}/files/1.pdf", headers={"If-None-Match": answer.headers["ETag"]}
        ).status_code
        == 304
    )


def test_the_ledger_covers_the_copy(session: Session, shown: Publication, visitor: FlaskClient) -> None:
    copy = session.scalars(sa.select(PublicFile)).one()
    record = visitor.get(f"/plans/{shown.number}/record.json")
    assert copy.sha256 in record.text
    hashes = session.scalars(sa.select(Release.record_hash).where(Release.number == shown.number)).one()
    assert hashes.encode() in session.scalars(sa.select(Entry).where(Entry.number == shown.number)).one().body


def test_what_came_is_nowhere_the_public_or_its_store_reaches(
    session: Session, shown: Publication, app: Flask, visitor: FlaskClient, settings: Settings
) -> None:
    file = session.scalars(sa.select(Attachment)).one()
    page = visitor.get(f"/plans/{shown.number}").text + visitor.get(f"/plans/{shown.number}/record.json").text
    for secret in (file.name, file.stored, file.sha256, file.bundle, "内部文件名"):
        assert secret not in page
    assert not kept_in(settings.quarantine_dir) & kept_in(settings.public_files_dir)
    for name in (file.stored, f"../quarantine/{file.stored}", "0", "2", "1.pdf/../../quarantine"):
        assert visitor.get(f"/plans/{shown.number}/files/{name}.pdf").status_code == 404
    assert b"SECRET" not in b"".join(path.read_bytes() for path in settings.public_files_dir.glob("??/*"))


def test_who_covered_a_place_does_not_agree_to_it(
    session: Session, cast: Cast, app: Flask, drafted: Revision
) -> None:
    pipeline.submit(session, drafted, by=cast.he)
    covered = cover(session, app, drafted, by=cast.song)
    assert covered.state == "submitted"
    assert any("自己的标注" in reason for reason in requirements.why_not_approve(session, covered, cast.song))


def test_who_reviews_covers_but_brings_no_files(
    session: Session, cast: Cast, app: Flask, drafted: Revision
) -> None:
    pipeline.submit(session, drafted, by=cast.he)
    with pytest.raises(Refused):
        attach(session, app, drafted, by=cast.song, title="另一份")
    with pytest.raises(Refused):
        attaching.detach(session, drafted, 1, by=cast.song)


def test_two_who_cover_at_once_are_told(session: Session, cast: Cast, app: Flask, drafted: Revision) -> None:
    looked_at = drafted.step_id
    before = drafted.attachments
    cover(session, app, drafted, by=cast.he)
    copy = session.get_one(AttachmentCopy, cover_again(session, app, drafted, cast))
    with pytest.raises((Overtaken, Refused)):
        attaching.mark(session, drafted, 1, before[0]["boxes"], copy, by=cast.he, seen=looked_at)


def cover_again(session: Session, app: Flask, revision: Revision, cast: Cast) -> int:
    newest = session.get_one(Revision, revision.successor_id)
    found: int = cover(session, app, newest, by=cast.he, y0=0.1, y1=0.3).attachments[0]["copy"]["id"]
    return found


def test_something_sure_keeps_a_file_from_being_agreed_to(session: Session, cast: Cast, app: Flask) -> None:
    number = "BT /F1 18 Tf 200 20 Td (11010519491231002X) Tj ET"
    revision = pipeline.draft(session, "plan", examples.plan(), by=cast.he)
    revision = attach(session, app, revision, by=cast.he, data=one_page(number))
    pipeline.submit(session, revision, by=cast.he)
    (reason,) = requirements.why_not_approve(session, revision, cast.song)
    assert "附件1" in reason
    kept = attaching.keep(session, revision, 1, [0], "样例号码，公开发布过", by=cast.he)
    assert requirements.why_not_approve(session, kept, cast.song) == []


@pytest.mark.parametrize(("end", "status"), [("hold", 451), ("withdraw", 410)])
def test_a_file_goes_with_its_record_and_comes_back_with_it(
    session: Session, cast: Cast, shown: Publication, visitor: FlaskClient, end: str, status: int
) -> None:
    address = f"/plans/{shown.number}/files/1.pdf"
    if end == "hold":
        duty.hold(session, shown, by=cast.zhou, reason="有人来电")
    else:
        withdraw(session, cast, shown, "不应公示")
    session.commit()
    for each in (address, f"/plans/{shown.number}/versions/1/files/1.pdf"):
        assert visitor.get(each).status_code == status
    revision = propose(session, cast, shown, "restore", "可以公示")
    carry_through(session, cast, revision)
    assert visitor.get(address).status_code == 200


def test_a_version_that_covers_more_takes_the_earlier_copy_away(
    session: Session, cast: Cast, app: Flask, shown: Publication, visitor: FlaskClient, settings: Settings
) -> None:
    standing = shown.revisions[-1]
    rescoped = pipeline.draft(
        session, "plan", {}, by=cast.he, act=RESCOPE, publication=shown, marks=standing.marks, reason="应隐去"
    )
    carry_through(session, cast, cover(session, app, rescoped, by=cast.he, y0=0.1, y1=0.3))
    assert visitor.get(f"/plans/{shown.number}/versions/1/files/1.pdf").status_code == 410
    assert "mixed" not in read(visitor.get(f"/plans/{shown.number}/files/1.pdf").data)
    assert session.scalar(sa.select(sa.func.count()).select_from(PublicFile)) == 1
    session.commit()
    age(settings.public_files_dir)
    timers_step(app)
    assert kept_in(settings.public_files_dir) == {session.scalars(sa.select(PublicFile)).one().stored}


def age(folder: Path) -> None:
    """Let every file be from long ago: the sweep leaves young ones alone."""
    for path in folder.glob("??/*"):
        os.utime(path, (0, 0))


def test_a_correction_keeps_the_files_and_old_ones_stay_beside_it(
    session: Session, cast: Cast, shown: Publication, visitor: FlaskClient
) -> None:
    carry_through(session, cast, propose(session, cast, shown, "correct", "标题有误", title="更正后的计划"))
    now, before = (visitor.get(f"/plans/{shown.number}/{where}files/1.pdf") for where in ("", "versions/1/"))
    assert now.status_code == before.status_code == 200
    assert now.data == before.data


def test_a_correction_that_covers_more_compares_no_files_with_what_may_not_be_shown(
    session: Session, cast: Cast, app: Flask, shown: Publication, visitor: FlaskClient
) -> None:
    corrected = propose(session, cast, shown, "correct", "应隐去")
    carry_through(session, cast, cover(session, app, corrected, by=cast.he, y0=0.1, y1=0.3))
    before = session.scalars(sa.select(Release).where(Release.number == shown.number)).first()
    assert before and before.body is None
    page = visitor.get(f"/plans/{shown.number}").text
    assert "附件1" in page and "附件与上一版不同" not in page


def test_a_file_withheld_whole_shows_its_title_and_ground(
    session: Session, cast: Cast, app: Flask, drafted: Revision, visitor: FlaskClient
) -> None:
    withheld = attaching.withhold(session, drafted, 1, "trade_secret", BASIS, by=cast.he)
    publication = carry_through(session, cast, withheld)
    page = visitor.get(f"/plans/{publication.number}").text
    assert "附件1" in page
    assert "〔依法隐去：商业秘密〕" in page
    assert visitor.get(f"/plans/{publication.number}/files/1.pdf").status_code == 404
    assert session.scalars(sa.select(AttachmentCopy)).all() == []


def test_an_erased_record_takes_its_files_along(
    session: Session, cast: Cast, app: Flask, shown: Publication, visitor: FlaskClient, settings: Settings
) -> None:
    erasure = finished(app, session, erased(session, cast, shown))
    assert erasure.state == "done"
    assert next(place.count for place in erasure.places if place.name == "files") == 3
    for table in (PublicFile, AttachmentCopy, Attachment):
        assert session.scalars(sa.select(table)).all() == []
    assert kept_in(settings.quarantine_dir) == set()
    assert visitor.get(f"/plans/{shown.number}/files/1.pdf").status_code == 410
    assert {each["title"] for revision in shown.revisions for each in revision.attachments} == {MARKER}
    assert showing.erase(session, shown.id, stores_of(app)) == []
