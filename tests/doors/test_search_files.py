"""带走这次查找: a search as CSV, JSON Lines and a spreadsheet; what a limit cuts; what a spreadsheet must not do."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.exports.reading import CHUNK, in_chunks
from portal.publications import tallying
from portal.publications.models import Face, Publication, Release
from portal.sessions import session_at
from portal.settings import Settings
from tests import examples
from tests.applications import Applications
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.office import correct, disclose, withdraw

FORMULA = '=HYPERLINK("https://example.com","点我")'


@pytest.fixture
def shown(session: Session, cast: Cast, app: Flask, result: Publication) -> Publication:
    """The four kinds, and a second result whose words a spreadsheet would run."""
    items = [
        {"item": "公示信息抽查", "item_code": "A01", "outcomes": [examples.FOUND_NOTHING], "problem": FORMULA}
    ]
    found = examples.result(entity_name="＝示例西丰盛机械厂", entity_code="339900199001011234", items=items)
    disclose(session, cast, "result", found)
    work.index_step(app)
    return result


def table(visitor: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel would read another code page"
    return [*csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))]


def book(visitor: FlaskClient, address: str) -> openpyxl.Workbook:
    answer = visitor.get(address)
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.data))


@pytest.mark.usefixtures("shown")
def test_every_kind_in_one_table_has_the_facts_and_the_address(visitor: FlaskClient) -> None:
    rows = table(visitor, "/search.csv")
    assert sorted(row["公示类别"] for row in rows) == sorted(
        ["抽查事项清单", "年度抽查工作计划", "抽查任务公告", "抽查检查结果", "抽查检查结果"]
    )
    first = next(row for row in rows if row["统一社会信用代码/注册号"] == "9133990075TNM5LB3J")
    assert first["网址"] == "http://127.0.0.1:8000/results/JG-2026-000001"
    assert (first["检查结果代码"], first["抽查任务编号"]) == ("5|1", "33990020261012003\t")


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(
    ("asked", "label", "rows"),
    [
        ("kind=result", "检查日期", 2), ("kind=result&table=items", "发现的问题", 3), ("table=national", "检查事项", 3),
        ("kind=task&table=drawn", "检查单位", 2), ("kind=list", "生效日期", 1), ("kind=plan&table=items", "抽查比例", 2),
    ],
)  # fmt: skip
def test_a_chosen_kind_has_its_own_columns(visitor: FlaskClient, asked: str, label: str, rows: int) -> None:
    found = table(visitor, f"/search.csv?{asked}")
    assert len(found) == rows and label in found[0]


@pytest.mark.usefixtures("shown")
def test_in_english_headings_and_codes_are_english(visitor: FlaskClient) -> None:
    row = table(visitor, "/search.csv?kind=result&lang=en&table=items&entity=9133990075TNM5LB3J")[0]
    assert row["Outcome"] == "Problem found, ordered to be put right"
    assert (row["Checked"], row["Item"]) == ("Yes", "获证食品经营单位监督检查")


@pytest.mark.usefixtures("shown")
def test_nothing_is_run_and_no_number_is_cut_in_csv(visitor: FlaskClient) -> None:
    rows = table(visitor, "/search.csv?kind=result&table=items")
    assert FORMULA not in [row["发现的问题"] for row in rows] and f"'{FORMULA}" in [
        row["发现的问题"] for row in rows
    ]
    other = next(row for row in table(visitor, "/search.csv?kind=result") if "西丰盛" in row["检查对象名称"])
    assert other["检查对象名称"] == "'＝示例西丰盛机械厂"
    assert other["统一社会信用代码/注册号"] == "339900199001011234\t"


@pytest.mark.usefixtures("shown")
def test_a_spreadsheet_holds_texts_days_and_numbers_and_no_formula(visitor: FlaskClient) -> None:
    found = book(visitor, "/search.xlsx?kind=result")
    assert [sheet.title for sheet in found][-1] == "说明"
    every = [cell for sheet in found for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in every if cell.data_type == "f" or cell.hyperlink]
    values = [cell.value for cell in every]
    assert "33990020261012003" in values and "339900199001011234" in values and FORMULA in values
    heads = {cell.value: cell.column for cell in found.worksheets[0][1]}
    assert found.worksheets[0].cell(2, heads["检查日期"]).is_date


@pytest.mark.usefixtures("shown")
def test_the_last_sheet_says_what_was_asked_how_many_and_what_the_codes_mean(visitor: FlaskClient) -> None:
    said = [
        [str(cell.value or "") for cell in row]
        for row in book(visitor, "/search.xlsx?kind=result&outcome=5")["说明"].iter_rows()
    ]
    facts = {row[0]: row[1] for row in said[:8]}
    assert "发现问题已责令改正" in facts["查找"] and facts["查到"] == facts["本文件"] == "1条"
    assert ["outcome", "2022", "5", "发现问题已责令改正"] in [row[:4] for row in said]
    assert ["抽查检查结果", "entity_code", "统一社会信用代码/注册号"] in [row[:3] for row in said]


@pytest.mark.usefixtures("shown")
def test_json_lines_hold_what_the_api_gives(visitor: FlaskClient) -> None:
    answer = visitor.get("/search.jsonl?kind=result&outcome=5")
    assert answer.mimetype == "application/jsonl"
    (found,) = [json.loads(line) for line in answer.text.splitlines()]
    assert (found["number"], found["state"]) == ("JG-2026-000001", "live")
    assert found["fields"]["entity_code"] == "9133990075TNM5LB3J"


def test_what_is_corrected_says_so_and_what_is_withdrawn_is_not_there(
    visitor: FlaskClient, session: Session, cast: Cast, shown: Publication
) -> None:
    correct(session, cast, shown, "原记录有误。", registration_authority="示例市市场监督管理局")
    row = table(visitor, "/search.csv?kind=result&entity=9133990075TNM5LB3J")[0]
    assert (row["更正过"], row["版本"], row["登记机关"]) == ("是", "2", "示例市市场监督管理局")
    withdraw(session, cast, shown, "录入错误。")
    for form in ("csv", "jsonl"):
        assert str(shown.number) not in visitor.get(f"/search.{form}").text


@pytest.mark.usefixtures("shown")
def test_names_of_files_say_what_and_when(visitor: FlaskClient) -> None:
    answer = visitor.get("/search.xlsx?kind=result")
    said = answer.headers["Content-Disposition"]
    assert (
        said.startswith('attachment; filename="results-2') and "filename*=UTF-8''%E6%8A%BD%E6%9F%A5" in said
    )
    assert answer.headers["X-Total-Count"] == answer.headers["X-Given-Count"] == "2"


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize(
    "asked", ["kind=x", "table=items", "kind=result&table=drawn", "kind=task&table=national", "from=x"]
)
def test_what_there_is_not_is_refused_with_a_sentence(visitor: FlaskClient, asked: str) -> None:
    for form in ("csv", "jsonl", "xlsx"):
        answer = visitor.get(f"/search.{form}?{asked}")
        assert answer.status_code == 400 and "。" in answer.text


@pytest.mark.usefixtures("shown")
def test_an_empty_search_is_a_file_with_a_heading_alone(visitor: FlaskClient) -> None:
    assert table(visitor, "/search.csv?kind=result&year=2019") == []
    assert visitor.get("/search.jsonl?year=2019").data == b""
    assert book(visitor, "/search.xlsx?year=2019").worksheets[0].max_row == 1


def test_a_head_request_makes_no_file(visitor: FlaskClient) -> None:
    answer = visitor.head("/search.xlsx")
    assert answer.status_code == 200 and answer.data == b""


@pytest.fixture
def narrow(settings: Settings, applications: Applications) -> Iterator[Flask]:
    with applications.serving(replace(settings, search_rows=1)) as portal:
        yield portal


@pytest.mark.usefixtures("shown")
def test_what_is_cut_says_so_in_the_file_its_name_and_its_headers(narrow: Flask) -> None:
    visitor = narrow.test_client()
    said = "文件没有列完：查到2条，这里只有前1条。全部数据请用批量下载：http://127.0.0.1:8000/exports/"
    answer = visitor.get("/search.csv?kind=result")
    assert (answer.headers["X-Total-Count"], answer.headers["X-Given-Count"]) == ("2", "1")
    assert "first-1.csv" in answer.headers["Content-Disposition"]
    rows = [*csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))]
    assert len(rows) == 3 and rows[-1][0] == said and len({len(row) for row in rows}) == 1
    last = json.loads(visitor.get("/search.jsonl?kind=result").text.splitlines()[-1])
    assert (last["cut"], last["total"], last["given"]) == (said, 2, 1)
    facts = {
        row[0].value: row[1].value
        for row in book(visitor, "/search.xlsx?kind=result")["说明"].iter_rows(max_row=8)
    }
    assert facts["没有列完"] == said
    assert "查到2条，文件只列前1条" in visitor.get("/search?kind=result").text


# ── many ─────────────────────────────────────────────────────


def many(session: Session, result: Publication, count: int) -> list[str]:
    """Rows of the public tables as a bulk publication leaves them."""
    face, release = (
        session.get_one(Face, result.number),
        session.scalars(sa.select(Release).where(Release.number == result.number)).one(),
    )
    numbers = [f"JG-2027-{at:06}" for at in range(count)]

    def like(row: Any, **changes: Any) -> dict[str, Any]:
        return {each.name: getattr(row, each.key) for each in row.__table__.columns} | changes

    first = (session.scalar(sa.select(sa.func.max(Release.id))) or 0) + 1
    session.execute(
        sa.insert(Release), [like(release, id=first + at, number=number) for at, number in enumerate(numbers)]
    )
    session.execute(
        sa.insert(Face),
        [like(face, number=number, release_id=first + at) for at, number in enumerate(numbers)],
    )
    tallying.recount(session)
    session.commit()
    return numbers


def test_two_thousand_rows_are_never_in_memory_together(
    app: Flask, session: Session, result: Publication
) -> None:
    """Each chunk has a session of its own, which is over before a reader who takes their time has the next line."""
    numbers, open_now = many(session, result, 2000), []

    @contextmanager
    def doors() -> Iterator[Session]:
        with session_at(app, "public") as each:
            open_now.append(each)
            yield each
            open_now.remove(each)

    sizes: Sequence[int] = []
    for chunk in in_chunks(doors, numbers):
        assert not open_now, "the database waits for a slow reader"
        sizes = [*sizes, len(chunk)]
    assert sum(sizes) == 2000 and max(sizes) <= CHUNK


def test_the_first_lines_go_out_before_the_last_are_read(
    app: Flask, session: Session, visitor: FlaskClient, result: Publication
) -> None:
    many(session, result, 2000)
    answer = visitor.get("/search.csv?kind=result", buffered=False)
    pieces = answer.iter_encoded()
    next(pieces), next(pieces)
    session.execute(sa.update(Face).where(Face.number == "JG-2027-000000").values(live=False, face="held"))
    session.commit()
    rest = b"".join(pieces).decode()
    answer.close()
    assert "JG-2027-000001" in rest and "JG-2027-000000" not in rest


@pytest.mark.usefixtures("shown")
def test_the_search_page_and_the_others_lead_there(page: Page) -> None:
    for address in ("/search?kind=result&outcome=5", "/results/?outcome=5", "/entities/9133990075TNM5LB3J"):
        links = [str(each["href"]) for each in page(address).select("a[href^='/search.']")]
        assert {link.split("?")[0] for link in links} >= {"/search.csv", "/search.xlsx", "/search.jsonl"}
        assert "kind=result" in links[0]
    assert "批量下载" in words(page("/search"))
