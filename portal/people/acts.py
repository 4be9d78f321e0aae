"""What is done to people and by them at the door: added, given roles, signed in. Nothing here commits."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.clock import now
from portal.errors import Refused, refuse_if
from portal.outbox.addresses import email_problems, phone_problems
from portal.people import hashing, signing_keys
from portal.people.locking import FAILURES_BEFORE_LOCK, LOCK, count_failure, minutes
from portal.people.models import Grant, Person
from portal.people.roles import ROLES, excluded, roles_of, why_not
from portal.words import Sentence, say

SHORTEST_PASSWORD = 12


# ── being known ─────────────────────────────────────────────────────────────


def add_person(
    session: Session,
    username: str,
    name: str,
    department_code: str,
    password: str,
    *,
    by: Person | None,
    email: str = "",
    phone: str = "",
) -> Person:
    """Let somebody sign in. The person holds no role yet.

    :param by: a security administrator; None only for the command line, which sets the office up.
    """
    username, name = username.strip(), name.strip()
    reasons = _why_not_manage(by)
    if not username or not name:
        reasons.append(say("请填写登录名和姓名。"))
    if session.scalar(sa.select(Person.id).where(Person.username == username)):
        reasons.append(say("登录名“{name}”已有人使用，请换一个。", name=username))
    refuse_if(reasons + contact_problems(email, phone) + password_problems(password, username))
    person = Person(
        username=username,
        name=name,
        department_code=department_code,
        password_hash=hashing.sealed(password),
        active=True,
        failures=0,
        email=email.strip(),
        phone=phone.strip(),
        sign_in_stamp=_new_stamp(),
        grants=[],
    )
    session.add(person)
    session.flush()
    return person


def password_problems(password: str, username: str) -> list[Sentence]:
    """Why a password is not good enough; empty means it is."""
    problems = []
    if len(password) < SHORTEST_PASSWORD:
        problems.append(say("密码至少{n}个字符，可以用几个词连成一句话。", n=SHORTEST_PASSWORD))
    if username and username.lower() in password.lower():
        problems.append(say("密码不能包含登录名，请另选一个。"))
    if password and len(set(password)) < 5:
        problems.append(say("密码中不同的字符太少，请另选一个。"))
    return problems


def set_password(session: Session, person: Person, password: str, *, by: Person | None) -> None:
    """Replace a password. Every session signed in with the old one ends.

    :param by: the person, a security administrator, or None for the command line.
    """
    reasons = [] if by is person else _why_not_manage(by)
    refuse_if(reasons + password_problems(password, person.username))
    person.password_hash = hashing.sealed(password)
    person.sign_in_stamp = _new_stamp()
    person.failures, person.locked_until = 0, None
    session.flush()


def contact_problems(email: str, phone: str) -> list[Sentence]:
    """Why nobody could be told under these; empty means they will do. Both may be left out."""
    email, phone = email.strip(), phone.strip()
    return (email_problems(email) if email else []) + (phone_problems(phone) if phone else [])


def set_contact(session: Session, person: Person, *, email: str, phone: str, by: Person | None) -> None:
    """Say where somebody is told what waits for them.

    :param by: the person, a security administrator, or None for the command line.
    """
    reasons = [] if by is person else _why_not_manage(by)
    refuse_if(reasons + contact_problems(email, phone))
    person.email, person.phone = email.strip(), phone.strip()
    session.flush()


# ── calendar feeds ──────────────────────────────────────────────────────────


def new_feed_key(session: Session, person: Person, *, by: Person) -> str:
    """A fresh secret for the address of the person's calendar feed; the one before opens nothing any more.

    It is shown once and stored as its SHA-256. Only the person: whoever has it reads their deadlines.
    """
    reasons = [] if by is person else [say("日历订阅地址只能由本人生成，请本人登录后办理。")]
    if not person.active:
        reasons.append(say("{name}的账号已停用，不能生成日历订阅地址。", name=person.name))
    refuse_if(reasons)
    secret = secrets.token_urlsafe(24)
    person.feed_key = _feed_hash(secret)
    session.flush()
    return secret


def person_by_feed_key(session: Session, secret: str) -> Person | None:
    """Whose feed a secret opens; nobody's when it is wrong, renewed, or of a closed account."""
    return session.scalar(sa.select(Person).where(Person.feed_key == _feed_hash(secret), Person.active))


def _feed_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# ── signing in ──────────────────────────────────────────────────────────────


