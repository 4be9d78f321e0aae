"""Acts on a case that come too late, too early, or from the wrong side: refused, and every clock still ends."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import load_profile
from portal.deadlines.calendar import load_calendar
from portal.errors import Refused
from portal.ledger import book
from portal.ledger.models import Entry
from portal.objections import deciding, filing, following, handling, requirements
from portal.objections.models import Contest, Objection
from portal.people.models import Grant
from portal.publications import pipeline
from portal.publications.dating import Terms
from portal.publications.models import Face, Publication, Revision
from tests import objecting
from tests.cast import Cast
from tests.objecting import filed, object_to, terms


def drafted(session: Session, cast: Cast, case: Objection, revision: Revision) -> None:
    deciding.draft_decision(session, case, "corrected", "记录有误。", by=cast.shen, revision=revision)
    session.commit()


# ── clocks ───────────────────────────────────────────────────


def test_a_case_assigned_while_papers_are_awaited_still_ends_that_clock_by_the_papers(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    handling.ask_supplement(session, case, ["进货单"], by=cast.shen, terms=terms(session))
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    following.add(session, case, "补上进货单。", [], terms=terms(session))
    session.commit()
    term = case.term("supplement_reply")
    assert term is not None and term.met_by == "supplement"
    assert case.state == "rechecking", "the re-check goes on"
    assert case.supplement is not None and case.supplement.text == "补上进货单。"


def test_a_profile_that_restarts_the_clock_does_so_when_the_recheck_has_begun_already(
    session: Session, cast: Cast, result: Publication
) -> None:
    restarting = Terms(replace(load_profile("shili"), supplement_restarts_clock=True), load_calendar(session))
    case = object_to(session, result)
    handling.ask_supplement(session, case, ["进货单"], by=cast.shen, terms=restarting)
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    following.add(session, case, "补上进货单。", [], terms=restarting)
    term = case.term("recheck")
    assert term is not None and term.cause == "supplement"


def test_no_clock_runs_on_when_papers_never_came_and_the_answer_is_signed(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    handling.ask_supplement(session, case, ["进货单"], by=cast.shen, terms=terms(session))
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    assert [each.name for each in case.terms if each.runs] == ["feedback"]
    objecting.handed_over(session, cast, case)
    assert not any(each.runs for each in case.terms)


# ── acts that come too late, or from the wrong side ──────────


def test_nothing_is_agreed_to_or_confirmed_on_a_case_that_has_ended(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    following.withdraw(session, case, "")
    acts: list[Callable[[], object]] = [
        lambda: following.consent(session, case, email="other@example.org"),
        lambda: handling.identify(session, case, by=cast.shen, note="核对了执照"),
    ]
    for late in acts:
        with pytest.raises(Refused, match="已经办结"):
            late()
    assert case.email == "" and not case.electronic and not case.identity


def test_an_answer_is_opened_electronically_only_by_who_agreed_to_that(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    with pytest.raises(Refused, match="同意电子送达"):
        following.acknowledge(session, case)


@pytest.mark.parametrize(
    "email", ["nothing", "a@b", "a@example.org\nBcc: x@example.org", "x" * 300 + "@example.org"]
)
def test_consent_takes_no_address_that_no_letter_can_go_to(
    session: Session, result: Publication, email: str
) -> None:
    case = object_to(session, result)
    with pytest.raises(Refused, match="邮箱地址"):
        following.consent(session, case, email=email)


def test_who_is_no_rechecker_any_more_records_nothing(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    session.commit()
    mine = sa.update(Grant).where(Grant.person_id == cast.shen.id, Grant.role == "recheck")
    session.execute(mine.values(ended_at=clock.now()))
    session.commit()
    session.expire_all()
    with pytest.raises(Refused, match="复查异议"):
        handling.record(session, case, "查过了", by=cast.shen, done_on=clock.today())
    assert requirements.why_not_draft_decision(case, cast.shen)


def test_other_grounds_than_those_rechecked_are_not_turned_away_as_the_same(
    session: Session, cast: Cast, result: Publication
) -> None:
    first = object_to(session, result)
    objecting.recheck(session, cast, first)
    objecting.answer(session, cast, first)
    other = object_to(session, result, key="another", grounds=("undisclosable",))
    with pytest.raises(Refused, match="以前没有"):
        handling.not_accept(session, other, "same_grounds", "查过了。", by=cast.lin)
    same = object_to(session, result, key="a third")
    handling.not_accept(session, same, "same_grounds", "查过了。", by=cast.lin)
    assert same.state == "not_accepted"


def test_what_is_too_long_to_keep_is_said_beside_its_field(
    session: Session, cast: Cast, result: Publication
) -> None:
    long = filed(result, entity_code="9" * 41, channel="counter", received_on=clock.today())
    assert [each.field for each in filing.problems(session, long, by=cast.shen)] == ["entity_code"]
    case = object_to(session, result)
    with pytest.raises(Refused, match="最多"):
        following.add(session, case, "字" * 20_001, [], terms=terms(session))


def test_names_and_addresses_are_one_line_however_they_were_sent(
    session: Session, result: Publication
) -> None:
    case = object_to(
        session, result, entity_name="示例商贸\r\n有限\u202e公司", objector_name="甲\n已核实：本人", postal_address="一路\n二号"
    )  # fmt: skip
    for words in (case.entity_name, case.objector_name, case.postal_address):
        assert words.isprintable(), words


# ── the correction that the head's sheet shows ───────────────


def test_a_correction_on_the_heads_sheet_is_signed_there_and_nowhere_else(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    assert not requirements.why_not_apart(session, revision)
    drafted(session, cast, case, revision)
    assert "更正审批表" in str(requirements.why_not_apart(session, revision)[0])
    deciding.send_back(session, case, "再核对一次。", by=cast.lin)
    assert not requirements.why_not_apart(session, revision)


def test_words_changed_after_the_decision_was_drafted_are_not_signed_with_it(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    drafted(session, cast, case, revision)
    marks = [{"path": "items/0/problem", "ground": "privacy", "by": cast.song.id}]
    pipeline.revise(session, revision, by=cast.song, marks=marks)
    session.commit()
    with pytest.raises(Refused, match="更正稿"):
        deciding.sign(session, case, by=cast.lin, signed_in_at=clock.now(), terms=terms(session))
    assert session.get_one(Face, result.number).version == 1


def test_one_correction_answers_two_objections(session: Session, cast: Cast, result: Publication) -> None:
    first, second = object_to(session, result), object_to(session, result, key="another")
    for case in (first, second):
        objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, first)
    drafted(session, cast, first, revision)
    drafted(session, cast, second, revision)
    for case in (first, second):
        deciding.sign(session, case, by=cast.lin, signed_in_at=clock.now(), terms=terms(session))
        session.commit()
    assert session.get_one(Face, result.number).version == 2
    assert session.query(Entry).filter_by(type="correct").count() == 1
    contests = session.query(Contest).order_by(Contest.entry_index).all()
    assert [(each.outcome, each.version) for each in contests] == [("corrected", 2)] * 2
    assert not book.check(session)


def test_what_was_corrected_before_an_objection_came_is_no_answer_to_it(
    session: Session, cast: Cast, result: Publication
) -> None:
    first = object_to(session, result)
    objecting.recheck(session, cast, first)
    revision = objecting.correction(session, cast, first)
    objecting.answer(session, cast, first, "corrected", revision)
    later = object_to(session, result, key="another")
    handling.dispense(session, later, "exception", "人手不够。", by=cast.lin)
    objecting.recheck(session, cast, later)
    with pytest.raises(Refused, match="更正稿"):
        drafted(session, cast, later, revision)


# ── who asked for no mark ────────────────────────────────────


def test_without_a_mark_nothing_in_the_ledger_stands_beside_the_correction(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result, shows_mark=False)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case, "corrected", objecting.correction(session, cast, case))
    assert case.ended_index is None and case.outcome == "corrected"
    assert session.query(Entry).filter_by(type="objection_ended").count() == 0
    objecting.handed_over(session, cast, case)
    ended = session.query(Entry).filter_by(type="objection_ended").one()
    assert ended.index == case.ended_index and ended.number is None
    assert not book.check(session)
