"""The office's life of a case, from receipt to the drafted decision; signing and after are in ``deciding.py``.

Each act says who does it (``by=``), refuses in sentences and never commits.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.objections import clockwork, documents, ending, requirements, standing_aside, telling
from portal.objections.grounds import NOT_ACCEPTED
from portal.objections.models import Objection, ObjectionFile
from portal.objections.moving import move
from portal.objections.proceedings import Dispensation, Recheck, RecheckOfficer, Supplement
from portal.people.models import Person
from portal.publications.dating import Terms
from portal.words import say


def identify(
    session: Session, objection: Objection, *, by: Person, note: str = "", seen: int | None = None
) -> None:
    """Somebody at the counter confirmed who the objector is; other ways are in ``identity.py``."""
    refuse_if(requirements.why_not_identify(objection, by))
    if not note.strip():
        raise Refused(say("请写明核对了哪些证件。"))
    objection.identity, objection.identified_at = "counter", clock.now()
    move(session, objection, "identify", by=by, note=note, seen=seen)


def ask_supplement(
    session: Session,
    objection: Objection,
    wanted: Sequence[str],
    *,
    by: Person,
    terms: Terms,
    seen: int | None = None,
) -> None:
    """补正: asked once, everything at once, by a numbered letter; the re-check's clock runs on."""
    refuse_if(requirements.why_not_ask_supplement(objection, by))
    asked = [each.strip() for each in wanted if each.strip()]
    if not asked:
        raise Refused(say("请逐项写明要补充哪些材料。"))
    on = clock.today()
    session.add(Supplement(objection_id=objection.id, wanted=asked, asked_on=on, asked_by_id=by.id))
    session.flush()
    session.expire(objection, ["supplements"])
    move(session, objection, "ask_supplement", "supplement_asked", by=by, seen=seen)
    term = clockwork.set_term(session, objection, "supplement_reply", {"asked_on": on}, terms)
    restarts = terms.profile.supplement_restarts_clock
    facts = {
        "wanted": asked,
        "due": term.due.isoformat(),
        "provisional": term.provisional,
        "basis": term.basis,
        "restarts": restarts,
    }
    documents.issue(session, objection, "supplement", facts, by=by)
    telling.supplement_asked(session, objection, term, restarts=restarts)


def go_on(session: Session, objection: Objection, *, by: Person, seen: int | None = None) -> None:
    """The supplement did not come in its time: the case goes on with what there is."""
    refuse_if(requirements.why_not_go_on(objection, by))
    move(session, objection, "go_on", "not_supplemented", by=by, seen=seen)
    _void(objection, "supplement_reply", clock.today())


def not_accept(
    session: Session,
    objection: Objection,
    ground: str,
    reason: str,
    *,
    by: Person,
    passed_to: str = "",
    seen: int | None = None,
) -> None:
    """不予受理, on one of three grounds; another body's result is passed on to that body, and told."""
    if ground not in NOT_ACCEPTED:
        raise Refused(say("不予受理只有三种理由，请选择一种；材料不齐的，请要求补正。"))
    refuse_if(requirements.why_not_refuse(session, objection, ground, by))
    if not reason.strip():
        raise Refused(say("请写明具体理由，这些话会写进告知书。"))
    if ground == "other_body" and not passed_to.strip():
        raise Refused(say("请写明转送哪个机关，申请人要据此联系。"))
    state = "passed_on" if ground == "other_body" else "not_accepted"
    move(session, objection, "not_accept" if state == "not_accepted" else "pass_on", state, by=by, note=reason, seen=seen)  # fmt: skip
    facts = {"ground": ground, "reason": reason, "passed_to": passed_to.strip()}
    documents.issue(session, objection, state, facts, by=by)
    ending.end(session, objection, state)
    telling.ended(session, objection)


def dispense(
    session: Session, objection: Objection, kind: str, reason: str, *, by: Person, seen: int | None = None
) -> None:
    """The head of a small office records who may re-check all the same: the neighbouring office, an exception."""
    refuse_if(requirements.why_not_dispense(objection, by))
    if kind not in ("neighbour", "exception") or not reason.strip():
        raise Refused(say("请选择请邻近单位协助还是例外，并写明理由，这项决定会留痕。"))
    row = Dispensation(objection_id=objection.id, kind=kind, reason=reason, by_id=by.id, at=clock.now())
    session.add(row)
    session.flush()
    session.expire(objection, ["dispensations"])
    move(session, objection, f"dispense_{kind}", by=by, note=reason, seen=seen)


