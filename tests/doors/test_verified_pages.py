"""What a page shows is compared with the bytes that the log holds: an honest page passes, an altered one does not."""

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.publications.models import Publication, Release
from portal.verifying.pages import Logged, problems_of_page
from tests import examples
from tests.cast import Cast
from tests.office import correct

OFFICE = examples.MARKET["label"]
A_TEXT = re.compile(r">([^<>]+)<")
PAGES = ("lists/QD-2026-0001", "plans/JH-2026-0001", "tasks/RW-2026-0001", "results/JG-2026-000001")


@pytest.fixture
def corrected(session: Session, cast: Cast, result: Publication) -> Publication:
    """A result that was corrected once, so that its page shows both sides."""
    items = [
        {"item_code": "B05", "item": "获证食品经营单位监督检查", "outcomes": [examples.PUT_RIGHT], "problem": "冷藏柜没有温度记录。", "disposition": "责令改正。"},
        {"item_code": "C09", "item": "定量包装商品销售监督检查", "outcomes": [examples.FOUND_NOTHING]},
    ]  # fmt: skip
    return correct(session, cast, result, "检查日期有误。", inspected_on="2026-10-21", items=items)


def seen(visitor: FlaskClient, session: Session, path: str, version: int) -> tuple[str, dict[str, Any], Logged]:  # fmt: skip
    """The page of a version, its record, and what the log says of it."""
    number = path.rpartition("/")[2]
    wanted = sa.select(Release).where(Release.number == number).order_by(Release.version)
    releases = session.scalars(wanted).all()
    release, newest = releases[version - 1], len(releases)
    page = visitor.get(f"/{path}" if version == newest else f"/{path}/versions/{version}")
    record = json.loads(visitor.get(f"/{path}/versions/{version}/record.json").data)
    entry = json.loads(session.get_one(Entry, release.entry_index).body)
    return page.text, record, Logged(number, release.entry_index, release.record_hash, entry["reason"])


def words(value: Any) -> set[str]:
    """Each text, label and date of released fields, as a page writes it."""
    if isinstance(value, dict) and "label" in value:
        return {value["label"]}
    if isinstance(value, dict):
        return {each for one in value.values() for each in words(one)}
    if isinstance(value, list):
        return {each for one in value for each in words(one)}
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        year, month, day = map(int, value.split("-"))
        return {f"{year}年{month}月{day}日"}
    return {value} if isinstance(value, str) and len(value) > 2 else set()


def alterations(page: str, values: set[str]) -> list[str]:
    """The page again and again, each time with one place altered where it says a value."""
    start, end = page.index('<header class="rec-head">'), page.index("</article>")
    trail = page.find('<ol class="trail">')
    found = []
    for text in A_TEXT.finditer(page, start, end):
        inside = next((value for value in values if value in text.group(1)), None)
        if inside is None or 0 <= trail < text.start():
            continue
        if OFFICE in text.group(1) and not text.group(1).startswith((f"{OFFICE}（", f"{OFFICE}\n")):
            continue  # sentences name the office as it is called today
        said = text.group(1).replace(inside, inside[:-1] + "某")
        found.append(page[: text.start(1)] + said + page[text.end(1) :])
    return found


@pytest.mark.parametrize("path", PAGES)
def test_an_honest_page_passes_and_each_altered_place_is_found(
    path: str, corrected: Publication, session: Session, visitor: FlaskClient
) -> None:
    version = 2 if path.startswith("results") else 1
    page, record, logged = seen(visitor, session, path, version)
    before = seen(visitor, session, path, 1)[1] if version == 2 else None
    assert problems_of_page(page, record, logged, before) == []
    altered = alterations(page, words(record["fields"]))
    assert len(altered) >= 5
    for each in altered:
        assert problems_of_page(each, record, logged, before), _difference(page, each)


def _difference(page: str, altered: str) -> str:
    at = next(at for at, (one, other) in enumerate(zip(page, altered, strict=False)) if one != other)
    return page[at - 60 : at + 60]


def test_both_sides_of_a_correction_and_its_reason_are_compared(
    corrected: Publication, session: Session, visitor: FlaskClient
) -> None:
    path = PAGES[-1]
    page, record, logged = seen(visitor, session, path, 2)
    first, before, of_first = seen(visitor, session, path, 1)
    assert problems_of_page(page, record, logged, before) == []
    assert problems_of_page(first, before, of_first) == []
    (old,) = re.findall(r"<del>(?:<time[^>]*>)?([^<]*年[^<]*)<", page)
    assert problems_of_page(page.replace(old, "2026年1月1日"), record, logged, before)
    assert problems_of_page(page.replace("检查日期有误。", "检查日期无误。"), record, logged, before)


def test_an_outcome_added_a_row_left_out_or_a_words_end_is_found(
    corrected: Publication, session: Session, visitor: FlaskClient
) -> None:
    page, record, logged = seen(visitor, session, PAGES[-1], 2)
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)
    assert len(rows) == 2
    for altered in (
        page.replace(rows[1], ""),
        page.replace(rows[0], rows[0] + rows[0]),
        page.replace("责令改正。", "责令改正，已经改好。"),
        page.replace('<time datetime="2026-10-21">', '<time datetime="2026-10-22">'),
        page.replace(">未发现问题<", ">未发现问题</span><span>不合格<"),
        page.replace("第2版", "第3版"),
    ):
        assert altered != page
        assert problems_of_page(altered, record, logged)
