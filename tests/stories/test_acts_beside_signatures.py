"""须有签名以后: what needs no signature goes on as before, and none of it is a way around one."""

import pytest
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.publications import duty, pipeline, queries
from portal.publications.models import Publication
from tests.cast import Cast
from tests.erasing import erased
from tests.office import propose
from tests.officers import require_signatures


def test_a_hold_an_adjusted_scope_and_an_erasure_need_no_signatures(
    session: Session, cast: Cast, result: Publication
) -> None:
    require_signatures(session, cast)
    mark = {"path": "remark", "start": None, "end": None, "ground": "privacy", "basis": "第十五条", "by": 0}
    narrowed = propose(session, cast, result, "rescope", "依法调整。")
    narrowed = pipeline.revise(session, narrowed, by=cast.he, marks=[*narrowed.marks, mark])
    pipeline.submit(session, narrowed, by=cast.he)
    pipeline.approve(session, narrowed, by=cast.song)
    pipeline.carry_out(session, narrowed, by=cast.song)
    session.commit()
    assert result.version == 2
    duty.hold(session, result, by=cast.zhou, reason="急。")
    session.commit()
    face = queries.face(session, result.number or "")
    assert face is not None and face.face == "held"
    erased(session, cast, result)
    session.refresh(face)
    assert face.face == "erased"


@pytest.mark.parametrize("act", ["correct", "withdraw", "restore"])
def test_withholding_the_whole_draft_is_no_way_around_the_signatures(
    session: Session, cast: Cast, result: Publication, act: str
) -> None:
    require_signatures(session, cast)
    if act == "restore":
        duty.hold(session, result, by=cast.zhou, reason="急。")
        session.commit()
    with pytest.raises(Refused):
        draft = propose(
            session,
            cast,
            result,
            act,
            "录入有误。",
            **({"follow_up": "责令改正"} if act == "correct" else {}),
        )
        draft = pipeline.revise(
            session, draft, by=cast.he, withheld_ground="trade_secret", withheld_basis="第十五条"
        )
        pipeline.submit(session, draft, by=cast.he)
        pipeline.approve(session, draft, by=cast.lin)
        pipeline.carry_out(session, draft, by=cast.lin)
    session.rollback()
    session.expire_all()
    assert result.withheld_ground is None
