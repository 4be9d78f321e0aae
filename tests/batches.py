"""A batch of three hundred results for tests: most of them alike, some with what a reviewer has to look at."""

from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Person
from portal.publications import pipeline
from portal.publications.models import Batch, Revision
from portal.publications.proposing import Proposal
from tests import examples

PHONES, IDENTITIES = 23, 4
NUMBER = "520201190911230683"  # born 1909


def contents(rows: int, *, on: str = "2026-10-22") -> list[dict[str, Any]]:
    """Results of one task: phone numbers in the first 23, identity numbers in the next four."""
    return [
        examples.result(
            entity_name=f"示例第{at}商贸有限公司",
            entity_code=f"示例{at}号",
            inspected_on=on,
            completed_on=on,
            items=[_item(at)],
        )
        for at in range(rows)
    ]


def _item(at: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "seq": "1", "item_code": "B05", "item": "获证食品经营单位监督检查", "checked": True,
        "outcomes": [examples.FOUND_NOTHING],
    }  # fmt: skip
    if at < PHONES:
        row |= {"outcomes": [examples.PUT_RIGHT], "problem": f"与负责人电话1540000{at:04d}核对，缺少记录。"}
    elif at < PHONES + IDENTITIES:
        row |= {"outcomes": [examples.PUT_RIGHT], "problem": f"经办人证件号码{NUMBER}未登记。"}
    return row


def batch_of(
    session: Session, rows: int, *, by: Person, submit: bool = True, label: str = "第三批", **last: Any
) -> Batch:
    """The batch, submitted by whoever imported it; the last row may differ."""
    made = Batch(
        kind="result", label=label, department_code="scjg", created_by_id=by.id, created_at=clock.now()
    )
    session.add(made)
    session.flush()
    given = contents(rows)
    given[-1] |= last
    drafted = pipeline.draft_many(session, "result", [Proposal(each) for each in given], by=by, batch=made)
    for revision in drafted if submit else ():
        pipeline.submit(session, revision, by=by)
    session.commit()
    return made


def standing(session: Session, batch: Batch) -> dict[str, int]:
    """How many rows stand in which state, replaced ones left out."""
    session.expire_all()
    found = [each.state for each in session.query(Revision).filter_by(batch_id=batch.id, successor_id=None)]
    return {state: found.count(state) for state in sorted(set(found))}
