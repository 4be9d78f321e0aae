"""征求意见, from the side of who is asked: the very words, and whether they may be public."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.errors import Refused
from portal.prior_notice import opinions
from portal.prior_notice.models import Opinion
from portal.publications import scope
from portal.publications.kinds import KINDS
from portal.web.entity.prior import LOST, start_page
from portal.web.entity.prior_page import remembered
from portal.web.entity.room import KEY, anew, entity, here
from portal.web.part_names import part_name
from portal.web.typed import storable, whole_number
from portal.words import Sentence


def opened(session: Session, handle: str) -> Opinion | None:
    """What a link's token opens, or this browser has shown a code for."""
    number = whole_number(handle)
    if number is not None and number in remembered("opinions"):
        found = session.get(Opinion, number)
        return found if found is not None and opinions.is_readable(found) else None
    return opinions.by_token(session, handle) if KEY.fullmatch(handle) else None


@entity.get("/opinions/<handle>")
def opinion(handle: str) -> ResponseReturnValue:
    row = opened(here(), handle)
    return start_page([LOST], status=404) if row is None else opinion_page(here(), row, handle)


@entity.post("/opinions/<handle>")
def answer_opinion(handle: str) -> ResponseReturnValue:
    session = anew("write")
    row = opened(session, handle)
    if row is None:
        return start_page([LOST], status=404)
    says, text = request.form.get("says", ""), storable(request.form.get("text", ""))
    try:
        opinions.answer(session, row, says, text)
    except Refused as refusal:
        session.rollback()
        again = opened(session, handle)
        if again is None:
            return start_page([LOST], status=404)
        return opinion_page(session, again, handle, list(refusal.reasons), says, text), 422
    session.commit()
    return redirect(url_for("entity.opinion", handle=handle), 303)


def opinion_page(
    session: Session,
    row: Opinion,
    handle: str,
    reasons: list[Sentence] | None = None,
    says: str = "",
    text: str = "",
) -> str:
    """The very words that are asked about, and no other withheld ones."""
    standing = scope.standing(session, row.publication) if row.decided_at is None else None
    return render_template(
        "entity/opinion.html",
        row=row,
        handle=handle,
        standing=standing,
        passages=opinions.asked_about(session, row) if standing else [],
        surroundings=opinions.surroundings(standing, row.path) if standing else "",
        part=part_name(KINDS[row.publication.kind], row.path),
        department=session.get_one(Department, row.department_code),
        why_not=opinions.why_not_answer(row),
        reasons=reasons or [],
        says=says,
        text=text,
        SAID=opinions.SAID,
        DECIDED=opinions.DECIDED,
    )
