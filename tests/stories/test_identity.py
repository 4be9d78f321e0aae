"""Who objected is confirmed after it was received: by the notice's code, by somebody who vouches, at the counter."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Overtaken, Refused
from portal.objections import brought_codes, following, handling, identity, notice_codes
from portal.objections.brought_codes import Brought
from portal.objections.models import NoticeCode, Objection
from portal.objections.notice_codes import Slip, Task
from portal.publications.models import DrawnObject, Face, Publication
from tests import objecting, office
from tests.cast import Cast
from tests.objecting import object_to

TASK_NO, FIRM, OTHER = "33990020261012003", "9133990075TNM5LB3J", "91339900QD7612PLT6"


def the_task(session: Session) -> Task:
    return notice_codes.tasks(session, "scjg")[0]


def issued(session: Session, cast: Cast) -> dict[str, Slip]:
    """宋清和 prints a code for everybody drawn."""
    task = the_task(session)
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    notice_codes.issue_codes(session, task, slips, by=cast.song)
    session.commit()
    return {each.entity_code: each for each in slips}


def type_code(session: Session, case: Objection, code: str, visitor: str = "phone") -> None:
    """What the door does: look first, then count."""
    fitting = identity.fits_notice_code(session, case, code)
    identity.confirm_by_code(session, case, fitting, visitor=visitor)


def test_the_code_of_the_notice_confirms_who_objected(
    session: Session, cast: Cast, result: Publication
) -> None:
    slips = issued(session, cast)
    case = object_to(session, result)
    assert case.identity == ""
    type_code(session, case, slips[FIRM].code.lower().replace("-", " "))
    session.commit()
    assert (case.identity, case.state) == ("notice_code", "received")
    assert case.identified_at is not None
    step = case.steps[-1]
    assert (step.act, step.by, step.note) == ("identify", None, "核验码相符")
    assert slips[FIRM].code not in step.note
    with pytest.raises(Refused, match="已经确认"):
        type_code(session, case, slips[FIRM].code)
    with pytest.raises(Refused, match="已经确认"):
        handling.identify(session, case, by=cast.shen, note="营业执照")
    with pytest.raises(Refused, match="已经确认"):
        handling.not_accept(session, case, "not_party", "不是本人", by=cast.lin)


def test_only_this_entitys_code_for_this_task_fits(session: Session, cast: Cast, result: Publication) -> None:
    slips = issued(session, cast)
    case = object_to(session, result)
    assert not identity.fits_notice_code(session, case, slips[OTHER].code)
    assert identity.fits_notice_code(session, case, slips[FIRM].code)
    kept = session.query(NoticeCode).filter_by(entity_code=FIRM).one()
    kept.task_no = "33990020260101001"
    session.commit()
    assert not identity.fits_notice_code(session, case, slips[FIRM].code)


def test_whom_the_result_named_when_it_was_objected_to_counts(
    session: Session, cast: Cast, result: Publication
) -> None:
    slips = issued(session, cast)
    case = object_to(session, result)
    office.correct(
        session, cast, result, "登记的对象有误。", entity_name="示例西丰盛机械厂", entity_code=OTHER
    )
    assert identity.inspected(session, case).entity_code == FIRM
    assert identity.fits_notice_code(session, case, slips[FIRM].code)
    later = object_to(session, result, key="another form")
    assert identity.inspected(session, later).entity_code == OTHER


def test_a_wrong_code_and_none_at_all_look_the_same_and_are_counted(session: Session, cast: Cast, result: Publication) -> None:  # fmt: skip
    case = object_to(session, result)
    said = set()
    with pytest.raises(Refused) as none_issued:
        type_code(session, case, "ABCDE-FGHJK")
    said.add(str(none_issued.value))
    slips = issued(session, cast)
    for _each in range(4):
        with pytest.raises(Refused) as refused:
            type_code(session, case, slips[OTHER].code)
        said.add(str(refused.value))
        session.commit()
    assert len(said) == 1
    with pytest.raises(Refused, match="试错次数过多"):
        type_code(session, case, slips[FIRM].code, visitor="another phone")
    assert case.identity == ""
    # somebody else's case waits as long as the visitor is the one who guessed
    other = object_to(session, result, key="another form")
    with pytest.raises(Refused, match="试错次数过多"):
        type_code(session, other, slips[FIRM].code)
    later = clock.now() + timedelta(minutes=16)
    identity.confirm_by_code(session, case, True, visitor="phone", at=later)
    assert case.identity == "notice_code"


def test_guessing_codes_does_not_close_the_case(session: Session, result: Publication) -> None:
    case = object_to(session, result)
    for _each in range(5):
        with pytest.raises(Refused):
            type_code(session, case, "ABCDE-FGHJK")
        session.commit()
    assert following.open_case(session, case.receipt, True, visitor="phone").id == case.id


def test_issuing_again_ends_the_older_codes(session: Session, cast: Cast, result: Publication) -> None:
    first = issued(session, cast)
    second = issued(session, cast)
    case = object_to(session, result)
    assert not identity.fits_notice_code(session, case, first[FIRM].code)
    assert identity.fits_notice_code(session, case, second[FIRM].code)
    told = [(each.by, each.codes, each.holding) for each in notice_codes.issues(session, "scjg", limit=10)]
    assert told == [("宋清和", 2, 2), ("宋清和", 2, 0)]


def test_of_two_who_issue_at_once_one_is_told(session: Session, cast: Cast, result: Publication) -> None:
    task = the_task(session)
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    notice_codes.issue_codes(session, task, slips, by=cast.song, seen=0)
    with pytest.raises(Overtaken, match="刚刚有人"):
        notice_codes.issue_codes(session, task, slips, by=cast.he, seen=0)


def test_codes_hashed_for_a_list_that_was_corrected_are_not_kept(session: Session, cast: Cast, result: Publication) -> None:  # fmt: skip
    task = the_task(session)
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    session.query(DrawnObject).filter_by(entity_code=OTHER).delete()
    with pytest.raises(Overtaken, match="抽取名单"):
        notice_codes.issue_codes(session, task, slips, by=cast.song)


def test_who_may_issue_and_for_what(session: Session, cast: Cast, result: Publication) -> None:
    task = the_task(session)
    slips = notice_codes.slips_for(notice_codes.drawn_by(session, task))
    for person, why in ((cast.shen, "权限"), (cast.fang, "其他部门"), (cast.gu, "权限")):
        with pytest.raises(Refused, match=why):
            notice_codes.issue_codes(session, task, slips, by=person)
    assert notice_codes.tasks(session, "yjgl") == []
    face = session.get_one(Face, task.number)
    assert notice_codes.task(session, "scjg", task.number) == task
    office.withdraw(session, cast, session.get_one(Publication, task.publication_id), "名单有误。")
    session.refresh(face)
    assert not face.live
    assert notice_codes.tasks(session, "scjg") == []


def test_a_task_without_its_list_has_nobody_to_issue_for(
    session: Session, cast: Cast, result: Publication
) -> None:
    session.query(DrawnObject).delete()
    assert any(
        "没有录入抽取名单" in each for each in notice_codes.why_not_issue(the_task(session), cast.song)
    )


def test_codes_that_the_platform_printed_are_brought_in_row_by_row(session: Session, cast: Cast, result: Publication) -> None:  # fmt: skip
    rows = [
        Brought(2, TASK_NO, FIRM, "7KQ2-9MXA"),
        Brought(3, "33990020260101001", FIRM, "AAAA-BBBB"),
        Brought(4, TASK_NO, "91339900MA2BXH3A0B", "AAAA-CCCC"),
        Brought(5, TASK_NO, OTHER, "123456"),
        Brought(6, TASK_NO, OTHER, OTHER),
        Brought(7, TASK_NO, OTHER, "88888888"),
        Brought(8, TASK_NO, OTHER, "7kq29mxa"),
        Brought(9, TASK_NO, FIRM, "AAAA-DDDD"),
    ]
    judged = brought_codes.judge(session, rows, by=cast.he)
    assert [each.row for _task, each in judged.taken] == [2]
    reasons = {each.row: each.sentence for each in judged.refused}
    for row, why in {3: "没有找到本单位公示的抽查任务", 4: "不在这次任务", 5: "8至64位", 6: "公开的号码",
                     7: "同一个字", 8: "核验码与第2行相同", 9: "检查对象与第2行相同"}.items():  # fmt: skip
        assert why in reasons[row]
    assert brought_codes.bring_in(session, judged, brought_codes.seal(judged), by=cast.he) == 1
    session.commit()
    case = object_to(session, result)
    type_code(session, case, "7kq2 9mxa")
    assert case.identity == "notice_code"


def test_what_is_brought_in_takes_the_place_of_what_was_issued_for_that_entity_alone(session: Session, cast: Cast, result: Publication) -> None:  # fmt: skip
    slips = issued(session, cast)
    judged = brought_codes.judge(session, [Brought(2, TASK_NO, FIRM, "7KQ2-9MXA")], by=cast.he)
    brought_codes.bring_in(session, judged, brought_codes.seal(judged), by=cast.he)
    session.commit()
    case = object_to(session, result)
    assert not identity.fits_notice_code(session, case, slips[FIRM].code)
    assert [each.holding for each in notice_codes.issues(session, "scjg", limit=10)] == [1, 1]


def test_another_departments_task_takes_no_codes(session: Session, cast: Cast, result: Publication) -> None:
    judged = brought_codes.judge(session, [Brought(2, TASK_NO, FIRM, "7KQ2-9MXA")], by=cast.fang)
    assert not judged.taken
    with pytest.raises(Refused, match="权限"):
        brought_codes.judge(session, [], by=cast.lin)


def test_who_vouches_must_vouch_for_the_inspected_entity(session: Session, result: Publication) -> None:
    case = object_to(session, result)
    vouched = identity.ADAPTERS["oidc"]
    assert vouched.fits(session, case, f" {FIRM.lower()} ")
    for other in (OTHER, "", FIRM[:-1], FIRM.replace("0", "Q")):
        assert not vouched.fits(session, case, other), other


def test_an_object_without_a_code_is_vouched_for_by_nobody(
    session: Session, cast: Cast, result: Publication
) -> None:
    office.correct(session, cast, result, "代码有误。", entity_code=None, entity_type=None)
    case = object_to(session, result)
    assert identity.inspected(session, case).entity_code == ""
    assert not identity.ADAPTERS["oidc"].fits(session, case, "")


def test_a_case_that_has_ended_needs_no_confirmation(session: Session, result: Publication) -> None:
    case = object_to(session, result)
    following.withdraw(session, case, "")
    with pytest.raises(Refused, match="已经办结"):
        identity.confirm(session, case, "oidc", note="统一身份认证")
    with pytest.raises(Refused, match="没有这种"):
        identity.confirm(session, case, "trust me", note="")


def test_who_acted_in_between_is_told_of(session: Session, cast: Cast, result: Publication) -> None:
    case = object_to(session, result)
    seen = case.step_id
    handling.assign(session, case, [cast.shen, cast.lu], by=cast.lin)
    with pytest.raises(Overtaken, match="林望舒"):
        identity.confirm(session, case, "oidc", note="统一身份认证", seen=seen)
    session.rollback()


def test_the_whole_life_goes_on_after_confirmation(session: Session, cast: Cast, result: Publication) -> None:
    slips = issued(session, cast)
    case = object_to(session, result)
    objecting.recheck(session, cast, case)
    type_code(session, case, slips[FIRM].code)
    assert case.state == "rechecking"
    objecting.answer(session, cast, case)
    assert case.state == "signed"
