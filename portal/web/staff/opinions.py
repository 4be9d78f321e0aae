"""征求意见 in the staff's room: who is asked about what, what was answered, and what is decided about it."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.codes.models import Department
from portal.db import db
from portal.people import roles
from portal.prior_notice import keys, opinions
from portal.prior_notice.models import Opinion
from portal.prior_notice.opinions import DECIDED, SAID, Asked
from portal.prior_notice.telling import CHANNEL_LABELS
from portal.publications import scope
from portal.publications.kinds import KINDS
from portal.publications.models import Publication
from portal.web.part_names import part_name
from portal.web.rendering import absolute
from portal.web.staff.clocks import clocks
from portal.web.staff.room import attempt, done, for_act, let_go, person, publication_here, staff
from portal.web.typed import storable
from portal.words import Sentence

START = "/objections/opinions/"
SHOWN = 200


def open_opinions() -> Sequence[Opinion]:
    """Those of the departments a person reads that are not decided, the first due first."""
    query = sa.select(Opinion).where(Opinion.decided_at.is_(None))
    if not roles.may(person(), "see_all_departments"):
        query = query.where(Opinion.department_code == person().department_code)
    return db.session.scalars(query.order_by(Opinion.due, Opinion.id).limit(SHOWN)).all()


@staff.get("/opinions/")
@for_act("see_work")
def staff_opinions() -> ResponseReturnValue:
    rows = [(each, clocks().clock(each.due, provisional=each.provisional)) for each in open_opinions()]
    return render_template("staff/opinions.html", rows=rows, SAID=SAID)


@staff.get("/publications/<number>/opinions")
@for_act("see_work")
def opinions_of(number: str) -> ResponseReturnValue:
    return _ask_page(publication_here(number))


@staff.post("/publications/<number>/opinions")
@for_act("tell_beforehand")
def ask_opinion(number: str) -> ResponseReturnValue:
    """Ask somebody; a letter is shown this one time."""
    given = {name: storable(request.form.get(name, "")) for name in ("path", "name", "channel", "phone")}
    asked = Asked(**given)
    publication_here(number)
    let_go()
    (key,) = keys.new_keys(1, with_code=asked.channel != "sms")
    made: list[Opinion] = []
    reasons = attempt(
        lambda: made.append(
            opinions.ask(
                db.session(), publication_here(number), asked, by=person(), terms=clocks().terms, key=key,
                link=lambda token: absolute(START + token),
            )
        )
    )  # fmt: skip
    if reasons:
        return _ask_page(publication_here(number), reasons, asked), 422
    if asked.channel != "sms":
        return _letter(made[0], key.code)
    done(_("已发出征求意见，短信正在发送。"))
    return redirect(url_for("staff.staff_opinion", opinion_id=made[0].id))


def _letter(row: Opinion, code: str) -> str:
    """The only time that anybody sees the code."""
    return render_template(
        "staff/opinion_letter.html",
        row=row,
        code=code,
        part=_part(row),
        address=absolute("/objections/prior/"),
        on=clock.today(),
        department=db.session.get_one(Department, row.department_code),
    )


@staff.get("/opinions/<int:opinion_id>")
@staff.get("/opinions/<int:opinion_id>/answer", endpoint="opinion_answer_page")
@staff.get("/opinions/<int:opinion_id>/decision", endpoint="opinion_decision_page")
@for_act("see_work")
def staff_opinion(opinion_id: int) -> ResponseReturnValue:
    return _page(_opinion_here(opinion_id))


@staff.post("/opinions/<int:opinion_id>/answer")
@for_act("tell_beforehand")
def take_opinion(opinion_id: int) -> ResponseReturnValue:
    """An answer given in writing, at the counter or by telephone."""
    row, text = _opinion_here(opinion_id), storable(request.form.get("text", ""))
    says = request.form.get("says", "")
    reasons = attempt(lambda: opinions.answer(db.session(), row, says, text, by=person()))
    if reasons:
        return _page(_opinion_here(opinion_id), reasons, text=text), 422
    done(_("已登记答复。"))
    return redirect(url_for("staff.staff_opinion", opinion_id=opinion_id))


@staff.post("/opinions/<int:opinion_id>/decision")
@for_act("decide_opinion")
def decide_opinion(opinion_id: int) -> ResponseReturnValue:
    """Disclose or withhold; drafts the adjustment of scope."""
    row, given = _opinion_here(opinion_id), storable(request.form.get("reasons", ""))
    decision = request.form.get("decision", "")
    reasons = attempt(
        lambda: opinions.decide(db.session(), row, by=person(), decision=decision, reasons=given)
    )
    if reasons:
        return _page(_opinion_here(opinion_id), reasons, reasons_given=given), 422
    done(_("已决定，并拟成调整公示范围的草稿；请核对后提交另一位同事同意。"))
    return redirect(url_for("staff.revision", revision_id=_opinion_here(opinion_id).revision_id))


def _opinion_here(opinion_id: int) -> Opinion:
    """One that this person may read; 404 otherwise, as if it were not there."""
    found = db.session.get(Opinion, opinion_id)
    if found is None or not roles.sees(person(), found.department_code):
        abort(404)
    return found


def _part(row: Opinion) -> str:
    return part_name(KINDS[row.publication.kind], row.path)


def _ask_page(
    publication: Publication, refused: list[Sentence] | None = None, asked: Asked | None = None
) -> str:
    session = db.session()
    standing = scope.standing(session, publication)
    kind, content = KINDS[publication.kind], standing.content if standing else {}
    blank = Asked("", str(content.get("entity_name") or ""), "", str(content.get("phone") or ""))
    return render_template(
        "staff/opinions_of.html",
        publication=publication,
        title=standing.title if standing else publication.number,
        parts=[(path, part_name(kind, path)) for path in (opinions.sought(standing) if standing else ())],
        rows=[(each, _part(each)) for each in opinions.of_publication(session, publication)],
        why_not=opinions.why_not_ask(session, publication, person()),
        asked=asked or blank,
        channels=CHANNEL_LABELS,
        SAID=SAID,
        DECIDED=DECIDED,
        refused=refused or [],
    )


def _page(
    row: Opinion, refused: list[Sentence] | None = None, *, text: str = "", reasons_given: str = ""
) -> str:
    session, me = db.session(), person()
    standing = scope.standing(session, row.publication)
    running = not opinions.is_settled(row)
    return render_template(
        "staff/opinion.html",
        row=row,
        part=_part(row),
        passages=opinions.passages(standing, row.path) if standing and running else [],
        clock=clocks().clock(row.due, provisional=row.provisional) if running else None,
        running=running,
        channels=CHANNEL_LABELS,
        why_not_decide=opinions.why_not_decide(session, row, me),
        why_not_answer=opinions.why_not_answer(row),
        can_take=roles.may(me, "tell_beforehand", department=row.department_code),
        SAID=SAID,
        DECIDED=DECIDED,
        refused=refused or [],
        text=text,
        reasons_given=reasons_given,
    )
