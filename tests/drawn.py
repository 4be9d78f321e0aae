"""Draws of our own in the database: registries filled, commitments before a round that is known to the tests."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.draws import drawing, wanted
from portal.draws.models import Draw
from portal.draws.wanted import Conditions, Task, Wanted
from portal.people.models import Grant, Person
from portal.publications import pipeline
from portal.publications.models import Revision
from portal.registries.models import InspectedObject, Inspector, joined
from tests.cast import Cast
from tests.drawing import APPEARS, SIGNATURE, SOURCE

BEFORE, AFTER, LATER = (
    APPEARS - timedelta(hours=1),
    APPEARS + timedelta(minutes=5),
    APPEARS + timedelta(days=60),
)
TASK_NO = "33990020230915001"
ITEMS = ({"item_code": "B05", "item": "获证食品经营单位监督检查"},)


# decided by a lottery's drawing a moment before the round
NUMBERS = "31 27 22 14 8 3 + 9"
LOTTERY: Mapping[str, Any] = {"source": "lottery:ssq:2023108", "decides_at": APPEARS - timedelta(minutes=5)}


def fill_registries(session: Session, *, objects: int = 40, inspectors: int = 5) -> None:
    """Firms with their kinds, tags and risk classes, and inspectors of two departments."""
    session.execute(sa.update(Grant).values(given_at=BEFORE - timedelta(days=300)))
    for at in range(objects):
        session.add(
            InspectedObject(
                code=f"91339900MA2CY{at:04d}X", name=f"示例第{at:02d}商店", region="330100",
                kind="company" if at % 4 else "individual", tags=joined(["食品经营"] if at % 2 else ["特种设备"]),
                registration_authority="示例市市场监督管理局", department_code="scjg", risk_class="ABCD"[at % 4],
            )
        )  # fmt: skip
    for department in ("scjg", "yjgl"):
        for at in range(inspectors):
            session.add(
                Inspector(
                    key=f"{department}{at:02d}".ljust(64, "0"), name=f"检查员{at}", department_code=department
                )
            )
    session.commit()


def want(session: Session, conditions: Conditions | None = None, **changes: Any) -> Wanted:
    """Two firms in a hundred, at least, out of the whole registry of 示例市市场监督管理局."""
    conditions = conditions or Conditions()
    groups = wanted.grouped(wanted.found(session, "scjg", conditions), conditions)
    rules: Mapping[str, str] = changes.pop("rules", dict.fromkeys(groups, "10%"))
    given: dict[str, Any] = {
        "task": Task(TASK_NO, "2023年第三批食品经营单位抽查", ITEMS),
        "parts": wanted.in_strata(groups, rules),
        "inspectors": wanted.who_inspects(session, ["scjg"]),
        "source": SOURCE, "decides_at": APPEARS,
        "by_risk": conditions.by_risk, "is_directed": conditions.is_directed,
    }  # fmt: skip
    return Wanted(**(given | changes))


def committed(session: Session, by: Person, conditions: Conditions | None = None, **changes: Any) -> Draw:
    with clock.at(BEFORE):
        draw = drawing.commit(session, want(session, conditions, **changes), by=by)
        session.commit()
    return draw


def run(session: Session, draw: Draw, by: Person) -> Revision:
    with clock.at(AFTER):
        evidence = NUMBERS if draw.source == LOTTERY["source"] else SIGNATURE
        revision = drawing.run(session, draw, evidence, by=by)
        session.commit()
    return revision


def locked(session: Session, cast: Cast, draw: Draw, revision: Revision) -> None:
    with clock.at(AFTER):
        pipeline.submit(session, revision, by=cast.he)
        pipeline.approve(session, revision, by=cast.song)
        drawing.lock(session, draw, revision, by=cast.song)
        session.commit()


def revealed(session: Session, cast: Cast, draw: Draw) -> None:
    with clock.at(LATER):
        drawing.reveal(session, draw, by=cast.he)
        session.commit()


def drawn_through(session: Session, cast: Cast, conditions: Conditions | None = None, **changes: Any) -> Draw:
    """Committed, run, announced and locked, told."""
    draw = committed(session, cast.he, conditions, **changes)
    locked(session, cast, draw, run(session, draw, cast.he))
    revealed(session, cast, draw)
    return draw
