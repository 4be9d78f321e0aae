"""The read API: what it answers is what its document says, and what it refuses it refuses in sentences."""

import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from sqlalchemy.orm import Session

from portal import work
from portal.publications import duty
from portal.publications.models import Publication
from portal.statistics import snapshot
from portal.web.openapi import addresses
from portal.web.public.search import CONDITIONS
from tests import examples
from tests.cast import Cast
from tests.doors.public_room import Page
from tests.objecting import terms
from tests.office import correct, disclose, withdraw

RECORDS = "/api/v1/publications"
PROBLEM = "application/problem+json"


def document(visitor: FlaskClient, lang: str = "zh") -> dict[str, Any]:
    found: dict[str, Any] = visitor.get(f"/openapi.json?lang={lang}").json
    return found


def validated(document: dict[str, Any], schema: dict[str, Any], body: Any) -> None:
    whole = {**schema, "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)


def refused(visitor: FlaskClient, address: str, status: int = 400) -> dict[str, Any]:
    answer = visitor.get(address)
    assert (answer.status_code, answer.content_type) == (status, PROBLEM), answer.text
    validated(known := document(visitor), known["components"]["schemas"]["Problem"], answer.json)
    assert answer.json["detail"] and answer.json["detail_en"] and answer.json["status"] == status
    return dict(answer.json)


# ── the document ─────────────────────────────────────────────


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_document_is_valid_and_its_examples_are_as_it_says(
    visitor: FlaskClient, result: Publication, lang: str
) -> None:
    found = document(visitor, lang)
    validate(found)
    for operation in [each for path in found["paths"].values() for each in path.values()]:
        for told in (operation["responses"]["200"], operation.get("requestBody", {"content": {}})):
            for content in told["content"].values():
                if "example" in content:
                    validated(found, content["schema"], content["example"])
        for param in operation["parameters"]:
            validated(found, param["schema"], param["example"])


def test_every_answer_is_as_the_document_says(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, result: Publication
) -> None:
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    snapshot.take(session, terms(session).profile)
    session.commit()
    work.once(app)
    found = document(visitor)
    with app.test_request_context():
        known = addresses(app)
        shown = {each.path: each.shown() for each in known if not each.endpoint.security}
    assert {each.path for each in known} == found["paths"].keys()
    for path, address in shown.items():
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        schema = found["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validated(found, schema, answer.json)


def test_the_page_for_people_shows_each_address_and_what_it_says_to_type_works(
    page: Page, visitor: FlaskClient, result: Publication
) -> None:
    soup = page("/api/")
    assert {each.get_text() for each in soup.select(".address code")} == {
        f"{method.upper()} {path}" for path, known in document(visitor)["paths"].items() for method in known
    }
    typed = [shlex.split(each.get_text()) for each in soup.select("pre.curl")]
    assert len(typed) > 12
    for curl, silent, address in typed:
        parts = urlsplit(address)
        assert (curl, silent) == ("curl", "-s")
        assert visitor.get(f"{parts.path}?{parts.query}").status_code == 200, address
    assert not soup.select("script:not([src]), style, [style]")


def test_the_site_leads_to_it(page: Page) -> None:
    for address in ("/", "/about/", "/search"):
        assert page(address).select_one('a[href^="/api/"]')
    assert page("/api/").select_one('a[href="/openapi.json"]')


# ── what is refused ──────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("page=2", "page"), ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("limit=", "limit"),
        ("kind=x", "kind"), ("department=nobody", "department"), ("outcome=x", "outcome"), ("region=x", "region"),
        ("from=2026-02-30", "from"), ("to=20261123", "to"), ("sort=x", "sort"), ("cursor=x", "cursor"),
        ("state=held", "state"), (f"q={'x' * 201}", "q"), ("year=26", "year"), ("kind=task&kind=plan", "kind"),
    ],
)  # fmt: skip
def test_a_parameter_that_can_not_be_taken_is_named(visitor: FlaskClient, query: str, parameter: str) -> None:
    problem = refused(visitor, f"{RECORDS}?{query}")
    assert [each["parameter"] for each in problem["errors"]] == [parameter]
    assert parameter in problem["errors"][0]["detail"]


def test_every_wrong_parameter_is_named_at_once(visitor: FlaskClient) -> None:
    problem = refused(visitor, f"{RECORDS}?x=1&limit=0&kind=y")
    assert {each["parameter"] for each in problem["errors"]} == {"x", "limit", "kind"}


def test_conditions_that_exclude_each_other_are_refused_in_a_sentence(visitor: FlaskClient) -> None:
    problem = refused(visitor, f"{RECORDS}?from=2026-12-31&to=2026-01-01")
    assert "请对调后再试" in problem["detail"] and "Exchange them" in problem["detail_en"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/", 404), ("/api/v1/no/such", 404), ("/api/v2/publications", 404), (f"{RECORDS}/JG-2026-999999", 404),
        (f"{RECORDS}/{quote('〔')}", 404), ("/api/v1/entities/X", 404), ("/api/v1/codes/x", 404),
        (f"{RECORDS}?q={'x' * 5000}", 414), (f"{RECORDS}?q=%00", 400), (f"{RECORDS}?q=食品", 503),
    ],
)  # fmt: skip
def test_everything_under_the_api_answers_with_a_problem(
    visitor: FlaskClient, address: str, status: int
) -> None:
    refused(visitor, address, status)


