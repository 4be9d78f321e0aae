"""``/push/v1`` and a platform that sends too much: each request is answered soon, for meanwhile nobody else writes."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.intake import clients
from portal.intake.models import PushClient
from portal.intake.pushed import LONGEST, MOST_FAULTS
from portal.intake.pushing import MOST_ROWS
from portal.web.push.asked import MOST_BYTES
from tests.cast import Cast
from tests.pushing import RECORDS, SHEET, Send, of_results

ITEM = {"item": "公示信息抽查", "outcomes": ["未发现问题"]}


def faults(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.get_json()
    return list(answer.get_json()["records"][0]["errors"])


def test_a_request_larger_than_any_of_ours_is_not_read(send: Send) -> None:
    answer = send(b'{"kind": "' + b"x" * MOST_BYTES + b'"}')
    assert answer.status_code == 413 and "分成几次发送" in answer.get_json()["detail"]


def test_more_rows_than_a_transaction_may_hold_are_refused(send: Send) -> None:
    answer = send(of_results(SHEET | {"items": [ITEM] * MOST_ROWS}, SHEET | {"items": [ITEM]}))
    assert answer.status_code == 400
    assert f"最多{MOST_ROWS}行" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "wrong",
    [
        {f"x{n}": 1 for n in range(500)},
        SHEET | {"items": [{"item": ""}] * 500},
        SHEET | {"items": [ITEM | {f"x{n}": 1 for n in range(500)}]},
        SHEET | {"items": [1] * 500},
    ],
)
def test_of_many_faults_the_first_are_told(send: Send, wrong: dict[str, Any]) -> None:
    assert 0 < len(faults(send(of_results(wrong)))) <= MOST_FAULTS + 1


@pytest.mark.parametrize("name", ["entity_name", "entity_code", "inspected_on", "region", "follow_up"])
def test_a_value_longer_than_any_field_is_not_repeated(send: Send, name: str) -> None:
    answer = send(of_results(SHEET | {name: "9" * (LONGEST + 1)}))
    (fault,) = faults(answer)
    assert fault["pointer"] == f"/records/0/{name}" and "请缩短" in fault["detail"]
    assert len(answer.data) < 1000


@pytest.mark.parametrize("outcomes", ["甲、" * 5000, ["甲"] * 5000])
def test_a_cell_of_separators_is_refused_at_once(send: Send, outcomes: Any) -> None:
    (fault,) = faults(send(of_results(SHEET | {"items": [ITEM | {"outcomes": outcomes}]})))
    assert "最多2000个字" in fault["detail"]


def test_a_key_that_was_ended_between_two_requests_adds_nothing_more(
    session: Session, cast: Cast, send: Send, visitor: FlaskClient, key: str
) -> None:
    assert send(of_results(SHEET, batch="a"), Idempotency_Key="1").status_code == 200
    clients.end(session, session.query(PushClient).one(), by=cast.jiang)
    again = send(of_results(SHEET, batch="a"), Idempotency_Key="1")
    assert again.status_code == 401 and send("", "/push/v1/batches/a/completion").status_code == 401


def test_two_clients_keys_and_batches_of_one_name_do_not_meet(
    session: Session, cast: Cast, send: Send, visitor: FlaskClient
) -> None:
    send(of_results(SHEET, batch="a"), Idempotency_Key="1")
    other = clients.add(session, "示例市平台", cast.he, by=cast.jiang)[1]
    session.commit()
    theirs = {
        "Authorization": f"Bearer {other}", "Idempotency-Key": "1", "Content-Type": "application/json",
    }  # fmt: skip
    body = json.dumps(of_results(SHEET | {"inspected_on": "2026-10-21"}, batch="a"))
    answer = visitor.post(RECORDS, data=body, headers=theirs)
    assert answer.get_json()["counts"]["drafted"] == 1
    told = visitor.get("/push/v1/batches/a", headers=theirs).get_json()
    assert told["counts"]["records"] == 1
