"""更正公告 and what a page says of a correction that followed an objection."""

import pytest
from sqlalchemy.orm import Session

from portal.publications.models import Publication
from tests import examples, objecting
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.objecting import object_to
from tests.office import correct, disclose, withdraw

MARK = "异议处理中"


@pytest.mark.parametrize(
    ("outcome", "said"), [("corrected", "复查结果：更正"), ("partly_corrected", "复查结果：部分更正")]
)
def test_a_correction_says_that_it_followed_an_objection(
    page: Page, session: Session, cast: Cast, result: Publication, outcome: str, said: str
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, outcome, objecting.correction(session, cast, case))
    soup = page(f"/results/{result.number}")
    assert "经异议复查" in words(soup.select_one(".banner-zhu"))  # type: ignore[arg-type]
    assert said in words(soup.select_one("ol.trail")) and MARK not in words(soup)  # type: ignore[arg-type]
    assert [each.get_text() for each in soup.select(".ba ins")] == ["进货查验记录齐全。"]
    assert soup.find("a", href=f"/results/{result.number}/corrections/2", string=case.documents[-1].number)
    row = words(page(f"/results/{result.number}/versions/").select("tbody tr")[0])
    assert row.startswith("第2版") and "经异议复查，" in row
    assert "经异议复查" in words(page("/corrections/").select("tbody tr")[0])


def test_the_notice_of_a_correction_is_one_sheet(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, "corrected", objecting.correction(session, cast, case))
    sheet = page(f"/results/{result.number}/corrections/2").select_one("article.doc")
    assert sheet is not None
    said = words(sheet)
    notice = case.document("correction")
    assert notice is not None and notice.number in said
    for part in (
        str(result.number),
        "示例市市场监督管理局",
        "经异议复查，进货查验记录齐全",
        "复查结果为更正",
        "存证序号",
    ):
        assert part in said
    assert [each.get_text() for each in sheet.select("del")] == ["进货查验记录缺2个批次。"]
    assert [each.get_text() for each in sheet.select("ins")] == ["进货查验记录齐全。"]
    page(f"/results/{result.number}/corrections/1", 404)
    page(f"/results/{result.number}/corrections/3", 404)


def test_a_list_has_its_notice_too(page: Page, session: Session, cast: Cast) -> None:
    published = disclose(session, cast, "list", examples.item_list())
    correct(session, cast, published, "版本写错。", edition="2025年版")
    sheet = page(f"/lists/{published.number}/corrections/2")
    assert [each.get_text() for each in sheet.select("ins")] == ["2025年版"] and not sheet.select(".doc-no")


def test_a_correction_that_hides_what_was_shown_shows_no_difference(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    revision.marks = [
        {"path": "items/0/disposition", "start": 0, "end": 2, "ground": "privacy", "basis": "条例第十五条", "by": cast.shen.id, "note": ""}
    ]  # fmt: skip
    session.commit()
    objecting.answer(session, cast, case, "corrected", revision)
    said = words(page(f"/results/{result.number}/corrections/2"))
    assert "不再显示" in said and "缺2个批次" not in said
    correct(session, cast, result, "再次更正。", registration_authority="示例市市场监督管理局")
    assert "第3版" in words(page(f"/results/{result.number}/corrections/2"))


def test_what_is_taken_down_has_no_notice_and_no_way_to_object(
    page: Page, session: Session, cast: Cast, result: Publication
) -> None:
    correct(session, cast, result, "原记录有误。", registration_authority="示例市市场监督管理局")
    withdraw(session, cast, result, "对象有误。")
    for address in (f"/results/{result.number}", f"/results/{result.number}/corrections/2"):
        soup = page(address, 410)
        assert not soup.select("a[href^='/objections/']") and "原记录有误" not in words(soup)
