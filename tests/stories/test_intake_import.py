"""何知远 imports the files that other offices and platforms send him."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from portal.db import db, open_at
from portal.errors import Overtaken, Refused
from portal.intake import importing, mappings
from portal.intake.importing import run
from portal.intake.models import Import, ImportBatch
from portal.intake.refusals import refusals_of, refusals_workbook, unfinished_batches
from portal.intake.report import Options, Report
from portal.publications.models import Batch, Publication, Revision
from tests.cast import Cast
from tests.office import carry_through

HEAD = (
    "抽查任务编号", "抽查任务名称", "抽查机关", "检查对象名称", "统一社会信用代码", "事项编号", "检查事项",
    "检查日期", "检查结果", "平台公示日期",
)  # fmt: skip
OURS, THEIRS = "示例市市场监督管理局", "示例市应急管理局"


def code(at: int) -> str:
    """A valid USCC of an invented firm."""
    stem = f"91339900{at:09d}"
    return stem + uscc.calc_check_digit(stem)


def sheet(at: int, **other: str) -> dict[str, str]:
    """One row about the firm numbered ``at``."""
    plain = (
        "33990020260001", "食品抽查", OURS, f"示例{at}食品有限公司", code(at), "B01", "食品生产检查",
        "2026-03-02", "未发现问题", "2026-03-20",
    )  # fmt: skip
    return dict(zip(HEAD, plain, strict=True)) | other


def written(path: Path, rows: Iterable[dict[str, str]], head: Sequence[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, head)
        out.writeheader()
        out.writerows(rows)
    return path


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results.csv"


def taken_in(session: Session, cast: Cast, path: Path, **options: Any) -> Report:
    return run(session, path, Options(**({"kind": "result", "by": cast.he} | options)))


def drafts(session: Session, kind: str = "result") -> list[Revision]:
    return list(session.scalars(sa.select(Revision).where(Revision.kind == kind).order_by(Revision.id)))


def everything(session: Session) -> list[int | None]:
    tables = (Import, Batch, Publication, Revision)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]


def item_list(session: Session, cast: Cast, tmp_path: Path) -> None:
    """The list 何知远's office inspects by, published."""
    path = tmp_path / "list.csv"
    path.write_text("事项编号,抽查事项\nB01,食品生产检查\nB02,食品经营检查\n", encoding="gb18030")
    fields = {"effective_from": "2026-01-01"}
    report = taken_in(session, cast, path, kind="list", title="抽查事项清单", department=OURS, fields=fields)
    assert report.accepted == 1, report.refusals
    carry_through(session, cast, drafts(session, "list")[0])


def test_rows_become_drafts_in_a_batch_for_each_task(session: Session, cast: Cast, results: Path) -> None:
    rows = [sheet(1), sheet(2), sheet(3, 抽查任务编号="33990020260002")]
    report = taken_in(session, cast, written(results, rows))
    assert (report.rows, report.accepted, report.refused, len(report.batches)) == (3, 3, 0, 2)
    first = drafts(session)[0]
    assert first.state == "draft"
    assert first.author.name == "何知远"
    assert first.batch is not None and first.batch.task_no == "33990020260001"
    assert first.content["platform_published_on"] == "2026-03-20"  # D18
    assert first.source == "results.csv#2"
    assert not unfinished_batches(session)


def test_rows_below_each_other_about_one_object_are_one_sheet(
    session: Session, cast: Cast, results: Path
) -> None:
    rows = [sheet(1), sheet(1, 事项编号="B02", 检查事项="食品经营检查", 检查结果="不合格"), sheet(2)]
    assert taken_in(session, cast, written(results, rows)).accepted == 2
    items = drafts(session)[0].content["items"]
    assert [item["item_code"] for item in items] == ["B01", "B02"]


def test_a_part_of_a_sheet_further_down_comes_back(session: Session, cast: Cast, results: Path) -> None:
    rows = [sheet(1), sheet(2), sheet(1, 事项编号="B02", 检查事项="食品经营检查")]
    report = taken_in(session, cast, written(results, rows))
    assert (report.accepted, report.refused) == (2, 1)
    assert "排在一起" in report.refusals[0].sentence
    assert report.refusals[0].row == 4


