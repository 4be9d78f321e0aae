"""The read API among other programs: caches, pages of other sites, HEAD, Chinese text."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.publications.models import Publication
from tests.cast import Cast
from tests.office import correct

RECORDS = "/api/v1/publications"


def test_what_did_not_change_is_not_sent_again(
    session: Session, cast: Cast, visitor: FlaskClient, result: Publication
) -> None:
    tags = {}
    for address in (RECORDS, f"{RECORDS}/{result.number}", "/api/v1/changes", "/openapi.json"):
        answer = visitor.get(address)
        tags[address] = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-cache" and "Set-Cookie" not in answer.headers
        assert visitor.get(address, headers={"If-None-Match": tags[address]}).status_code == 304
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    for address, tag in tags.items():
        assert visitor.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_pages_of_other_sites_may_read_it(visitor: FlaskClient, result: Publication) -> None:
    for address in (RECORDS, "/openapi.json", "/api/v1/no/such", f"{RECORDS}?x=1"):
        assert visitor.get(address).headers["Access-Control-Allow-Origin"] == "*"
        assert visitor.head(address).headers["Access-Control-Allow-Origin"] == "*"
    asked = visitor.options(RECORDS)
    assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match" and asked.status_code == 200
    for page in ("/", "/api/", f"/results/{result.number}"):
        assert "Access-Control-Allow-Origin" not in visitor.get(page).headers


def test_head_says_what_get_says_without_the_body(visitor: FlaskClient, result: Publication) -> None:
    got, asked = visitor.get(RECORDS), visitor.head(RECORDS)
    assert asked.data == b"" and asked.headers["ETag"] == got.headers["ETag"]


def test_text_is_sent_as_it_is_read(visitor: FlaskClient, result: Publication) -> None:
    text = visitor.get(f"{RECORDS}/{result.number}").text
    assert "示例" in text and json.loads(text)["number"] == result.number


@pytest.mark.about_sqlite
def test_what_breaks_is_a_problem_too(app: Flask, session: Session, visitor: FlaskClient) -> None:
    session.execute(sa.text("DROP TABLE code_values"))
    session.commit()
    answer = visitor.get("/api/v1/codes")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "请稍后再试" in answer.json["detail"] and "code_values" not in answer.text
