"""Files as offices really send them: each is read for what it is, or refused with a sentence."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlwt

from portal.errors import Refused
from portal.intake.readers import sniffing
from portal.intake.readers.opening import open_sheets
from portal.intake.readers.rows import Formula, is_blank
from portal.intake.staging import stage

ROWS = [["企业名称", "统一社会信用代码"], ["示例甲有限公司", "91339900TEST000017"]]
MIDNIGHT = datetime.combine(date(2026, 3, 1), time())
CSV = "企业名称,统一社会信用代码\r\n示例甲有限公司,91339900TEST000017\r\n"


def written(folder: Path, content: bytes, name: str = "file.bin") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path) -> list[list[object]]:
    return [row.cells for sheet in open_sheets(path) for row in sheet.rows]


def workbook(rows: list[list[object]], **more: object) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for merged in more.get("merged", ()):  # type: ignore[attr-defined]
        book.active.merge_cells(merged)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def why(path: Path) -> str:
    with pytest.raises(Refused) as refusal, stage(path):
        pass
    return str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_is_read_in_every_encoding_that_offices_use(tmp_path: Path, encoding: str) -> None:
    assert read(written(tmp_path, CSV.encode(encoding))) == ROWS


def test_unicode_text_with_tabs_is_read(tmp_path: Path) -> None:
    assert read(written(tmp_path, CSV.replace(",", "\t").encode("utf-16"))) == ROWS


def test_a_short_gbk_file_is_taken_for_chinese_and_not_for_korean(tmp_path: Path) -> None:
    assert read(written(tmp_path, "名称\r\n联通\r\n".encode("gbk"))) == [["名称"], ["联通"]]


def test_a_byte_that_does_not_decode_is_refused_with_its_line(tmp_path: Path) -> None:
    damaged = CSV.encode() + "第三行的企业有限公司".encode() + b"\xff,1\r\n"
    assert "第3行" in why(written(tmp_path, damaged))


def test_quotes_that_never_close_are_refused(tmp_path: Path) -> None:
    assert "引号" in why(written(tmp_path, (CSV + '"没有结束,1\r\n').encode()))


def test_a_code_kept_as_text_by_an_equals_sign_is_text_and_other_formulas_stay_formulas(
    tmp_path: Path,
) -> None:
    assert read(written(tmp_path, b'="0123",=1+1\r\n')) == [["0123", Formula("=1+1")]]


def test_xlsx_under_any_name_is_read_by_its_content(tmp_path: Path) -> None:
    assert read(written(tmp_path, workbook(ROWS), "list.csv")) == ROWS


def test_formulas_dates_percentages_and_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["对象", None, "比例"])
    sheet.append([MIDNIGHT, "=A1", 0.05])
    sheet["C2"].number_format = "0%"
    sheet.append(["合并", None, None])
    sheet.append([None, "乙", None])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A4")
    book.create_sheet("空表")
    book.save(tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx") == [
        ["对象", "对象", "比例"],
        [MIDNIGHT, Formula("=A1"), "5%"],
        ["合并"],
        ["合并", "乙"],
    ]


def test_a_workbook_that_lies_about_its_dimension_is_read_whole(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:B2"', b'ref="A1"'))
    assert read(written(tmp_path, packed.getvalue())) == ROWS


def test_a_real_xls_is_read_with_its_formulas_and_merges(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 1, "检查对象")
    sheet.write(1, 0, "示例甲")
    sheet.write(1, 1, xlwt.Formula("1+1"))
    sheet.write(2, 0, 20260301)
    book.save(str(tmp_path / "old.xls"))
    rows = read(tmp_path / "old.xls")
    assert rows[0] == ["检查对象", "检查对象"]
    assert isinstance(rows[1][1], Formula)
    assert rows[2][0] == 20260301


def test_html_saved_as_xls_is_laid_out_with_its_spans(tmp_path: Path) -> None:
    html = """<html><meta charset=gbk><table>
      <tr><th rowspan=2>序号<th colspan=2>检查对象</tr><tr><th>名称<th>代码</tr>
      <tr><td>1<td>示例甲有限公司<td>91339900TEST000017</tr></table>"""
    assert read(written(tmp_path, html.encode("gbk"), "export.xls")) == [
        ["序号", "检查对象", "检查对象"],
        ["序号", "名称", "代码"],
        ["1", "示例甲有限公司", "91339900TEST000017"],
    ]


def spreadsheetml(rows: str) -> bytes:
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>'
        f'{rows}</Table></Worksheet><Worksheet ss:Name="空"><Table/></Worksheet></Workbook>'
    ).encode()


def test_excel_2003_xml_is_read_with_index_and_merges(tmp_path: Path) -> None:
    rows = """<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">标题</Data></Cell></Row>
      <Row ss:Index="3"><Cell ss:Index="2" ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>
      <Cell ss:Formula="=1+1"><Data ss:Type="Number">2</Data></Cell></Row>
      <Row><Cell ss:Index="3"><Data ss:Type="Number">7</Data></Cell></Row>"""
    path = written(tmp_path, spreadsheetml(rows), "named.xlsx")
    assert read(path) == [["标题", "标题"], [None, "甲", Formula("=1+1")], [None, "甲", 7]]
    assert [row.number for sheet in open_sheets(path) for row in sheet.rows] == [1, 3, 4]


def test_xml_of_a_register_elsewhere_becomes_a_table(tmp_path: Path) -> None:
    xml = b"<?xml version='1.0'?><R><H><n>2</n></H><E><Name>A</Name><Id>1</Id></E><E><Name>B</Name></E></R>"
    assert read(written(tmp_path, xml)) == [["Name", "Id"], ["A", "1"], ["B"]]


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


REFUSED = {
    "an empty file": (b"", "空的"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "图片"),
    "a Word document": (zipped(word__document_dot_xml=b"<w/>"), "文字"),
    "an archive of workbooks": (zipped(a_dot_xlsx=workbook(ROWS)), "压缩包"),
    "a workbook with another inside": (
        zipped(xl__workbook_dot_xml=b"<w/>", xl__embeddings__a_dot_xlsx=b"PK"),
        "嵌有",
    ),
    "a cut-off workbook": (workbook(ROWS)[:900], "损坏"),
    "a workbook of nonsense": (zipped(xl__workbook_dot_xml=b"<w"), "损坏"),
    "a locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "密码",
    ),
    "a damaged xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "损坏"),
    "binary rubbish": (b"\x00\x01\x02\x03" * 100, "无法识别"),
    "JSON": (b'{"a": 1}', "JSON"),
    "XML with entities": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><b>&b;</b></a>', "损坏"),
    "XML that stops": (spreadsheetml("<Row>")[:-60], "损坏"),
    "only blank lines": (b"\r\n,,,\r\n", "没有任何内容"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, case: str) -> None:
    content, word = REFUSED[case]
    said = why(written(tmp_path, content))
    assert word in said
    assert said.endswith("。")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped(xl__workbook_dot_xml=b"<w/>", xl__worksheets__sheet1_dot_xml=b" " * (40 * 2**20))
    assert "超出限度" in why(written(tmp_path, bomb))


def test_a_file_beyond_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sniffing, "MAX_BYTES", 10)
    assert "拆成几个文件" in why(written(tmp_path, CSV.encode()))


def test_a_row_number_beyond_any_spreadsheet_is_refused_at_once(tmp_path: Path) -> None:
    row = '<Row ss:Index="999999999"><Cell><Data ss:Type="String">甲</Data></Cell></Row>'
    assert "拆成几个文件" in why(written(tmp_path, spreadsheetml(row)))


def test_blank_is_what_shows_nothing() -> None:
    assert is_blank("　 ") and is_blank(None) and not is_blank(0)


@pytest.mark.parametrize(
    ("html", "sentence"),
    [
        ("<html>" + "<div>" * 20_000 + "<table><tr><td>甲", "标签套了200层以上"),
        ("<html><table><tr>" + "<td colspan=1000 rowspan=60000>甲</td>" * 50, "超过500列"),
    ],
)
def test_html_that_is_made_to_wear_the_reader_out_is_refused_at_once(
    tmp_path: Path, html: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        read(written(tmp_path, html.encode(), "export.xls"))
