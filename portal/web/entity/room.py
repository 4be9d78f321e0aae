"""The objector's room: no account; one cookie that remembers a form's key and which cases were opened."""

import re
import secrets
from typing import Any, cast

from flask import Blueprint, current_app, g, request, session
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.profiles import Profile, load_profile
from portal.db import Door, db, open_at
from portal.deadlines.calendar import load_calendar
from portal.files import Store
from portal.objections.models import Objection
from portal.publications.dating import Terms
from portal.settings import Settings
from portal.web.rendering import is_of_this_site

entity = Blueprint("entity", __name__)

KEY = re.compile(r"[A-Za-z0-9_-]{43}")
RECEIPT = re.compile(r"[A-Za-z]{2}-[0-9]{4}-[0-9]{1,9}")
REMEMBERED = 8  # forms, and cases: a cookie holds 4 KB
OPEN_FOR = 6 * 3600  # seconds a case stays open on this phone without its code
WIDEST_UPLOAD = 4  # times the site's limit: what is too large is refused by file, with the words kept


@entity.url_value_preprocessor
def let_uploads_in(endpoint: str | None, values: dict[str, Any] | None) -> None:
    request.max_content_length = WIDEST_UPLOAD * settings().max_upload_mb * 2**20


def settings() -> Settings:
    """The site's settings."""
    return cast(Settings, current_app.extensions["portal_settings"])


def profile() -> Profile:
    """The rules of this place."""
    return load_profile(settings().profile)


def terms(session: Session) -> Terms:
    """The rules of this place and the calendar they are counted by."""
    return Terms(profile(), load_calendar(session))


def store() -> Store:
    """Where handed-in files stand."""
    return Store(settings().evidence_dir)


def here() -> Session:
    """The session of this request."""
    return cast(Session, db.session())


def anew(door: Door) -> Session:
    """A fresh connection at a door; what the one before had not committed is gone."""
    db.session.remove()
    open_at(door)
    return here()


def language() -> str:
    """The reader's language, as an objection keeps it."""
    return "en" if g.get("language") == "en" else "zh"


def visitor() -> str:
    """What tells one visitor from another, for the throttle."""
    return request.remote_addr or ""


def from_elsewhere() -> bool:
    """Whether another site sent this form: then nothing of it is taken over. Old browsers say nothing."""
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is not None and not is_of_this_site(origin)


# ── what the cookie remembers ────────────────────────────────


def form_key(number: str) -> str:
    """The key of this browser's form on a result, made when it is first asked for."""
    forms: dict[str, str] = session.get("forms", {})
    if not KEY.fullmatch(forms.get(number, "")):
        remember_form(number, secrets.token_urlsafe(32))
    return str(session["forms"][number])


def remember_form(number: str, key: str) -> None:
    """Find the draft of this result under this key on the next visit, for a month."""
    forms: dict[str, str] = session.get("forms", {})
    kept = [(each, value) for each, value in forms.items() if each != number]
    session["forms"] = dict([*kept, (number, key)][-REMEMBERED:])
    session.permanent = True


def forget_form(number: str) -> None:
    """The form was received: the next one on this result is another."""
    forms: dict[str, str] = session.get("forms", {})
    session["forms"] = {each: value for each, value in forms.items() if each != number}


def remember_case(objection: Objection) -> None:
    """This browser has shown number and code."""
    opened: dict[str, int] = session.get("opened", {})
    kept = [(each, at) for each, at in opened.items() if each != objection.receipt]
    session["opened"] = dict([*kept, (objection.receipt, int(clock.now().timestamp()))][-REMEMBERED:])
    session.permanent = True


def is_opened(receipt: str) -> bool:
    """Whether this browser has shown the code of a case, not long ago."""
    at = session.get("opened", {}).get(receipt)
    return isinstance(at, int) and at <= clock.now().timestamp() < at + OPEN_FOR


def leave() -> None:
    """Open no case any more without its code."""
    session.pop("opened", None)
