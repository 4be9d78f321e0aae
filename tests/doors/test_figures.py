"""The office's clocks as figures: counted by hand here, total in public, per department for the coordinator."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal.codes import profiles
from portal.codes.profiles import load_profile
from portal.concerns import handling
from portal.concerns.models import Told
from portal.db import db, open_at
from portal.objections import following
from portal.people.models import Grant
from portal.publications.models import Publication
from portal.statistics import snapshot
from portal.statistics.models import Figure
from tests import examples, objecting
from tests.cast import Cast
from tests.doors.public_room import Page, words
from tests.doors.staff_room import Room
from tests.objecting import object_to, terms
from tests.office import disclose

# 2026: Spring Festival 15 to 23 February, worked on 14 and 28 February; 6 April and 1 to 5 May off, 9 May worked
OFFICES = {"scjg", "yjgl"}
SETTING_ON = replace(load_profile("shili"), department_clocks_public=True)


@contextmanager
def on(month: int, day: int) -> Iterator[None]:
    """10:00 in Beijing on a day of 2026."""
    with time_machine.travel(datetime(2026, month, day, 2, tzinfo=UTC), tick=False):
        yield


def told(entity_name: str, **more: object) -> Told:
    given = {
        "asked": "门口修路。",
        "category": "site",
        "inspected_on": date(2026, 3, 2),
        "brought_back_on": date(2026, 3, 2),
    }
    return Told(entity_name=entity_name, **(given | more))  # type: ignore[arg-type]


def _answered(session: Session, cast: Cast, result: Publication, key: str, signed: tuple[int, int], outcome: str, delivered: tuple[int, int]) -> None:  # fmt: skip
    """Received on 2 March, signed and delivered on those days."""
    with on(3, 2):
        case = object_to(session, result, key=key)
    with on(*signed):
        objecting.recheck(session, cast, case)
        revision = objecting.correction(session, cast, case) if outcome == "corrected" else None
        objecting.answer(session, cast, case, outcome, revision)
    with on(*delivered):
        objecting.handed_over(session, cast, case)


@pytest.fixture
def spring(session: Session, cast: Cast) -> Publication:
    """Two results, five objections and two concerns of the spring of 2026."""
    session.execute(sa.update(Grant).values(given_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.commit()
    with on(3, 2):
        disclose(session, cast, "list", examples.item_list())
        disclose(session, cast, "plan", examples.plan())
        disclose(session, cast, "task", examples.task(plan_no="33990020260001"))
        in_time = examples.result(completed_on="2026-02-26", publish_by="2026-03-26")  # on its 3rd day
        result = disclose(session, cast, "result", in_time)
        late = examples.result(
            completed_on="2026-01-05", publish_by="2026-02-02", task_no="T2"
        )  # on its 36th
        disclose(session, cast, "result", late)
        kept = handling.record(session, told("示例东和昌便利店"), by=cast.he, terms=terms(session))
        handling.record(session, told("示例南商店"), by=cast.he, terms=terms(session))  # due on 11 March
        session.commit()
    with on(3, 4):
        handling.answer(session, kept, by=cast.he, answer="已联系路政。")
        session.commit()
    _answered(session, cast, result, "A", (3, 12), "maintained", (3, 17))  # 8 days, then 3
    _answered(session, cast, result, "B", (4, 1), "corrected", (4, 24))  # 22 days, then 16: both late
    with on(3, 16):
        case = object_to(session, result, key="C")
    with on(3, 18):
        following.withdraw(session, case, "已经说清楚了。")
        session.commit()
    with on(3, 30):
        object_to(session, result, key="D", shows_mark=False).department_code = "yjgl"  # due on 28 April
        session.commit()
    with on(5, 18):
        object_to(session, result, key="E")
    return result


def _taken(session: Session, profile: profiles.Profile) -> dict[tuple[str, str, int, str], int]:
    with on(5, 20):
        snapshot.take(session, profile)
    session.commit()
    taken: Counter[tuple[str, str, int, str]] = Counter()
    for each in session.scalars(sa.select(Figure)):
        taken[each.name, each.department_code, each.year, each.detail] += each.value
    return dict(taken)


CLOCKS = {
    ("disclosed", 2026, "on_time"): 1, ("disclosed", 2026, "late"): 1,
    ("objection_received", 2026, ""): 5,
    ("decided", 2026, "on_time"): 1, ("decided", 2026, "late"): 1,
    ("decided", 0, "running"): 1, ("decided", 0, "overdue"): 1,
    ("delivered", 2026, "on_time"): 1, ("delivered", 2026, "late"): 1,
    ("ended", 2026, "maintained"): 1, ("ended", 2026, "corrected"): 1, ("ended", 2026, "withdrawn"): 1,
    ("answered", 2026, "on_time"): 1, ("answered", 0, "overdue"): 1,
    ("median", 2026, "disclosed"): 39,  # of 3 and 36, twice
    ("median", 2026, "decided"): 30,  # of 8 and 22
    ("median", 2026, "delivered"): 19,  # of 3 and 16
}  # fmt: skip
NAMES = {name for name, _year, _detail in CLOCKS}


def test_the_totals_are_what_one_counts_by_hand(session: Session, spring: Publication) -> None:
    found = _taken(session, load_profile("shili"))
    counted = {(name, year, detail): value for (name, _place, year, detail), value in found.items() if name in NAMES}  # fmt: skip
    assert counted == CLOCKS


def test_with_the_setting_off_no_departments_clock_is_in_a_public_table(
    app: Flask, session: Session, spring: Publication
) -> None:
    _taken(session, load_profile("shili"))
    with app.app_context():
        open_at("public")
        rows = db.session.scalars(sa.select(Figure).where(Figure.name.in_(NAMES))).all()
        assert rows and {each.department_code for each in rows} == {""}


def test_with_the_setting_on_they_are_and_add_up_to_the_totals(session: Session, spring: Publication) -> None:
    found = _taken(session, SETTING_ON)
    clocks = {key: value for key, value in found.items() if key[0] in NAMES - {"median"}}
    assert {place for _name, place, _year, _detail in clocks} == OFFICES
    assert clocks["decided", "yjgl", 0, "overdue"] == 1 and clocks["decided", "scjg", 0, "running"] == 1
    for (name, year, detail), value in CLOCKS.items():
        if name != "median":
            assert sum(clocks.get((name, place, year, detail), 0) for place in OFFICES) == value
    assert found["median", "", 2026, "decided"] == found["median", "scjg", 2026, "decided"] == 30


def test_the_public_pages_show_totals_and_what_became_of_objections(
    page: Page, session: Session, spring: Publication
) -> None:
    _taken(session, load_profile("shili"))
    with on(5, 20):
        soup = page("/statistics/objections/")
        years = {
            head["id"]: [words(cell) for cell in head.parent.select("tbody tr")[-1].select("td")]
            for head in soup.select("h2.sec")
            if head.parent and head.parent.table
        }
        assert years["objections"] == [
            "5",
            "1",
            "0",
            "1",
            "1",
            "0",
            "0",
            "2",
        ]  # received, and what became of them
        assert years["rechecks-by-year"] == ["1", "1", "50.0%", "15"]
        assert years["answers-by-year"] == ["1", "1", "50.0%", "9.5"]
        assert years["requests-by-year"] == ["1", "0", "100.0%"]
        assert "现在正在复查2件，其中逾期1件；等待送达0件，其中逾期0件。" in words(soup)
        assert "现在等待答复1件，其中逾期1件。" in words(soup)
        clock = words(page("/").select_one("aside"))
        assert "异议复查 逾期1件" in clock and "中位数是15个工作日" in clock and "复查反馈" in clock


def test_departments_stand_on_the_public_page_only_by_the_setting(
    page: Page, session: Session, spring: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on(5, 20):
        _taken(session, SETTING_ON)
        assert "objections-by-department" not in str(
            page("/statistics/objections/")
        )  # the rows alone do not show
        for module in ("statistics", "picturing"):
            monkeypatch.setattr(f"portal.web.public.{module}.profile", lambda: SETTING_ON)
        part = page("/statistics/objections/?setting=on").select_one("h2#objections-by-department")
        assert part and part.parent
        row = next(each for each in part.parent.select("tbody tr") if "应急" in words(each))
        assert [words(cell) for cell in row.select("td")] == ["1", "0", "0", "1", "0", "0"]


def test_the_circular_says_it_per_department_with_what_was_late(room: Room, spring: Publication) -> None:
    with on(5, 20):
        gu = room("gu")
        soup = gu.page("/staff/circular?period=2026")
        plan, objections, ended, concerns = soup.select(".scroller table")
        market = next(row for row in objections.select("tbody tr") if "市场监督" in words(row))
        assert [words(cell) for cell in market.select("td")] == [
            "4",
            "1",
            "1",
            "15",
            "1",
            "1",
            "9.5",
            "1",
            "0",
            "0",
        ]
        emergency = next(row for row in objections.select("tbody tr") if "应急" in words(row))
        assert words(emergency.select("td")[-2]) == "1"
        assert [words(cell) for cell in plan.select("tfoot td")] == ["2", "1", "1", "1", "0"]
        assert [words(cell) for cell in ended.select("tfoot td")] == ["1", "0", "1", "1", "0", "0"]
        assert [words(cell) for cell in concerns.select("tfoot td")] == ["1", "0", "0", "1"]
        late = words(soup.select("table")[-1])
        assert "YY-2026-0002" in late and "YY-2026-0004" in late and "YY-2026-0001" not in late
        assert (
            "示例南商店" in late
            and "示例经营者" not in soup.get_text()
            and objecting.WRONG not in soup.get_text()
        )
        first = gu.page("/staff/circular?period=2026Q1").select(".scroller table")[1]
        assert [words(cell) for cell in first.select("tfoot td")][:3] == ["4", "1", "0"]


def test_a_head_sees_the_own_department_and_a_drafter_nothing(room: Room, spring: Publication) -> None:
    with on(5, 20):
        soup = room("qin").page("/staff/circular?period=2026")
        assert "应急管理局" in words(soup) and "YY-2026-0004" in words(soup)
        assert "YY-2026-0002" not in words(soup) and "示例南商店" not in words(soup)
        assert not soup.select("form[action='/staff/circular/figures']")
        for name in ("he", "song", "jiang"):
            assert room(name).get("/staff/circular").status_code == 403
            assert room(name).get("/staff/circular.csv").status_code == 403
        assert room("qiao").get("/staff/circular").status_code == 200
        for wrong in ("2026Q5", "x", "0099", "２０２６"):
            assert room("gu").get(f"/staff/circular?period={wrong}").status_code == 404


def test_the_circular_comes_as_files(room: Room, spring: Publication) -> None:
    with on(5, 20):
        gu = room("gu")
        lines = gu.get("/staff/circular.csv?period=2026").data.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("部门,计划事项,已开展,按时公示") and lines[-1].startswith(
            "合计,2,1,1,1,0,5,1,1,15,"
        )
        book = openpyxl.load_workbook(BytesIO(gu.get("/staff/circular.xlsx?period=2026").data))
        assert [cell.value for cell in book["通报"][book["通报"].max_row]][:5] == ["合计", 2, 1, 1, 1]
        assert "YY-2026-0002" in [row[2].value for row in book["逾期明细"]]


def test_the_coordinator_takes_the_figures_at_once(room: Room, session: Session, spring: Publication) -> None:
    with on(5, 20):
        assert room("gu").send("/staff/circular", "/staff/circular/figures").status_code == 302
        assert session.scalar(sa.select(sa.func.count()).select_from(Figure)) > 10  # type: ignore[operator]
        assert room("qin").send("/staff/circular", "/staff/circular/figures").status_code == 403
