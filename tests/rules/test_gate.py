"""The gate: an allow-list per kind, markers of fixed form, the whole record committed to."""

import json

import pytest

from portal.ledger.commitments import verify_record
from portal.publications.fields import Kind, internal, shown
from portal.publications.gate import public_fields, release
from portal.publications.kinds import KINDS
from tests import examples

CANARY = "金丝雀七零三"


def filled(kind: Kind) -> dict[str, object]:
    """A content in which every internal field, also of rows, holds the canary."""
    content: dict[str, object] = {}
    for field in kind.fields:
        if field.type == "rows":
            content[field.name] = [
                {each.name: "公开的内容" if each.public else CANARY for each in field.rows} for _ in range(3)
            ]
        else:
            content[field.name] = "公开的内容" if field.public else CANARY
    return content


def mark(path: str, start: int | None = None, end: int | None = None, ground: str = "trade_secret") -> dict:
    return {"path": path, "start": start, "end": end, "ground": ground, "basis": "条例第十五条", "by": 1}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_internal_field_of_any_kind_has_a_way_out(kind: Kind) -> None:
    public = release(kind, filled(kind), [], version=1, act="publish")
    assert CANARY not in public.body
    assert "公开的内容" in public.body


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_field_that_nobody_listed_is_withheld(kind: Kind) -> None:
    public = release(kind, filled(kind) | {"new_field": CANARY}, [], version=1, act="publish")
    assert CANARY not in public.body


def test_fields_are_internal_unless_somebody_lists_them() -> None:
    assert not internal("a", "甲", "A").public
    assert shown("a", "甲", "A").public
    risky = ("risk", "stratum", "strata", "inspector_ids", "inspectors", "phone", "legal_representative")
    for kind in KINDS.values():
        fields = [*kind.fields, *(each for table in kind.tables for each in table.rows)]
        assert not [field.name for field in fields if field.public and field.name.startswith(risky) and field.name != "inspectors_per_object"]  # fmt: skip


def test_a_marked_span_becomes_a_marker_that_tells_no_length() -> None:
    content = {"items": [{"item": "甲", "problem": "与示例东公司约定的返利比例为百分之七，已责令改正。"}]}
    fields = public_fields(KINDS["result"], content, [mark("items/0/problem", 1, 18)])
    assert fields["items"][0]["problem"] == "与〔依法隐去：商业秘密〕，已责令改正。"


def test_a_part_on_which_an_opinion_is_sought_says_so() -> None:
    content = {"follow_up_note": "配方比例"}
    fields = public_fields(KINDS["result"], content, [mark("follow_up_note", ground="seeking_opinion")])
    assert fields["follow_up_note"] == "〔征求意见中，暂不公开〕"


def test_a_marked_table_is_withheld_whole() -> None:
    fields = public_fields(KINDS["task"], {"drawn": [{"entity_name": "甲"}]}, [mark("drawn")])
    assert fields["drawn"] is None


def test_names_not_to_be_told_before_the_inspection_stay_in() -> None:
    content = {"names_shown": False, "drawn": [{"entity_name": CANARY}]}
    assert CANARY not in release(KINDS["task"], content, [], version=1, act="publish").body


def test_every_note_says_ground_and_basis_in_reading_order() -> None:
    content = {"items": [{"item": "甲", "problem": "一二三", "disposition": "四五六"}]}
    marks = [mark("items/0/disposition", 0, 1), mark("items/0/problem", 2, 3, "personal_info")]
    notes = release(KINDS["result"], content, marks, version=1, act="publish").notes
    assert [note["label"] for note in notes] == ["个人信息", "商业秘密"]
    assert all(note["basis"] for note in notes)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_released_is_covered_by_the_commitments(kind: Kind) -> None:
    public = release(kind, filled(kind), [], version=1, act="publish")
    record = json.loads(public.body)
    assert verify_record(record, public.commitments) == []
    scalar = next(field.name for field in kind.public_fields() if field.type != "rows")
    record["fields"][scalar] = "改过的内容"
    assert verify_record(record, public.commitments) != []


def test_the_number_of_commitments_does_not_tell_whether_something_was_hidden() -> None:
    content = {"follow_up_note": "一二三四"}
    plain = release(KINDS["result"], content, [], version=1, act="publish")
    masked = release(KINDS["result"], content, [mark("follow_up_note", 1, 2)], version=1, act="publish")
    assert len(plain.commitments) == len(masked.commitments)


def drawn_task(**more: object) -> dict[str, object]:
    rows = [
        {"seq": "A-1", "entity_name": "示例丙商店", "entity_code": "3", "stratum": "A"},
        {"seq": "B-2", "entity_name": "示例甲商店", "entity_code": "1", "stratum": "B"},
        {"seq": "C-3", "entity_name": "示例乙商店", "entity_code": "2", "stratum": "C"},
    ]
    return examples.task(drawn=rows, pool_size=40, ratio="5%") | more


def hidden(path: str) -> dict:
    return mark(path, ground="personal_info")


def test_a_drawn_list_stands_in_an_order_of_its_released_values() -> None:
    """The order it came in is that of the strata (W2); marks go where their rows go."""
    made = release(KINDS["task"], drawn_task(), [hidden("drawn/0/entity_name")], version=1, act="publish")
    assert [row["entity_code"] for row in made.fields["drawn"]] == ["1", "2", "3"]
    assert made.fields["drawn"][2]["entity_name"] == "〔依法隐去：个人信息〕"
    assert [note["path"] for note in made.notes] == ["drawn/2/entity_name"]
    assert not verify_record(json.loads(made.body), made.commitments)
    assert "seq" not in made.fields["drawn"][0]


def test_a_masked_row_stands_where_its_mask_puts_it() -> None:
    made = release(KINDS["task"], drawn_task(), [hidden("drawn/1/entity_code")], version=1, act="publish")
    assert [row["entity_code"] for row in made.fields["drawn"]] == ["2", "3", "〔依法隐去：个人信息〕"]


def test_the_pool_of_a_draw_narrowed_to_a_risk_class_is_not_public() -> None:
    made = release(KINDS["task"], drawn_task(risk_filter="C、D类"), [], version=1, act="publish")
    assert made.fields["pool_size"] is None and made.fields["ratio"] is None
    assert release(KINDS["task"], drawn_task(), [], version=1, act="publish").fields["pool_size"] == 40


def test_of_a_mark_that_no_reader_meets_there_is_no_note() -> None:
    marks = [hidden("internal_note"), hidden("drawn/0/stratum"), hidden("drawn/1/entity_name")]
    content = drawn_task(names_shown=False, internal_note="风险较高。")
    assert release(KINDS["task"], content, marks, version=1, act="publish").notes == []
