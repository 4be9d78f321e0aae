"""The acts on a case, each at its own address; why one was refused comes back to its form with what was typed."""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db
from portal.errors import Refused
from portal.files import Store
from portal.objections import deciding, desk, handling, keeping, requirements
from portal.objections.models import Objection, ObjectionFile
from portal.people.models import Person
from portal.publications import duty
from portal.publications.models import Revision
from portal.publications.values import prose
from portal.web.staff.clocks import clocks
from portal.web.staff.objection_case import NOUNS, PURPOSES, case_here, case_page
from portal.web.staff.objections import as_day
from portal.web.staff.revisions import seen
from portal.web.staff.room import attempt, done, let_go, person, staff
from portal.web.typed import whole_number
from portal.words import Sentence, say

Act = Callable[[Objection], object]
MOST_PEOPLE = 20


@staff.post(f"/objections/<int:objection_id>/<any({', '.join(NOUNS)}):noun>")
def act_on_objection(objection_id: int, noun: str) -> ResponseReturnValue:
    case = case_here(objection_id)
    reasons = attempt(lambda: ACTS[noun](case))
    if reasons:
        return case_page(case_here(objection_id), reasons, shown=noun), 422
    done(SAID[noun].in_language(_))
    return redirect(url_for("staff.objection", objection_id=objection_id))


def text(name: str) -> str:
    """What was typed in a field, without control characters."""
    return prose(request.form.get(name, ""))


def _identify(case: Objection) -> None:
    handling.identify(db.session(), case, by=person(), note=text("note"), seen=seen())


def _ask_supplement(case: Objection) -> None:
    handling.ask_supplement(
        db.session(), case, text("wanted").splitlines(), by=person(), terms=clocks().terms, seen=seen()
    )


def _go_on(case: Objection) -> None:
    handling.go_on(db.session(), case, by=person(), seen=seen())


def _refuse(case: Objection) -> None:
    handling.not_accept(
        db.session(), case, request.form.get("ground", ""), text("reason"),
        by=person(), passed_to=text("passed_to"), seen=seen(),
    )  # fmt: skip


def _assign(case: Objection) -> None:
    handling.assign(db.session(), case, _people("person"), by=person(), seen=seen())


def _dispense(case: Objection) -> None:
    handling.dispense(
        db.session(), case, request.form.get("kind", ""), text("reason"), by=person(), seen=seen()
    )


def _step_aside(case: Objection) -> None:
    handling.step_aside(db.session(), case, text("reason"), by=person(), seen=seen())


def _record(case: Objection) -> None:
    done_on = as_day(request.form.get("done_on", ""))
    if done_on is None:
        raise Refused(say("请填写复查日期。"))
    handling.record(
        db.session(), case, text("findings"), by=person(), done_on=done_on, present=_people("there"),
        on_the_spot=request.form.get("on_the_spot") == "yes", seen=seen(),
    )  # fmt: skip


def _draft_decision(case: Objection) -> None:
    deciding.draft_decision(
        db.session(), case, request.form.get("outcome", ""), text("reasons"),
        by=person(), revision=_revision(), seen=seen(),
    )  # fmt: skip


def _opine(case: Objection) -> None:
    deciding.opine(db.session(), case, text("opinion"), by=person(), seen=seen())


def _send_back(case: Objection) -> None:
    deciding.send_back(db.session(), case, text("note"), by=person(), seen=seen())


def _send(case: Objection) -> None:
    deciding.send(
        db.session(),
        case,
        request.form.get("method", ""),
        by=person(),
        evidence=text("evidence"),
        seen=seen(),
    )


def _deliver(case: Objection) -> None:
    on = as_day(request.form.get("on", ""))
    if on is None:
        raise Refused(say("请填写送达日期。"))
    deciding.deliver(db.session(), case, by=person(), on=on, evidence=text("evidence"), seen=seen())


def _close(case: Objection) -> None:
    deciding.close(db.session(), case, by=person(), seen=seen())


ACTS: Mapping[str, Act] = {
    "identity": _identify,
    "supplement": _ask_supplement,
    "continuation": _go_on,
    "refusal": _refuse,
    "assignment": _assign,
    "dispensation": _dispense,
    "recusal": _step_aside,
    "recheck": _record,
    "decision": _draft_decision,
    "opinion": _opine,
    "return": _send_back,
    "dispatch": _send,
    "delivery": _deliver,
    "closing": _close,
}

