"""何知远 takes the platform's draw over: the list is locked with the announcement and can not change unseen."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.publications import drawn, locking, pipeline, requirements
from portal.publications.models import LockedList, Publication, Release
from portal.redaction.masking import GROUNDS
from tests import examples
from tests.cast import Cast
from tests.office import carry_through, correct, disclose, propose, withdraw

OTHER = {"seq": "2", "entity_name": "示例南商店", "entity_code": "91339900MA2A0000XQ"}


def lines(session: Session, number: str | None) -> list[dict[str, Any]]:
    """The lines about a task's draw."""
    wanted = sa.select(Entry).where(Entry.number == number, Entry.type == "draw_result").order_by(Entry.index)
    return [read_entry(each.body) | {"index": each.index} for each in session.scalars(wanted)]


def locked(session: Session, number: str | None) -> LockedList:
    return session.scalars(
        sa.select(LockedList).where(LockedList.number == number).order_by(LockedList.entry_index.desc())
    ).all()[0]


def shown_list(session: Session, number: str | None) -> str:
    """What a reader makes of the newest ``record.json``."""
    wanted = sa.select(Release).where(Release.number == number).order_by(Release.version.desc())
    body = session.scalars(wanted).all()[0].body
    return locking.list_text(json.loads(body or "{}")["fields"]["drawn"])


def announce(session: Session, cast: Cast, **changes: Any) -> Publication:
    told = {"draw_attempts": 1, "platform_draw_no": "CQ2026-77", "conditions": "持食品经营许可证的单位"}
    return disclose(session, cast, "task", examples.task(**(told | changes)))


def test_with_the_lock_the_draw_is_a_line_that_anybody_can_check(session: Session, cast: Cast) -> None:
    task = announce(session, cast)
    (line,) = lines(session, task.number)
    assert (line["pool"], line["sample"], line["attempts"], line["inspectors"]) == (40, 2, 1, 2)
    assert (line["draw"], line["platform_no"], line["basis"], line["version"]) == (
        "platform",
        "CQ2026-77",
        "D9",
        1,
    )
    published = session.get(Entry, line["index"] - 1)
    assert published is not None and (published.type, line["previous"]) == ("publish", published.index)
    kept = locked(session, task.number)
    assert kept.salt and locking.list_digest(kept.salt, shown_list(session, task.number)) == line["list"]
    assert not book.check(session)


def test_a_list_not_to_be_told_beforehand_is_committed_to_and_stays_unknown(
    session: Session, cast: Cast
) -> None:
    ends = (clock.today() + timedelta(days=5)).isoformat()
    task = announce(session, cast, names_shown=False, names_withheld_ground="检查前不宜告知。", ends_on=ends)
    assert locked(session, task.number).salt is None
    with pytest.raises(Refused, match="检查结束以前"):
        correct(session, cast, task, "检查结束，公示名单。", names_shown=True)
    session.rollback()
    over = (clock.today() - timedelta(days=1)).isoformat()
    for moved in (over, None):
        with pytest.raises(Refused, match="不宜事先告知"):
            correct(session, cast, task, "检查结束，公示名单。", names_shown=True, ends_on=moved)
        session.rollback()
    with clock.at(clock.now() + timedelta(days=6)):
        correct(session, cast, task, "检查结束，公示名单。", names_shown=True, names_withheld_ground="")
    (line,) = lines(session, task.number)  # the list is the same: no second line
    kept = locked(session, task.number)
    assert kept.salt and locking.list_digest(kept.salt, shown_list(session, task.number)) == line["list"]


def test_a_locked_list_does_not_change_and_the_refusal_says_what_to_do(session: Session, cast: Cast) -> None:
    task = announce(session, cast)
    first, second = task.revisions[-1].content["drawn"]
    swapped = propose(session, cast, task, "correct", "换一户。", drawn=[first, OTHER])
    with pytest.raises(Refused, match="已经锁定，不能更改.*抽取次数.*改为第2次"):
        pipeline.submit(session, swapped, by=cast.he)
    pipeline.abandon(session, swapped, by=cast.he)
    with pytest.raises(Refused, match="只有清单和计划可以调整"):
        propose(session, cast, task, "adjust", "", drawn=[first, OTHER])
    # who inspects them is no part of the lock
    people = {"inspectors": "甲、乙", "leader": "甲"}
    correct(session, cast, task, "补记检查人员。", drawn=[first | people, second | people])
    assert len(lines(session, task.number)) == 1


