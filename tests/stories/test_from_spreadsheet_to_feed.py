"""The trunk in one story: a spreadsheet comes in, two people disclose it, a reader finds, reads, follows it."""

import io
from collections.abc import Callable

import feedparser
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import work
from portal.clock import today
from portal.people.models import Person
from portal.publications.models import Batch, Revision
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit
from tests.telling import nobody_minds

ITEMS = """code,item,category
C09,获证食品经营单位监督检查,食药类
A03,侵害消费者权益行为检查,工商类
"""
RESULTS = """task_no,task_name,item_code,task_type,start,end,authority,subject_name,subject_code,checked_on,result
33990020260006,2026年度食品抽查任务,C09,定向,2026-03-02,2026-05-29,示例市市场监督管理局,示例北顺达商贸有限公司,9133990075TNM5LB3J,2026-03-04,发现问题已责令改正
33990020260006,2026年度食品抽查任务,C09,定向,2026-03-02,2026-05-29,示例市市场监督管理局,示例西丰盛机械厂,91339900QD7612PLT6,2026-03-05,未发现问题
33990020260006,2026年度食品抽查任务,C09,定向,2026-03-02,2026-05-29,示例市市场监督管理局,示例北丰泰机械厂,91339900K3H4R99AU7,2026-03-06,通过登记的住所（经营场所）无法联系
33990020260006,2026年度食品抽查任务,Z99,定向,2026-03-02,2026-05-29,示例市市场监督管理局,示例南信和饲料（示例）有限公司,91339900FKXK2JUX9W,2026-03-06,未发现问题
33990020260006,2026年度食品抽查任务,C09,定向,2026-03-02,2026-05-29,示例市市场监督管理局,示例东和昌便利店,9.1339900E+17,2026-03-06,未发现问题
"""


@pytest.fixture
def office(session: Session, cast: Cast, sign_in: Callable[[Person], FlaskClient]) -> Room:
    """Lets somebody into the staff's room: ``office("he")``."""
    return Room(session, cast, sign_in)


def upload(he: Visit, name: str, text: str, kind: str, **more: str) -> str:
    """Import a file on the staff page; returns the page that reports on it."""
    file = (io.BytesIO(("﻿" + text).encode()), name)
    sent = he.send("/staff/imports/", "/staff/imports/", kind=kind, file=file, **more)
    return he.get(sent.headers["Location"]).text if sent.status_code == 302 else sent.text


def publish(he: Visit, song: Visit, revision_id: int) -> None:
    page = f"/staff/revisions/{revision_id}"
    for who, act in ((he, "submission"), (song, "approval"), (song, "publication")):
        answer = who.send(page, f"{page}/{act}")
        assert answer.status_code in (302, 303), answer.text


def newest(session: Session, kind: str) -> int:
    session.rollback()
    return session.scalars(
        sa.select(Revision.id).where(Revision.kind == kind).order_by(Revision.id.desc())
    ).first()  # type: ignore[return-value]


@pytest.fixture
def published(app: Flask, session: Session, cast: Cast, office: Room) -> str:
    """The list, then the results with a task made from them, imported and disclosed; the import's report."""
    he, song = office("he"), office("song")
    upload(he, "items.csv", ITEMS, "list", title="示例市随机抽查事项清单", effective_from="2024-01-01")
    publish(he, song, newest(session, "list"))
    report = upload(he, "results.csv", RESULTS, "result", make_task="yes")
    publish(he, song, newest(session, "task"))
    batch = f"/staff/batches/{session.scalars(sa.select(Batch.id)).one()}"
    assert "已提交审核3行" in he.send(batch, f"{batch}/submission").text
    assert "已同意公示3行" in song.send(batch, f"{batch}/approval").text
    nobody_minds(session, cast)
    assert "已办理公示3行" in song.send(batch, f"{batch}/publication").text
    session.commit()
    work.once(app)
    return report


def page(visitor: FlaskClient, address: str) -> BeautifulSoup:
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


def test_a_reader_finds_a_firm_by_three_characters_from_the_middle_of_its_name(
    published: str, visitor: FlaskClient
) -> None:
    hits = page(visitor, "/search?q=顺达商").select(".hit a")
    assert "示例北顺达商贸有限公司" in [hit.get_text(strip=True) for hit in hits]
    assert not page(visitor, "/search?q=顺北达").select(".hit")


def test_the_reader_filters_by_outcome_and_year_and_opens_the_permalink(
    published: str, visitor: FlaskClient
) -> None:
    found = page(visitor, f"/search?q=示例&kind=result&outcome=5&year={today().year}")
    hits = found.select(".hit")
    assert len(hits) == 1
    link = hits[0].select_one("a")
    assert link is not None
    record = page(visitor, str(link["href"]))
    assert "示例北顺达商贸有限公司" in record.h1.text  # type: ignore[union-attr]
    assert "发现问题已责令改正" in record.text
    assert "客观体现" in record.text  # D19


def test_the_feed_shows_it(published: str, visitor: FlaskClient) -> None:
    for address in ("/feeds/results.atom", "/feeds/results.rss", "/feeds/all.atom", "/search.atom?q=顺达商"):
        feed = feedparser.parse(visitor.get(address).data)
        assert not feed.bozo, address
        assert any("示例北顺达商贸有限公司" in entry.title for entry in feed.entries), address


def test_the_feed_answers_that_nothing_has_changed(published: str, visitor: FlaskClient) -> None:
    first = visitor.get("/feeds/results.atom")
    again = visitor.get("/feeds/results.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_row_whose_item_was_on_no_list_in_force_waits_as_a_draft_with_that_reason(
    published: str, session: Session
) -> None:
    held = session.scalars(sa.select(Revision).where(Revision.title.like("示例南信和%"))).one()
    assert held.state == "draft"
    assert "清单" in held.held[0]


def test_a_code_that_a_spreadsheet_made_a_number_comes_back_with_its_place_and_the_reason(
    published: str,
) -> None:
    assert "9.1339900E+17" in published
    assert "文本" in published


def test_the_same_file_twice_changes_nothing_and_says_so(
    published: str, session: Session, office: Room
) -> None:
    before = session.scalar(sa.select(sa.func.count(Revision.id)))
    again = upload(office("he"), "results.csv", RESULTS, "result", make_task="yes")
    assert "已经导入过" in again or "没有变化" in again
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(Revision.id))) == before


def test_the_record_is_found_by_code_by_number_and_in_traditional_characters(
    published: str, visitor: FlaskClient
) -> None:
    for asked in ("9133990075TNM5LB3J", "33990020260006", "順達商貿", "9133990075ＴＮＭ５ＬＢ３Ｊ"):
        answer = visitor.get("/search", query_string={"q": asked}, follow_redirects=True)
        assert "示例北顺达商贸有限公司" in BeautifulSoup(answer.text, "html.parser").text, asked
