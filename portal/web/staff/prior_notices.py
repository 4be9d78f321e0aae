"""公示前告知 in the staff's room: who must be told, who was, what came back, and what is decided about it."""

from functools import partial

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import clock
from portal.codes.models import Department
from portal.db import db
from portal.people import roles
from portal.prior_notice import answering, keys, queries, telling
from portal.prior_notice.answering import SAID, Typed
from portal.prior_notice.queries import PILES, Pile
from portal.prior_notice.telling import CHANNEL_LABELS, Letter
from portal.publications.kinds.result import RESULT
from portal.publications.models import Prepared
from portal.publications.prior import PriorAnswer, PriorNotice, publish_by
from portal.web.part_names import part_name
from portal.web.rendering import absolute
from portal.web.staff.clocks import clocks
from portal.web.staff.paging import Pages, asked_page
from portal.web.staff.room import attempt, batch_here, done, for_act, let_go, person, staff
from portal.web.typed import storable, whole_number
from portal.words import Sentence, say

PER_PAGE = 50
START = "/objections/prior/"


def link(token: str) -> str:
    """The full address that a message holds."""
    return absolute(START + token)


@staff.get("/prior-notices/")
@for_act("see_work")
def prior_notices() -> ResponseReturnValue:
    return _list_page()


@staff.get("/prior-notices/<int:notice_id>")
@staff.get("/prior-notices/<int:notice_id>/telling", endpoint="prior_telling_page")
@staff.get("/prior-notices/<int:notice_id>/answers", endpoint="prior_answers_page")
@for_act("see_work")
def prior_notice(notice_id: int) -> ResponseReturnValue:
    return _page(_notice_here(notice_id))


@staff.post("/prior-notices/<int:notice_id>/telling")
@for_act("tell_beforehand")
def tell_prior(notice_id: int) -> ResponseReturnValue:
    """Tell one entity; a letter is shown this one time."""
    channel, seen = request.form.get("channel", ""), whole_number(request.form.get("told", ""))
    notice = _notice_here(notice_id)
    reasons = telling.why_not_tell(notice, telling.approved(db.session(), notice), person(), channel)
    if reasons:
        return _page(notice, reasons), 422
    let_go()
    (key,) = keys.new_keys(1, with_code=channel != "sms")
    letters: list[Letter] = []
    reasons = attempt(
        lambda: letters.append(
            telling.tell(
                db.session(), _notice_here(notice_id), by=person(), channel=channel, terms=clocks().terms,
                key=key, link=link, seen=seen or 0,
            )
        )
    )  # fmt: skip
    if reasons:
        return _page(_notice_here(notice_id), reasons), 422
    if channel != "sms":
        return _letters(letters)
    done(_("已告知，短信正在发送。最迟%(day)s答复。", day=letters[0].due.isoformat()))
    return redirect(url_for("staff.prior_notice", notice_id=notice_id))


@staff.post("/prior-notices/batches/<int:batch_id>")
@for_act("tell_beforehand")
def tell_prior_batch(batch_id: int) -> ResponseReturnValue:
    """Tell everybody of a batch who was not told yet. Commits per chunk."""
    batch, channel = batch_here(batch_id), request.form.get("channel", "")
    reasons = roles.why_not(person(), "tell_beforehand", department=batch.department_code)
    if channel not in ("sms", "paper"):
        reasons.append(say("请选择用什么方式告知。"))
    if reasons:
        return _list_page(reasons), 422
    count = len(telling.untold(db.session(), batch_id, department=batch.department_code))
    let_go()
    made = keys.new_keys(count, with_code=channel == "paper")
    told = telling.tell_batch(
        db.session(), batch_id, by=person(), channel=channel, terms=clocks().terms, keys=made, link=link
    )
    if channel == "paper" and told.letters:
        return _letters(told.letters, told.refused)
    return render_template("staff/prior_told.html", told=told, batch=batch_here(batch_id))


def _letters(letters: list[Letter], refused: object = ()) -> str:
    """The only time that anybody sees the codes."""
    return render_template(
        "staff/prior_letters.html",
        letters=letters,
        refused=refused,
        address=absolute(START),
        on=clock.today(),
        department=db.session.get_one(Department, letters[0].notice.department_code),
        term=clocks().profile.terms[telling.TERM],
        publish_by=publish_by,
    )


# ── what came back ───────────────────────────────────────────


