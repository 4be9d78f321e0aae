"""Why an act on a concern may not happen, in sentences. Empty means it may. Pages grey their buttons with these."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import Department
from portal.concerns.models import CATEGORIES, TO_ANSWER, TO_CALL_BACK, Concern, Told
from portal.people import roles
from portal.people.models import Person
from portal.publications.entity_codes import read_entity_code
from portal.words import Sentence, say

Reasons = list[Sentence]

EARLIEST = date(2007, 1, 1)  # before it no calendar says which days were worked
LONGEST_TEXT = 2000

LABELS = {
    "entity_name": say("企业名称"),
    "asked": say("诉求内容"),
    "task_no": say("任务编号"),
    "taken_by": say("收集人"),
    "contact": say("联系方式"),
}
LONGEST = {"entity_name": 200, "asked": LONGEST_TEXT, "task_no": 60, "taken_by": 60, "contact": 120}


def why_not_record(session: Session, told: Told, by: Person) -> Reasons:
    """Why something voiced may not be recorded as it was typed."""
    reasons = list(roles.why_not(by, "record_concern"))
    reasons += _missing(told) + _too_long(told)
    reasons += why_not_voiced_on(told.inspected_on) + _why_not_brought_back(told)
    if told.entity_code:
        reasons += [each for each in (read_entity_code(told.entity_code)[1],) if each]
    return reasons or _twice(session, told, by)


def _missing(told: Told) -> Reasons:
    reasons: Reasons = []
    if not told.entity_name:
        reasons.append(say("请填写企业名称。"))
    if not told.asked:
        reasons.append(say("请用企业自己的话写明诉求内容。"))
    if told.category not in CATEGORIES:
        reasons.append(say("请选择诉求类别。"))
    return reasons


def _too_long(told: Told) -> Reasons:
    return [
        say("“{label}”最多{most}个字，请缩短后再提交。", label=LABELS[name], most=most)
        for name, most in LONGEST.items()
        if len(getattr(told, name)) > most
    ]


def why_not_voiced_on(day: date | None) -> Reasons:
    """Why a day can not be that of the inspection."""
    if day is None:
        return [say("请填写检查日期。")]
    if day > clock.today():
        return [say("检查日期不能晚于今天，请核对。")]
    if day < EARLIEST:
        return [say("检查日期早于2007年，请核对年份。")]
    return []


def _why_not_brought_back(told: Told) -> Reasons:
    day = told.brought_back_on
    if day is None:
        return [say("请填写带回本部门的日期，答复期限从这一天起算。")]
    if day > clock.today():
        return [say("带回本部门的日期不能晚于今天，请核对。")]
    if told.inspected_on is not None and day < told.inspected_on:
        return [say("带回本部门的日期不能早于检查日期，请核对。")]
    return []


def _twice(session: Session, told: Told, by: Person) -> Reasons:
    """The same words of the same firm on the same day: the form was sent twice, or two colleagues typed it."""
    found = session.scalar(
        sa.select(Concern.id)
        .where(Concern.department_code == by.department_code, Concern.entity_name == told.entity_name)
        .where(Concern.inspected_on == told.inspected_on, Concern.asked == told.asked)
        .limit(1)
    )
    return [say("这件诉求已经登记过（第{id}号），不需要再登记。", id=found)] if found else []


def why_not_answer_on_the_spot(concern: Concern, by: Person) -> Reasons:
    """Why it can not be entered as answered during the inspection: only while it is being recorded, or an
    answer that is overdue could be made one in time."""
    reasons = roles.why_not(by, "record_concern", department=concern.holder_code)
    if concern.state != "recorded" or clock.shanghai_date(concern.created_at) != clock.today():
        reasons.append(say("当场答复只能在登记的当天补记；之后答复的，请按实际日期“答复”。"))
    return reasons


def why_not_answer(concern: Concern, by: Person) -> Reasons:
    """Why this person may not answer, or it can not be answered as it stands."""
    return _to_answer(concern) + _may_not(by, concern.holder_code)


def why_not_pass_on(concern: Concern, by: Person) -> Reasons:
    """Why it may not be passed on to another department: also one that it was passed on to may find itself
    not competent."""
    reasons = [] if concern.state == "passed_on" else _to_answer(concern)
    return reasons + _may_not(by, concern.holder_code)


def why_not_take_over(concern: Concern, by: Person) -> Reasons:
    """Why this person may not take it over for the department it was passed on to."""
    reasons = [] if concern.state == "passed_on" else [say("这件诉求没有等待接办，请刷新页面查看最新进展。")]
    return reasons + _may_not(by, concern.holder_code)


def why_not_call_back(concern: Concern, by: Person) -> Reasons:
    """Why this person may not enter a call back: the department that collected it follows it up (GA47)."""
    reasons = (
        [] if concern.state in TO_CALL_BACK else [say("这件诉求还没有答复，或者已经回访，不能登记回访。")]
    )
    return reasons + _may_not(by, concern.department_code)


def why_not_reopen(concern: Concern, by: Person) -> Reasons:
    """Why it can not be handled anew: only after a firm was not satisfied, and once."""
    reasons: Reasons = []
    if concern.state != "unsatisfied":
        reasons.append(say("只有回访不满意的诉求可以重新办理。"))
    elif concern.was_reopened:
        reasons.append(say("这件诉求已经重新办理过一次，不能再次重新办理；请写明情况后办结。"))
    return reasons + _may_not(by, concern.department_code)


def why_not_close(concern: Concern, by: Person) -> Reasons:
    """Why it can not be closed without a satisfied call back."""
    reasons: Reasons = []
    if concern.state not in (*TO_CALL_BACK, "unsatisfied"):
        reasons.append(say("这件诉求还没有答复，或者已经办结，不能办结。"))
    return reasons + _may_not(by, concern.department_code)


def why_not_answered_on(concern: Concern, day: date | None) -> Reasons:
    """Why a day can not be that of the answer."""
    if day is None:
        return [say("请填写答复企业的日期。")]
    if day > clock.today():
        return [say("答复日期不能晚于今天，请核对。")]
    if day < concern.term.brought_back_on:
        return [say("答复日期不能早于带回（收到）日期，请核对。")]
    return []


def why_not_to(session: Session, concern: Concern, code: str) -> Reasons:
    """Why a department can not be the one it is passed on to."""
    department = session.get(Department, code) if code else None
    if department is None:
        return [say("请选择转给哪个部门。")]
    if code == concern.holder_code:
        return [say("不能转给本部门，请选择另一个部门，或者直接答复。")]
    if code not in competent(session):
        return [say("该部门还没有能办理诉求的人员，转过去无人接办；请先与该部门和安全管理员联系。")]
    return []


def competent(session: Session) -> set[str]:
    """Departments with somebody who may answer: what is passed on to another would lie there for ever."""
    everybody = session.scalars(sa.select(Person).where(Person.active))
    return {each.department_code for each in everybody if roles.may(each, "answer_concern")}


def why_not_written(note: str, missing: Sentence) -> Reasons:
    """Why a text does not do: empty, or longer than anybody reads."""
    if not note.strip():
        return [missing]
    return why_not_noted(note)


def why_not_noted(note: str) -> Reasons:
    """Why a text that may be left out does not do."""
    if len(note) > LONGEST_TEXT:
        return [say("说明最多{most}个字，请缩短后再提交。", most=LONGEST_TEXT)]
    return []


def _to_answer(concern: Concern) -> Reasons:
    if concern.state in TO_ANSWER:
        return []
    if concern.state == "passed_on":
        return [say("请先接办这件诉求，再答复。")]
    return [say("这件诉求已经答复，请刷新页面查看最新进展。")]


def _may_not(by: Person, department: str) -> Reasons:
    return roles.why_not(by, "answer_concern", department=department)
