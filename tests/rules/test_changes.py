"""What changed between two versions, pure."""

from typing import Any

from portal.publications.changes import compare
from portal.publications.kinds import KINDS

LIST = KINDS["list"]


def rows(*items: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(items)}


def hows(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    changes = compare(LIST, before, after)
    return [(change.how, change.row["item"]) for _table, found in changes.rows for change in found]


def test_equal_versions_do_not_differ() -> None:
    same = {"title": "清单", **rows({"item": "甲"})}
    assert not compare(LIST, same, dict(same))


def test_emptiness_in_another_form_is_no_change() -> None:
    assert not compare(LIST, {"title": "清单", "edition": None}, {"title": "清单", "edition": ""})


def test_a_code_of_another_table_version_with_the_same_label_is_no_change() -> None:
    old = rows({"item": "甲", "item_class": {"code": "1", "table": "item_class@2017", "label": "一般"}})
    new = rows({"item": "甲", "item_class": {"code": "general", "table": "item_class@2022", "label": "一般"}})
    assert not compare(LIST, old, new)


def test_a_row_that_only_moved_is_no_change() -> None:
    before = rows({"seq": "1", "item": "甲"}, {"seq": "2", "item": "乙"})
    after = rows({"seq": "1", "item": "乙"}, {"seq": "2", "item": "甲"})
    assert hows(before, after) == []


def test_rows_are_added_removed_and_changed() -> None:
    before = rows({"item_code": "1", "item": "甲", "frequency": "一次"}, {"item_code": "2", "item": "乙"})
    after = rows({"item_code": "1", "item": "甲", "frequency": "两次"}, {"item_code": "3", "item": "丙"})
    assert hows(before, after) == [("changed", "甲"), ("added", "丙"), ("removed", "乙")]
    (_table, found), *_ = compare(LIST, before, after).rows
    assert [(each.field.name, each.before, each.after) for each in found[0].fields] == [
        ("frequency", "一次", "两次")
    ]


def test_two_rows_of_one_name_are_matched_one_by_one() -> None:
    before = rows({"item": "甲", "sub_item": "一"}, {"item": "甲", "sub_item": "二"})
    after = rows({"item": "甲", "sub_item": "二"}, {"item": "甲", "sub_item": "三"})
    assert hows(before, after) == [("changed", "甲")]


def test_rows_without_any_key_never_meet() -> None:
    before = {"drawn": [{"entity_name": None, "entity_code": None, "inspecting_unit": "一所"}]}
    after = {"drawn": [{"entity_name": None, "entity_code": None, "inspecting_unit": "二所"}]}
    (_table, found), *_ = compare(KINDS["task"], before, after).rows
    assert [change.how for change in found] == ["added", "removed"]
