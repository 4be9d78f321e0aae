"""What can not be right in any draw, and what a line about a draw says."""

import base64
import hashlib
import json
from typing import Any

import pytest

from portal.ledger.commitments import digest, field_disclosure
from portal.publications import drawn, locking
from tests import examples

FIRST, SECOND = examples.task()["drawn"]


def said(**changes: Any) -> str:
    return "\n".join(drawn.why_not_a_draw(examples.task(**changes)))


def test_a_plain_draw_is_in_order() -> None:
    assert said() == ""
    assert said(drawn=None, sample_size=7) == ""  # nothing is locked where no list came with it


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pool_size": 1}, "超过名录库的1户"),
        ({"sample_size": 3}, "名单有2户"),
        ({"drawn": [FIRST, FIRST]}, "出现2次"),
        ({"inspectors_per_object": 1}, "不得少于2人"),
        ({"draw_attempts": 0}, "至少是1"),
        ({"drawn": [FIRST | {"inspectors": "甲", "leader": "甲"}, SECOND]}, "第1行的检查人员不足2人"),
        ({"drawn": [FIRST, SECOND | {"inspectors": "甲、乙"}]}, "第2行没有写组长"),
        ({"drawn": [FIRST, SECOND | {"inspectors": "甲、乙", "leader": "丙"}]}, "组长不在检查人员里"),
        ({"recusals": 1}, "回避与更换理由"),
        ({"substitutions": 2}, "回避与更换理由"),
        ({"names_shown": False}, "不公示名单的理由"),
    ],
)
def test_what_can_not_be_right_is_said(changes: dict[str, Any], words: str) -> None:
    assert words in said(**changes)


def test_a_draw_with_its_people_is_in_order() -> None:
    people = {"inspectors": "甲、乙", "leader": "甲"}
    rows = [FIRST | people, SECOND | people]
    assert said(drawn=rows, recusals=1, substitutions=1, recusal_reasons="近亲属。") == ""


def test_a_list_that_is_not_shown_may_be_longer_than_what_is_said() -> None:
    assert said(names_shown=False, names_withheld_ground="检查前不宜告知。", sample_size=3) == ""


def test_what_is_marked_is_not_compared() -> None:
    assert drawn.why_not_a_draw(examples.task(sample_size=3), withheld=frozenset({"sample_size"})) == []


def test_who_inspects_may_change_and_who_was_drawn_may_not() -> None:
    before = examples.task()
    assert not drawn.is_redrawn(before, examples.task(drawn=[SECOND | {"inspectors": "甲、乙"}, FIRST]))
    for changes in ({"drawn": [FIRST]}, {"pool_size": 41}, {"draw_attempts": 2}, {"conditions": "餐饮"}):
        assert drawn.is_redrawn(before, examples.task(**changes))


def test_the_digest_is_that_of_a_disclosure_by_rfc_9901() -> None:
    """Worked out once more by hand: sorted lines, NFC, one line end each, salted, no blank in the JSON."""
    text = locking.list_text([SECOND, FIRST, {"entity_name": "示例桥改造项目"}])
    assert text == "9133990075TNM5LB3J\n91339900QD7612PLT6\n示例桥改造项目\n"
    salt = "A" * 22
    plain = json.dumps([salt, "drawn_list", text], ensure_ascii=False, separators=(",", ":")).encode()
    disclosure = base64.urlsafe_b64encode(plain).rstrip(b"=")
    by_hand = base64.urlsafe_b64encode(hashlib.sha256(disclosure).digest()).rstrip(b"=").decode()
    assert locking.list_digest(salt, text) == by_hand == digest(field_disclosure(salt, "drawn_list", text))


def test_a_line_says_released_numbers_alone() -> None:
    told = locking.members({"pool_size": None, "sample_size": 2, "draw_attempts": "〔依法隐去：其他〕"})
    assert (told["pool"], told["sample"], told["attempts"], told["conditions"]) == (None, 2, None, None)
    assert locking.members({"platform_draw_no": "CQ-2026-1"})["platform_no"] == "CQ-2026-1"
    assert (
        locking.members({"platform_draw_no": "第一次抽取"})["platform_no"] is None
    )  # words stay out of the log
