"""A journalist takes a filtered spreadsheet, and its counts are those of the page."""

import csv
import gzip
import io
import json
import re
from collections import Counter

import openpyxl
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from tests import examples
from tests.cast import Cast
from tests.office import correct, disclose, withdraw

FIRMS = ("示例北顺达商贸有限公司", "示例西丰盛机械厂", "示例东和兴食品店", "示例南泰茶行", "示例中汇药房")


@pytest.fixture
def year(session: Session, cast: Cast, app: Flask) -> None:
    """A list, and a result for each of five firms: three put right, two in order; one corrected, one withdrawn."""
    disclose(session, cast, "list", examples.item_list())
    found = []
    for at, name in enumerate(FIRMS):
        outcome = examples.PUT_RIGHT if at < 3 else examples.FOUND_NOTHING
        items = [{"item": "公示信息抽查", "item_code": "A01", "outcomes": [outcome]}]
        content = examples.result(entity_name=name, entity_code=f"33990019900101{at:04}", items=items)
        found.append(disclose(session, cast, "result", content))
    correct(session, cast, found[0], "原记录有误。", registration_authority="示例市市场监督管理局")
    withdraw(session, cast, found[2], "录入错误。")
    work.once(app)


@pytest.mark.usefixtures("year")
def test_a_journalist_takes_a_filtered_spreadsheet_and_its_counts_match(visitor: FlaskClient) -> None:
    page = BeautifulSoup(visitor.get("/search?kind=result&outcome=5").text, "html.parser")
    status = page.select_one("[role=status]")
    total = re.search(r"共 (\d+) 条", status.get_text() if status else "")
    assert total is not None and total[1] == "2"
    links = {each.get_text(): str(each["href"]) for each in page.select("a[href^='/search.']")}
    sheet = openpyxl.load_workbook(io.BytesIO(visitor.get(links["Excel 表格"]).data)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert len(rows) == int(total[1])
    assert {row["检查对象名称"]: row["更正过"] for row in rows} == {FIRMS[0]: "是", FIRMS[1]: "否"}
    assert {row["统一社会信用代码/注册号"] for row in rows} == {"339900199001010000", "339900199001010001"}
    table = csv.DictReader(io.StringIO(visitor.get(links["CSV"]).data.decode("utf-8-sig"), newline=""))
    assert [row["公示编号"] for row in table] == [row["公示编号"] for row in rows]
    lines = visitor.get(links["JSON Lines"]).text.splitlines()
    assert [json.loads(line)["number"] for line in lines] == [row["公示编号"] for row in rows]


@pytest.mark.usefixtures("year")
def test_everything_at_once_counts_the_same_as_the_page(visitor: FlaskClient) -> None:
    page = BeautifulSoup(visitor.get("/exports/").text, "html.parser")
    counted = [int(each.get_text()) for each in page.select(".keyfigs b")]
    assert counted == [1, 0, 0, 4]
    packed = visitor.get("/exports/latest/results.jsonl.gz", follow_redirects=True).data
    text = gzip.decompress(packed).decode()
    found = [json.loads(line) for line in text.splitlines()]
    labels = Counter(
        outcome["label"] for each in found for item in each["fields"]["items"] for outcome in item["outcomes"]
    )
    assert labels == {"发现问题已责令改正": 2, "未发现问题": 2}
    assert FIRMS[2] not in text and len(found) == counted[-1]
