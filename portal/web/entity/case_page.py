"""The page of one case, and the page that asks for its code."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.codes.models import Department
from portal.evidence.examining import accept_attribute, accepted_types
from portal.evidence.kinds import LARGEST_FILE, MB, MOST_FILES
from portal.objections import papers, requirements
from portal.objections.documents import PAPERS
from portal.objections.grounds import GROUNDS, METHOD_LABELS, OUTCOME_LABELS, REMEDIES
from portal.objections.models import Objection
from portal.web.entity import standing
from portal.web.entity.room import RECEIPT, anew, is_opened, terms
from portal.words import Sentence


def code_page(
    values: Mapping[str, Any],
    reasons: Sequence[Sentence] = (),
    *,
    status: int = 200,
    text: str = "",
) -> ResponseReturnValue:
    """Number and code are asked for; looks the same whether there is such a case or not.

    :param text: what was typed on the page of the case when it was no longer open; carried along.
    """
    typed = {"receipt": plain_receipt(values.get("receipt") or ""), "text": text}
    return render_template("entity/start.html", typed=typed, reasons=reasons), status


def plain_receipt(text: str) -> str:
    """A receipt's number as it was meant; 「YY-2026-0001」 may come in small letters."""
    return "".join(text.split()).replace("－", "-").upper()[:40]


def opened(receipt: str, session: Session) -> Objection | None:
    """The case, when this browser has shown its code."""
    receipt = plain_receipt(receipt)
    if not RECEIPT.fullmatch(receipt) or not is_opened(receipt):
        return None
    return session.scalar(sa.select(Objection).where(Objection.receipt == receipt))


def opened_or_404(receipt: str, session: Session) -> Objection:
    """As :func:`opened`, for what only an opened case leads to."""
    found = opened(receipt, session)
    if found is None:
        abort(404)
    return found


def case_page(
    receipt: str,
    *,
    errors: Mapping[str, Sequence[Sentence]] | None = None,
    text: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Where the case stands, and what its objector may do now."""
    session = anew("reads")
    objection = opened(receipt, session)
    if objection is None:
        return code_page({"receipt": receipt}, text=text)
    rules = terms(session)
    page = render_template(
        "entity/case.html",
        case=objection,
        department=session.get_one(Department, objection.department_code),
        stands=standing.STANDS[objection.state],
        done=standing.DONE,
        clocks=standing.clocks(objection, rules),
        earlier=standing.earlier_countings(objection),
        trail=standing.trail(objection),
        papers=papers.shown_to_objector(objection),
        outcome=OUTCOME_LABELS[objection.outcome] if objection.state in papers.ANSWER_SEEN else None,
        titles=PAPERS,
        item_names=papers.item_names(session, objection),
        why_not_add=requirements.why_not_add(objection),
        why_not_withdraw=requirements.why_not_withdraw(objection),
        grounds=GROUNDS,
        methods=METHOD_LABELS,
        remedies=REMEDIES,
        profile=rules.profile,
        errors=errors or {},
        text=text,
        **_limits(),
    )
    return page, status


def _limits() -> dict[str, Any]:
    return {
        "accept": accept_attribute(),
        "accepted": accepted_types(),
        "most": MOST_FILES,
        "largest": LARGEST_FILE // MB,
    }
