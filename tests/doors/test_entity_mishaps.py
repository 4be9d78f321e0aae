"""What is typed is never lost: drafts, stale pages, a full disk, a database that fails."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.ledger.models import LedgerHead
from portal.objections.models import Objection, ObjectionDraft
from portal.publications.models import Publication
from portal.settings import Settings
from tests import examples
from tests.cast import Cast
from tests.conftest import Visit
from tests.doors.objectors_room import (
    LICENCE,
    MINIMAL,
    SAID,
    Shopkeeper,
    form_of,
    number_and_code,
    soup_of,
)
from tests.doors.public_room import words
from tests.office import disclose


@pytest.fixture
def shopkeeper(session: Session, result: Publication, visitor: FlaskClient) -> Shopkeeper:
    session.commit()
    return Shopkeeper(visitor, session, str(result.number))


def test_a_stale_token_keeps_the_words_and_the_second_press_is_received(
    shopkeeper: Shopkeeper, session: Session, app: Flask
) -> None:
    form = shopkeeper.form()
    without = Shopkeeper(app.test_client(use_cookies=False), session, shopkeeper.number)
    ours = {"Origin": "http://localhost"}
    answer = without.send(MINIMAL | {"text": SAID}, form=form, headers=ours)
    assert answer.status_code == 400 and session.query(Objection).count() == 0
    page = soup_of(answer)
    again = form_of(page)
    assert "页面放得太久" in words(page) and again["text"] == SAID and again["key"] == form["key"]
    receipt, _code = number_and_code(without.send({}, form=again, headers=ours))
    assert session.query(Objection).one().receipt == receipt


def test_another_site_can_not_put_words_into_the_form(shopkeeper: Shopkeeper, session: Session) -> None:
    shopkeeper.form()
    forged = MINIMAL | {"text": "别的网站写的", "key": "k" * 43, "again": "1"}
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Referer": "https://elsewhere.example/"},
        {"Origin": "null"},
    ):
        answer = shopkeeper.send(forged, form={}, headers=headers)
        assert answer.status_code == 400 and "别的网站写的" not in answer.text
        assert "k" * 43 not in answer.text
    assert session.query(Objection).count() == 0


def test_a_saved_draft_is_found_again_and_is_no_filing(shopkeeper: Shopkeeper, session: Session) -> None:
    answer = shopkeeper.send(
        {"text": SAID, "grounds": ["put_right"]}, [("licence", "执照.jpg", LICENCE)], act="save"
    )
    assert answer.status_code == 200 and "提交后才算收到" in answer.text
    assert session.query(Objection).count() == 0
    page = soup_of(shopkeeper.get(shopkeeper.address))
    assert form_of(page)["text"] == SAID and form_of(page)["grounds"] == ["put_right"]
    assert "上次没有填完" in words(page) and "执照.jpg" in words(page)


def test_the_script_saves_words_in_the_background(shopkeeper: Shopkeeper, session: Session) -> None:
    form = shopkeeper.form() | {"text": SAID}
    session.commit()
    address = shopkeeper.address.replace("/new", "/new/draft")
    assert shopkeeper.client.post(address, data=form).status_code == 204
    session.expire_all()
    assert session.query(ObjectionDraft).one().typed["text"] == SAID
    assert shopkeeper.client.post(address, data={"text": "x"}).status_code == 400
    number_and_code(shopkeeper.send(MINIMAL, form=form))
    session.commit()
    assert shopkeeper.client.post(address, data=form).status_code in (204, 400)
    assert session.query(ObjectionDraft).count() == 0


def test_nobody_elses_draft_is_shown(shopkeeper: Shopkeeper, session: Session, app: Flask) -> None:
    shopkeeper.send({"text": SAID}, act="save")
    other = Shopkeeper(app.test_client(), session, shopkeeper.number)
    assert SAID not in other.get(other.address).text


def test_when_the_disk_takes_nothing_the_words_stay(
    shopkeeper: Shopkeeper, session: Session, settings: Settings
) -> None:
    form = shopkeeper.form()
    settings.evidence_dir.write_text("a file where the folder should be")
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, [("licence", "执照.jpg", LICENCE)], form=form)
    assert answer.status_code == 503 and session.query(Objection).count() == 0
    page = soup_of(answer)
    assert form_of(page)["text"] == SAID and "没有收到" in words(page)
    settings.evidence_dir.unlink()
    assert shopkeeper.send({}, form=form_of(page)).status_code == 201


def test_when_the_log_can_not_be_signed_the_words_stay_and_no_line_does(
    shopkeeper: Shopkeeper, session: Session, settings: Settings
) -> None:
    form = shopkeeper.form()
    lines = session.scalar(sa.select(LedgerHead.size))
    session.rollback()
    aside = settings.log_key_dir.rename(settings.log_key_dir.with_name("aside"))
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, [("licence", "执照.jpg", LICENCE)], form=form)
    assert answer.status_code == 503 and session.query(Objection).count() == 0
    assert session.scalar(sa.select(LedgerHead.size)) == lines
    session.rollback()
    page = soup_of(answer)
    assert form_of(page)["text"] == SAID and "没有收到" in words(page)
    aside.rename(settings.log_key_dir)
    assert shopkeeper.send({}, form=form_of(page)).status_code == 201


def test_when_the_database_fails_the_words_stay(shopkeeper: Shopkeeper, session: Session) -> None:
    form = shopkeeper.form()
    session.execute(sa.text("ALTER TABLE objection_terms RENAME TO elsewhere"))
    session.commit()
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, form=form)
    assert answer.status_code == 503
    page = soup_of(answer)
    assert form_of(page)["text"] == SAID and "这次提交没有收到，也没有登记" in words(page)
    session.execute(sa.text("ALTER TABLE elsewhere RENAME TO objection_terms"))
    session.commit()
    assert session.query(Objection).count() == 0
    assert shopkeeper.send({}, form=form_of(page)).status_code == 201


def test_when_nothing_can_be_read_the_words_stay(shopkeeper: Shopkeeper, session: Session) -> None:
    form = shopkeeper.form()
    session.execute(sa.text("ALTER TABLE faces RENAME TO elsewhere"))
    session.commit()
    answer = shopkeeper.send(MINIMAL | {"text": SAID}, form=form)
    session.execute(sa.text("ALTER TABLE elsewhere RENAME TO faces"))
    session.commit()
    assert answer.status_code == 503 and form_of(soup_of(answer))["text"] == SAID


@pytest.mark.about_sqlite
def test_more_than_the_site_takes_at_all_leaves_the_draft(
    session: Session, cast: Cast, settings: Settings
) -> None:
    small = create_app(replace(settings, max_upload_mb=1))
    small.testing = True
    small.test_client_class = Visit
    disclose(session, cast, "list", examples.item_list())
    result = disclose(session, cast, "result", examples.result())
    shopkeeper = Shopkeeper(small.test_client(), session, str(result.number))
    with small.app_context():
        shopkeeper.send({"text": SAID}, act="save")
    with small.app_context():
        answer = shopkeeper.send(MINIMAL, [("evidence", "大.jpg", bytes(5 * 2**20))])
    assert answer.status_code == 413
    page = soup_of(answer)
    assert form_of(page)["text"] == SAID and "没有收到" in words(page)
