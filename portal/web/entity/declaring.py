"""商业秘密事先声明, from the entity's side: declared with a code that came with an inspection notice or a letter."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import Refused
from portal.prior_notice import declaring, keys, opening
from portal.prior_notice.declaring import Declared
from portal.publications.declared import Declaration
from portal.publications.prior import PriorNotice
from portal.web.entity.form_page import by_field
from portal.web.entity.prior import LOST, start_page
from portal.web.entity.prior_page import opened, remember, remembered
from portal.web.entity.room import KEY, anew, entity, here, visitor
from portal.web.typed import storable
from portal.words import Sentence

FIELDS = ("name", "department", "title", "words", "why", "until", "contact")
DECLARED = "declared"


@entity.get("/declarations/new")
def new_declaration() -> ResponseReturnValue:
    """With ``notice``, an opened notice says whose declaration it is, and no code is asked for."""
    notice = opened_notice()
    typed = Declared(
        key=keys.new_keys(1, with_code=False)[0].token,
        subject=notice.subject if notice else "",
        name="",
        department=notice.department_code if notice else "",
        title="",
        words="",
        why="",
    )
    return declaration_form(typed, notice)


@entity.post("/declarations/new")
def declare() -> ResponseReturnValue:
    """Filed when the code fits; what was typed stays when it does not."""
    notice = opened_notice()
    typed = typed_declaration(notice)
    if notice is None:
        fitting = bool(opening.by_code(anew("reads"), typed.subject, request.form.get("code", "")[:80]))
        session = anew("write")
        try:
            keys.judge(session, typed.subject, fitting, visitor=visitor())
        except Refused as refusal:
            session.commit()  # the counter of wrong guesses counts although the act is refused
            return declaration_form(typed, None, {"code": list(refusal.reasons)}, 422)
        session.commit()
    session = anew("write")
    wrong = declaring.problems(session, typed)
    if wrong:
        return declaration_form(typed, notice, by_field(wrong), 422)
    row = declaring.declare(session, typed)
    session.commit()
    remember("declarations", [row.id])
    flash(DECLARED)
    return redirect(url_for("entity.declaration", declaration_id=row.id), 303)


@entity.get("/declarations/<int:declaration_id>")
def declaration(declaration_id: int) -> ResponseReturnValue:
    """What was declared and what became of it, on a browser that declared it or has shown a code."""
    row = here().get(Declaration, declaration_id) if declaration_id in remembered("declarations") else None
    if row is None:
        return start_page([LOST], status=404)
    return render_template("entity/declaration.html", row=row)


def opened_notice() -> PriorNotice | None:
    """The notice from which somebody came here."""
    handle = request.values.get("notice", "")
    return opened(here(), handle) if handle else None


def typed_declaration(notice: PriorNotice | None) -> Declared:
    """What stands in the form; an opened notice says whose it is."""
    given = {name: storable(request.form.get(name, "")) for name in FIELDS}
    key = request.form.get("key", "")
    subject = notice.subject if notice else keys.subject_typed(request.form.get("subject", "")[:200])
    key = key if KEY.fullmatch(key) else keys.new_keys(1, with_code=False)[0].token
    return Declared(key=key, subject=subject, **given)


def declaration_form(
    typed: Declared,
    notice: PriorNotice | None,
    errors: dict[str, list[Sentence]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The form with what was typed and what is wrong with it."""
    page = render_template(
        "entity/declaration_new.html",
        typed=typed,
        known=notice is not None,
        handle=request.values.get("notice", "") if notice is not None else "",
        errors=errors or {},
    )
    return page, status
