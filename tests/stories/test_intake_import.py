"""何知远 imports the files that other offices and platforms send him."""

import io
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, open_at
from portal.errors import Overtaken, Refused
from portal.intake import importing, mappings
from portal.intake.importing import run
from portal.intake.models import Import, ImportBatch
from portal.intake.refusals import refusals_of, refusals_workbook, unfinished_batches
from portal.intake.report import Options
from tests.cast import Cast
from tests.office import carry_through
from tests.sheets import HEAD, OURS, THEIRS, code, drafts, everything, sheet, taken_in, written


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results.csv"


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


def test_rows_of_another_department_come_back(session: Session, cast: Cast, results: Path) -> None:
    report = taken_in(session, cast, written(results, [sheet(1), sheet(2, 抽查机关=THEIRS)]))
    assert (report.accepted, report.refused) == (1, 1)
    assert "其他部门" in report.refusals[0].sentence


def test_a_reviewer_does_not_import(session: Session, cast: Cast, results: Path) -> None:
    with pytest.raises(Refused, match="拟稿人"):
        taken_in(session, cast, written(results, [sheet(1)]), by=cast.song)