def test_it_can_only_be_read(visitor: FlaskClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = visitor.open(RECORDS, method=method)
        assert (answer.status_code, answer.content_type) == (405, PROBLEM)
        assert {each.strip() for each in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


def test_what_is_off_says_so_and_what_is_left(
    session: Session, cast: Cast, visitor: FlaskClient, result: Publication
) -> None:
    for address in (f"{RECORDS}/{result.number}", f"{RECORDS}/{result.number}/versions"):
        assert visitor.get(address).status_code == 200
    duty.hold(session, result, by=cast.zhou, reason="先停一下")
    session.commit()
    for rest in ("", "/versions"):
        left = refused(visitor, f"{RECORDS}/{result.number}{rest}", 451)["publication"]
        assert (left["number"], left["state"], left["reason"]) == (result.number, "held", None)
    withdraw(session, cast, result, "检查对象有误")
    left = refused(visitor, f"{RECORDS}/{result.number}", 410)["publication"]
    assert (left["state"], left["reason"]) == ("withdrawn", "检查对象有误")
    assert visitor.get(f"{RECORDS}?kind=result").json["total"] == 0


# ── what is found ────────────────────────────────────────────


@pytest.fixture
def several(app: Flask, session: Session, cast: Cast) -> list[Publication]:
    """Five results, inspected on different days in another order than they were published."""
    disclose(session, cast, "list", examples.item_list())
    days = ["2026-10-13", "2026-10-11", "2026-10-15", "2026-10-12", "2026-10-14"]
    made = [disclose(session, cast, "result", examples.result(inspected_on=day)) for day in days]
    work.once(app)
    return made


def pages(visitor: FlaskClient, address: str) -> Iterator[dict[str, Any]]:
    while address:
        answer = visitor.get(address)
        assert answer.status_code == 200, answer.text
        address = answer.json["next"]
        assert answer.headers.get("Link", "") == (f'<{address}>; rel="next"' if address else "")
        yield answer.json


@pytest.mark.parametrize(
    "query", ["", "q=示例", "q=示例&sort=relevance", "q=示例&sort=inspected", "sort=inspected"]
)
def test_pages_hold_everything_once_in_the_sites_order(
    visitor: FlaskClient, several: list[Publication], query: str
) -> None:
    walked = [
        each["number"]
        for page in pages(visitor, f"{RECORDS}?kind=result&limit=2&{query}")
        for each in page["publications"]
    ]
    whole = visitor.get(f"{RECORDS}?kind=result&limit=100&{query}").json
    assert walked == [each["number"] for each in whole["publications"]]
    assert sorted(walked) == sorted(str(each.number) for each in several) and whole["total"] == 5
    if "inspected" in query:
        days = [each["fields"]["inspected_on"] for each in whole["publications"]]
        assert days == sorted(days, reverse=True)


def test_an_order_that_hangs_on_the_index_says_when_it_moved(
    app: Flask, session: Session, cast: Cast, visitor: FlaskClient, several: list[Publication]
) -> None:
    onward = {
        sort: visitor.get(f"{RECORDS}?kind=result&q=示例&limit=2&sort={sort}").json["next"]
        for sort in ("relevance", "published")
    }
    disclose(session, cast, "result", examples.result(inspected_on="2026-10-16"))
    work.once(app)
    assert "sort=published" in refused(visitor, onward["relevance"], 409)["detail"]
    seen = [each["number"] for page in pages(visitor, onward["published"]) for each in page["publications"]]
    assert seen == [several[at].number for at in (2, 1, 0)]


def test_every_condition_of_the_sites_search_is_one_of_the_apis(visitor: FlaskClient) -> None:
    known = {each["name"] for each in document(visitor)["paths"][RECORDS]["get"]["parameters"]}
    assert {*CONDITIONS, "sort"} <= known and known - {*CONDITIONS, "sort"} == {"cursor", "limit", "lang"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("not_kind=list&not_kind=list", None), ("not_kind=list", 5), ("not_outcome=5&kind=result", 0), ("published_to=2020-01-01", 0),
        ("from=2026-10-12&to=2026-10-13", 2), ("not_year=2020&kind=result", 5), ("not_department=yjgl&kind=result", 5),
    ],
)  # fmt: skip
def test_conditions_narrow_and_leave_out(
    visitor: FlaskClient, several: list[Publication], query: str, numbers: int | None
) -> None:
    answer = visitor.get(f"{RECORDS}?{query}")
    assert answer.json.get("total") == numbers, answer.text


def test_a_cursor_of_another_order_is_refused(visitor: FlaskClient, several: list[Publication]) -> None:
    for cursor in ("i.-.2026-11-20.JG-2026-000001", "r.1.20", "p.2026-99-99.JG-2026-000001"):
        assert "cursor" in refused(visitor, f"{RECORDS}?cursor={cursor}")["detail"]


def test_an_entity_is_found_whatever_the_case_of_its_code(visitor: FlaskClient, result: Publication) -> None:
    code = "9133990075TNM5LB3J"
    found = visitor.get(f"/api/v1/entities/{code.lower()}").json
    assert (found["code"], found["total"], len(found["tasks"])) == (code, 1, 1)
    assert visitor.get(found["publications"].lower()).json["publications"][0]["number"] == result.number


def test_corrections_and_withdrawals_are_walked_newest_first(
    session: Session, cast: Cast, visitor: FlaskClient, result: Publication
) -> None:
    correct(session, cast, result, "办结情况有误", follow_up_note="已办结")
    withdraw(session, cast, result, "检查对象有误")
    acts = [each for page in pages(visitor, "/api/v1/corrections?limit=1") for each in page["acts"]]
    assert [(each["act"], each["reason"]) for each in acts] == [
        ("withdraw", "检查对象有误"),
        ("correct", None),
    ]
    assert visitor.get("/api/v1/corrections?act=correct").json["total"] == 1