def test_the_same_file_twice_changes_nothing_and_says_so(session: Session, cast: Cast, results: Path) -> None:
    taken_in(session, cast, written(results, [sheet(1), sheet(2, 检查结果="天晓得")]))
    before = everything(session)
    again = taken_in(session, cast, results)
    assert again.repeated
    assert "没有作任何改动" in again.sentence
    assert everything(session) == before


def test_the_same_record_in_another_file_comes_back(session: Session, cast: Cast, results: Path) -> None:
    taken_in(session, cast, written(results, [sheet(1)]))
    report = taken_in(session, cast, written(results, [sheet(1), sheet(2)]))
    assert (report.accepted, report.refused) == (1, 1)
    assert "已存在" in report.refusals[0].sentence


def test_a_dry_run_writes_nothing_and_reports_the_same(session: Session, cast: Cast, results: Path) -> None:
    written(results, [sheet(1), sheet(2, 检查日期="昨天"), sheet(3)])
    before = everything(session)
    dry = taken_in(session, cast, results, dry_run=True)
    assert everything(session) == before
    real = taken_in(session, cast, results)
    assert dry.refusals == real.refusals
    assert (dry.rows, dry.accepted, dry.refused) == (real.rows, real.accepted, real.refused) == (3, 2, 1)


def test_a_refused_row_says_where_and_why_and_goes_home_in_a_workbook(
    session: Session, cast: Cast, results: Path, tmp_path: Path
) -> None:
    rows = [sheet(1), sheet(2, 统一社会信用代码="9.13399E+17", 检查结果="天晓得"), sheet(3)]
    report = taken_in(session, cast, written(results, rows))
    told = [(each.row, each.column, each.value) for each in refusals_of(session, report.import_id or 0)]
    assert told == [(3, "统一社会信用代码", "9.13399E+17"), (3, "检查结果", "天晓得")]

    one = session.get_one(Import, report.import_id)
    book = openpyxl.load_workbook(io.BytesIO(refusals_workbook(session, one)))
    page = book.active
    assert [cell.value for cell in page[1]][:5] == ["原表行号", "有误的列", "原值", "退回理由", HEAD[0]]
    assert "文本格式" in page["D2"].value
    page["I2"], page["M2"] = code(2), "合格"
    book.save(tmp_path / "mended.xlsx")
    assert taken_in(session, cast, tmp_path / "mended.xlsx").accepted == 1


def test_one_wrong_row_sends_its_whole_sheet_back(session: Session, cast: Cast, results: Path) -> None:
    rows = [sheet(1), sheet(1, 事项编号="B02", 检查结果="天晓得"), sheet(2)]
    report = taken_in(session, cast, written(results, rows))
    assert (report.accepted, report.refused) == (1, 2)
    assert [each.row for each in report.refusals] == [2, 3]


def test_an_item_on_no_list_in_force_that_day_is_held(
    session: Session, cast: Cast, results: Path, tmp_path: Path
) -> None:
    item_list(session, cast, tmp_path)
    rows = [
        sheet(1),
        sheet(2, 检查日期="2025-12-31"),
        sheet(3, 事项编号="Z99", 检查事项="清单以外的检查"),
        sheet(4, 检查事项=""),  # the list knows what B01 is
    ]
    report = taken_in(session, cast, written(results, rows))
    assert (report.accepted, report.held) == (4, 2)
    held = [bool(each.held) for each in drafts(session)]
    assert held == [False, True, True, False]
    assert drafts(session)[3].content["items"][0]["item"] == "食品生产检查"


def test_an_alias_leads_to_the_listed_item(
    session: Session, cast: Cast, results: Path, tmp_path: Path
) -> None:
    item_list(session, cast, tmp_path)
    mappings.save_alias(session, "食品厂检查", by=cast.he, item_code="B01", item="食品生产检查")
    session.commit()
    written(results, [sheet(1, 事项编号="", 检查事项="食品厂检查")])
    assert taken_in(session, cast, results).held == 0
    assert drafts(session)[0].content["items"][0]["item_code"] == "B01"


