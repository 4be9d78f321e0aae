"""One case: who objects and why, each due day beside the actual one, every step, paper and message, and the acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.clock import today
from portal.db import db
from portal.objections import desk, papers, queries, requirements, standing_aside
from portal.objections.documents import PAPERS
from portal.objections.grounds import NOT_ACCEPTED, OF_SCOPE, PUT_RIGHT, UNDISCLOSABLE
from portal.objections.handling import ACT_LABELS
from portal.objections.identity import WAYS
from portal.objections.models import BEFORE_RECHECK, BEFORE_SIGNING, Objection, ObjectionTerm
from portal.objections.papers import Counting
from portal.people import roles
from portal.people.models import Person
from portal.publications import duty
from portal.publications import requirements as publishing
from portal.publications.kinds import KINDS
from portal.publications.scope import RESCOPE
from portal.web.staff.clocks import clocks
from portal.web.staff.objections import WORDS, clock_of, unread
from portal.web.staff.record_view import record_view
from portal.web.staff.room import person, staff
from portal.words import Sentence, say

TERM_LABELS: Mapping[str, Sentence] = {
    "recheck": say("复查"),
    "feedback": say("反馈复查结果"),
    "supplement_reply": say("提交补正材料"),
}
CAUSES: Mapping[str, Sentence] = {
    "set": say("起算"),
    "supplement": say("补正后重新起算"),
    "calendar": say("放假安排公布后重算"),
}
PURPOSES: Mapping[str, Sentence] = {
    "evidence": say("证明材料"),
    "licence": say("营业执照"),
    "authority": say("授权委托书"),
    "supplement": say("补充材料"),
    "minutes": say("笔录"),
    "sheet": say("更正审批表（纸质扫描）"),
    "delivery": say("送达凭证"),
}
NOUNS = (
    "identity", "supplement", "continuation", "refusal", "assignment", "dispensation", "recusal", "recheck",
    "decision", "opinion", "return", "dispatch", "delivery", "closing",
)  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One act on a case: its name in the address and the template, what its button says, why it can not be done."""

    name: str
    label: Sentence
    reasons: list[Sentence]


@dataclass(frozen=True)
class Kept:
    """One term as the page shows it: with its counting, when today's calendar still gives the same day."""

    term: ObjectionTerm
    counting: Counting
    earlier: Sequence[ObjectionTerm]


def case_here(objection_id: int) -> Objection:
    """A case that this person may read; 404 otherwise, as if it were not there."""
    found = db.session.get(Objection, objection_id)
    if found is None or not queries.sees(person(), found):
        abort(404)
    return found


@staff.get("/objections/<int:objection_id>")
@staff.get(f"/objections/<int:objection_id>/<any({', '.join(NOUNS)}):noun>", endpoint="objection_act")
def objection(objection_id: int, noun: str = "") -> ResponseReturnValue:
    return case_page(case_here(objection_id), shown=noun)


def case_page(case: Objection, refused: list[Sentence] | None = None, *, shown: str = "") -> str:
    """The page of a case, with what was refused beside the button, and what was typed still there."""
    session, me = db.session(), person()
    panels = sorted(panels_of(case, me), key=lambda each: bool(each.reasons))  # what can be done comes first
    return render_template(
        "staff/objection.html",
        case=case,
        standing=standing(case),
        clock=clock_of(case.term("feedback") or case.term("recheck")),
        kept=kept_terms(case),
        contact=queries.handles(me, case),
        panels=panels,
        shown=shown or (panels[0].name if panels and not panels[0].reasons else ""),
        refused=refused or [],
        candidates=_candidates(case, panels),
        corrections=desk.corrections(session, case),
        correcting=_correcting(case, me),
        messages=desk.messages(session, case) if roles.may(me, "see_outbox") else None,
        people=names_of(case),
        hold=_hold(case, me),
        waits=unread(case),
        why_not_file=requirements.why_not_add_file(case, me),
        kind=KINDS["result"],
        today=today(),
        typed=request.form,
        seen=case.step_id,
        **case_words(),
    )


def case_words() -> dict[str, object]:
    """The words of states, terms, papers and acts for the templates of a case."""
    return {
        "TERM_LABELS": TERM_LABELS, "CAUSES": CAUSES, "PURPOSES": PURPOSES, "IDENTITIES": WAYS,
        "PAPERS": PAPERS, "OBJECTION_ACTS": ACT_LABELS, "NOT_ACCEPTED": NOT_ACCEPTED, **WORDS,
    }  # fmt: skip


# ── what can be done ─────────────────────────────────────────


def panels_of(case: Objection, by: Person) -> list[Panel]:
    """What can happen next to a case; the first is the one that leads on."""
    may = requirements
    assign = Panel("assignment", say("指派复查人员"), may.why_not_assign(case, by))
    dispense = Panel("dispensation", say("记录回避的例外安排"), may.why_not_dispense(case, by))
    refuse = Panel("refusal", say("不予受理或者转送"), may.why_not_refuse(db.session(), case, "", by))
    identify = Panel("identity", say("确认申请人身份"), may.why_not_identify(case, by))
    identifying = [] if case.identity or case.state not in BEFORE_SIGNING else [identify]
    if case.state in BEFORE_RECHECK:
        return [*_before_recheck(case, by, assign), *identifying, dispense, refuse]
    if case.state == "rechecking":
        again = Panel("assignment", say("改派复查人员"), assign.reasons)
        return [*_rechecking(case, by), again, *identifying, dispense]
    if case.state == "decision_drafted":
        return [
            Panel("opinion", say("出具法制意见"), may.why_not_opine(case, by)),
            Panel("return", say("退回重拟"), may.why_not_send_back(case, by)),
            *identifying,
        ]
    return _after_signing(case, by)


