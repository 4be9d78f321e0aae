"""A shopkeeper files an objection: the form, what survives its errors, the receipt."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.objections.models import Objection, ObjectionDraft, ObjectionFile
from portal.publications.models import Publication
from tests.doors.objectors_room import LICENCE, MINIMAL, SAID, Shopkeeper, form_of, number_and_code, soup_of
from tests.doors.public_room import words


@pytest.fixture
def shopkeeper(session: Session, result: Publication, visitor: FlaskClient) -> Shopkeeper:
    session.commit()
    return Shopkeeper(visitor, session, str(result.number))


def test_phone_and_licence_photo_are_enough(shopkeeper: Shopkeeper, session: Session) -> None:
    answer = shopkeeper.send(MINIMAL, [("licence", "执照.jpg", LICENCE)])
    assert answer.status_code == 201
    receipt, code = number_and_code(answer)
    case = session.query(Objection).one()
    assert case.receipt == receipt and len(code) == 9
    assert [each.purpose for each in case.files] == ["licence"]
    page = soup_of(answer)
    assert words(page.select_one("h1")) == "异议申请收件回执"  # type: ignore[arg-type]
    assert "受理通知书" not in answer.text
    assert session.query(ObjectionDraft).count() == 0
