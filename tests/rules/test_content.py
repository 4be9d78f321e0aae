"""Reading an office's own words: dates, marks, numbers, codes, and what is refused with which sentence."""

from datetime import UTC, date, datetime
from importlib.resources import files
from random import Random
from typing import Any

import pytest
import time_machine
from stdnum.cn import uscc

from portal.codes.book import CodeBook
from portal.codes.models import CodeValue, Department
from portal.codes.seed import read_rows
from portal.publications.content import Problem, read_content
from portal.publications.entity_codes import read_entity_code
from portal.publications.values import read_date, read_number, read_several, read_yes_no


@pytest.fixture(scope="module")
def book() -> CodeBook:
    rows = read_rows(files("portal.codes") / "data" / "code_values.csv")
    names = ("table", "version", "code", "label", "label_en", "aliases", "shape")
    values = [CodeValue(**{name: row[name] for name in names}) for row in rows]
    departments = [
        Department(code="scjg", label="示例市市场监督管理局", short="市市场监管局", label_en="Market"),
        Department(code="swj", label="示例市商务局", short="市商务局", label_en="Commerce"),
    ]
    return CodeBook(values, departments, {"339900": ("示例市", "Shili City")})


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(datetime(2026, 11, 23, 4, tzinfo=UTC), tick=False):
        yield


def a_result(**changes: Any) -> dict[str, Any]:
    return {
        "entity_name": "示例东方食品有限公司",
        "entity_code": "9133990075TNM5LB3J",
        "task_no": "33990020260001",
        "department": "市市场监管局",
        "inspected_on": "2026年10月13日",
        "items": [{"item": "登记事项检查", "outcomes": "未发现问题"}],
    } | changes


def the_problem(book: CodeBook, **changes: Any) -> Problem:
    _, problems = read_content("result", a_result(**changes), book)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_plain_result_is_read_whole(book: CodeBook) -> None:
    content, problems = read_content("result", a_result(), book)
    assert problems == []
    assert content["department"] == {"code": "scjg", "label": "示例市市场监督管理局"}
    assert content["inspected_on"] == "2026-10-13"
    assert content["items"][0]["outcomes"] == [{"code": "1", "table": "outcome@2022", "label": "未发现问题"}]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-03", "2026-1-3", "2026/1/3", "2026.01.03", "2026年1月3日", "2026年01月03号", "20260103",
        "2026-01-03 00:00:00", "2026-01-03T08:30:00+08:00", "２０２６-０１-０３", "二〇二六年一月三日",
        "46025", "46025.0", 46025, "2026年1月3日（星期六）", date(2026, 1, 3), datetime(2026, 1, 3, 9, tzinfo=UTC),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_shapes_offices_write(written: object) -> None:
    assert read_date(written) == "2026-01-03"


@pytest.mark.parametrize("written", ["03/01/2026", "26-1-3", "2026-02-30", "2026年", "近期", "1031日前", "0"])
def test_a_day_that_can_be_read_two_ways_or_none_is_not_guessed(written: str) -> None:
    assert read_date(written) is None


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("√", True), ("Y", True), ("否", False), ("×", False)]
)
def test_yes_and_no(written: str, meant: bool) -> None:
    assert read_yes_no(written) is meant


@pytest.mark.parametrize(
    ("written", "meant"), [("1,234户", 1234), ("1，234 家", 1234), ("5.0", 5), ("60-70家", None)]
)
def test_whole_numbers_with_their_units(written: str, meant: int | None) -> None:
    assert read_number(written) == meant


@pytest.mark.parametrize("mark", ["、", "；", ";", "/", "，", "\n"])
def test_several_outcomes_in_one_cell(book: CodeBook, mark: str) -> None:
    raw = a_result(
        items=[{"item": "登记事项检查", "outcomes": f"发现问题已责令改正{mark}未按规定公示应当公示的信息"}]
    )
    content, problems = read_content("result", raw, book)
    assert problems == []
    assert [each["code"] for each in content["items"][0]["outcomes"]] == ["5", "2"]


def test_a_separator_inside_a_label_does_not_split_it(book: CodeBook) -> None:
    found, unknown = read_several(
        "公示信息隐瞒真实情况、弄虚作假、无法联系", lambda words: book.value("outcome", words)
    )
    assert ([each["code"] for each in found], unknown) == (["3", "4"], [])


def test_an_outcome_of_the_older_vocabulary_stays_as_published(book: CodeBook) -> None:
    raw = a_result(items=[{"item": "公示信息抽查", "outcomes": "未按规定公示年度报告"}])
    content, problems = read_content("result", raw, book)
    assert problems == []
    assert content["items"][0]["outcomes"] == [
        {"code": "2017-2", "table": "outcome@2017", "label": "未按规定公示年度报告"}
    ]


