"""Heads as offices write them, and rows that are no records."""

from datetime import date

import pytest

from portal.intake.cells import take
from portal.intake.columns import known_fields, match, synonyms
from portal.intake.heading import find_head, is_record
from portal.intake.readers.rows import CellError, Formula, Row
from portal.publications.kinds import KINDS

HEAD = ["企业名称", "统一社会信用代码", "抽查任务编号", "检查事项", "检查日期", "检查结果"]


def rows(*lines: list[object]) -> list[Row]:
    return [Row(number, list(cells)) for number, cells in enumerate(lines, 1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_known_by_its_own_name_and_by_some_label(kind: str) -> None:
    for path in known_fields(kind):
        assert match(kind, [path], {}).fields == {0: path}


@pytest.mark.parametrize("kind", KINDS)
def test_every_synonym_leads_to_a_field_that_exists(kind: str) -> None:
    assert set(synonyms(kind).values()) <= set(known_fields(kind))


def test_the_national_schema_our_names_and_synonyms_are_the_same_columns() -> None:
    national = match("result", HEAD, {})
    ours = match(
        "result",
        ["entity_name", "entity_code", "task_no", "items.item", "inspected_on", "items.outcomes"],
        {},
    )
    assert national.fields == ours.fields
    assert not national.unknown


def test_a_saved_mapping_goes_before_the_synonyms_and_may_leave_a_column_out() -> None:
    columns = match("result", ["名称", "结果", "企业名称"], {"结果": "items.problem", "名称": ""})
    assert columns.fields == {1: "items.problem", 2: "entity_name"}
    assert not columns.unknown


def test_a_column_of_an_internal_field_stays_internal_and_an_unknown_one_is_told() -> None:
    columns = match("result", ["检查对象", "信用风险等级", "联系电话", "心情"], {})
    assert columns.fields == {0: "entity_name", 1: "risk_class", 2: "phone"}
    assert list(columns.unknown) == ["心情"]


def test_titles_and_labelled_lines_above_the_head_are_understood() -> None:
    head = find_head(
        "result",
        rows(["2026年度抽查结果汇总表"], ["抽查任务编号：33990020260001", "抽查机关: 示例局"], HEAD),
        {},
    )
    assert head is not None
    assert (head.row, head.title) == (3, "2026年度抽查结果汇总表")
    assert head.labelled == {"task_no": "33990020260001", "department": "示例局"}


def test_a_merged_head_of_two_lines_is_read_as_one() -> None:
    upper = ["序号", "检查对象", "检查对象", "检查情况", "检查情况"]
    lower = ["序号", "名称", "统一社会信用代码", "检查日期", "检查结果"]
    head = find_head("result", rows(upper, lower, ["1", "示例甲", "", "2026-03-01", "合格"]), {})
    assert head is not None
    assert head.row == 2
    assert set(head.columns.fields.values()) >= {
        "entity_name",
        "entity_code",
        "inspected_on",
        "items.outcomes",
    }


def test_a_file_of_another_kind_has_no_head() -> None:
    assert find_head("list", rows(["姓名", "年龄"], ["张三", "3"]), {}) is None


@pytest.mark.parametrize(
    "cells",
    [
        ["合 计", None, 12],
        ["总计（户）", 3],
        ["小计：3户"],
        ["填报人：王五", None, "联系电话：1"],
        ["备注：以上为抽查结果"],
        HEAD,
    ],
)
def test_totals_signatures_and_repeated_heads_are_no_records(cells: list[object]) -> None:
    assert not is_record(Row(9, cells), match("result", HEAD, {}))  # type: ignore[arg-type]


def test_a_firm_whose_name_begins_like_a_total_is_a_record() -> None:
    assert is_record(Row(9, ["合计算盘有限公司", "1"]), match("result", HEAD, {}))


FIELDS = known_fields("result") | known_fields("plan")


@pytest.mark.parametrize("cell", [9.13399e17, 913399001234567890, "9.13399E+17"])
def test_a_code_that_a_spreadsheet_made_a_number_of_is_refused(cell: object) -> None:
    value, sentence = take(cell, FIELDS["entity_code"])  # type: ignore[arg-type]
    assert value is None
    assert sentence is not None and "文本格式" in sentence


def test_a_number_is_taken_for_a_task_number_while_it_is_exact() -> None:
    assert take(33990020240001, FIELDS["task_no"]) == ("33990020240001", None)
    assert take(33990020240001.0, FIELDS["task_no"]) == ("33990020240001", None)
    assert take(3399002024000112, FIELDS["task_no"])[0] is None


def test_formulas_and_errors_are_never_taken() -> None:
    for cell in (Formula("=A1"), CellError("#N/A"), "=1+1"):
        value, sentence = take(cell, FIELDS["items.item"])
        assert value is None and sentence is not None


def test_a_ratio_that_became_a_date_is_refused_and_a_date_is_taken_as_one() -> None:
    assert take(date(2026, 5, 7), FIELDS["items.ratio"])[0] is None
    assert take(date(2026, 5, 7), FIELDS["inspected_on"]) == (date(2026, 5, 7), None)


def test_a_dash_is_an_empty_cell() -> None:
    assert take("——", FIELDS["items.problem"]) == (None, None)
