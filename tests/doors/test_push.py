"""``/push/v1`` from outside: a platform with its key, and everybody else."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy.orm import Session

from portal.intake import clients
from portal.publications.models import Revision
from tests.cast import Cast
from tests.office import carry_through
from tests.pushing import RECORDS, SHEET, Send, of_results


def drafts(session: Session) -> int:
    return session.query(Revision).filter_by(kind="result").count()


def test_a_record_is_pushed_reviewed_published_and_its_number_asked_for(
    session: Session, cast: Cast, visitor: FlaskClient, send: Send, key: str
) -> None:
    answer = send(of_results(SHEET)).get_json()
    assert answer["counts"] == {"records": 1, "drafted": 1, "held": 0, "known": 0, "refused": 0}
    address = f"{RECORDS}/{answer['records'][0]['record']}"
    headers = {"Authorization": f"Bearer {key}"}
    before = visitor.get(address, headers=headers).get_json()
    assert (before["stage"], before["number"]) == ("draft", None)
    carry_through(session, cast, session.query(Revision).filter_by(kind="result").one())
    session.commit()
    after = visitor.get(address, headers=headers).get_json()
    assert after["stage"] == "done" and after["address"].endswith(f"/results/{after['number']}")


def test_a_fault_comes_back_with_its_place_in_both_languages(session: Session, send: Send) -> None:
    answer = send(of_results(SHEET, SHEET | {"inspected_on": "昨天"}))
    assert answer.status_code == 200
    fault = answer.get_json()["records"][1]["errors"][0]
    assert (fault["pointer"], fault["value"]) == ("/records/1/inspected_on", "昨天")
    assert "不是日期" in fault["detail"] and "is not a date" in fault["detail_en"]
    assert drafts(session) == 1


def test_a_trial_writes_nothing(session: Session, send: Send) -> None:
    answer = send(of_results(SHEET), f"{RECORDS}?dry_run=true").get_json()
    assert answer["dry_run"] and answer["counts"]["drafted"] == 1 and drafts(session) == 0


def test_a_request_that_was_cut_off_is_sent_again_and_answered_the_same(session: Session, send: Send) -> None:
    first = send(of_results(SHEET), Idempotency_Key="7f-1")
    again = send(of_results(SHEET), Idempotency_Key="7f-1")
    assert again.data == first.data and drafts(session) == 1
    other = send(of_results(SHEET | {"inspected_on": "2026-10-21"}), Idempotency_Key="7f-1")
    assert other.status_code == 409 and "换一个新的键" in other.get_json()["detail"]


def test_a_batch_is_filled_completed_and_takes_no_more(visitor: FlaskClient, send: Send, key: str) -> None:
    send(of_results(SHEET, batch="2026-10"))
    send(of_results(SHEET | {"inspected_on": "2026-10-21"}, {}, batch="2026-10"))
    headers = {"Authorization": f"Bearer {key}"}
    told = visitor.get("/push/v1/batches/2026-10", headers=headers).get_json()
    assert told["counts"] == {"records": 3, "drafted": 2, "held": 0, "known": 0, "refused": 1}
    assert not told["completed"]
    assert send("", "/push/v1/batches/2026-10/completion").get_json()["completed"]
    assert send(of_results(SHEET, batch="2026-10")).status_code == 409
    assert send("", "/push/v1/batches/2026-11/completion").status_code == 404


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{", "不是JSON"),
        ("[" * 100_000, "不是JSON"),
        ([], "应当是一个JSON对象"),
        ('{"kind": "result", "records": [{"entity_name": "\\ud800"}]}', "不是JSON"),
        ('{"kind": "result", "records": [{"entity_name": NaN}]}', "不是JSON"),
        ({"kind": "result"}, "records 应当是一个数组"),
        ({"kind": "firm", "records": [{}]}, "kind 请写"),
        ({"kind": ["x"], "records": [{}]}, "kind 请写"),
        ({"kind": "result", "records": [{}], "sender": "x"}, "没有“sender”这一项"),
        ({"kind": "result", "records": [{}], "batch": "第一批"}, "batch 请用"),
        ({"kind": "result", "records": []}, "没有记录"),
        ({"kind": "result", "records": [{}] * 301}, "最多300条"),
        ({"kind": "result", "records": [json.loads("[" * 50 + "]" * 50)]}, "层数太多"),
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused_in_a_sentence(send: Send, body: Any, sentence: str) -> None:
    answer = send(body)
    assert answer.status_code == 400 and answer.content_type == "application/problem+json"
    assert sentence in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "odd", ["\0", "\ufffe", "￿", "=1+1", "x" * 100_000, 10**400, -1.5e300, True, [[]], {"code": []}]
)
def test_whatever_is_pushed_is_taken_or_refused(session: Session, send: Send, odd: Any) -> None:
    as_value = [
        SHEET | {name: odd} for name in ("entity_name", "entity_code", "inspected_on", "items", "department")
    ]
    in_rows = [SHEET | {"items": [{"item": odd, "outcomes": odd, "checked": odd, "problem": odd}]}]
    as_name = [SHEET | {odd: 1}] if isinstance(odd, str) else []
    text = json.dumps(of_results(*as_value, *in_rows, *as_name))
    answer = send(text)
    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["counts"]["refused"] >= 3


def test_what_is_no_json_at_all_is_refused(send: Send) -> None:
    assert send("kind=result", Content_Type="application/x-www-form-urlencoded").status_code == 415
    assert send(b'{"kind": "\xff"}').status_code == 400
    assert send(of_results(SHEET), f"{RECORDS}?dry=1").status_code == 400
    assert send(of_results(SHEET), Idempotency_Key="x" * 101).status_code == 400
    assert send(of_results(SHEET), Idempotency_Key=" ").status_code == 400


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer push_x", "Basic YTpi", "push"])
def test_without_a_key_nothing_is_read(visitor: FlaskClient, session: Session, key: str, header: str) -> None:
    session.commit()
    for method, address in (("POST", RECORDS), ("GET", f"{RECORDS}/x"), ("GET", "/push/v1/batches/x"), ("POST", "/push/v1/batches/x/completion")):  # fmt: skip
        answer = visitor.open(
            address, method=method, headers={"Authorization": header}, json=of_results(SHEET)
        )
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Set-Cookie" not in answer.headers
    assert drafts(session) == 0


def test_a_key_opens_no_other_room_and_asks_after_no_other_office(
    visitor: FlaskClient, session: Session, cast: Cast, send: Send, key: str
) -> None:
    record = send(of_results(SHEET)).get_json()["records"][0]["record"]
    send(of_results(SHEET, batch="a"))
    other = clients.add(session, "应急平台", cast.fang, by=cast.jiang)[1]
    session.commit()
    theirs = {"Authorization": f"Bearer {other}"}
    assert visitor.get(f"{RECORDS}/{record}", headers=theirs).status_code == 404
    assert visitor.get("/push/v1/batches/a", headers=theirs).status_code == 404
    assert visitor.get("/staff/", headers={"Authorization": f"Bearer {key}"}).status_code == 302


def test_it_is_described_beside_the_read_interface(visitor: FlaskClient, key: str) -> None:
    for language in ("zh", "en"):
        document = visitor.get(f"/openapi.json?lang={language}").get_json()
        validate(document)
        operation = document["paths"]["/push/v1/records"]["post"]
        assert operation["security"] == [{"key": []}]
        shape = document["components"]["schemas"]["PushedResult"]
        assert {"entity_name", "items", "inspectors"} <= shape["properties"].keys()
        assert shape["additionalProperties"] is False