def test_an_unknown_outcome_is_refused_with_the_allowed_ones(book: CodeBook) -> None:
    problem = the_problem(book, items=[{"item": "登记事项检查", "outcomes": "查了一半"}])
    assert (problem.path, problem.value) == ("items/0/outcomes", "查了一半")
    assert "请改为以下之一：未发现问题、" in problem.sentence
    assert "迁出" in problem.sentence


def test_a_wrong_check_digit_is_refused(book: CodeBook) -> None:
    problem = the_problem(book, entity_code="9133990075TNM5LB3K")
    assert problem.path == "entity_code"
    assert "校验位" in problem.sentence and "营业执照" in problem.sentence


@pytest.mark.parametrize("raw", ["9.1339E+17", 9.1339e17, 913399007512345678])
def test_a_code_that_a_spreadsheet_made_a_number_is_refused(book: CodeBook, raw: object) -> None:
    assert "被电子表格改成了数字" in the_problem(book, entity_code=raw).sentence


def test_an_identity_number_is_refused_and_not_repeated(book: CodeBook) -> None:
    problem = the_problem(book, entity_code="339900190001011236")
    assert "身份证号码" in problem.sentence and "339900190001011236" not in problem.sentence


@pytest.mark.parametrize("number", ["3399001234567", "33990012345678", "339900123456789", 3399001234567])
def test_registration_numbers_before_the_uscc_are_taken(book: CodeBook, number: object) -> None:
    content, problems = read_content("result", a_result(entity_code=number), book)
    assert problems == [] and content["entity_code"] == str(number)


def test_a_code_is_taken_in_its_one_spelling(book: CodeBook) -> None:
    content, _ = read_content("result", a_result(entity_code="９１339900 75tnm5lb3j"), book)
    assert content["entity_code"] == "9133990075TNM5LB3J"


def test_a_code_is_valid_when_stdnum_says_so() -> None:
    rng, digits = Random("codes"), "0123456789ABCDEFGHJKLMNPQRTUWXY"
    stems = ["".join(rng.choices(digits[:10], k=8) + rng.choices(digits, k=9)) for _ in range(300)]
    for stem in stems:
        right = uscc.calc_check_digit(stem)
        assert read_entity_code(stem + right) == (stem + right, None)
        assert read_entity_code(stem + rng.choice(digits.replace(right, "")))[0] is None
        assert read_entity_code(f"{stem[:9]}O{stem[10:]}{right}")[0] is None


def test_a_product_has_a_number_of_its_own(book: CodeBook) -> None:
    content, problems = read_content("result", a_result(entity_type="产品", entity_code="SC-2026/7"), book)
    assert problems == [] and content["entity_code"] == "SC-2026/7"


def test_a_missing_required_field_is_named(book: CodeBook) -> None:
    problem = the_problem(book, inspected_on=" ")
    assert problem.path == "inspected_on"
    assert problem.sentence == "缺少“检查日期”；请补上后重新提交。"


def test_a_day_in_the_future_is_refused(book: CodeBook) -> None:
    assert "还没有到" in the_problem(book, inspected_on="2026-11-24").sentence
    assert read_content("result", a_result(inspected_on="2026-11-23"), book)[1] == []


def test_completed_before_inspected_is_refused(book: CodeBook) -> None:
    problem = the_problem(book, completed_on="2026-10-12")
    assert problem.path == "completed_on" and "早于" in problem.sentence


def test_every_problem_is_told_at_once(book: CodeBook) -> None:
    _, problems = read_content("result", {"entity_code": "1", "inspected_on": "近期"}, book)
    assert {each.path for each in problems} == {
        "entity_name", "entity_code", "task_no", "department", "inspected_on", "items",
    }  # fmt: skip


def test_empty_rows_are_left_out_and_no_row_is_a_problem(book: CodeBook) -> None:
    assert the_problem(book, items=[{"item": "", "outcomes": None}]).path == "items"


def test_what_is_content_already_is_taken_as_it_is(book: CodeBook) -> None:
    content, _ = read_content("result", a_result(), book)
    assert read_content("result", content, book) == (content, [])


def test_control_characters_do_not_get_in(book: CodeBook) -> None:
    content, _ = read_content("result", a_result(entity_name="示例\x00东方\u200b食品\n有限公司"), book)
    assert content["entity_name"] == "示例东方食品 有限公司"


def test_a_name_longer_than_its_column_is_refused(book: CodeBook) -> None:
    assert "最多200个字" in the_problem(book, entity_name="示" * 201).sentence


def test_a_cell_of_nothing_but_separators_is_read_in_a_straight_line() -> None:
    asked: list[str] = []

    def nobody(words: str) -> None:
        asked.append(words)

    found, unknown = read_several("甲、" * 400, nobody)
    assert not found and len(unknown) == 400
    assert len(asked) < 400 * 15
