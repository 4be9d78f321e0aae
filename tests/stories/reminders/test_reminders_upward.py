"""Answers nobody opened, holds nobody confirmed, cases nobody was given, requests: who hears of them, and when."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.concerns import handling as concerns
from portal.concerns.models import Told
from portal.notices.reminders import due_reminders
from portal.objections import deciding, following, handling
from portal.objections.models import Objection
from portal.publications import duty
from portal.publications.models import Hold, Publication
from tests import objecting
from tests.cast import Cast
from tests.objecting import KEY, SECRET, WRONG, object_to, terms
from tests.reminding import FILED, Time, bodies, november, round_on


def test_who_delivers_hears_of_the_feedback_and_of_an_answer_that_nobody_opened(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    following.consent(session, case, email="firm@example.org")
    handling.record(session, case, "记录齐全。", by=cast.shen, done_on=clock.today())
    objecting.answer(session, cast, case)
    deciding.send(session, case, "electronic", by=cast.shen)
    session.commit()
    assert round_on(session, time, november(9)) == []  # the fifth working day after sending
    assert round_on(session, time, november(10)) == [("unread", "shen"), ("unread", "lu")]
    assert set(round_on(session, time, november(16))) == {
        ("due_soon", "shen"),
        ("due_soon", "lu"),
    }
    deciding.send(session, case, "post", by=cast.shen)
    session.commit()
    assert ("overdue", "lin") in round_on(session, time, november(24))
    assert ("escalated", "gu") in round_on(session, time, november(26))
    deciding.deliver(session, case, by=cast.shen, evidence="邮件号 1234，本人签收。")
    session.commit()
    assert round_on(session, time, date(2026, 12, 7)) == []


def test_an_answer_that_went_by_post_since_is_not_called_unread(
    session: Session, time: Time, cast: Cast, case: Objection
) -> None:
    following.consent(session, case)
    handling.record(session, case, "记录齐全。", by=cast.shen, done_on=clock.today())
    objecting.answer(session, cast, case)
    deciding.send(session, case, "electronic", by=cast.shen)
    deciding.send(session, case, "post", by=cast.shen)
    session.commit()
    assert round_on(session, time, november(12)) == []


def test_a_hold_that_the_head_has_not_confirmed_goes_to_the_head_and_then_upward(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    duty.hold(session, result, by=cast.zhou, reason="写了经营者的身份证号。")
    session.commit()
    assert round_on(session, time, november(2)) == []
    assert round_on(session, time, november(3)) == [("hold_due_today", "lin")]
    assert round_on(session, time, november(4)) == [("hold_overdue", "lin")]
    assert round_on(session, time, november(5)) == [("hold_escalated", "gu")]
    assert "身份证" not in bodies(session)
    duty.confirm_hold(session, session.scalars(sa.select(Hold)).one(), by=cast.lin)
    session.commit()
    assert due_reminders(session, terms(session), november(6)) == []


def test_a_concern_reminds_the_department_that_has_it_now(session: Session, time: Time, cast: Cast) -> None:
    voiced = Told(
        "示例南风商贸有限公司", "门口修路三个月，顾客进不来。", "site", FILED, FILED, contact="15400000001"
    )
    found = concerns.record(session, voiced, by=cast.he, terms=terms(session))
    session.commit()
    assert round_on(session, time, november(6)) == []
    assert round_on(session, time, november(9)) == [("concern_due_soon", "he")]
    concerns.pass_on(session, found, by=cast.he, to="yjgl", note="属应急部门。", terms=terms(session))
    concerns.take_over(session, found, by=cast.fang)
    session.commit()
    assert round_on(session, time, november(16)) == [("concern_due_soon", "fang")]
    assert round_on(session, time, november(19)) == [("concern_overdue", "fang"), ("concern_overdue", "qin")]
    assert round_on(session, time, november(23)) == [("concern_escalated", "gu")]
    assert "15400000001" not in bodies(session) and "修路" not in bodies(session)
    concerns.answer(session, found, by=cast.fang, answer="已经协调。")
    session.commit()
    assert due_reminders(session, terms(session), november(27)) == []


def test_a_case_that_nobody_was_assigned_to_goes_to_the_head_after_two_working_days(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result)
    assert round_on(session, time, november(4)) == []
    assert round_on(session, time, november(5)) == [("unassigned", "lin")]
    assert round_on(session, time, november(6)) == []
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    assert ("unassigned", "lin") not in round_on(session, time, november(11))
    following.add(session, found, "补上了。", [], terms=terms(session))
    session.commit()
    assert ("unassigned", "lin") in round_on(session, time, november(16))


def test_the_objector_hears_two_days_ahead_that_papers_are_still_wanted(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result, email="firm@example.org")
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    assert round_on(session, time, november(4)) == []
    assert round_on(session, time, november(5)) == [
        ("supplement_due", "firm"), ("supplement_due", "15400000000"),
    ]  # fmt: skip
    assert round_on(session, time, november(9)) == []
    assert round_on(session, time, november(10)) == [
        ("not_supplemented", "shen"), ("not_supplemented", "lu"),
    ]  # fmt: skip
    handling.go_on(session, found, by=cast.shen)
    session.commit()
    assert ("not_supplemented", "shen") not in round_on(session, time, november(11))


def test_no_reminder_holds_the_code_the_objectors_words_or_the_contact(
    session: Session, time: Time, cast: Cast, result: Publication
) -> None:
    found = object_to(session, result, email="firm@example.org")
    handling.ask_supplement(session, found, ["进货单"], by=cast.shen, terms=terms(session))
    session.commit()
    for day in (5, 6, 10, 23, 30):
        round_on(session, time, november(day))
    round_on(session, time, date(2026, 12, 8))
    everything = bodies(session)
    assert "应当最迟2026-11-30作出复查结果" in everything
    for secret in (following.code_for(SECRET, KEY), WRONG, "15400000000", "firm@example.org", "示例经营者"):
        assert secret not in everything
