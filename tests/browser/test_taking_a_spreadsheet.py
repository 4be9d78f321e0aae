"""A journalist narrows a search, takes it as a spreadsheet, and every count is that of the page."""

import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from portal import work
from tests import examples
from tests.browser.conftest import Visit
from tests.cast import Cast
from tests.office import disclose

pytestmark = pytest.mark.browser


def counts_beside(page: Page, heading: str) -> dict[str, int]:
    """The counts of a facet as the page shows them."""
    choices = page.locator("section.facet", has=page.get_by_role("heading", name=heading)).locator("a.choose")
    return {each.locator("span").inner_text(): int(each.locator("i").inner_text()) for each in choices.all()}


def test_the_counts_of_a_filtered_spreadsheet_are_those_of_the_page(
    app: Flask, session: Session, cast: Cast, visit: Visit, tmp_path: Path
) -> None:
    disclose(session, cast, "list", examples.item_list())
    for nth in range(24):  # more than a page
        outcome = examples.PUT_RIGHT if nth % 3 else examples.FOUND_NOTHING
        items = [{"item": "公示信息抽查", "item_code": "A01", "outcomes": [outcome]}]
        firm = {"entity_name": f"示例第{nth + 1}商店", "entity_code": f"33990019900101{nth:04}"}
        disclose(session, cast, "result", examples.result(items=items, **firm))
    session.commit()
    work.index_step(app)

    page = visit.open("/search?q=商店")
    page.locator("section.facet a.choose", has_text="发现问题已责令改正").click()
    shown = counts_beside(page, "公示类别")
    total = re.search(r"共 (\d+) 条", page.get_by_role("status").first.inner_text())
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel 表格").click()
    taken.value.save_as(tmp_path / "taken.xlsx")

    head, *rows = openpyxl.load_workbook(tmp_path / "taken.xlsx").worksheets[0].iter_rows(values_only=True)
    assert total and len(rows) == int(total[1]) == 16
    assert {row[head.index("检查结果")] for row in rows} == {"发现问题已责令改正"}
    assert Counter(row[head.index("公示类别")] for row in rows) == shown
    assert not visit.complaints and not visit.strangers
