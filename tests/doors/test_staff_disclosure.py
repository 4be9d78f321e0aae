"""公示时限 per inspection: what was drawn and has no result yet, what is under way, what is public; late on top."""

import csv
import io
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from portal import clock
from portal.publications import pipeline
from portal.publications.proposing import Proposal
from tests import examples
from tests.cast import Cast
from tests.doors.staff_room import Room
from tests.doors.test_staff_objections import statements
from tests.office import disclose, withdraw

TASK = "33990020261012003"


def announced(session: Session, cast: Cast, ago: int = 10, **more: object) -> None:
    ends = str(clock.today() - timedelta(days=ago))
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "task", examples.task(ends_on=ends, **more))


def names(room: Room, who: str, query: str = "") -> list[str]:
    page = room(who).page(f"/staff/disclosure?{query}")
    return [each.text.strip() for each in page.select("table.waits tbody th > :first-child")]


def test_who_was_drawn_and_has_no_result_is_listed_until_there_is_one(
    session: Session, cast: Cast, room: Room
) -> None:
    announced(session, cast)
    assert names(room, "he", "state=missing") == ["示例北顺达商贸有限公司", "示例西丰盛机械厂"]
    assert "检查结果待录入 2" in " ".join(room("he").page("/staff/").select_one("nav.panel").text.split())
    pipeline.draft(session, "result", examples.result(), by=cast.he)
    session.commit()
    assert names(room, "he", "state=missing") == ["示例西丰盛机械厂"]
    assert names(room, "he", "state=draft") == ["示例北顺达商贸有限公司"]
    assert len(names(room, "he")) == 2


def test_a_result_taken_down_or_withheld_is_not_missing(session: Session, cast: Cast, room: Room) -> None:
    announced(session, cast)
    gone = disclose(session, cast, "result", examples.result())
    withdraw(session, cast, gone, "撤下的理由。")
    assert names(room, "he") == ["示例西丰盛机械厂"]
    assert names(room, "he", "state=disclosed") == []


def test_names_that_are_not_shown_owe_their_results_all_the_same(
    session: Session, cast: Cast, room: Room
) -> None:
    announced(session, cast, names_shown=False, names_withheld_ground="检查前不宜告知。")
    assert len(names(room, "he", "state=missing")) == 2


def test_in_a_joint_task_each_department_owes_a_sheet(session: Session, cast: Cast, room: Room) -> None:
    joint = {"scope": examples.code("scope", "joint", "跨部门联合"),
             "implementing_departments": [examples.MARKET, examples.EMERGENCY]}  # fmt: skip
    announced(session, cast, **joint)
    assert len(names(room, "he", "state=missing")) == 2
    assert len(names(room, "fang", "state=missing")) == 2
    assert len(names(room, "gu", "state=missing")) == 4
    assert len(names(room, "gu", "state=missing&department=yjgl")) == 2


def test_what_is_late_stands_on_top_and_is_said_to_the_head(session: Session, cast: Cast, room: Room) -> None:
    announced(session, cast, ago=60)
    page = room("lin").page("/staff/disclosure")
    assert "已逾期" in page.select_one("table.waits tr.is-over .ck-over").text
    assert len(names(room, "lin", "state=late")) == 2
    assert "检查结果待录入" in room("lin").page("/staff/").select_one("#others + table").text


def test_what_is_public_stands_beside_its_last_day(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    disclose(session, cast, "result", examples.result(publish_by="2020-01-02"))
    page = room("he").page("/staff/disclosure?state=disclosed")
    assert "逾期公示" in page.select_one("table.waits").text


def test_the_file_holds_what_the_page_does_and_no_formula(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    pipeline.draft_many(
        session, "result", [Proposal(examples.result(entity_name="=1+1示例商店"))], by=cast.he
    )
    session.commit()
    answer = room("he").get(f"/staff/disclosure.csv?task={TASK}")
    assert answer.data.startswith("﻿".encode())
    head, row = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert head[2] == "检查对象"
    assert row[2] == "'=1+1示例商店"
    assert room("he").get("/staff/disclosure.csv?state=disclosed&lang=en").status_code == 200


def test_an_unknown_filter_is_a_sentence(session: Session, cast: Cast, room: Room) -> None:
    answer = room("he").get("/staff/disclosure?state=nonsense")
    assert answer.status_code in (400, 409, 422)
    assert "没有“state=nonsense”这个筛选条件" in answer.text


def test_the_page_asks_as_little_for_many_as_for_few(
    app: Flask, session: Session, cast: Cast, room: Room
) -> None:
    announced(session, cast)
    he, visits = room("he"), []
    for many in (2, 20):
        contents = [examples.result(entity_name=f"示例{many}之{at}") for at in range(many)]
        pipeline.draft_many(session, "result", [Proposal(each) for each in contents], by=cast.he)
        session.commit()
        with statements(app) as asked:
            assert he.get("/staff/disclosure?lang=en").status_code == 200
        visits.append(len(asked))
    assert visits[0] == visits[1] <= 25, visits


def test_the_third_draw_is_shown_before_it_happens(session: Session, cast: Cast, room: Room) -> None:
    for at in range(2):
        disclose(session, cast, "task", examples.task(source_number=f"3399002026101200{at}"))
    pipeline.draft(session, "task", examples.task(source_number="33990020261012009"), by=cast.he)
    session.commit()
    text = room("he").page("/staff/draws?year=2026").select_one("main").text
    assert "将要超过的，公示以前先看" in text
    assert "本次为第3次" in text
    assert "没有这样的检查对象" in text
    assert "示例西丰盛机械厂" in room("he").page("/staff/draws?times=limit").select_one("main").text


def test_a_list_without_a_plan_is_a_gap(session: Session, cast: Cast, room: Room) -> None:
    disclose(session, cast, "list", examples.item_list())
    text = room("he").page("/staff/coverage").select_one("main").text
    assert "清单上的3项都没有安排" in text
    assert "公示信息抽查" in text
