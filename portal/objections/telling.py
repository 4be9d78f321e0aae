"""Who is told of what, in the transaction of the act: rows of the outbox, sent after the commit.

No message holds the following code, the objector's words, or anything that was withheld.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.objections.grounds import OUTCOME_LABELS, UNDISCLOSABLE
from portal.objections.models import Objection, ObjectionTerm
from portal.objections.proceedings import Delivery
from portal.outbox.models import Channel
from portal.outbox.posting import post
from portal.people.finding import holders
from portal.people.models import Person
from portal.words import Sentence, say

CLOCKS: Mapping[str, Sentence] = {  # what is due, as a sentence names it
    "recheck": say("作出复查结果"),
    "feedback": say("送达复查结果"),
    "supplement_reply": say("提交补正材料"),
}


def received(session: Session, objection: Objection, term: ObjectionTerm) -> None:
    """The objector has it in writing; the office knows; 写了不该公开的 reaches the duty officer at once."""
    objector(
        session, objection, "received", say("已收到您的异议申请：{receipt}", receipt=objection.receipt),
        say("我单位已于{day}收到您对{number}的异议申请，回执号{receipt}。最迟{due}作出复查结果。请凭回执号和查询码在本站查询进度；查询码不在本信息中，请勿告诉他人。",
            day=objection.received_on.isoformat(), number=objection.result_number, receipt=objection.receipt, due=day_of(term)),
    )  # fmt: skip
    staff(
        session, objection, "received", holders(session, "recheck", objection.department_code),
        say("新的异议申请：{receipt}", receipt=objection.receipt),
        say("{receipt}对{number}提出异议，最迟{due}作出复查结果。请指派复查人员。", receipt=objection.receipt, number=objection.result_number, due=day_of(term)),
    )  # fmt: skip
    if UNDISCLOSABLE in objection.grounds:
        staff(
            session, objection, "undisclosable", holders(session, "duty", objection.department_code),
            say("请立即核实是否暂停公示：{number}", number=objection.result_number),
            say("{receipt}称{number}写了不该公开的内容。请值班人员立即查看；涉及的，先暂停公示。", receipt=objection.receipt, number=objection.result_number),
        )  # fmt: skip


def supplement_asked(session: Session, objection: Objection, term: ObjectionTerm, *, restarts: bool) -> None:
    """:param restarts: whether the supplement starts the re-check's clock anew."""
    clock_says = say("材料补齐后，复查期限重新计算。") if restarts else say("补正期间复查期限继续计算。")
    objector(
        session, objection, "supplement_asked", say("请补充材料：{receipt}", receipt=objection.receipt),
        say("您的异议申请{receipt}需要补充材料，最迟{due}。请凭回执号和查询码在本站查看要补充什么并提交。{clock}", receipt=objection.receipt, due=day_of(term), clock=clock_says),
    )  # fmt: skip


def added(session: Session, objection: Objection) -> None:
    nth = len(objection.files)
    staff(
        session, objection, f"added/{nth}/{objection.step_id}", _on_the_case(session, objection),
        say("申请人补充了材料：{receipt}", receipt=objection.receipt),
        say("{receipt}的申请人补充了材料，请查看。", receipt=objection.receipt),
    )  # fmt: skip


def assigned(session: Session, objection: Objection, people: Sequence[Person]) -> None:
    term = objection.term("recheck")
    staff(
        session, objection, f"assigned/{objection.step_id}", people,
        say("您被指派复查：{receipt}", receipt=objection.receipt),
        say("请复查{receipt}，最迟{due}作出复查结果。与检查对象有利害关系的，请在案件页登记回避。", receipt=objection.receipt, due=day_of(term) if term else ""),
    )  # fmt: skip


def decision_drafted(session: Session, objection: Objection) -> None:
    staff(
        session, objection, f"decision_drafted/{objection.step_id}",
        holders(session, "head", objection.department_code),
        say("请签署异议复查结果：{receipt}", receipt=objection.receipt),
        say("{receipt}的复查结果已经拟好，请审阅后签署或者退回。", receipt=objection.receipt),
    )  # fmt: skip


def signed(session: Session, objection: Objection, term: ObjectionTerm) -> None:
    staff(
        session, objection, "signed", holders(session, "recheck", objection.department_code),
        say("请送达复查结果：{receipt}", receipt=objection.receipt),
        say("{receipt}的复查结果已经签署，最迟{due}送达申请人。", receipt=objection.receipt, due=day_of(term)),
    )  # fmt: skip


