"""Words that an entity declared to be its trade secret are found wherever a text holds them."""

from portal.publications.declared import Declaration, declared_spans


def declared(*words: str) -> Declaration:
    return Declaration(words=list(words))


def found(text: str, *words: str) -> list[str]:
    return [text[start:end] for start, end, _each in declared_spans(text, [declared(*words)])]


def test_each_place_is_found_in_reading_order() -> None:
    text = "使用鸢尾蓝配方，另存鸢尾蓝配方一份。"
    assert declared_spans(text, [declared("鸢尾蓝配方")])[0][:2] == (2, 7)
    assert found(text, "另存", "鸢尾蓝配方") == ["鸢尾蓝配方", "另存", "鸢尾蓝配方"]


def test_case_width_spaces_and_invisible_letters_do_not_hide_it() -> None:
    for text in ("用ＡＢ-7 号添加剂", "用ab-7号添加剂", "用A\u200bB-7\n号添加剂"):
        assert len(found(text, "AB-7号")) == 1, text


def test_offsets_are_of_the_text_as_it_stands() -> None:
    text = "𠮷字号：㈱示例，配方ABC"
    assert found(text, "abc") == ["ABC"]
    assert found(text, "示例") == ["示例"]
    assert found("㎏", "kg") == ["㎏"]


def test_nothing_is_found_where_nothing_was_declared() -> None:
    assert declared_spans("配方", []) == []
    assert found("配方", "", "   ") == []
    assert found("", "配方") == []
