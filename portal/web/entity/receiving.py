"""Filing: the form, its draft, and the receipt that is shown only once the filing is durable.

What is slow (looking at photos, writing them, hashing the code) comes before the write door is opened.
"""

from dataclasses import dataclass

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from portal.errors import Refused
from portal.ledger import book
from portal.objections import filing, following, keeping, papers
from portal.objections.models import Objection, ObjectionDraft, ObjectionFile
from portal.web.entity import form_page as form
from portal.web.entity.form_page import Shown, form_page
from portal.web.entity.room import (
    KEY,
    anew,
    entity,
    forget_form,
    form_key,
    here,
    language,
    remember_case,
    store,
    terms,
)
from portal.web.entity.subject import subject_of
from portal.web.entity.typed_form import Typed, as_form, filing_of, is_empty, nothing_typed, typed_in
from portal.web.entity.uploads import Taken, sent, take_in
from portal.web.typed import whole_number


@dataclass(frozen=True)
class Asked:
    """One sending of the form."""

    number: str
    key: str
    typed: Typed
    act: str  # file, save, or remove
    removed: int | None


def asked() -> Asked:
    """What this request sends; a key that is none of ours is replaced."""
    number = result_number()
    key = request.form.get("key", "")
    removed = whole_number(request.form.get("remove", ""))
    act = "remove" if removed is not None else "save" if request.form.get("act") == "save" else "file"
    return Asked(number, key if KEY.fullmatch(key) else form_key(number), typed_in(request.form), act, removed)  # fmt: skip


def result_number() -> str:
    """The 公示编号 in the address."""
    return request.args.get("result", "").strip().upper()[:40]


@entity.get("/new")
def new() -> ResponseReturnValue:
    number = result_number()
    if not number:
        return render_template("entity/start.html", typed={}, reasons=[])
    if subject_of(here(), number) is None:
        return render_template("entity/no_result.html", number=number), 404
    if request.args.get("another"):
        forget_form(number)
    key = form_key(number)
    received = filing.received(here(), key)
    if received is not None:  # the answer to the form got lost on its way
        return receipt_shown(received, key)
    draft = keeping.draft(here(), key)
    typed = as_form(draft.typed) if draft is not None else nothing_typed()
    return form_page(number, key, typed, Shown(resumed=draft is not None))


@entity.post("/new")
def receive() -> ResponseReturnValue:
    """Receive a filing, or keep it as a draft. The same key gives the same receipt."""
    this = asked()
    session = anew("reads")
    if subject_of(session, this.number) is None:
        return render_template("entity/no_result.html", number=this.number), 404
    received = filing.received(session, this.key)
    if received is not None:
        return receipt_shown(received, this.key)
    sizes = [each.size for each in form.kept_files(session, this.key) if each.id != this.removed]
    session.rollback()  # the connection is given back before the slow part
    taken = take_in(store(), sent(), sizes)
    sealed = following.seal(code_of(this.key)) if this.act == "file" else ""
    try:
        return _kept_or_filed(this, taken, sealed)
    except (IntegrityError, StaleDataError):  # the page's script saved the draft at the same moment
        return _kept_or_filed(this, taken, sealed)


@entity.post("/new/draft")
def keep_draft() -> ResponseReturnValue:
    """What the page's script sends while somebody types: words alone."""
    this = asked()
    for _attempt in range(2):
        session = anew("write")
        try:
            if filing.received(session, this.key) is None and not is_empty(this.typed):
                keeping.save_draft(session, this.key, this.number, this.typed)
            session.commit()
            return "", 204
        except (IntegrityError, StaleDataError):  # the same form was sent at the same moment
            session.rollback()
    return "", 503


def _kept_or_filed(this: Asked, taken: Taken, sealed: str) -> ResponseReturnValue:
    session = anew("write")
    if this.act == "file":
        book.lock(
            session
        )  # of one form sent twice at once, the second waits here and finds the first's receipt
    received = filing.received(session, this.key)
    if received is not None:
        return receipt_shown(received, this.key)
    draft = keeping.save_draft(session, this.key, this.number, this.typed, taken.files)
    gone = _remove(session, draft, this.removed)
    words = filing_of(this.number, this.typed, language())
    errors = [*taken.refused]
    if this.act == "file":
        errors += [(each.field, each.sentence) for each in filing.problems(session, words, draft.files)]
    if errors or this.act != "file":
        session.commit()  # what was typed and handed in is kept although the form comes back
        for each in gone:
            store().delete(each)
        notice = form.SAVED if this.act == "save" and not errors else None
        return form_page(this.number, this.key, this.typed, Shown(form.by_field(errors), notice=notice), 422 if errors else 200)  # fmt: skip
    _file(session, words, draft, this.key, sealed)
    return _committed(this)


def _file(session: Session, words: filing.Filing, draft: ObjectionDraft, key: str, sealed: str) -> Objection:
    files = list(draft.files)
    objection = filing.file(session, words, files, key=key, code_hash=sealed, terms=terms(session))
    session.flush()
    session.expire(draft, ["files"])
    session.delete(draft)
    session.flush()
    return objection


def _committed(this: Asked) -> ResponseReturnValue:
    """The receipt, read on a fresh connection: what is shown is what is there."""
    try:
        here().commit()
        found = filing.received(anew("reads"), this.key)
    except SQLAlchemyError:  # the commit may have reached the database all the same: say neither
        current_app.logger.exception("whether a filing was received is not known")
        return form_page(this.number, this.key, this.typed, Shown(failure=form.UNSURE), 503)
    except Refused:  # the log's signer: the ledger is not what it signed before
        current_app.logger.exception("a filing was not received")
        return not_received(this)
    if found is None:
        return not_received(this)
    return receipt_shown(found, this.key, status=201)


def not_received(this: Asked) -> ResponseReturnValue:
    """The form again, and the plain word that nothing was received."""
    return form_page(this.number, this.key, this.typed, Shown(failure=form.NOT_RECEIVED), 503)


def receipt_shown(objection: Objection, key: str, status: int = 200) -> ResponseReturnValue:
    """The receipt with its code, in the answer itself: a browser that loses cookies shows it all the same."""
    session = anew("reads")
    found = filing.received(session, key)
    if found is None:
        raise Refused(form.NOT_RECEIVED)
    forget_form(found.result_number)
    remember_case(found)
    paper = papers.sheet(session, found, "receipt", terms(session))
    page = render_template("entity/receipt.html", paper=paper, code=code_of(key), first=True)
    return page, status


def code_of(key: str) -> str:
    """The following code of a form's key."""
    return following.code_for(str(current_app.config["SECRET_KEY"]), key)


def _remove(session: Session, draft: ObjectionDraft, file_id: int | None) -> list[str]:
    """Take a file out of a draft; the names to delete from the store after the commit."""
    found: ObjectionFile | None = next((each for each in draft.files if each.id == file_id), None)
    if found is None:
        return []
    names = [each for each in (found.stored, found.viewable) if each]
    draft.files.remove(found)
    session.delete(found)
    session.flush()
    return names
