"""One publication as JSON: what was released and nothing else, exactly as its schema says."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy.orm import Session

from portal.exports.reading import read_live
from portal.exports.resource import Resource, resources
from portal.exports.resource_schema import gone_schema, resource_schema
from portal.publications import duty, queries
from portal.publications.kinds import KINDS
from portal.publications.models import Publication, Release
from portal.web.public.api_examples import live
from portal.words import LANGUAGE, Sentence
from tests import examples
from tests.cast import Cast
from tests.erasing import CANARY, marks, saying
from tests.objecting import object_to
from tests.office import correct, disclose, withdraw


def of(session: Session, publication: Publication) -> Resource:
    session.expire_all()
    assert publication.number
    found = next(resources(session, [publication.number]))
    schema = resource_schema(KINDS[publication.kind]) if found["state"] == "live" else gone_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(found)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_as_its_schema_says_and_holds_what_was_released(
    session: Session, cast: Cast, kind: str
) -> None:
    disclose(session, cast, "list", examples.item_list())
    made = {
        "list": examples.item_list(edition="2025年版", title="另一份清单"),
        "plan": examples.plan(),
        "task": examples.task(),
        "result": examples.result(),
    }
    publication = disclose(session, cast, kind, made[kind])
    found = of(session, publication)
    release = queries.release(session, str(publication.number), 1)
    assert release and found["fields"] == json.loads(release.body or "")["fields"]
    assert (found["state"], found["version"], found["corrected"]) == ("live", 1, False)
    assert found["record_hash"] == release.record_hash and found["entry"] == release.entry_index
    assert found["permalink"] == f"/{KINDS[kind].plural}/{publication.number}"
    assert found["department"]["label_en"].startswith("Shili City")


def test_what_is_withheld_is_a_marker_with_its_note(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())
    problem = f"用了{CANARY}。"
    whole: dict[str, Any] = {
        "start": None,
        "end": None,
        "by": 0,
        "note": "",
        "ground": "privacy",
        "basis": "条例",
    }
    marked = [*marks(problem), {"path": "inspected_on", **whole}]
    found = of(session, disclose(session, cast, "result", saying(problem), marks=marked))
    assert found["fields"]["items"][0]["problem"] == "用了〔依法隐去：商业秘密〕。"
    assert found["fields"]["inspected_on"] == "〔依法隐去：个人隐私〕"
    assert {note["path"] for note in found["notes"]} == {"items/0/problem", "inspected_on"}
    assert CANARY not in json.dumps(found, ensure_ascii=False)


def test_its_states_are_told_and_what_is_off_leaves_no_word(
    app: Flask, session: Session, cast: Cast, result: Publication
) -> None:
    correct(session, cast, result, "日期有误", follow_up_note="已办结")
    object_to(session, result)
    session.commit()
    found = of(session, result)
    assert found["corrected"] and found["contested"] and found["version"] == 2
    duty.hold(session, result, by=cast.zhou, reason="先停一下")
    session.commit()
    assert of(session, result)["state"] == "held"


def test_what_is_read_away_between_two_questions_is_held(session: Session, result: Publication) -> None:
    """The face is read first: by then its words may be gone, and they are looked for no further."""
    session.execute(sa.update(Release).where(Release.number == result.number).values(body=None))
    assert of(session, result)["state"] == "held"


def test_what_went_off_since_it_was_found_is_left_out_of_a_file(
    session: Session, cast: Cast, result: Publication
) -> None:
    other = disclose(session, cast, "result", examples.result(inspected_on="2026-10-20"))
    withdraw(session, cast, result, "不应当公示")
    found = read_live(session, [str(result.number), str(other.number)])
    assert [each["number"] for each in found] == [other.number]


def test_no_column_is_named_that_no_reader_meets(visitor: FlaskClient) -> None:
    """Neither in the table of what each kind holds nor in the example of it."""
    tables = visitor.get("/api/v1/fields").json["kinds"]
    for table, kind in zip(tables, KINDS.values(), strict=True):
        shown = {each.name: [row.name for row in each.rows if row.public] for each in kind.public_fields()}
        told = {each["name"]: [row["name"] for row in each["rows"]] for each in table["fields"]}
        assert told == shown
        example = live(kind)["fields"]
        assert [*example] == [*shown]
        assert all([*row] == shown["items"] for row in example.get("items", []))


def test_a_withdrawal_keeps_number_reason_and_day(session: Session, cast: Cast, result: Publication) -> None:
    withdraw(session, cast, result, "不应当公示")
    found = of(session, result)
    assert (found["state"], found["reason"]) == ("withdrawn", "不应当公示")
    assert "示例北顺达" not in json.dumps(found, ensure_ascii=False)


def test_the_schema_speaks_english_where_a_door_translates_it() -> None:
    def in_english(sentence: Sentence) -> str:
        return sentence.in_language(lambda text: "en" if text == LANGUAGE else text)

    english = resource_schema(KINDS["result"], in_english)
    assert english["title"] == "Inspection result"
    assert english["properties"]["fields"]["properties"]["inspected_on"]["title"] == "Inspected on"