def assign(
    session: Session, objection: Objection, people: Sequence[Person], *, by: Person, seen: int | None = None
) -> None:
    """Say who re-checks: at least two, none of whom must stand aside. Whoever is left out is relieved."""
    refuse_if(requirements.why_not_assign(objection, by))
    wanted = {each.id: each for each in people}
    if len(wanted) < requirements.RECHECKERS:
        raise Refused(say("复查人员至少{n}人，请再选一人。", n=requirements.RECHECKERS))
    for person in wanted.values():
        refuse_if(standing_aside.why_stands_aside(session, objection, person))
    names = "、".join(each.name for each in wanted.values())
    move(session, objection, "assign", "rechecking", by=by, note=names, seen=seen)
    present = {each.id for each in objection.rechecking}
    for officer in objection.officers:
        if officer.relieved_at is None and officer.person_id not in wanted:
            officer.relieved_at, officer.why_relieved = clock.now(), str(say("改派"))
    for person_id in wanted.keys() - present:
        row = RecheckOfficer(
            objection_id=objection.id, person_id=person_id, assigned_by_id=by.id, assigned_at=clock.now()
        )
        session.add(row)
    session.flush()
    session.expire(objection, ["officers"])
    telling.assigned(session, objection, [wanted[each] for each in wanted.keys() - present])


def step_aside(
    session: Session, objection: Objection, reason: str, *, by: Person, seen: int | None = None
) -> None:
    """自行回避: a re-checker with an interest leaves the case (G23); somebody else has to be assigned."""
    mine = next((each for each in objection.officers if each.person_id == by.id and each.relieved_at is None), None)  # fmt: skip
    if mine is None or objection.state != "rechecking":
        raise Refused(say("您不是这件异议现在的复查人员，不需要回避。"))
    if not reason.strip():
        raise Refused(say("请写明为什么回避。"))
    mine.relieved_at, mine.why_relieved = clock.now(), reason
    move(session, objection, "step_aside", by=by, note=reason, seen=seen)


def record(
    session: Session,
    objection: Objection,
    findings: str,
    *,
    by: Person,
    done_on: date,
    present: Sequence[Person] = (),
    on_the_spot: bool = False,
    seen: int | None = None,
) -> Recheck:
    """What the re-check found. On the spot two re-checkers with their cards were there (G28.2)."""
    refuse_if(requirements.why_not_record(objection, by))
    assigned = {each.id for each in objection.rechecking}
    there = sorted({each.id for each in present} & assigned)
    if not findings.strip():
        raise Refused(say("请写明复查了什么、看到什么。"))
    if not objection.received_on <= done_on <= clock.today():
        raise Refused(say("复查日期应在收到申请之后，且不晚于今天，请核对。"))
    if on_the_spot and len(there) < requirements.RECHECKERS:
        raise Refused(say("实地复查要有两名复查人员到场并出示证件，请选出到场的两人。"))
    row = Recheck(
        objection_id=objection.id, done_on=done_on, on_the_spot=on_the_spot, present=there,
        findings=findings.strip(), recorded_by_id=by.id, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.expire(objection, ["rechecks"])
    move(session, objection, "record", by=by, seen=seen)
    return row


def add_files(session: Session, objection: Objection, files: Sequence[ObjectionFile], *, by: Person) -> None:
    """The office puts papers into the case: a scanned sheet, minutes, a proof of delivery."""
    refuse_if(requirements.why_not_add_file(objection, by))
    for each in files:
        each.objection_id, each.by_id = objection.id, by.id
    session.add_all(files)
    move(session, objection, "add_files", by=by, note="、".join(each.name for each in files))
    session.expire(objection, ["files"])


def _void(objection: Objection, name: str, on: date) -> None:
    term = objection.term(name)
    if term is not None and term.runs:
        term.void_on = on


ACT_LABELS: Mapping[str, object] = {
    "file": say("收到申请"),
    "identify": say("确认身份"),
    "ask_supplement": say("一次告知补正"),
    "supplement": say("交来补正材料"),
    "add": say("交来补充材料"),
    "add_files": say("放入案卷材料"),
    "go_on": say("未补正，继续办理"),
    "not_accept": say("不予受理"),
    "pass_on": say("转送有权机关"),
    "withdraw": say("撤回申请"),
    "dispense_neighbour": say("请邻近单位协助复查"),
    "dispense_exception": say("记录复查人员例外"),
    "assign": say("指派复查人员"),
    "step_aside": say("复查人员回避"),
    "record": say("记录复查情况"),
    "draft_decision": say("拟出复查结果"),
    "opine": say("法制意见"),
    "send_back": say("退回重拟"),
    "sign": say("签署复查结果"),
    "send": say("送出复查结果"),
    "deliver": say("送达"),
    "close": say("办结"),
    "consent": say("表示同意电子送达"),
    "redate": say("重新计算期限"),
}
