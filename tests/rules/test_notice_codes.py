"""核验码: how they are made, kept and read back off paper; and the files that bring them in from elsewhere."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from portal.errors import Refused
from portal.intake.notice_codes import read_notice_codes
from portal.objections import sealing

HEAD = "任务编号,统一社会信用代码,核验码\n"
TASK, FIRM = "33990020261012003", "9133990075TNM5LB3J"


def test_a_code_is_ten_letters_that_can_not_be_mistaken_for_another() -> None:
    codes = {sealing.new_code() for _each in range(500)}
    assert len(codes) == 500
    letters = set("".join(codes)) - {"-"}
    assert not letters & set("0O1I")
    assert {len(sealing.plain(each)) for each in codes} == {10}


def test_a_code_read_off_paper_opens_however_it_is_typed() -> None:
    kept = [sealing.seal("Q2345-LWXYZ")]
    for typed in (
        "Q2345-LWXYZ",
        "q2345lwxyz",
        " Q2345 LWXYZ ",
        "Ｑ2345－ＬＷＸＹＺ",
        "o2345-1wxyz",
        "02345-IWXYZ",
    ):
        assert sealing.fits(kept, typed), typed
    for wrong in ("", "Q2345-LWXY", "Q2345-LWXYZA", "P2345-LWXYZ"):
        assert not sealing.fits(kept, wrong), wrong


def test_what_is_kept_does_not_show_the_code_and_differs_each_time() -> None:
    code = sealing.new_code()
    one, another = sealing.seal_all([code, code])
    assert one != another
    assert sealing.plain(code) not in one.upper()
    assert sealing.fits([another], code)
    assert len(one) <= 200  # the column


def test_where_nothing_was_issued_no_code_fits() -> None:
    assert not sealing.fits([], "")
    assert not sealing.fits([], sealing.new_code())


def written(folder: Path, text: str) -> Path:
    path = folder / "核验码.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_platforms_file_is_read_below_its_title(tmp_path: Path) -> None:
    text = f"2026年第三批检查通知书,,\n序号,抽查任务编号,统一社会信用代码/注册号,核验码\n1,{TASK},9133 9900 75TNM5LB3J,ABCD-2345\n"
    rows, refused = read_notice_codes(written(tmp_path, text))
    assert [(each.row, each.task_no, each.entity_code, each.code) for each in rows] == [
        (3, TASK, FIRM, "ABCD-2345")
    ]
    assert not refused


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f",{FIRM},ABCD2345", "没有写任务编号"),
        (f"{TASK},,ABCD2345", "没有写统一社会信用代码"),
        (f"{TASK},{FIRM},", "没有写核验码"),
        (f"{TASK},9.13399E+17,ABCD2345", "电子表格改成了数字"),
        (f"3.39900E+16,{FIRM},ABCD2345", "电子表格改成了数字"),
        (f"{TASK},{FIRM},1.23457E+11", "前面的0可能已经丢失"),
        (f"{TASK},{FIRM},=A1", "公式"),
    ],
)  # fmt: skip
def test_a_row_that_can_not_be_read_says_why(tmp_path: Path, row: str, reason: str) -> None:
    rows, refused = read_notice_codes(written(tmp_path, HEAD + row + "\n"))
    assert not rows
    assert [each.row for each in refused] == [2]
    assert reason in refused[0].sentence
    assert "ABCD2345" not in refused[0].sentence


def test_a_code_that_a_spreadsheet_took_for_a_number_has_lost_its_zeros(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["任务编号", "统一社会信用代码", "核验码"], [TASK, FIRM, 12345678], [TASK, FIRM, "00123456"]):
        book.active.append(row)
    book.save(tmp_path / "codes.xlsx")
    rows, refused = read_notice_codes(tmp_path / "codes.xlsx")
    assert [each.code for each in rows] == ["00123456"]
    assert [each.row for each in refused] == [2]
    assert "文本格式" in refused[0].sentence


def test_a_file_without_the_three_columns_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="没有找到表头"):
        read_notice_codes(written(tmp_path, "任务编号,核验码\n1,2\n"))
