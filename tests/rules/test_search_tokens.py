"""Text to tokens: what is written and what is typed are folded and cut alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.tokens import compared, compared_by_character, fold, origins, phrases, pieces, tokens

NAME = "示例（北京）恒昌ABC餐饮有限公司"
HANZI = st.text("示例市恒盛昌瑞餐饮店公司检查檢後后", min_size=2, max_size=12)


def found(word: str, text: str) -> bool:
    """Whether every phrase of the word stands in the text, as an index of positions would say."""
    places: dict[str, set[int]] = {}
    for token in tokens(text):
        places.setdefault(token.text, set()).add(token.position)
    return bool(phrases(word)) and all(
        any(
            all(start + at in places.get(part, ()) for at, part in enumerate(phrase))
            for start in places.get(phrase[0], ())
        )
        for phrase in phrases(word)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("檢查結果", "检查结果"),
        ("ＡＢＣ", "abc"),
        ("（北京）", "(北京)"),
        ("㈱", "(株)"),
        ("９１３３９９", "913399"),
        ("恒\u200b昌", "恒昌"),
    ],
)
def test_two_ways_of_writing_the_same_fold_into_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(fold(once)) == fold(once)


@given(HANZI, st.data())
def test_any_two_or_more_hanzi_from_a_name_find_it(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 2))
    end = data.draw(st.integers(start + 2, len(name)))
    assert found(name[start:end], name)


@given(HANZI, HANZI)
def test_hanzi_that_are_not_in_a_name_do_not_find_it(word: str, name: str) -> None:
    assert found(word, name) == (fold(word) in fold(name))


def test_a_part_folds_as_it_does_inside_the_whole() -> None:
    """OpenCC keeps 乾 in 乾隆 and not alone; a search for the part must still meet the whole."""
    assert found("例乾", "示例乾隆酒樓")
    assert found("乾隆酒楼", "示例乾隆酒樓")


@pytest.mark.parametrize(
    "word", ["例北京", "例（北", "京恒昌", "昌abc", "昌ABC餐", "ab", "恒昌ab", "北京）恒", "有限公司"]
)
def test_brackets_and_latin_words_inside_a_name_do_not_stand_in_the_way(word: str) -> None:
    assert found(word, NAME)


@pytest.mark.parametrize("word", ["bc", "恒昌bc", "京昌", "昌abcd"])
def test_a_latin_word_is_found_by_its_beginning_only(word: str) -> None:
    assert not found(word, NAME)


def test_words_beside_each_other_in_latin_letters_stay_two() -> None:
    assert found("food", "示例 Green Food 餐饮")
    assert not found("greenfood", "示例 Green Food 餐饮")


def test_hanzi_on_both_sides_of_a_full_stop_are_not_beside_each_other() -> None:
    assert not found("店未", "示例店。未发现问题")


@pytest.mark.parametrize("word", ["店", "。", "——", "", "（）"])
def test_a_single_hanzi_or_marks_alone_look_for_nothing(word: str) -> None:
    assert phrases(word) == []


def test_a_number_with_hyphens_is_looked_for_in_its_pieces() -> None:
    assert pieces("JG-2026-000331") == ("jg", "2026", "000331")
    assert found("JG-2026-000331", "JG-2026-000331")


@given(st.text("示例（）AbC 檢ａ·", max_size=20))
def test_compared_characters_know_where_they_stand(text: str) -> None:
    characters = compared_by_character(text)
    assert characters == compared(text)
    assert len(origins(text)) == len(characters)
    assert all(each in fold(text[at]) for each, at in zip(characters, origins(text), strict=True))