def sent(session: Session, objection: Objection, delivery: Delivery) -> None:
    if delivery.method != "electronic":
        return
    objector(
        session, objection, f"sent/{delivery.id}", say("异议复查结果已作出：{receipt}", receipt=objection.receipt),
        say("您的异议申请{receipt}已经作出复查结果。请凭回执号和查询码在本站查看并签收；5个工作日内没有查看的，将改为邮寄或者直接送达。", receipt=objection.receipt),
    )  # fmt: skip


def ended(session: Session, objection: Objection) -> None:
    """Ended without an answer: the objector is told why there is none, or the office that it was taken back."""
    label = OUTCOME_LABELS[objection.outcome]
    if objection.outcome == "withdrawn":
        staff(
            session, objection, "ended", _on_the_case(session, objection),
            say("申请人撤回了异议：{receipt}", receipt=objection.receipt),
            say("{receipt}已由申请人撤回，不需要再复查。", receipt=objection.receipt),
        )  # fmt: skip
        return
    objector(
        session, objection, "ended", say("您的异议申请已有答复：{receipt}", receipt=objection.receipt),
        say("您的异议申请{receipt}：{outcome}。请凭回执号和查询码在本站查看告知书和理由。", receipt=objection.receipt, outcome=label),
    )  # fmt: skip


def redated(session: Session, objection: Objection, before: ObjectionTerm, now: ObjectionTerm) -> None:
    if before.due == now.due:
        return  # the day that was said stands; it is only certain now
    values = {
        "receipt": objection.receipt,
        "what": CLOCKS[now.name],
        "due": day_of(now),
        "before": before.due.isoformat(),
    }
    subject = say("期限按放假安排重新计算：{receipt}", receipt=objection.receipt)
    objector(
        session, objection, f"redated/{now.id}", subject,
        say("国家放假安排公布后，您的异议申请{receipt}{what}的期限重新计算：最迟{due}（原为{before}）。", **values),
    )  # fmt: skip
    staff(
        session, objection, f"redated/{now.id}", _on_the_case(session, objection), subject,
        say("国家放假安排公布后，{receipt}{what}的期限重新计算：最迟{due}（原为{before}）。", **values),
    )  # fmt: skip


def restarted(session: Session, objection: Objection, before: date, now: ObjectionTerm) -> None:
    """By the profile, a supplement that was asked for starts the re-check's clock anew."""
    values = {
        "receipt": objection.receipt,
        "start": now.starts_on.isoformat(),
        "due": day_of(now),
        "before": before.isoformat(),
    }
    subject = say("复查期限重新计算：{receipt}", receipt=objection.receipt)
    objector(
        session, objection, f"restarted/{now.id}", subject,
        say("已于{start}收到您对异议申请{receipt}补充的材料，复查期限自这一天起重新计算：最迟{due}（原为{before}）。", **values),
    )  # fmt: skip
    staff(
        session, objection, f"restarted/{now.id}", _on_the_case(session, objection), subject,
        say("{receipt}的申请人于{start}补正，复查期限自这一天起重新计算：最迟{due}（原为{before}）。", **values),
    )  # fmt: skip


def day_of(term: ObjectionTerm) -> Sentence:
    """A last day as a message says it; one that may still move says so."""
    day = term.due.isoformat()
    return (
        say("{day}（暂定，放假安排公布后重新计算）", day=day) if term.provisional else say("{day}", day=day)
    )


def objector(session: Session, objection: Objection, event: str, subject: Sentence, body: Sentence) -> None:
    """Tell whoever objected, by mail and by SMS, as far as they left an address."""
    addresses: tuple[tuple[Channel, str], ...] = (("email", objection.email), ("sms", objection.phone))
    for channel, to in addresses:
        if to:
            post(
                session, key=f"{objection.receipt}/{event}/{channel}", topic=_topic(event), channel=channel,
                to_address=to, to_name=objection.objector_name, subject=subject, body=body,
                about=f"/objections/{objection.receipt}", department_code=objection.department_code,
            )  # fmt: skip


def staff(
    session: Session,
    objection: Objection,
    event: str,
    people: Iterable[Person],
    subject: Sentence,
    body: Sentence,
) -> None:
    """Tell people of the office by mail."""
    for person in people:
        if person.email:
            post(
                session, key=f"{objection.receipt}/{event}/{person.id}", topic=_topic(event), channel="email",
                to_address=person.email, to_name=person.name, subject=subject, body=body,
                about=f"/staff/objections/{objection.id}", department_code=person.department_code,
            )  # fmt: skip


def _on_the_case(session: Session, objection: Objection) -> Sequence[Person]:
    return objection.rechecking or holders(session, "recheck", objection.department_code)


def _topic(event: str) -> str:
    return event.partition("/")[0]
