"""In and out of the staff's room. What was typed when the sign-in had expired is kept and sent again."""

import json
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError

from portal.db import db, open_at
from portal.errors import Refused
from portal.people import acts
from portal.people.models import Person
from portal.web.rendering import is_of_this_site
from portal.web.staff.known import proven
from portal.web.staff.room import attempt, done, person, staff
from portal.web.typed import storable, whole_number
from portal.words import Sentence, say

NOT_KEPT = {"csrf_token", "password", "again", "present", "kept", "next", "passphrase", "passphrase_again"}
OPEN_TO_ALL = {
    "staff.sign_in",
    "staff.sign_in_now",
    "staff.objection_calendar_feed",  # its address is the secret
}


class SignedIn(UserMixin):
    """A person in this session. The stamp changes with the password and ends every older session."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.id}:{self.person.sign_in_stamp}"


def load_person(key: str) -> SignedIn | None:
    """Who the session's cookie says is here; nobody when the password or the account has changed since."""
    who, _colon, stamp = key.partition(":")
    found = db.session.get(Person, whole_number(who) or 0)
    if found is None or not found.active or found.sign_in_stamp != stamp:
        return None
    return SignedIn(found)


@staff.before_request
def ask_who() -> ResponseReturnValue | None:
    """Nobody gets further into the room unknown."""
    if request.endpoint in OPEN_TO_ALL or current_user.is_authenticated:
        return None
    if request.method == "POST":
        return _sign_in_page(_target(request.path), kept=_typed(), status=401)
    target = request.full_path if request.query_string else request.path
    return redirect(url_for("staff.sign_in", next=_target(target)))


@staff.errorhandler(CSRFError)
def form_too_old(error: CSRFError) -> ResponseReturnValue:
    """The form's token is no longer good: most often the sign-in had expired. Keep what was typed."""
    db.session.rollback()
    if request.endpoint in OPEN_TO_ALL:
        return _sign_in_page(
            _target(request.form.get("next", "")), [say("页面已过期，请再次登录。")], status=400
        )
    if not current_user.is_authenticated:
        return _sign_in_page(_target(request.path), kept=_typed(), status=401)
    return _kept_page(request.path, _typed()), 400


@staff.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("staff.desk"))
    return _sign_in_page(_target(request.args.get("next", "")))


@staff.post("/sign-in")
def sign_in_now() -> ResponseReturnValue:
    username = request.form.get("username", "")
    target, kept = _target(request.form.get("next", "")), _kept(request.form.get("kept", ""))
    # the slow check happens before the write lock is taken: see acts.password_fits
    open_at("reads")
    fits = acts.password_fits(db.session(), username, request.form.get("password", ""))
    open_at("write")
    try:
        found = acts.sign_in(db.session(), username, fits)
    except Refused as refusal:
        db.session.commit()  # the counter of failures counts although the act is refused
        return _sign_in_page(target, list(refusal.reasons), kept=kept, username=username, status=422)
    session.clear()
    login_user(SignedIn(found))
    proven()
    return _kept_page(target, kept) if kept else redirect(target)


@staff.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    done(_("您已退出。"))
    return redirect(url_for("staff.sign_in"))


@staff.get("/password")
def password() -> ResponseReturnValue:
    return _password_page()


@staff.post("/password")
def change_password() -> ResponseReturnValue:
    me = person()
    username, present = me.username, request.form.get("present", "")
    new, again = request.form.get("password", ""), request.form.get("again", "")
    fits = acts.password_fits(db.session(), username, present)
    me = db.session.scalars(sa.select(Person).where(Person.username == username)).one()
    reasons = [] if fits else [say("现在的密码不正确。")]
    if new != again:
        reasons.append(say("两次输入的新密码不一致。"))
    if not reasons:
        reasons = attempt(lambda: acts.set_password(db.session(), me, new, by=me))
    if reasons:
        return _password_page(reasons), 422
    login_user(SignedIn(me))
    proven()
    done(_("密码已更改，其他地方的登录已失效。"))
    return redirect(url_for("staff.desk"))


@staff.post("/contact")
def change_contact() -> ResponseReturnValue:
    """One's own: where one is told what waits."""
    me, email, phone = person(), request.form.get("email", ""), request.form.get("phone", "")
    reasons = attempt(lambda: acts.set_contact(db.session(), me, email=email, phone=phone, by=me))
    if reasons:
        return _password_page(contact=reasons), 422
    done(_("联系方式已保存。"))
    return redirect(url_for("staff.password"))


def _password_page(reasons: list[Sentence] | None = None, *, contact: list[Sentence] | None = None) -> str:
    return render_template(
        "staff/password.html",
        reasons=reasons or [],
        contact=contact or [],
        typed=request.form,
        shortest=acts.SHORTEST_PASSWORD,
    )


def _sign_in_page(
    target: str,
    reasons: list[Sentence] | None = None,
    *,
    kept: dict[str, Any] | None = None,
    username: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "staff/sign_in.html",
        target=target,
        reasons=reasons or [],
        kept=json.dumps(kept, ensure_ascii=False) if kept else "",
        username=username,
    )
    return page, status


def _kept_page(target: str, kept: dict[str, Any]) -> str:
    return render_template("staff/kept.html", target=target, kept=kept)


def _typed() -> dict[str, Any]:
    """What the form held; only from our own pages, so that nobody else can put words into it."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if not is_of_this_site(origin):
        return {}
    return {name: values for name, values in request.form.lists() if name not in NOT_KEPT}


def _kept(text: str) -> dict[str, Any]:
    try:
        kept = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {
        storable(str(name)): [storable(str(each)) for each in values]
        for name, values in kept.items()
        if isinstance(values, list)
    }


def _target(address: str) -> str:
    """Where to go after signing in: a page of this room, never another site."""
    parts = urlsplit(address)
    inside = parts.path == "/staff" or parts.path.startswith("/staff/")
    if parts.scheme or parts.netloc or not inside or "\\" in address or not address.isprintable():
        return url_for("staff.desk")
    return address
