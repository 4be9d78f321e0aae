"""A firm objects to a result: from the filing to the answer in its hands, and every other way it can end."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, Refused
from portal.files import Store
from portal.ledger import book
from portal.ledger.entry import read_entry
from portal.ledger.models import Entry
from portal.objections import deciding, filing, following, handling, keeping
from portal.objections.models import Contest, Objection
from portal.outbox.models import Message
from portal.publications.models import Face, Publication
from tests import objecting
from tests.cast import Cast
from tests.evidence_files import photo
from tests.objecting import KEY, SECRET, object_to, terms


def test_the_whole_life_of_an_objection_that_was_right(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    assert case.receipt.startswith("YY-")
    assert case.document("receipt").number.endswith("1号")  # type: ignore[union-attr]
    objecting.recheck(session, cast, case)
    revision = objecting.correction(session, cast, case)
    objecting.answer(session, cast, case, "corrected", revision)
    assert case.state == "signed"
    recheck, feedback = case.term("recheck"), case.term("feedback")
    assert recheck is not None and recheck.met_by == "sign" and recheck.in_time
    assert feedback is not None and feedback.runs
    face = session.get_one(Face, result.number)
    assert face.corrected and face.version == 2
    contest = session.get_one(Contest, case.entry_index)
    assert (contest.outcome, contest.version) == ("corrected", 2)
    objecting.handed_over(session, cast, case)
    assert case.state == "closed"
    assert feedback.met_by == "deliver"
    assert not book.check(session)


def test_each_act_is_a_step_with_who_did_it(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    objecting.handed_over(session, cast, case)
    session.expire_all()
    told = [(step.act, step.state, step.by.name if step.by else None) for step in case.steps]
    assert told == [
        ("file", "received", None),
        ("assign", "rechecking", "林望舒"),
        ("record", "rechecking", "沈亦衡"),
        ("draft_decision", "decision_drafted", "沈亦衡"),
        ("sign", "signed", "林望舒"),
        ("send", "signed", "沈亦衡"),
        ("deliver", "delivered", "沈亦衡"),
        ("close", "closed", "沈亦衡"),
    ]


def test_the_same_form_sent_again_gives_the_same_receipt(session: Session, result: Publication) -> None:
    first = object_to(session, result)
    again = object_to(session, result, text="网络断了，又按了一次。")
    assert again.id == first.id
    assert object_to(session, result, key="another form").receipt != first.receipt


def test_the_ledger_says_received_and_ended(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    entries = session.query(Entry).filter(Entry.type.like("objection%")).order_by(Entry.index).all()
    received, ended = (read_entry(each.body) for each in entries)
    due = case.terms[0].due.isoformat()
    assert (received["type"], received["number"], received["due"]) == (
        "objection_received",
        result.number,
        due,
    )
    assert received["commitments"] == [filing.commitment(case, case.files)]
    assert (ended["outcome"], ended["received"]) == ("maintained", case.entry_index)


def test_who_would_rather_have_no_mark_has_none(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result, shows_mark=False)
    assert session.query(Contest).count() == 0
    assert session.get_one(Entry, case.entry_index).number is None
    objecting.recheck(session, cast, case)
    objecting.answer(session, cast, case)
    objecting.handed_over(session, cast, case)
    assert session.get_one(Entry, case.ended_index).number is None


def test_supplements_are_asked_for_once_and_the_clock_runs_on(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    before = case.terms[0].due
    handling.ask_supplement(session, case, ["营业执照照片", "进货单"], by=cast.shen, terms=terms(session))
    with pytest.raises(Refused, match="只能一次"):
        handling.ask_supplement(session, case, ["还要一张"], by=cast.shen, terms=terms(session))
    following.add(session, case, "补上进货单。", [], terms=terms(session))
    assert case.state == "supplemented"
    assert case.term("recheck").due == before  # type: ignore[union-attr]
    assert case.term("supplement_reply").met_by == "supplement"  # type: ignore[union-attr]


def test_an_objection_is_taken_back(session: Session, result: Publication) -> None:
    case = object_to(session, result)
    following.withdraw(session, case, "已经和检查人员说清楚了。")
    assert (case.state, case.outcome) == ("withdrawn", "withdrawn")
    assert all(term.void_on and term.met_on is None for term in case.terms)
    with pytest.raises(Refused, match="不能再撤回"):
        following.withdraw(session, case, "")


def test_not_accepting_has_three_grounds_only(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    with pytest.raises(Refused, match="要求补正"):
        handling.not_accept(session, case, "papers_missing", "材料不齐", by=cast.lin)
    with pytest.raises(Refused, match="以前没有"):
        handling.not_accept(session, case, "same_grounds", "已经查过", by=cast.lin)
    with pytest.raises(Refused, match="主要负责人"):
        handling.not_accept(session, case, "not_party", "不是本人", by=cast.shen)
    handling.not_accept(session, case, "not_party", "申请人与被检查对象无关。", by=cast.lin)
    assert case.state == "not_accepted"
    assert case.document("not_accepted").facts["ground"] == "not_party"  # type: ignore[union-attr]


def test_another_bodys_result_is_passed_on(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    handling.not_accept(
        session,
        case,
        "other_body",
        "消防检查由消防救援机构作出。",
        by=cast.lin,
        passed_to="示例市消防救援支队",
    )
    assert (case.state, case.outcome) == ("passed_on", "passed_on")


def test_who_was_at_the_inspection_or_entered_it_stands_aside(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    with pytest.raises(Refused, match="何知远"):
        handling.assign(session, case, [cast.he, cast.shen], by=cast.lin)
    with pytest.raises(Refused, match="至少2人"):
        handling.assign(session, case, [cast.shen, cast.shen], by=cast.lin)
    with pytest.raises(Refused, match="其他单位"):
        handling.assign(session, case, [cast.shen, cast.tang], by=cast.lin)
    handling.dispense(session, case, "neighbour", "本局复查人员只有一人可用。", by=cast.lin)
    handling.assign(session, case, [cast.shen, cast.tang], by=cast.lin)
    assert case.state == "rechecking"


def test_a_rechecker_with_an_interest_steps_aside(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    handling.step_aside(session, case, "与经营者是亲属。", by=cast.lu)
    session.expire_all()
    with pytest.raises(Refused, match="不足2人"):
        handling.record(session, case, "查了", by=cast.shen, done_on=clock.today())


def test_the_signature_needs_the_head_and_the_password_just_now(
    session: Session, cast: Cast, result: Publication
) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    deciding.draft_decision(session, case, "maintained", "记录属实。", by=cast.shen)
    long_ago = clock.now().replace(year=2020)
    with pytest.raises(Refused, match="再输入一次密码"):
        deciding.sign(session, case, by=cast.lin, signed_in_at=long_ago, terms=terms(session))
    for wrong in (cast.shen, cast.song, cast.qin):
        with pytest.raises(Refused):
            deciding.sign(session, case, by=wrong, signed_in_at=clock.now(), terms=terms(session))


def test_the_head_sends_a_draft_back(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    deciding.draft_decision(session, case, "maintained", "记录属实。", by=cast.shen)
    deciding.send_back(session, case, "没有说明为什么记录属实。", by=cast.lin)
    session.expire_all()
    assert case.state == "rechecking" and case.decision is None
    objecting.answer(session, cast, case)
    assert case.state == "signed"


def test_two_people_on_one_case(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    seen = case.step_id
    handling.identify(session, case, by=cast.shen, note="看了营业执照原件。", seen=seen)
    with pytest.raises(Overtaken, match="沈亦衡刚刚办理"):
        handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin, seen=seen)


def test_what_came_over_the_counter_counts_from_its_day(
    session: Session, cast: Cast, result: Publication
) -> None:
    with pytest.raises(Refused, match="签名"):
        object_to(session, result, by=cast.he, channel="oral", received_on=clock.today())
    with pytest.raises(Refused, match="不能晚于今天"):
        object_to(session, result, by=cast.he, channel="counter", received_on=date(2999, 1, 1))
    case = object_to(session, result, by=cast.he, channel="oral", received_on=clock.today(), read_back=True)
    assert case.taken_by_id == cast.he.id
    assert case.terms[0].starts_on == clock.today()


def test_a_wrong_number_and_a_wrong_code_look_the_same_and_are_throttled(
    session: Session, result: Publication
) -> None:
    case = object_to(session, result)
    code = following.code_for(SECRET, KEY)
    assert following.fits(session, case.receipt, code.lower().replace("-", " "))
    said = set()
    for receipt in (case.receipt, "YY-1999-0001", case.receipt):
        with pytest.raises(Refused) as refused:
            following.open_case(
                session, receipt, following.fits(session, receipt, "AAAA-AAAA"), visitor="one"
            )
        said.add(str(refused.value))
        session.commit()
    assert len(said) == 1
    for _ in range(3):
        with pytest.raises(Refused):
            following.open_case(session, case.receipt, False, visitor="one")
        session.commit()
    with pytest.raises(Refused, match="分钟后再试"):
        following.open_case(session, case.receipt, True, visitor="one")


def test_what_should_not_have_been_written_reaches_the_duty_officer_at_once(
    session: Session, cast: Cast, result: Publication
) -> None:
    cast.zhou.email = "duty@example.org"
    object_to(session, result, grounds=("undisclosable",))
    told = session.query(Message).filter(Message.topic == "undisclosable").one()
    assert told.to_address == "duty@example.org" and str(result.number) in told.body


def test_no_message_holds_the_code_or_the_objectors_words(
    session: Session, cast: Cast, result: Publication
) -> None:
    cast.shen.email = "recheck@example.org"
    object_to(session, result, email="firm@example.org")
    bodies = "".join(each.subject + each.body for each in session.query(Message))
    assert bodies and following.code_for(SECRET, KEY) not in bodies and "进货查验" not in bodies


def test_an_office_of_three_records_an_exception(session: Session, cast: Cast, result: Publication) -> None:
    """裴知章 reviewed the result and re-checks by the head's exception, with 唐若水 of the neighbouring office."""
    case: Objection = object_to(session, result)
    case.department_code = "wlj"  # the same case in the office of three
    session.flush()
    handling.dispense(session, case, "exception", "全局只有三人，且都经手过。", by=cast.ning)
    handling.dispense(session, case, "neighbour", "请应急管理局协助一人。", by=cast.ning)
    with pytest.raises(Refused):
        handling.assign(session, case, [cast.ning, cast.tang], by=cast.ning)
    handling.assign(session, case, [cast.pei, cast.tang], by=cast.ning)
    assert case.state == "rechecking"


def test_papers_that_were_just_kept_are_rows_of_the_case(
    session: Session, result: Publication, tmp_path: Path
) -> None:
    """A scar: kept files are in no session, and a filing that left them out lost them without a word."""
    store = Store(tmp_path)
    files = keeping.keep(store, [("进货单.jpg", photo())], purpose="evidence")
    case = filing.file(
        session, objecting.filed(result), files, key=KEY, code_hash="sealed", terms=terms(session)
    )
    more = keeping.keep(store, [("补充.jpg", photo())], purpose="supplement")
    following.add(session, case, "", more, terms=terms(session))
    session.commit()
    session.expire_all()
    assert [each.purpose for each in case.files] == ["evidence", "supplement"]
