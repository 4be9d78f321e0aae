"""Marks follow the words they withhold; in doubt the whole field goes."""

from portal.publications.remarking import carry_marks

PHONE = {"path": "items/0/problem", "start": 2, "end": 7, "ground": "personal_info", "basis": "…"}


def content(*problems: str) -> dict[str, object]:
    return {"items": [{"problem": each} for each in problems]}


def test_a_mark_moves_with_the_words_it_withholds() -> None:
    (mark,) = carry_marks(content("电话15400，责令改正"), content("联系电话15400，责令改正"), [PHONE], {})
    assert (mark["start"], mark["end"]) == (4, 9)


def test_words_that_now_stand_twice_are_withheld_twice() -> None:
    marks = carry_marks(content("电话15400"), content("电话15400，即15400"), [PHONE], {})
    assert [(mark["start"], mark["end"]) for mark in marks] == [(2, 7), (9, 14)]


def test_a_changed_digit_withholds_the_whole_field() -> None:
    (mark,) = carry_marks(content("电话15400"), content("电话15409"), [PHONE], {})
    assert mark["start"] is None
    assert mark["note"]


def test_a_mark_follows_its_row() -> None:
    (mark,) = carry_marks(
        content("电话15400", "无"), content("无", "电话15400"), [PHONE], {"items": {0: 1, 1: 0}}
    )
    assert mark["path"] == "items/1/problem"


def test_a_mark_goes_with_its_row() -> None:
    assert carry_marks(content("电话15400", "无"), content("无"), [PHONE], {"items": {1: 0}}) == []


def test_a_mark_goes_with_its_words_when_the_field_is_emptied() -> None:
    assert carry_marks(content("电话15400"), content(""), [PHONE], {}) == []
