"""A document of a publication is made of its face and its released body, and of nothing else."""

import json
from datetime import date
from typing import Any

from portal.publications.models import Face
from portal.search.documents import codes, document
from portal.search.facts import order

SECRET = "鸢尾蓝密"


def body(**fields: Any) -> str:
    return json.dumps({"schema": "portal.record/1", "kind": "result", "fields": fields})


def face(**changes: Any) -> Face:
    plain = {
        "number": "JG-2026-000001",
        "kind": "result",
        "title": "示例西恒昌餐饮店",
        "entity_name": "示例西恒昌餐饮店",
        "entity_code": "91339900MA2TEST001",
        "department_code": "scjg",
        "outcomes": "|5|1|",
        "year": 2026,
        "region": "339901",
        "corrected": False,
        "published_on": date(2026, 11, 20),
        "happened_on": date(2026, 11, 2),
    }
    return Face(**(plain | changes))


def test_released_words_are_its_lines() -> None:
    items = [
        {
            "seq": "7",
            "item": "食品经营检查",
            "outcomes": [{"code": "5", "label": "发现问题已责令改正"}],
            "problem": "添加剂〔依法隐去：商业秘密〕。",
        }
    ]
    made = document(face(), body(entity_name="示例西恒昌餐饮店", inspected_on="2026-11-02", items=items))
    assert made.lines == (
        "JG-2026-000001",
        "示例西恒昌餐饮店",
        "食品经营检查",
        "发现问题已责令改正",
        "添加剂〔依法隐去：商业秘密〕。",
    )


def test_a_field_that_is_not_on_the_allow_list_is_not_read_even_if_it_stands_in_the_body() -> None:
    made = document(face(), body(phone=SECRET, nobody_knows=SECRET, items=[{"item": "甲", "secret": SECRET}]))
    assert SECRET not in "".join(made.lines)


def test_a_withheld_table_or_code_is_its_marker() -> None:
    made = document(
        face(), body(items="〔依法隐去：商业秘密〕", follow_up="〔依法隐去：个人隐私〕", department=None)
    )
    assert made.lines[1:] == ("〔依法隐去：商业秘密〕", "〔依法隐去：个人隐私〕")


def test_a_correction_stands_beside_live() -> None:
    assert document(face(corrected=True), body()).states == ("live", "corrected")
    assert document(face(), body()).states == ("live",)


def test_outcome_codes_are_read_once_each_in_order() -> None:
    assert codes("|6|1|6|") == ("6", "1")
    assert codes("") == ()


def test_our_numbers_sort_as_their_texts_do() -> None:
    numbers = ["RW-2026-0001", "JG-2025-000002", "QD-2026-0009", "JG-2026-000001", "JH-2024-0001"]
    assert sorted(numbers, key=order) == sorted(numbers)