SAID: Mapping[str, Sentence] = {
    "identity": say("已确认申请人身份。"),
    "supplement": say("已告知申请人补正，补正材料告知书已编号。"),
    "continuation": say("已登记未补正，请指派复查人员。"),
    "refusal": say("已作出决定，告知书已编号，请打印后送达申请人。"),
    "assignment": say("已指派复查人员。"),
    "dispensation": say("已记录，理由留痕。"),
    "recusal": say("已登记回避，请负责人另行指派。"),
    "recheck": say("已记录复查情况，请拟出复查结果。"),
    "decision": say("复查结果已拟好，已提请主要负责人签署。"),
    "opinion": say("法制意见已记入更正审批表。"),
    "return": say("已退回复查人员重拟，复查期限继续计算。"),
    "dispatch": say("已登记送出；送达之前，反馈期限继续计算。"),
    "delivery": say("已登记送达。"),
    "closing": say("已办结。"),
}

assert set(ACTS) == set(SAID) == set(NOUNS)


def _people(name: str) -> Sequence[Person]:
    ids = [whole_number(each) for each in request.form.getlist(name)[:MOST_PEOPLE]]
    return db.session.scalars(sa.select(Person).where(Person.id.in_([each for each in ids if each]))).all()


def _revision() -> Revision | None:
    chosen = whole_number(request.form.get("revision", ""))
    return db.session.get(Revision, chosen) if chosen else None


# ── files ────────────────────────────────────────────────────


def store() -> Store:
    """Where the files of cases are kept."""
    return Store(current_app.extensions["portal_settings"].evidence_dir)


def uploads(name: str) -> list[tuple[str, bytes]]:
    """The files that a form sent, by name and content."""
    return [(each.filename, each.read()) for each in request.files.getlist(name) if each.filename]


@staff.post("/objections/<int:objection_id>/files")
def add_files(objection_id: int) -> ResponseReturnValue:
    """A scanned sheet, minutes, a proof of delivery: examined and on disk before the case is written to."""
    case, purpose, sent = case_here(objection_id), request.form.get("purpose", ""), uploads("file")
    reasons = requirements.why_not_add_file(case, person())
    if purpose not in PURPOSES:
        reasons.append(say("请选择这是什么材料。"))
    if not sent:
        reasons.append(say("请选择要上传的文件。"))
    kept: list[ObjectionFile] = []
    if not reasons:
        sizes = [each.size for each in case.files]
        let_go()
        reasons = attempt(lambda: kept.extend(keeping.keep(store(), sent, purpose=purpose, existing=sizes)))
    if not reasons:
        reasons = attempt(
            lambda: handling.add_files(db.session(), case_here(objection_id), kept, by=person())
        )
    if reasons:
        return case_page(case_here(objection_id), reasons, shown="files"), 422
    done(_("已放入案卷。"))
    return redirect(url_for("staff.objection", objection_id=objection_id))


# ── 写了不该公开的 ───────────────────────────────────────────


@staff.post("/objections/<int:objection_id>/hold")
def hold_result(objection_id: int) -> ResponseReturnValue:
    """立即暂停公示: one duty officer, at once."""
    case = case_here(objection_id)
    reasons = attempt(lambda: duty.hold(db.session(), case.publication, by=person(), reason=text("reason")))
    if reasons:
        return case_page(case_here(objection_id), reasons), 422
    done(_("已暂停公示，公众页面上已看不到内容。主要负责人须在一个工作日内确认。"))
    return redirect(url_for("staff.objection", objection_id=objection_id))


@staff.post("/objections/<int:objection_id>/hold/confirmation")
def confirm_hold_of_objection(objection_id: int) -> ResponseReturnValue:
    case = case_here(objection_id)
    held = desk.hold_on(db.session(), case)
    reasons = [say("这条结果现在没有暂停公示，不需要确认。")] if held is None else []
    if held is not None:
        reasons = attempt(lambda: duty.confirm_hold(db.session(), held, by=person()))
    if reasons:
        return case_page(case_here(objection_id), reasons), 422
    done(_("已确认暂停公示。"))
    return redirect(url_for("staff.objection", objection_id=objection_id))
