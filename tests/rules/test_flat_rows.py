"""Publications as rows of tables, and cells that no spreadsheet runs or rewrites."""

import csv
import io
from typing import Any

import pytest

from portal.exports import cells
from portal.exports.flat import FACTS, Column, Row, Table, cells_of, rows_of, tables_of
from portal.exports.national import NATIONAL, national_rows
from portal.exports.resource import Resource, released_fields
from portal.publications.fields import Field
from portal.publications.gate import public_fields
from portal.publications.kinds import KINDS
from tests import examples

SITE = "https://portal.example/"


def live(
    kind: str, content: dict[str, Any], marks: tuple[dict[str, Any], ...] = (), **changes: Any
) -> Resource:
    """A publication as the API gives it."""
    fields = released_fields(KINDS[kind], {"fields": public_fields(KINDS[kind], content, marks)})
    title = fields[KINDS[kind].title_field]
    return {
        "number": "JG-2026-000001", "kind": kind, "permalink": "/results/JG-2026-000001", "state": "live",
        "department": {"code": "scjg", "label": "示例市市场监督管理局"}, "published_on": "2026-11-02",
        "changed_at": "2026-11-20T17:30:00Z", "entry": 7, "corrected": False, "contested": True, "version": 2,
        "title": title, "source_number": None, "task_no": fields.get("task_no"), "plan_no": None, "fields": fields,
    } | changes  # fmt: skip


def as_dicts(table: Table, of: Resource) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows_of(table, of, SITE)]


def table(name: str) -> Table:
    return next(each for kind in KINDS for each in tables_of(kind) if each.name == name)


def test_a_result_is_one_row_with_codes_beside_their_labels() -> None:
    (row,) = as_dicts(table("results"), live("result", examples.result()))
    assert row["number"] == "JG-2026-000001"
    assert (row["department"], row["department_label"]) == ("scjg", "示例市市场监督管理局")
    assert row["inspected_on"] == "2026-10-22"
    assert row["address"] == "https://portal.example/results/JG-2026-000001"
    assert (row["version"], row["corrected"], row["contested"]) == (2, False, True)


def test_a_moment_late_in_the_evening_falls_on_the_day_it_is_in_china() -> None:
    (row,) = as_dicts(table("results"), live("result", examples.result()))
    assert row["changed_on"] == "2026-11-21"


def test_its_items_are_rows_that_carry_its_number() -> None:
    first, second = as_dicts(table("results_items"), live("result", examples.result()))
    assert (first["number"], first["row"], second["row"]) == ("JG-2026-000001", 1, 2)
    assert first["of"] == "示例北顺达商贸有限公司"
    assert (first["outcomes"], first["outcomes_label"]) == ("5", "发现问题已责令改正")
    assert first["checked"] is True and second["problem"] is None


def test_several_codes_stand_in_one_cell_in_their_order() -> None:
    items = [{"item": "甲", "outcomes": [examples.PUT_RIGHT, examples.FOUND_NOTHING]}]
    (row,) = as_dicts(table("results_items"), live("result", examples.result(items=items)))
    assert (row["outcomes"], row["outcomes_label"]) == ("5|1", "发现问题已责令改正；未发现问题")


def test_a_search_of_all_kinds_has_the_facts_that_all_kinds_have() -> None:
    (result,) = as_dicts(FACTS, live("result", examples.result()))
    assert (result["kind"], result["kind_label"], result["happened_on"]) == (
        "result",
        "抽查检查结果",
        "2026-10-22",
    )
    assert (result["outcomes"], result["outcomes_label"]) == ("5|1", "发现问题已责令改正；未发现问题")
    (task,) = as_dicts(FACTS, live("task", examples.task()))
    assert (task["outcomes"], task["entity_code"], task["happened_on"]) == (None, None, "2026-10-12")


def test_what_is_withheld_stays_the_marker_that_the_public_reads() -> None:
    mark = {"start": None, "end": None, "ground": "personal_info", "basis": "条例"}
    marks = tuple(
        {**mark, "path": path} for path in ("entity_name", "inspected_on", "department", "items/0/outcomes")
    )
    of = live("result", examples.result(), marks)
    (row,) = as_dicts(table("results"), of)
    marker = "〔依法隐去：个人信息〕"
    assert (row["entity_name"], row["inspected_on"]) == (marker, marker)
    assert (row["department"], row["department_label"]) == (None, marker)
    (facts,) = as_dicts(FACTS, of)
    assert (facts["happened_on"], facts["outcomes"]) == (None, "1")
    assert next(national_rows(of))[-1] == marker