def test_a_source_with_columns_of_its_own_is_read_by_its_mapping(
    session: Session, cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "elsewhere.csv"
    head = ["job", "who", "when", "what", "grade", "score"]
    written(path, [dict(zip(head, ["T1", "示例饭店", "20260302", "卫生", "合格", "94"], strict=True))], head)
    with pytest.raises(Refused, match="表头"):
        taken_in(session, cast, path)
    columns = {"job": "task_no", "who": "entity_name", "when": "inspected_on", "what": "items.item", "grade": "items.outcomes"}  # fmt: skip
    mappings.save_mapping(session, "外地平台", "result", columns, by=cast.he)
    session.commit()
    report = taken_in(session, cast, path, source="外地平台", department=OURS)
    assert report.accepted == 1
    assert any("score" in warning for warning in report.warnings)
    with pytest.raises(Refused, match="没有名为"):
        mappings.save_mapping(session, "外地平台", "result", {"a": "nothing"}, by=cast.he)


def test_an_import_killed_midway_goes_on_without_doubling(
    session: Session, cast: Cast, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    written(results, [sheet(at, 检查结果="天晓得" if at == 2 else "合格") for at in range(1, 8)])

    def pulled_plug(done: int, of: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(session, results, Options("result", cast.he), pulled_plug)
    assert len(drafts(session)) == 3
    assert len(unfinished_batches(session)) == 1
    session.rollback()

    report = taken_in(session, cast, results)
    assert (report.rows, report.accepted, report.refused) == (7, 6, 1)
    assert len(drafts(session)) == 6
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportBatch)) == 1
    assert len(list(refusals_of(session, report.import_id or 0))) == 1
    assert not unfinished_batches(session)


def test_two_imports_of_one_file_at_once_do_it_once(
    app: Flask, session: Session, cast: Cast, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    written(results, [sheet(at) for at in range(1, 7)])

    def colleague(done: int, of: int) -> None:
        with app.app_context():
            open_at("write")
            taken_in(db.session(), Cast(db.session()), results)

    with pytest.raises(Overtaken):
        run(session, results, Options("result", cast.he), colleague)
    session.rollback()
    assert len(drafts(session)) == 6


def test_a_file_that_is_broken_further_down_leaves_nothing(
    session: Session, cast: Cast, results: Path
) -> None:
    written(results, [sheet(at) for at in range(1, 400)])
    results.write_bytes(results.read_bytes() + b'"\xff')
    before = everything(session)
    with pytest.raises(Refused, match="401行"):
        taken_in(session, cast, results)
    assert everything(session) == before


def test_a_task_may_be_made_from_its_results(session: Session, cast: Cast, results: Path) -> None:
    rows = [sheet(1), sheet(2, 检查结果="天晓得"), sheet(2), sheet(3)]
    report = taken_in(session, cast, written(results, rows), make_task=True)
    assert report.tasks == 1
    (task,) = drafts(session, "task")
    assert task.title == "食品抽查"
    assert [row["entity_name"] for row in task.content["drawn"]] == [
        f"示例{at}食品有限公司" for at in (1, 2, 3)
    ]
    assert task.content["items"] == [{"item_code": "B01", "item": "食品生产检查"}]
    assert report.rows == 4


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


def test_rows_of_another_department_come_back(session: Session, cast: Cast, results: Path) -> None:
    report = taken_in(session, cast, written(results, [sheet(1), sheet(2, 抽查机关=THEIRS)]))
    assert (report.accepted, report.refused) == (1, 1)
    assert "其他部门" in report.refusals[0].sentence


def test_a_reviewer_does_not_import(session: Session, cast: Cast, results: Path) -> None:
    with pytest.raises(Refused, match="拟稿人"):
        taken_in(session, cast, written(results, [sheet(1)]), by=cast.song)


def test_a_file_of_another_kind_is_told_what_it_lacks(session: Session, cast: Cast, tmp_path: Path) -> None:
    path = written(tmp_path / "drawn.csv", [{"企业名称": "示例", "登记机关": OURS}], ("企业名称", "登记机关"))
    with pytest.raises(Refused, match="缺少“抽查任务编号”"):
        taken_in(session, cast, path)
