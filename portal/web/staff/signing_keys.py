"""我的签名密钥, one's own; and every key for the security administrator, with the day since when they are needed."""

import secrets

import sqlalchemy as sa
from flask import Response, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.db import db, open_at
from portal.people import roles, signing_keys
from portal.people.models import Person, SigningKey
from portal.people.signing_keys import Elsewhere, Offered
from portal.publications import signing_rule
from portal.web.staff.known import is_fresh, why_not_fresh
from portal.web.staff.room import attempt, done, for_act, let_go, person, staff
from portal.web.staff.typed_signer import typed_signer
from portal.words import Sentence, say

NONCE = "possession"  # in the session's cookie: what a key made elsewhere signs to prove itself


# ── one's own ────────────────────────────────────────────────


@staff.get("/signing-key")
@for_act("keep_signing_key")
def signing_key() -> ResponseReturnValue:
    return _own_page()


@staff.post("/signing-key")
@for_act("keep_signing_key")
def make_signing_key() -> ResponseReturnValue:
    """Make a key; the slow part comes before the write lock is taken."""
    passphrase, again = request.form.get("passphrase", ""), request.form.get("passphrase_again", "")
    reasons = [] if passphrase == again else [say("两次输入的签名口令不一致。")]
    reasons = reasons or why_not_fresh(request.form.get("password", ""))
    if reasons:
        return _own_page(reasons), 422
    me_id = person().id
    let_go()
    open_at("reads")
    reasons = signing_keys.passphrase_problems(passphrase, db.session.get_one(Person, me_id))
    let_go()
    offered = None if reasons else signing_keys.generated(passphrase)[1]
    open_at("write")
    if offered is not None:
        reasons = attempt(lambda: signing_keys.announce(db.session(), person(), offered, by=person()))
    return _answer(
        reasons, _("签名密钥已生成，公钥已写入公示存证。请记住签名口令，本系统不保存，也不能找回。")
    )


@staff.get("/signing-key/challenge")
@for_act("keep_signing_key")
def possession_challenge() -> ResponseReturnValue:
    """What a key made elsewhere signs, as a file."""
    answer = Response(_challenge(), mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = 'attachment; filename="challenge.json"'
    return answer


@staff.post("/signing-key/elsewhere")
@for_act("keep_signing_key")
def register_signing_key() -> ResponseReturnValue:
    """Register the public half of a key whose private half is in a token or another program."""
    reasons = why_not_fresh(request.form.get("password", ""))
    if reasons:
        return _own_page(reasons), 422
    reasons = attempt(_register)
    if not reasons:
        session.pop(NONCE, None)
    return _answer(reasons, _("公钥已登记，并写入公示存证。"))


def _register() -> None:
    signer = Elsewhere(request.form.get("signature", ""))
    key = signing_keys.public_key(request.form.get("public", "")[:2000])
    offered = Offered(key, signer, nonce=str(session.get(NONCE, "")))
    signing_keys.announce(db.session(), person(), offered, by=person())


@staff.post("/signing-key/announcement")
@for_act("keep_signing_key")
def announce_key_again() -> ResponseReturnValue:
    """Announce one's key for the role one has now: an acting head's, above all."""
    signer, reasons = typed_signer()
    if signer is None and not reasons:
        reasons = [say("请输入签名口令，或者粘贴在别处作出的签名。")]
    if signer is not None:
        nonce = str(session.get(NONCE, "")) if isinstance(signer, Elsewhere) else ""
        reasons = attempt(
            lambda: signing_keys.announce_again(db.session(), _mine(), signer, nonce, by=person())
        )
    return _answer(reasons, _("已按您现在的角色重新公布。"))


@staff.post("/signing-key/end")
@for_act("keep_signing_key")
def end_own_key() -> ResponseReturnValue:
    """The passphrase was lost, or others may know it."""
    reasons = why_not_fresh(request.form.get("password", ""))
    reasons = reasons or attempt(lambda: signing_keys.end(db.session(), _mine(), by=person()))
    return _answer(reasons, _("这把密钥已停用，并写入公示存证；以前的签名仍然有效。"))


def _mine() -> SigningKey:
    return signing_keys.key_of(db.session(), person()) or abort(404)


def _challenge() -> bytes:
    session.setdefault(NONCE, secrets.token_urlsafe(24))
    return signing_keys.possession(person(), session[NONCE])


def _answer(reasons: list[Sentence], said: str) -> ResponseReturnValue:
    if reasons:
        return _own_page(reasons), 422
    done(said)
    return redirect(url_for("staff.signing_key"))


def _own_page(reasons: list[Sentence] | None = None) -> str:
    me = person()
    mine = sa.select(SigningKey).where(SigningKey.person_id == me.id).order_by(SigningKey.id.desc())
    key = signing_keys.key_of(db.session(), me)
    return render_template(
        "staff/signing_key.html",
        key=key,
        role=signing_keys.role_of(me),
        outdated=key is not None and signing_keys.is_outdated(key),
        earlier=[each for each in db.session.scalars(mine) if each.ended_at is not None],
        shortest=signing_keys.SHORTEST,
        challenge=_challenge().decode(),
        fresh=is_fresh(),
        rule=signing_rule.rule(db.session()),
        reasons=reasons or [],
    )


# ── everybody's ──────────────────────────────────────────────


@staff.get("/signing-keys")
@for_act("see_signing_keys")
def all_signing_keys() -> ResponseReturnValue:
    return _list_page()


@staff.post("/signing-keys/<int:key_id>/end")
@for_act("manage_people")
def end_signing_key(key_id: int) -> ResponseReturnValue:
    """A key of somebody who left, or that others may know."""
    key = db.session.get(SigningKey, key_id) or abort(404)
    reasons = attempt(lambda: signing_keys.end(db.session(), key, by=person()))
    if reasons:
        return _list_page(reasons), 422
    done(_("密钥已停用，并写入公示存证。"))
    return redirect(url_for("staff.all_signing_keys"))


@staff.post("/signing-keys/requirement")
@for_act("require_signatures")
def require_signatures() -> ResponseReturnValue:
    """From now on, for every department and for good."""
    reasons = why_not_fresh(request.form.get("password", ""))
    reasons = reasons or attempt(lambda: signing_rule.require(db.session(), by=person()))
    if reasons:
        return _list_page(reasons), 422
    done(_("已写入公示存证：自此更正、撤下和恢复公示都须有两个人的签名。"))
    return redirect(url_for("staff.all_signing_keys"))


def _list_page(reasons: list[Sentence] | None = None) -> str:
    me, database = person(), db.session()
    keys = database.scalars(sa.select(SigningKey).order_by(SigningKey.department_code, SigningKey.id))
    return render_template(
        "staff/signing_keys.html",
        keys=[(key, signing_keys.is_outdated(key)) for key in keys],
        readiness=signing_rule.readiness(database),
        rule=signing_rule.rule(database),
        why_not_require=signing_rule.why_not_require(database, me),
        may_end=roles.may(me, "manage_people"),
        may_require=roles.may(me, "require_signatures"),
        fresh=is_fresh(),
        reasons=reasons or [],
    )
