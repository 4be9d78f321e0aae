"""A reader follows one task: planned, drawn, disclosed, followed up; and what does not meet is named."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.publications import duty, pipeline, queries
from portal.publications.dating import Terms
from portal.publications.models import Face, Publication
from portal.statistics import progress, snapshot
from portal.statistics.models import Figure
from portal.statistics.reconciling import FollowUp, Part, TaskProgress
from tests import examples
from tests.cast import Cast
from tests.office import disclose, withdraw

TERMS = Terms(load_profile("gaoqing"), load_calendar())
JOINT = {
    "scope": examples.code("scope", "joint", "跨部门"),
    "implementing_departments": [examples.MARKET, examples.EMERGENCY],
}
CODES = [
    "9133990075TNM5LB3J", "91339900QD7612PLT6", "3399000000001", "3399000000002", "3399000000003", "3399000000004",
    "3399000000005", "3399000000006", "3399000000007", "3399000000008", "3399000000009", "3399000000010",
]  # fmt: skip


def drawn(count: int) -> dict[str, Any]:
    rows = [{"entity_name": f"示例第{at}商店", "entity_code": code} for at, code in enumerate(CODES[:count])]
    return {"drawn": rows, "sample_size": count, "drawn_on": "2026-09-01", "ends_on": "2026-09-10"}


def found(session: Session, cast: Cast, at: int, *outcomes: dict[str, str], **changes: Any) -> Publication:
    items = [{"item": "获证食品经营单位监督检查", "item_code": "B05", "outcomes": list(outcomes)}]
    about = {"entity_name": f"示例第{at}商店", "entity_code": CODES[at], "items": items}
    return disclose(session, cast, "result", examples.result(**about | changes))


def withheld(session: Session, cast: Cast, at: int) -> None:
    content = examples.result(entity_name=f"示例第{at}商店", entity_code=CODES[at])
    draft = pipeline.draft(session, "result", content, by=cast.he)
    draft = pipeline.revise(
        session, draft, by=cast.he, withheld_ground="trade_secret", withheld_basis="第十五条"
    )
    pipeline.submit(session, draft, by=cast.he)
    pipeline.approve(session, draft, by=cast.song)
    pipeline.carry_out(session, draft, by=cast.song)
    session.commit()


def of(session: Session, task: Publication) -> TaskProgress:
    session.expire_all()
    face = queries.face(session, task.number or "")
    assert face is not None
    return progress.of_task(session, face, TERMS)


def part(session: Session, task: Publication) -> Part:
    [one] = of(session, task).parts
    return one


@pytest.fixture
def listed(session: Session, cast: Cast) -> None:
    disclose(session, cast, "list", examples.item_list())


def test_a_task_from_the_draw_to_the_follow_up(session: Session, cast: Cast, listed: None) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(6)))
    assert (part(session, task).disclosed, part(session, task).past) == (0, 6)
    fixed, nothing = examples.PUT_RIGHT, examples.FOUND_NOTHING
    first = found(session, cast, 0, fixed, follow_up=examples.code("follow_up", "daily", "责令改正"), follow_up_closed=False)  # fmt: skip
    found(session, cast, 1, nothing, fixed, follow_up=examples.code("follow_up", "case", "移送"), follow_up_closed=True)  # fmt: skip
    found(session, cast, 2, examples.code("outcome", "4", "通过登记的住所（经营场所）无法联系"))
    found(session, cast, 3, examples.code("outcome", "12", "注销"))
    found(session, cast, 4, fixed)
    now = part(session, task)
    assert (now.inspected, now.not_reached, now.closed, now.past) == (3, 1, 1, 1)
    assert of(session, task).follow_up == FollowUp(closed=1, open=1, unsaid=1)
    found(session, cast, 0, nothing, rectifies=first.number, inspected_on="2026-11-02", source_number="2")
    assert part(session, task) == now, "a second entry stands beside the first (D14)"
    assert of(session, task).follow_up == FollowUp(closed=1, again=1, unsaid=1)


def test_each_department_of_a_joint_inspection_answers_for_its_own_sheets(
    session: Session, cast: Cast, listed: None
) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(2), **JOINT))
    found(session, cast, 0, examples.FOUND_NOTHING)
    found(session, cast, 1, examples.FOUND_NOTHING)
    parts = of(session, task).parts
    assert [(each.office, each.drawn, each.disclosed, each.past) for each in parts] == [
        ("scjg", 2, 2, 0), ("yjgl", 2, 0, 2),
    ]  # fmt: skip


def test_an_object_off_the_list_and_one_without_a_code(session: Session, cast: Cast, listed: None) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(2)))
    found(session, cast, 1, examples.FOUND_NOTHING, entity_code=None)
    found(session, cast, 5, examples.FOUND_NOTHING)
    now = part(session, task)
    assert (now.disclosed, now.beside, now.past) == (1, 1, 1)


def test_a_sheet_that_withholds_whom_it_is_about_is_not_said_to_be_off_the_list(
    session: Session, cast: Cast, listed: None
) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(2)))
    one = session.get_one(Face, found(session, cast, 0, examples.FOUND_NOTHING).number)
    one.entity_name, one.entity_code = "〔依法隐去：个人隐私〕", ""
    session.commit()
    now = part(session, task)
    assert (now.disclosed, now.beside, now.past) == (1, 0, 1)


def test_a_department_that_the_announcement_does_not_name(session: Session, cast: Cast, listed: None) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(2)))
    found(session, cast, 0, examples.FOUND_NOTHING)
    other = found(session, cast, 1, examples.FOUND_NOTHING)
    session.get_one(Face, other.number).department_code = "yjgl"
    session.commit()
    parts = [(each.office, each.drawn, each.disclosed, each.past) for each in of(session, task).parts]
    assert parts == [("", 2, 1, 1), ("yjgl", 0, 1, 0)]


def test_a_record_withheld_in_full_can_not_be_told_from_one_that_is_overdue(
    session: Session, cast: Cast, listed: None
) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(3)))
    found(session, cast, 0, examples.FOUND_NOTHING)
    withheld(session, cast, 1)
    snapshot.take(session, TERMS.profile)
    session.commit()
    now = part(session, task)
    assert (now.past, now.apart, now.overdue_at_least, now.overdue_at_most) == (2, None, 1, 2)
    assert not session.query(Figure).filter(Figure.name == progress.APART).count()


def test_many_are_told_apart_by_the_dated_figures(session: Session, cast: Cast, listed: None) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(11)))
    for at in range(3):
        withheld(session, cast, at)
    down = found(session, cast, 3, examples.FOUND_NOTHING)
    withdraw(session, cast, down, "录入有误。")
    held = found(session, cast, 4, examples.FOUND_NOTHING)
    duty.hold(session, held, by=cast.zhou, reason="来电称涉及商业秘密")
    session.commit()
    snapshot.take(session, TERMS.profile)
    session.commit()
    now = part(session, task)
    assert (now.past, now.apart, now.overdue_at_least, now.overdue_at_most) == (11, 5, 6, 6)
    found(session, cast, 5, examples.FOUND_NOTHING)
    found(session, cast, 6, examples.FOUND_NOTHING)
    assert part(session, task).apart is None, "four that are overdue would point at the five"


def test_a_second_record_of_one_object_hides_none(session: Session, cast: Cast, listed: None) -> None:
    task = disclose(session, cast, "task", examples.task(**drawn(2)))
    twice = found(session, cast, 0, examples.FOUND_NOTHING)
    found(session, cast, 0, examples.PUT_RIGHT, source_number="2")
    assert part(session, task).disclosed == 1
    withdraw(session, cast, twice, "重复录入。")
    assert (part(session, task).disclosed, part(session, task).past) == (1, 1)
