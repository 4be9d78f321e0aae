"""Lists, plans and drawn lists come in as one document each: whole, or back with the rows to mend."""

from pathlib import Path

import openpyxl
import pytest
from sqlalchemy.orm import Session

from portal.errors import Refused
from tests.cast import Cast
from tests.sheets import OURS, code, drafts, taken_in, written


def test_a_drawn_list_is_one_task_and_comes_back_whole_when_a_row_is_wrong(
    session: Session, cast: Cast, tmp_path: Path
) -> None:
    head = ("企业名称", "注册号/统一社会信用代码", "登记机关", "管辖单位")
    rows = [dict(zip(head, (f"示例{at}", code(at), OURS, "示例所"), strict=True)) for at in range(1, 4)]
    path = written(tmp_path / "drawn.csv", rows, head)
    options = {
        "kind": "task",
        "title": "抽查任务",
        "department": "市市场监管局",
        "fields": {"source_number": "T1"},
    }
    report = taken_in(session, cast, path, **options)
    assert (report.accepted, len(drafts(session, "task")[0].content["drawn"])) == (1, 3)

    rows[1]["注册号/统一社会信用代码"] = "12345"
    report = taken_in(
        session, cast, written(path, rows, head), **options | {"fields": {"source_number": "T2"}}
    )
    assert (report.accepted, report.refused) == (0, 3)
    assert [each.row for each in report.refusals] == [3]


def test_a_plan_as_printed_with_a_title_and_a_total_row(session: Session, cast: Cast, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["2026年度抽查工作计划"], ["抽查机关：" + OURS, None, "计划年度：2026"],
        ["序号", "抽查事项", "抽查比例", "抽查数量", "抽查时间"],
        [1, "食品生产检查", 0.05, "60-70家", "5—7月"], [2, "食品经营检查", "A:3%", "20家", "全年"],
        ["合计", None, None, "=SUM(D4:D5)"], ["填报人：某某", None, "联系电话：0000-1234567"],
    ):  # fmt: skip
        page.append(row)
    page["C4"].number_format = "0%"
    page.merge_cells("A1:E1")
    book.save(tmp_path / "plan.xlsx")
    report = taken_in(session, cast, tmp_path / "plan.xlsx", kind="plan")
    assert (report.rows, report.accepted, report.skipped) == (2, 1, 2), report.refusals
    content = drafts(session, "plan")[0].content
    assert (content["title"], content["plan_year"]) == ("2026年度抽查工作计划", 2026)
    assert [row["ratio"] for row in content["items"]] == ["5%", "A:3%"]


def test_a_file_of_another_kind_is_told_what_it_lacks(session: Session, cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "drawn.csv", [{"企业名称": "示例", "登记机关": OURS}], ("企业名称", "登记机关"))
    with pytest.raises(Refused, match="缺少“抽查任务编号”"):
        taken_in(session, cast, path)
