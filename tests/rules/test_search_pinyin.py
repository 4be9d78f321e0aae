"""How names are read and spelled, which names are near, and what a typed number may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.nearness import nearest
from portal.search.numerals import misread_codes, spellings
from portal.search.pinyin import readings, unfinished
from portal.search.pinyin import spellings as spelled
from portal.search.terms import number_key, ways

NAMES = ("示例恒昌餐饮店", "示例南丰大药房", "示例（重庆）餐饮有限公司", "示例西恒昌超市")


@given(st.text(st.characters(min_codepoint=0x2E80, categories=["Lo", "Lm", "So", "Nl"]), max_size=20))
def test_every_character_has_its_readings_or_none(hanzi: str) -> None:
    assert len(readings(hanzi)) == len(hanzi)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_cut_without_complaint(word: str) -> None:
    for piece in ways(word):
        assert piece and all(way and all(way) for way in piece)
    assert all("".join(way) == word.lower().replace("ü", "v") for way in spelled(word))
    assert number_key(number_key(word)) == number_key(word)
    assert isinstance(unfinished(word), str) and isinstance(spellings(word), set)
    assert isinstance(misread_codes(word), list)


def test_long_words_have_few_ways() -> None:
    assert len(spelled("xiangang" * 7)) <= 10


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("示例恒唱餐饮", "示例恒昌餐饮店"), ("恒昌饮餐", "示例恒昌餐饮店"), ("示例南丰药房", "示例南丰大药房"),
        ("南风", "示例南丰大药房"), ("hegnchang", "示例恒昌餐饮店"), ("重庆餐引有限公司", "示例（重庆）餐饮有限公司"),
    ],
)  # fmt: skip
def test_a_name_is_near_what_was_nearly_typed(typed: str, name: str) -> None:
    assert nearest(typed, NAMES)[0].name == name


@pytest.mark.parametrize("typed", ["恒昌", "恒大", "abc", "天地玄黄宇宙", "餐", ""])
def test_what_a_name_holds_or_is_far_from_is_not_near(typed: str) -> None:
    assert nearest(typed, NAMES) == []