def _before_recheck(case: Objection, by: Person, assign: Panel) -> list[Panel]:
    supplement = Panel(
        "supplement", say("要求补正（一次告知）"), requirements.why_not_ask_supplement(case, by)
    )
    if case.state == "received":
        return [assign, supplement]
    if case.state == "supplement_asked":
        return [Panel("continuation", say("未补正，继续办理"), requirements.why_not_go_on(case, by)), assign]
    return [assign]


def _rechecking(case: Objection, by: Person) -> list[Panel]:
    record = Panel("recheck", say("记录复查情况"), requirements.why_not_record(case, by))
    decide = Panel("decision", say("拟出复查结果"), requirements.why_not_draft_decision(case, by))
    aside = Panel("recusal", say("自行回避"), [])
    first = [record, decide] if case.recheck is None else [decide, record]
    return first + ([aside] if by.id in [each.id for each in case.rechecking] else [])


def _after_signing(case: Objection, by: Person) -> list[Panel]:
    if case.state == "signed":
        send = Panel("dispatch", say("送出复查结果"), requirements.why_not_send(case, "post", by))
        deliver = Panel("delivery", say("登记送达"), requirements.why_not_deliver(case, by))
        if not case.deliveries:
            return [send, deliver]
        return [deliver, Panel("dispatch", say("改用其他方式送出"), send.reasons)]
    if case.state == "delivered":
        return [Panel("closing", say("办结"), requirements.why_not_close(case, by))]
    return []


def _candidates(case: Objection, panels: Sequence[Panel]) -> Sequence[tuple[Person, list[Sentence]]]:
    """Who could re-check, with why not; asked only where somebody can be assigned."""
    if any(each.name == "assignment" and not each.reasons for each in panels):
        return standing_aside.candidates(db.session(), case)
    return []


@dataclass(frozen=True)
class Correcting:
    """The drafts that a case may lead to, each with why not."""

    correct: list[Sentence]
    withdraw: list[Sentence]
    second: list[Sentence] | None  # a second entry for 我已经改好了 (D14)
    scope: list[Sentence] | None  # an adjustment of scope for what should not have been shown or hidden (W1)


def _correcting(case: Objection, by: Person) -> Correcting | None:
    if case.state not in BEFORE_SIGNING:
        return None

    def why_not(act: str) -> list[Sentence]:
        return publishing.why_not_draft(db.session(), "result", act, case.publication, by)

    second = roles.why_not(by, "draft", department=case.department_code)
    return Correcting(
        why_not("correct"),
        why_not("withdraw"),
        second if PUT_RIGHT in case.grounds else None,
        why_not(RESCOPE) if set(OF_SCOPE) & set(case.grounds) else None,
    )


@dataclass(frozen=True)
class Holding:
    """写了不该公开的: whether the result is on hold, and who may do what about it."""

    held: object
    asked: bool
    why_not: list[Sentence]
    why_not_confirm: list[Sentence]


def _hold(case: Objection, by: Person) -> Holding | None:
    held = desk.hold_on(db.session(), case)
    asked = UNDISCLOSABLE in case.grounds and case.state in BEFORE_SIGNING
    if held is None and not asked:
        return None
    return Holding(
        held,
        asked,
        duty.why_not_hold(db.session(), case.publication, by),
        roles.why_not(by, "confirm_hold", department=case.department_code),
    )


# ── what is shown ────────────────────────────────────────────


def standing(case: Objection) -> object:
    """The contested result as staff read it: the newest words that were public."""
    done = [
        each
        for each in case.publication.revisions
        if each.state == "done" and each.act in ("publish", "correct")
    ]
    if not done:
        return None
    return record_view(KINDS["result"], done[-1].content, done[-1].marks)


def kept_terms(case: Objection) -> list[Kept]:
    """The terms that stand, each with the countings it replaced."""
    found = []
    for term in case.terms:
        if term.replaced_at is None:
            earlier = [each for each in case.terms if each.name == term.name and each.replaced_at]
            found.append(Kept(term, papers.of_term(term, clocks().terms), earlier))
    return found


def names_of(case: Objection) -> Mapping[int, str]:
    """The names of everybody that the rows of a case name by id; one query."""
    wanted = {each.by_id for each in case.files} | {each.by_id for each in case.deliveries}
    wanted |= {each.by_id for each in case.dispensations} | {each.asked_by_id for each in case.supplements}
    wanted |= {each.sent_back_by_id for each in case.decisions}
    for recheck in case.rechecks:
        wanted |= set(recheck.present)
    found = db.session.query(Person.id, Person.name).where(Person.id.in_([each for each in wanted if each]))
    return {row.id: row.name for row in found}
