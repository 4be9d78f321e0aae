"""An identity number comes in with a file: it is seen, nobody can publish it, somebody decides, a second agrees."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.publications.models import Batch, Release, Revision
from tests.cast import Cast
from tests.doors.staff_room import Room, Visit
from tests.telling import nobody_minds

IDENTITY = "520201190911230683"  # born 1909
LIST = "code,item\nC09,获证食品经营单位监督检查\n"
HEAD = "task_no,task_name,item_code,authority,subject_name,subject_code,checked_on,result,发现的问题\n"
ROW = "33990020260006,2026年度食品抽查任务,C09,示例市市场监督管理局,{},2026-03-04,发现问题已责令改正,{}\n"
FIRMS = ("示例北顺达商贸有限公司,9133990075TNM5LB3J", "示例西丰盛机械厂,91339900QD7612PLT6")


@pytest.fixture
def office(session: Session, cast: Cast, sign_in: Callable[[Person], FlaskClient]) -> Room:
    """Lets somebody into the staff's room: ``office("he")``."""
    return Room(session, cast, sign_in)


def upload(he: Visit, name: str, text: str, kind: str, **more: str) -> str:
    file = (io.BytesIO(("﻿" + text).encode()), name)
    sent = he.send("/staff/imports/", "/staff/imports/", kind=kind, file=file, **more)
    assert sent.status_code == 302, sent.text
    return he.get(sent.headers["Location"]).text


def newest(session: Session, title: str = "") -> int:
    session.rollback()
    asked = sa.select(sa.func.max(Revision.id))
    return session.scalars(asked.where(Revision.title == title) if title else asked).one()


@pytest.fixture
def imported(session: Session, office: Room) -> str:
    """A list in force, and a file of two results, one of which names a person's number; its report."""
    he, song = office("he"), office("song")
    upload(he, "list.csv", LIST, "list", title="示例市随机抽查事项清单", effective_from="2024-01-01")
    page = f"/staff/revisions/{newest(session)}"
    for who, act in ((he, "submission"), (song, "approval"), (song, "publication")):
        assert who.send(page, f"{page}/{act}").status_code == 302
    rows = [ROW.format(FIRMS[0], f"保管员身份证号{IDENTITY}。"), ROW.format(FIRMS[1], "记录缺2个批次。")]
    return upload(he, "results.csv", HEAD + "".join(rows), "result")


def test_an_identity_number_in_a_file_is_decided_about_before_anybody_can_publish_it(
    imported: str, session: Session, cast: Cast, office: Room
) -> None:
    he, song, bai = office("he"), office("song"), office("bai")
    assert "1份草稿里识别出身份证件号码" in imported and IDENTITY not in imported
    batch = session.scalars(sa.select(Batch.id)).one()
    assert "有1处必须决定隐去还是保留" in he.get(f"/staff/batches/{batch}?only=undecided").text

    number = newest(session, "示例北顺达商贸有限公司")
    draft = f"/staff/revisions/{number}"
    assert "可以先提交；但在有人逐处决定隐去还是保留之前，不能同意公示" in he.get(draft).text
    assert he.send(draft, f"{draft}/submission").status_code == 302

    refused = song.send(draft, f"{draft}/approval")
    assert refused.status_code == 422
    assert (
        "有1处识别出的内容还没有决定隐去还是保留：检查事项及结果第1行发现的问题（身份证件号码）"
        in refused.text
    )

    marks = f"{draft}/marks"
    accepted = song.send(marks, f"{draft}/decisions", all="yes")
    assert accepted.status_code == 302
    assert "没有必须决定的提示了" in song.get(accepted.location).text

    marked = f"/staff/revisions/{newest(session, '示例北顺达商贸有限公司')}"
    own = song.send(marked, f"{marked}/approval")
    assert own.status_code == 422 and "不能同意自己的标注" in own.text
    assert bai.send(marked, f"{marked}/approval").status_code == 302
    nobody_minds(session, cast)
    assert bai.send(marked, f"{marked}/publication").status_code == 302
    body = session.scalars(sa.select(Release.body).where(Release.kind == "result")).one()
    assert "保管员身份证号〔依法隐去：个人信息〕。" in body and IDENTITY not in body


def test_a_clerk_accepts_what_was_proposed_for_a_whole_batch_at_once(
    imported: str, session: Session, cast: Cast, office: Room
) -> None:
    he, song = office("he"), office("song")
    batch = f"/staff/batches/{session.scalars(sa.select(Batch.id)).one()}"
    he.send(batch, f"{batch}/submission")
    some = song.send(batch, f"{batch}/approval").text
    assert "已同意公示1行，1行没有办成" in some and "还没有决定隐去还是保留" in some
    assert "已采纳提示1行" in he.send(batch, f"{batch}/acceptance").text
    assert "已同意公示1行。" in song.send(batch, f"{batch}/approval").text
    nobody_minds(session, cast)
    assert "已办理公示2行。" in song.send(batch, f"{batch}/publication").text
    bodies = session.scalars(sa.select(Release.body).where(Release.kind == "result")).all()
    assert len(bodies) == 2 and not any(IDENTITY in str(body) for body in bodies)
