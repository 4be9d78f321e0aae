"""What an erasure takes out of texts and records, and what it leaves. Pure."""

from typing import Any

import pytest

from portal.erasing.blanking import (
    MARKER,
    emptied,
    former_words,
    moved,
    quoted,
    without,
    words_at,
    words_of_record,
)
from portal.publications.gate import public_fields
from portal.publications.kinds import KINDS
from tests import examples

RESULT = KINDS["result"]
RECIPE = "配方：丙二醇12%"
SAID = f"现场记下{RECIPE}，已责令改正；{RECIPE}另有备案。"


def mark(path: str, start: int | None, end: int | None, note: str = "") -> dict[str, Any]:
    return {
        "path": path,
        "start": start,
        "end": end,
        "ground": "trade_secret",
        "basis": "条例",
        "by": 0,
        "note": note,
    }


def saying(problem: str, **changes: Any) -> dict[str, Any]:
    content = examples.result(**changes)
    return content | {"items": [content["items"][0] | {"problem": problem}, *content["items"][1:]]}


def marked_twice() -> list[dict[str, Any]]:
    first = SAID.index(RECIPE)
    second = SAID.index(RECIPE, first + 1)
    return [mark("items/0/problem", at, at + len(RECIPE), note=f"{RECIPE}不公开") for at in (first, second)]


def test_words_under_marks_go_and_the_public_text_stays_the_same() -> None:
    content, marks = saying(SAID, internal_note=f"见{RECIPE}"), marked_twice()
    words = words_at(RESULT, "items/0/problem", content, marks)
    left, kept = without(RESULT, content, marks, words, marked=["items/0/problem"])
    assert words == {RECIPE}
    assert RECIPE not in str(left) + str(kept)
    assert left["items"][0]["problem"] == f"现场记下{MARKER}，已责令改正；{MARKER}另有备案。"
    assert public_fields(RESULT, left, kept) == public_fields(RESULT, content, marks)


def test_a_single_marked_character_goes_where_it_is_marked_and_nowhere_else() -> None:
    content = saying("由甄某签字，甄别无误。")
    marks = [mark("items/0/problem", 1, 2)]
    left, kept = without(RESULT, content, marks, [], marked=["items/0/problem"])
    assert left["items"][0]["problem"] == f"由{MARKER}某签字，甄别无误。"
    assert public_fields(RESULT, left, kept) == public_fields(RESULT, content, marks)


def test_marks_that_overlap_leave_one_marker() -> None:
    content = saying("甲乙丙丁戊")
    marks = [mark("items/0/problem", 1, 3), mark("items/0/problem", 2, 4)]
    left, kept = without(RESULT, content, marks, ["乙丙"], marked=["items/0/problem"])
    assert left["items"][0]["problem"] == f"甲{MARKER}戊"
    assert public_fields(RESULT, left, kept) == public_fields(RESULT, content, marks)


def test_a_whole_field_goes_as_one_marker_and_stays_withheld() -> None:
    content, marks = saying(SAID), [mark("items/0/problem", None, None)]
    words = words_at(RESULT, "items/0/problem", content, marks)
    left, kept = without(RESULT, content, marks, words, marked=["items/0/problem"])
    assert left["items"][0]["problem"] == MARKER
    assert public_fields(RESULT, left, kept) == public_fields(RESULT, content, marks)


def test_codes_dates_and_departments_are_left_as_they_are() -> None:
    content = examples.result()
    left, _ = without(RESULT, content, [], ["示例市市场监督管理局", "2026-10-22", "未发现问题"])
    assert left == content


def test_an_earlier_wording_of_a_field_is_found_although_its_row_has_moved() -> None:
    before, standing = saying(SAID), saying("已责令改正。")
    standing["items"] = [*reversed(standing["items"])]
    assert moved("items/1/problem", standing, before) == "items/0/problem"
    assert former_words("items/1/problem", standing, before) == {SAID}
    assert former_words("items/1/item", standing, before) == set()


def test_a_whole_record_keeps_its_department_and_its_dates() -> None:
    left = emptied(RESULT, saying(SAID, phone="13800000000"))
    assert left == {
        "entity_name": MARKER, "department": examples.MARKET,
        "inspected_on": "2026-10-22", "completed_on": "2026-10-23", "publish_by": "2026-11-20",
    }  # fmt: skip


def test_the_words_of_a_record_are_its_own_and_not_what_it_shares() -> None:
    words = words_of_record(RESULT, saying(SAID, phone="13800000000"))
    assert {SAID, "示例北顺达商贸有限公司", "13800000000"} <= words
    assert not {"公示信息抽查", "2026年第三批食品经营单位定向抽查"} & words


@pytest.mark.parametrize(
    ("text", "gives_away"),
    [
        ("误写了个人信息，现予删除。", False),
        ("误写了13800000000。", True),
        ("误写了1380000开头的电话。", True),
        (f"误写了{RECIPE}。", True),
        ("误写了示例北顺达商贸有限公司的配方。", True),
    ],
)
def test_a_public_reason_may_not_hold_what_is_erased(text: str, gives_away: bool) -> None:
    assert quoted({RECIPE, "13800000000", "地处示例北顺达商贸有限公司"}, text) == gives_away