def password_fits(session: Session, username: str, password: str) -> bool:
    """Whether a password is somebody's; takes the same time when there is no such person.

    Slow on purpose (tens of milliseconds): call it with a session that only reads, never while the write
    lock is held.
    """
    found = session.scalar(sa.select(Person.password_hash).where(Person.username == username.strip()))
    session.rollback()  # the connection is given back before the slow part
    return hashing.opens(found, password)


def sign_in(session: Session, username: str, fits: bool, *, at: datetime | None = None) -> Person:
    """The person who signs in, given what :func:`password_fits` found.

    Five failures in a row lock the account for fifteen minutes. **The door commits the counter although
    the act is refused**; otherwise guessing would be free.

    :raises Refused: in the same words for an unknown name and a wrong password.
    """
    at = at or now()
    person = session.scalar(sa.select(Person).where(Person.username == username.strip()).with_for_update())
    if person is None:
        raise Refused(_wrong())
    if person.locked_until and at < person.locked_until:
        raise Refused(
            say("连续输错次数过多，账号已锁定。请在{n}分钟后再试。", n=minutes(person.locked_until - at))
        )
    if not fits or not person.active:
        count_failure(person, at)
        session.flush()
        raise Refused(_wrong())
    person.failures, person.locked_until = 0, None
    session.flush()
    return person


def _wrong() -> Sentence:
    return say(
        "登录名或密码不正确。连续输错{n}次，账号将锁定{minutes}分钟。",
        n=FAILURES_BEFORE_LOCK,
        minutes=minutes(LOCK),
    )


# ── what somebody may do ────────────────────────────────────────────────────


def why_not_give(
    person: Person, role: str, *, by: Person | None, until: datetime | None, acting: bool, at: datetime
) -> list[Sentence]:
    """Why a role can not be given; empty means it can.

    :param acting: the holder stands in for the head (主要负责人外出期间代行职责): a delegation with an end.
    """
    reasons = _why_not_manage(by)
    if by is person:
        reasons.append(say("不能给自己授予角色，请由另一名安全管理员办理。"))
    if not person.active:
        reasons.append(say("{name}的账号已停用，不能授予角色。", name=person.name))
    if person.has(role, at):
        reasons.append(say("{name}已经是{role}。", name=person.name, role=ROLES[role].label))
    if acting and until is None:
        reasons.append(say("代行主要负责人职责须写明截止日期。"))
    if until is not None and until <= at:
        reasons.append(say("截止日期已过，请填写今天或者以后的日期。"))
    return reasons + excluded((held.name for held in roles_of(person, at)), role)


def give_role(
    session: Session,
    person: Person,
    role: str,
    *,
    by: Person | None,
    until: datetime | None = None,
    acting: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> Grant:
    """Give a role, for good or until a moment; who gave it stays on record.

    :param by: a security administrator; None only for the command line.
    """
    at = at or now()
    refuse_if(why_not_give(person, role, by=by, until=until, acting=acting, at=at))
    grant = Grant(
        person=person,
        role=role,
        given_by_id=by.id if by else None,
        given_at=at,
        until=until,
        note=note.strip(),
    )
    session.add(grant)
    session.flush()
    return grant


def end_role(session: Session, grant: Grant, *, by: Person | None, at: datetime | None = None) -> None:
    """End a grant today. The row stays: it says who held what, since when and until when."""
    at = at or now()
    reasons = _why_not_manage(by)
    if by is grant.person:
        reasons.append(say("不能结束自己的角色，请由另一名安全管理员办理。"))
    if not grant.covers(at):
        reasons.append(say("这项角色已经结束。"))
    refuse_if(reasons)
    grant.ended_at = at
    grant.note = f"{grant.note}\n{by.name}结束".strip() if by else grant.note
    session.flush()
    signing_keys.follow_roles(session, grant.person, by=by, at=at)


def deactivate(session: Session, person: Person, *, by: Person | None, at: datetime | None = None) -> None:
    """Let somebody sign in no more; every role ends, what the person did stays attributed."""
    at = at or now()
    reasons = _why_not_manage(by)
    if by is person:
        reasons.append(say("不能停用自己的账号，请由另一名安全管理员办理。"))
    refuse_if(reasons)
    person.active = False
    for grant in person.grants:
        if grant.covers(at):
            end_role(session, grant, by=by, at=at)
    signing_keys.follow_roles(session, person, by=by, at=at)
    person.sign_in_stamp, person.feed_key = _new_stamp(), ""
    session.flush()


def _why_not_manage(by: Person | None) -> list[Sentence]:
    return [] if by is None else why_not(by, "manage_people")


def _new_stamp() -> str:
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()[:40]