def test_a_list_that_is_withheld_whole_has_no_rows() -> None:
    assert as_dicts(table("tasks_drawn"), live("task", examples.task(names_shown=False))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_has_two_columns_of_one_name_and_none_without_a_label(kind: str) -> None:
    for each in tables_of(kind):
        names = [column.name for column in each.columns]
        assert len(names) == len(set(names)), each.name
        assert all(column.label and column.label_en for column in each.columns)


@pytest.mark.parametrize("kind", KINDS)
def test_no_internal_field_has_a_column(kind: str) -> None:
    def internal(fields: tuple[Field, ...]) -> set[str]:
        return {each.name for each in fields if not each.public}

    own, *inside = tables_of(kind)
    assert not internal(KINDS[kind].fields) & {column.name for column in own.columns}
    for each in inside:
        assert not internal(KINDS[kind].by_name[each.inside].rows) & {column.name for column in each.columns}


def test_the_national_table_has_nine_columns_and_a_row_for_each_item() -> None:
    assert [column.label for column in NATIONAL.columns] == [
        "抽查计划编号", "抽查计划名称", "抽查任务编号", "抽查任务名称", "抽查类型", "抽查机关", "抽查完成日期", "检查事项", "检查结果",
    ]  # fmt: skip
    directed = examples.code("sampling_type", "directed", "定向")
    of = live("result", examples.result(plan_no="33990020260001", sampling_type=directed))
    assert [*national_rows(of)] == [
        (
            "33990020260001", None, "33990020261012003", "2026年第三批食品经营单位定向抽查", "定向", "示例市市场监督管理局",
            "2026-10-23", "获证食品经营单位监督检查", "发现问题已责令改正",
        ),
        (
            "33990020260001", None, "33990020261012003", "2026年第三批食品经营单位定向抽查", "定向", "示例市市场监督管理局",
            "2026-10-23", "公示信息抽查", "未发现问题",
        ),
    ]  # fmt: skip
    assert [*national_rows(live("task", examples.task()))] == []


# ── cells ────────────────────────────────────────────────────


def read(rows: list[Row], columns: list[Column], *, for_people: bool) -> list[list[str]]:
    return [*csv.reader(io.StringIO(cells.lines(rows, columns, for_people=for_people), newline=""))]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("for_people", [True, False])
def test_no_cell_begins_like_a_formula(start: str, for_people: bool) -> None:
    columns = [Column(type, type, type, type) for type in ("text", "date")]  # type: ignore[arg-type]
    (row,) = read([[f"{start}cmd|' /C calc'!A0"] * 2], columns, for_people=for_people)
    assert all(cell == f"'{start}cmd|' /C calc'!A0" for cell in row)


@pytest.mark.parametrize(
    "number", ["33990020261012003", "330000123456789", "133990075123412345", "0012", "91339E9", "3-5", "2026-1", "1/2", "12:30", "MAR1"]
)  # fmt: skip
def test_what_a_spreadsheet_would_rewrite_is_kept_as_typed_for_people_alone(number: str) -> None:
    text = [Column("task_no", "任务编号", "Task number")]
    assert read([[number]], text, for_people=True) == [[f"{number}\t"]]
    assert read([[number]], text, for_people=False) == [[number]]


@pytest.mark.parametrize(
    "text", ["2026", "60-70家", "JG-2026-000001", "9133990075TNM5LB3J", "5%", "示例商行", ""]
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert read([[text]], [Column("x", "x", "x")], for_people=True) == [[text]]


def test_a_day_stays_a_day_and_an_answer_is_a_word_for_people() -> None:
    columns = [
        Column("on", "日期", "On", "date"),
        Column("yes", "是否", "Yes", "yes_no"),
        Column("n", "数", "N", "number"),
    ]
    assert read([["2026-10-22", False, 12]], columns, for_people=True) == [["2026-10-22", "否", "12"]]
    assert read([["2026-10-22", True, None]], columns, for_people=False) == [["2026-10-22", "true", ""]]


def test_commas_quotes_and_line_breaks_come_back_as_they_were() -> None:
    text = '他说：“好”，"ok"\n第二行'
    assert read([[text]], [Column("x", "x", "x")], for_people=True) == [[text]]


def test_a_list_of_texts_is_one_cell() -> None:
    assert cells_of(Field("x", "x", "x", "texts"), ["身份证", "许可证"]) == ("身份证；许可证",)