def test_a_redraw_is_a_public_event_with_its_reason(session: Session, cast: Cast) -> None:
    task = announce(session, cast)
    (line,) = lines(session, task.number)
    first, _second = task.revisions[-1].content["drawn"]
    correct(
        session, cast, task, "名录库导入有误，重新抽取。", drawn=[first, OTHER], draw_attempts=2, platform_draw_no="CQ2026-78"
    )  # fmt: skip
    _first, again = lines(session, task.number)
    assert (again["replaces"], again["attempts"], again["version"]) == (line["index"], 2, 2)
    entry = session.get_one(Entry, again["index"])
    assert entry.reason == "名录库导入有误，重新抽取。"
    lists = locking.of_number(session, task.number or "")
    assert (
        all(each.salt for each in lists) and lists[0].salt != lists[1].salt
    )  # both are shown, each in its version
    fewer = propose(session, cast, task, "correct", "写错。", draw_attempts=1)
    with pytest.raises(Refused, match="不能改少"):
        pipeline.submit(session, fewer, by=cast.he)


def test_a_corrected_pool_is_another_line_and_needs_no_redraw(session: Session, cast: Cast) -> None:
    task = announce(session, cast)
    correct(session, cast, task, "名录库数量登记有误。", pool_size=42)
    assert [each["pool"] for each in lines(session, task.number)] == [40, 42]


def test_a_masked_code_takes_the_salt_back(session: Session, cast: Cast) -> None:
    """With the salt a code that is not shown could be found by trying."""
    task = announce(session, cast)
    mark = {
        "path": "drawn/0/entity_code",
        "start": None,
        "end": None,
        "ground": [*GROUNDS][0],
        "basis": "条例第十五条",
        "by": 0,
    }
    revision = pipeline.draft(
        session, "task", task.revisions[-1].content, by=cast.he, act="correct", publication=task, reason="隐去。",
        marks=[mark],
    )  # fmt: skip
    carry_through(session, cast, revision)
    assert locked(session, task.number).salt is None
    assert len(lines(session, task.number)) == 1


def test_what_is_taken_down_shows_no_salt_and_a_restoration_brings_it_back(
    session: Session, cast: Cast
) -> None:
    task = announce(session, cast)
    withdraw(session, cast, task, "重复公示。")
    assert locked(session, task.number).salt is None
    carry_through(session, cast, propose(session, cast, task, "restore", "核实后恢复。"))
    assert locked(session, task.number).salt


def test_of_a_draw_narrowed_by_risk_no_pool_is_in_the_log(session: Session, cast: Cast) -> None:
    task = announce(session, cast, risk_filter="C类")
    (line,) = lines(session, task.number)
    assert (line["pool"], line["sample"]) == (None, 2)


def test_the_third_draw_of_a_year_is_flagged_before_it_happens(session: Session, cast: Cast) -> None:
    first, second = (announce(session, cast, source_number=f"3399002026100{at}") for at in (1, 2))
    third = pipeline.draft(session, "task", examples.task(), by=cast.he)
    (one, _other) = drawn.warnings(session, third)
    assert "本次为第3次" in one and f"{first.number}、{second.number}合并检查" in one
    assert one in requirements.warnings(session, third)
    assert not drawn.warnings(
        session, pipeline.draft(session, "task", examples.task(drawn=[OTHER], sample_size=1), by=cast.he)
    )


def test_readers_see_the_lock_and_take_away_what_checks_it(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    task = announce(session, cast)
    (line,) = lines(session, task.number)
    page = visitor.get(f"/tasks/{task.number}").text
    assert line["list"] in page and "名单在公示的同时锁定" in page
    given = visitor.get(f"/tasks/{task.number}/drawn.json").get_json()
    (kept,) = given["lists"]
    assert locking.list_digest(kept["salt"], given["text"]) == kept["digest"] == line["list"]
    assert "抽取名单锁定" in visitor.get("/log/").text
    unnamed = announce(
        session,
        cast,
        names_shown=False,
        names_withheld_ground="检查前不宜告知。",
        source_number="33990020261012009",
    )
    assert visitor.get(f"/tasks/{unnamed.number}/drawn.json").status_code == 404
    assert "看不出抽到了谁" in visitor.get(f"/tasks/{unnamed.number}").text
    withdraw(session, cast, task, "抽取名单有误。")
    session.commit()
    gone = visitor.get(f"/tasks/{task.number}/drawn.json")
    assert gone.status_code == 410 and kept["salt"] not in gone.text


def test_an_announcement_from_before_says_that_it_has_no_lock(
    session: Session, cast: Cast, visitor: FlaskClient
) -> None:
    task = announce(session, cast)
    session.execute(sa.delete(LockedList))
    session.commit()
    assert "还没有抽取存证" in visitor.get(f"/tasks/{task.number}").text
