"""依法隐去: what the public reads in place of what is withheld."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Refused
from portal.redaction.masking import GROUNDS, check_marks, marker, markers, mask, whole

TEXT = "该公司使用某配方三号，负责人王某某在场。"
SECRET, PERSONAL = "〔依法隐去：商业秘密〕", "〔依法隐去：个人信息〕"


def mark(
    start: int | None, end: int | None, ground: str = "trade_secret", basis: str = "条例第十五条"
) -> dict[str, Any]:
    return {"path": "problem", "start": start, "end": end, "ground": ground, "basis": basis}


def test_every_ground_has_a_marker_of_fixed_form() -> None:
    assert marker("trade_secret") == SECRET
    assert marker("privacy", "个人隐私") == "〔依法隐去：个人隐私〕"
    assert marker("seeking_opinion") == "〔征求意见中，暂不公开〕"


def test_a_marked_span_is_replaced_and_the_rest_stays() -> None:
    assert mask(TEXT, [mark(5, 10)]) == f"该公司使用{SECRET}，负责人王某某在场。"


def test_a_text_without_marks_stays_as_it_is() -> None:
    assert mask(TEXT, []) == TEXT


def test_marks_in_any_order_are_carried_out() -> None:
    marks = [mark(14, 17, "personal_info"), mark(5, 10)]
    assert mask(TEXT, marks) == mask(TEXT, marks[::-1]) == f"该公司使用{SECRET}，负责人{PERSONAL}在场。"


def test_overlapping_nested_and_touching_marks_become_one_place() -> None:
    for marks in (
        [mark(5, 8), mark(7, 10)],
        [mark(5, 10), mark(6, 7)],
        [mark(5, 7), mark(7, 10)],
        [mark(5, 10)] * 2,
    ):
        assert mask(TEXT, marks) == f"该公司使用{SECRET}，负责人王某某在场。"


def test_a_place_with_several_grounds_shows_each_once_in_fixed_order() -> None:
    marks = [mark(5, 8, "personal_info"), mark(7, 10), mark(8, 9, "personal_info")]
    assert mask(TEXT, marks) == f"该公司使用{SECRET}{PERSONAL}，负责人王某某在场。"


def test_a_whole_field_is_nothing_but_its_marker() -> None:
    marks = [mark(None, None), mark(5, 10)]
    assert mask(TEXT, marks) == mask("短", marks[:1]) == mask("", marks[:1]) == SECRET
    assert whole(marks) == marks[:1]
    assert markers(each["ground"] for each in marks) == SECRET


def test_offsets_are_code_points_also_beyond_the_basic_plane() -> None:
    assert mask("𠮷野家：配方", [mark(4, 6)]) == f"𠮷野家：{SECRET}"


@pytest.mark.parametrize(
    "wrong",
    [
        mark(0, 99),
        mark(-1, 3),
        mark(3, 3),
        mark(5, 3),
        mark(None, 3),
        mark(3, None),
        mark(True, 3),
        mark(1.0, 3),  # type: ignore[arg-type]
        mark("1", 3),  # type: ignore[arg-type]
        mark(0, 3, "because"),
        {"start": 0, "end": 3},
    ],
)
def test_a_mark_that_does_not_fit_is_refused_and_never_let_pass(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        mask(TEXT, [mark(5, 10), wrong])
    assert all(reason.endswith("。") for reason in refusal.value.reasons)
    assert check_marks(TEXT, [wrong])


def test_a_refusal_does_not_repeat_the_words_that_were_to_be_hidden() -> None:
    assert not any("配方" in reason for reason in check_marks(TEXT, [mark(5, 99)]))


def test_a_mark_without_a_legal_basis_is_invalid() -> None:
    assert check_marks(TEXT, [mark(5, 10)]) == []
    assert check_marks(TEXT, [mark(5, 10, basis=" ")]) == ["有隐去标记没有写明法律依据，请补充依据。"]


@given(st.data())
def test_what_is_marked_never_comes_through_and_its_length_is_not_told(data: st.DataObject) -> None:
    shown = data.draw(st.text("甲乙丙，。", max_size=30))
    at = data.draw(st.integers(0, len(shown)))
    ground = data.draw(st.sampled_from(sorted(GROUNDS)))
    released = set()
    for secret in data.draw(st.lists(st.text("密𠮷", min_size=1, max_size=9), min_size=1, max_size=3)):
        cuts = sorted({0, len(secret), *data.draw(st.sets(st.integers(0, len(secret)), max_size=3))})
        pieces = [mark(at + start, at + end, ground) for start, end in zip(cuts, cuts[1:], strict=False)]
        released.add(mask(shown[:at] + secret + shown[at:], data.draw(st.permutations(pieces))))
    assert released == {shown[:at] + marker(ground) + shown[at:]}
