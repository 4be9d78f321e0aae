"""Where the words stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.highlighting import segments, snippet


def marked(text: str, *words: str) -> str:
    return "".join(f"[{part}]" if is_match else part for part, is_match in segments(text, words))


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("示例西恒昌餐饮店", "恒昌", "示例西[恒昌]餐饮店"),
        ("示例西恒昌餐飲店", "餐饮", "示例西恒昌[餐飲]店"),
        ("示例（北京）餐饮", "例北京餐", "示[例（北京）餐]饮"),
        ("ＡＢＣ公司", "abc公", "[ＡＢＣ公]司"),
        ("编号JG-2026-000331", "JG-2026-000331", "编号[JG]-[2026]-[000331]"),
        ("Green Food", "food", "Green [Food]"),
        ("seafood", "food", "seafood"),
        ("示例店", "餐饮", "示例店"),
        ("", "餐饮", ""),
    ],
)
def test_words_are_marked_as_they_were_written(text: str, word: str, shown: str) -> None:
    assert marked(text, word) == shown


@given(st.text(max_size=40), st.lists(st.text(max_size=6), max_size=3))
def test_the_segments_together_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(part for part, _ in segments(text, words)) == text


def test_a_snippet_is_the_line_with_the_most_words_cut_round_the_first() -> None:
    lines = ["食品经营检查", "甲" * 60 + "后厨食品添加剂未专柜存放" + "乙" * 60]
    cut = snippet(lines, ["食品", "专柜"])
    assert cut[0].text == cut[-1].text == "…"
    assert [part for part, is_match in cut if is_match] == ["食品", "专柜"]
    assert sum(len(part) for part, _ in cut) <= 74


def test_no_snippet_where_no_line_has_a_word() -> None:
    assert snippet(["食品经营检查"], ["药品"]) == []