@staff.post("/prior-notices/<int:notice_id>/answers")
@for_act("tell_beforehand")
def take_prior_answer(notice_id: int) -> ResponseReturnValue:
    """An answer given at the counter or by telephone."""
    notice = _notice_here(notice_id)
    given = {name: storable(request.form.get(name, "")) for name in ("says", "text", "phone")}
    key = request.form.get("key", "")[:64] or keys.new_keys(1, with_code=False)[0].token
    typed = Typed(key=key, **given)
    reasons = attempt(lambda: answering.answer(db.session(), notice, typed, parts=[], by=person()))
    if reasons:
        return _page(_notice_here(notice_id), reasons, typed), 422
    done(_("已登记检查对象的答复。"))
    return redirect(url_for("staff.prior_notice", notice_id=notice_id))


@staff.get("/prior-notices/<int:notice_id>/answers/<int:answer_id>")
@for_act("see_work")
def prior_answer(notice_id: int, answer_id: int) -> ResponseReturnValue:
    return _page(_notice_here(notice_id))


@staff.post("/prior-notices/<int:notice_id>/answers/<int:answer_id>")
@for_act("see_work")
def decide_prior_answer(notice_id: int, answer_id: int) -> ResponseReturnValue:
    """Accepted, which sends the revision back; or not accepted, with reasons."""
    notice = _notice_here(notice_id)
    row = db.session.get(PriorAnswer, answer_id)
    if row is None or row.notice_id != notice.id:
        abort(404)
    how, reasons_given = request.form.get("decision", ""), storable(request.form.get("reasons", ""))
    reasons = [] if how in ("accept", "decline") else [say("请选择采纳还是不采纳。")]
    reasons = reasons or attempt(
        lambda: answering.decide(
            db.session(), row, by=person(), accepted=how == "accept", reasons=reasons_given
        )
    )
    if reasons:
        return _page(_notice_here(notice_id), reasons, deciding=(answer_id, reasons_given)), 422
    done(
        _("已采纳，稿件已退回修改。")
        if how == "accept"
        else _("已决定不采纳，理由已留痕，检查对象可以看到。")
    )
    return redirect(url_for("staff.prior_notice", notice_id=notice_id))


# ── pages ────────────────────────────────────────────────────


def _notice_here(notice_id: int) -> PriorNotice:
    """A notice that this person may read; 404 otherwise, as if it were not there."""
    found = db.session.get(PriorNotice, notice_id)
    if found is None or not roles.sees(person(), found.department_code):
        abort(404)
    return found


def _pile(counts: dict[str, int]) -> Pile:
    """The pile that the address names; else the first in which anything lies."""
    name = request.args.get("show", "")
    if name:
        return next((each for each in PILES if each.name == name), None) or abort(404)
    order = ("answered", "untold", "over", "waiting")
    first = next((each for each in order if counts[each]), "untold")
    return next(each for each in PILES if each.name == first)


def _list_page(refused: list[Sentence] | None = None) -> str:
    session, me = db.session(), person()
    counts = queries.counts(session, me)
    shown = _pile(counts)
    pages = Pages(asked_page(), PER_PAGE, counts[shown.name])
    found = queries.lines(session, me, shown, page=pages.page, size=PER_PAGE)
    return render_template(
        "staff/prior_notices.html",
        piles=[(pile, counts[pile.name]) for pile in PILES],
        shown=shown,
        rows=[(line, clocks().clock(publish_by(line.revision.content))) for line in found],
        batches=queries.untold_batches(session, me) if shown.name == "untold" else [],
        pages=pages,
        term=clocks().profile.terms[telling.TERM],
        refused=refused or [],
    )


def _page(
    notice: PriorNotice,
    refused: list[Sentence] | None = None,
    typed: Typed | None = None,
    deciding: tuple[int, str] = (0, ""),
) -> str:
    session, me = db.session(), person()
    revision, approved = queries.newest_revision(session, notice), telling.approved(session, notice)
    why_not = {name: telling.why_not_tell(notice, approved, me, name) for name in CHANNEL_LABELS}
    prepared = session.get(Prepared, approved.id) if approved is not None else None
    return render_template(
        "staff/prior_notice.html",
        notice=notice,
        revision=revision,
        body=prepared.body if prepared else "",
        clock=clocks().clock(publish_by(revision.content)) if notice.publication.number is None else None,
        phone=telling.phone_of(approved) if approved is not None else "",
        channels=CHANNEL_LABELS,
        why_not=why_not,
        can_tell=roles.may(me, "tell_beforehand", department=notice.department_code),
        why_not_decide={each.id: answering.why_not_decide(each, me) for each in notice.undecided},
        why_not_answer=answering.why_not_answer(notice) if notice.told_at else [],
        SAID=SAID,
        part_name=partial(part_name, RESULT),
        typed=typed or Typed(keys.new_keys(1, with_code=False)[0].token, ""),
        deciding=deciding,
        open_now=notice.is_open(clock.today()),
        refused=refused or [],
    )
