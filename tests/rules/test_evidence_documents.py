"""PDF and office files: kept when nothing in them runs or hides, refused with a way out when something does."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest
import xlwt
from pikepdf import Array, Dictionary, Name, String

from portal.errors import Refused
from portal.evidence import office
from portal.evidence import pdf as pdf_papers
from portal.evidence.apart import Judge
from portal.evidence.compound import compound_format
from portal.evidence.examining import examine
from portal.evidence.office import MOST_MEMBERS
from portal.evidence.unfit import Unfit
from tests.evidence_files import (
    PROGRAM,
    archive,
    compound,
    docx,
    pdf,
    pdf_locked,
    pdf_with_attachment,
    photo,
    relation,
    saved,
)


def why(data: bytes) -> str:
    """Through the process apart."""
    with pytest.raises(Refused) as refusal:
        examine("材料", data)
    return str(refusal.value).removeprefix("“材料”：")


def why_here(judge: Judge, data: bytes) -> str:
    """Without it: the same judge, in a tenth of the time."""
    with pytest.raises(Unfit) as unfit:
        judge(data)
    return str(unfit.value.sentence)


def judge_of(data: bytes) -> Judge:
    return office.judge if data.startswith(b"PK") else _judge_compound


def _judge_compound(data: bytes) -> bytes:
    return compound_format(data).encode()


def test_a_plain_pdf_is_kept_and_not_shown() -> None:
    taken = examine("发票", pdf())
    assert (taken.kind, taken.media_type, taken.safe_name, taken.viewable) == (
        "pdf",
        "application/pdf",
        "发票.pdf",
        None,
    )


def test_a_pdf_with_a_password_is_to_be_unlocked() -> None:
    assert why(pdf_locked("1234")) == "PDF 设有密码，请去掉密码后再上传。"


def test_a_pdf_that_only_forbids_printing_is_taken() -> None:
    assert examine("x", pdf_locked("")).kind == "pdf"


@pytest.mark.parametrize(
    "root",
    [
        {"OpenAction": Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))},
        {"OpenAction": Dictionary(S=Name.Launch, F=String("cmd.exe"))},
        {"AA": Dictionary(WC=Dictionary(S=Name.JavaScript, JS=String("x")))},
        {"Names": Dictionary(JavaScript=Dictionary(Names=Array([])))},
        {"OpenAction": Dictionary(S=Name.SubmitForm, F=String("http://x.test/"))},
        {"OpenAction": Dictionary(S=Name.GoToR, F=String("\\\\x.test\\y"))},
        {"AcroForm": Dictionary(XFA=String("x"), Fields=Array([]))},
        {"Deep": Array([Array([Dictionary(A=Array([Dictionary(S=Name.Launch)]))])])},
    ],
    ids=["script", "launch", "additional", "names", "submit", "remote", "xfa", "deep"],
)
def test_a_pdf_that_acts_by_itself_is_refused(root: dict[str, pikepdf.Object]) -> None:
    assert why_here(pdf_papers.judge, pdf(**root)).startswith(
        "PDF 里带有程序或者会自动执行的操作，不能收。请把它重新打印成 PDF"
    )


def test_a_script_hidden_in_an_object_stream_is_found() -> None:
    with pikepdf.new() as made:
        made.add_blank_page()
        made.Root.OpenAction = made.make_indirect(Dictionary(S=Name.JavaScript, JS=String("x")))
        hidden = saved(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in hidden
    assert "会自动执行" in why(hidden)


def test_a_pdf_that_opens_at_a_page_is_no_program() -> None:
    assert examine("x", pdf(OpenAction=Array([0, Name.Fit]))).kind == "pdf"


@pytest.mark.parametrize(
    "content", [PROGRAM, archive({"a": "b"}), b"<html><script>1</script>", docx(), pdf(), b"\x01\x02\0"]
)
def test_a_pdf_that_carries_files_is_refused(content: bytes) -> None:
    assert why_here(pdf_papers.judge, pdf_with_attachment("a.pdf", content)).startswith(
        "PDF 里夹带了其他文件"
    )


@pytest.mark.parametrize(
    "content",
    ['<?xml version="1.0"?><EInvoice><Header>示例</Header></EInvoice>'.encode(), photo(), b"a,b\r\n"],
)
def test_an_electronic_invoice_carries_its_data(content: bytes) -> None:
    assert pdf_papers.judge(pdf_with_attachment("invoice.xml", content)) == b""


def test_a_pdf_cut_off_or_of_nothing_is_to_be_chosen_again() -> None:
    whole = pdf()
    assert "没有传完整" in why(whole[: len(whole) // 2])
    assert "没有传完整" in why(b"%PDF-1.7\n" + bytes(3000))
    assert "没有传完整" in why(b"%PDF-1.7\nnothing\n%%EOF\n")


def test_word_excel_and_ofd_files_are_kept() -> None:
    types = {"[Content_Types].xml": "<Types/>"}
    assert examine("说明", docx()).safe_name == "说明.docx"
    assert examine("台账", archive({**types, "xl/workbook.xml": "<x/>"})).safe_name == "台账.xlsx"
    assert examine("发票", archive({"OFD.xml": "<x/>", "Doc_0/Document.xml": "<x/>"})).kind == "ofd"


@pytest.mark.parametrize(
    "data",
    [
        docx({"word/vbaProject.bin": b"x"}),
        docx({"word/VBAPROJECT.BIN": b"x"}),
        docx({"xl/macrosheets/sheet1.xml": "<x/>"}),
        docx(media_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
        docx({"word/_rels/document.xml.rels": relation("vbaProject", "other.bin")}),
        compound("WordDocument", "Macros", "VBA"),
        compound("Workbook", "_VBA_PROJECT_CUR"),
        compound("Workbook", body=b"\x85\0\x0e\0\0\0\0\0\0\x01\x06\0Macro1"),
    ],
)
def test_macros_are_refused(data: bytes) -> None:
    assert why_here(judge_of(data), data).startswith("文件里带有宏程序，不能收。请另存为不带宏的文件或者 PDF")


@pytest.mark.parametrize(
    "data",
    [
        docx({"word/embeddings/oleObject1.bin": b"x"}),
        docx({"word/embeddings/sheet1.xlsm": b"x"}),
        docx({"word/activeX/activeX1.xml": "<x/>"}),
        docx({"word/_rels/settings.xml.rels": relation("attachedTemplate", "http://x.test/a.dotm")}),
        docx({"word/_rels/document.xml.rels": relation("image", "file://x.test/share/a.png")}),
        docx({"word/afchunk.html": "<html>"}),
        compound("WordDocument", "ObjectPool", "\x01Ole10Native"),
    ],
)
def test_what_is_embedded_or_fetched_is_refused(data: bytes) -> None:
    assert why_here(judge_of(data), data).startswith("文件里嵌有其他程序、对象或者外部链接，不能收。")


@pytest.mark.parametrize(
    ("kind", "target"), [("hyperlink", "http://x.test/"), ("attachedTemplate", "file:///C:\\Users\\a\\模板.dotx")]
)  # fmt: skip
def test_links_to_click_and_a_template_of_ones_own_are_no_harm(kind: str, target: str) -> None:
    assert office.judge(docx({"word/_rels/settings.xml.rels": relation(kind, target)})) == b"docx"


def test_old_word_excel_and_wps_files_are_kept_for_download() -> None:
    assert examine("说明.wps", compound("WordDocument", "1Table")).safe_name == "说明.wps"
    assert examine("台账.xls", compound("Workbook")).safe_name == "台账.xls"


def test_tables_as_programs_really_write_them_are_kept() -> None:
    old, new, kept = xlwt.Workbook(), openpyxl.Workbook(), [io.BytesIO(), io.BytesIO()]
    old.add_sheet("台账").write(0, 0, "示例")
    new.active.append(["示例", 1])
    old.save(kept[0])
    new.save(kept[1])
    assert [examine("台账", each.getvalue()).suffix for each in kept] == [".xls", ".xlsx"]


def test_an_empty_pool_of_objects_as_old_word_leaves_it_is_no_harm() -> None:
    assert examine("说明", compound("WordDocument", "ObjectPool")).suffix == ".doc"


@pytest.mark.parametrize(
    "data",
    [
        compound("EncryptedPackage", "EncryptionInfo"),
        compound("WordDocument", body=b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x01" + bytes(30)),
        compound("Workbook", body=b"\x09\x08\x10\0" + bytes(16) + b"\x2f\0\x36\0"),
    ],
)
def test_an_office_file_with_a_password_is_to_be_unlocked(data: bytes) -> None:
    assert why_here(judge_of(data), data) == "文件设有密码，请去掉密码后再上传。"


def test_a_compound_file_that_is_no_document_is_refused() -> None:
    assert "不能收" in why(compound("Installer", "!_Tables"))
    assert "另存为 PDF" in why(compound("PowerPoint Document"))
    assert "另存为 PDF" in why(archive({"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}))


def test_zip_bombs_are_refused_unopened() -> None:
    assert "展开后大得不正常" in why_here(office.judge, docx({"word/media/a.bmp": bytes(60_000_000)}))
    assert "展开后大得不正常" in why_here(
        office.judge, docx({f"word/{n}.xml": "" for n in range(MOST_MEMBERS)})
    )


def test_an_archive_that_lies_about_its_sizes_is_not_believed() -> None:
    honest = docx({"word/media/a.bmp": bytes(5_000_000)})
    lying = honest.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "损坏" in why(lying)


def test_entities_that_grow_are_not_expanded() -> None:
    laughs = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>'
    assert "损坏" in why(docx({"word/_rels/document.xml.rels": laughs}))


def test_an_office_file_cut_off_is_to_be_chosen_again() -> None:
    whole = docx({"word/media/a.bin": zipfile.__doc__ or "x"})
    assert "没有传完整或者已经损坏" in why(whole[:-30])


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x", "C:\\x", "word/../../x"])
def test_members_that_climb_are_refused(name: str) -> None:
    assert "不能收" in why_here(office.judge, docx({name: "x"}))
