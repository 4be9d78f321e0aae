"""The systems that push records in: each with a key of its own, shown once. Nothing here commits."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import refuse_if
from portal.intake.models import PushClient
from portal.people import roles
from portal.people.models import Person
from portal.words import Sentence, say

PREVIOUS_KEY = timedelta(days=7)  # how long a replaced key goes on, so that nothing stands still meanwhile
BEGINS = "push_"  # so that a key that got out is known for what it is


def add(session: Session, name: str, acts_as: Person | None, *, by: Person | None) -> tuple[PushClient, str]:
    """Let a system push in the name of a person; the client and its key, which can not be read again.

    :param acts_as: a drafter; what comes in belongs to the drafter's department.
    :param by: a system administrator; None only for the command line.
    """
    name = name.strip()
    reasons = _why_not_manage(by)
    if not 0 < len(name) <= 80:
        reasons.append(say("请填写这个系统的名称，最多80个字，例如“省级平台”。"))
    elif client_named(session, name):
        reasons.append(say("已经有名为“{name}”的推送系统，请换一个名称，或者为它更换密钥。", name=name))
    if acts_as is None:
        reasons.append(say("请选择推送来的记录由谁经办。"))
    refuse_if(reasons + (why_not_act_as(acts_as) if acts_as else []))
    assert acts_as is not None
    key = _new_key()
    client = PushClient(
        name=name,
        acts_as=acts_as,
        key_hash=_hash(key),
        previous_hash="",
        created_by_id=by.id if by else None,
        created_at=clock.now(),
    )
    session.add(client)
    session.flush()
    return client, key


def why_not_act_as(person: Person) -> list[Sentence]:
    """Why records can not come in under a person's name; empty means they can."""
    if roles.why_not(person, "import"):
        return [say("{name}现在不能导入数据，请选择一名在岗的拟稿人。", name=person.name)]
    return []


def renew(session: Session, client: PushClient, *, by: Person | None) -> str:
    """A new key, shown once; the one before goes on for seven days."""
    refuse_if(_why_not_manage(by) + _why_ended(client))
    key, now = _new_key(), clock.now()
    client.previous_hash, client.previous_until = client.key_hash, now + PREVIOUS_KEY
    client.key_hash, client.renewed_at = _hash(key), now
    session.flush()
    return key


def end(session: Session, client: PushClient, *, by: Person | None) -> None:
    """Every key of the client opens nothing any more, at once; what it brought stays."""
    refuse_if(_why_not_manage(by) + _why_ended(client))
    client.ended_at = clock.now()
    session.flush()


def client_of(session: Session, key: str, at: datetime | None = None) -> PushClient | None:
    """Whose key it is; nobody's when it is wrong, replaced for more than seven days, or has been ended."""
    hashed = _hash(key)
    theirs = sa.or_(
        PushClient.key_hash == hashed,
        sa.and_(PushClient.previous_hash == hashed, PushClient.previous_until > (at or clock.now())),
    )
    return session.scalar(sa.select(PushClient).where(theirs, PushClient.ended_at.is_(None)))


def client_named(session: Session, name: str) -> PushClient | None:
    """A client by its name."""
    return session.scalar(sa.select(PushClient).where(PushClient.name == name.strip()))


def all_clients(session: Session) -> Sequence[PushClient]:
    """Every client, those that ended last."""
    return session.scalars(
        sa.select(PushClient).order_by(PushClient.ended_at.is_not(None), PushClient.id)
    ).all()


def _why_not_manage(by: Person | None) -> list[Sentence]:
    return [] if by is None else roles.why_not(by, "manage_clients")


def _why_ended(client: PushClient) -> list[Sentence]:
    if client.ended_at is None:
        return []
    return [say("“{name}”的推送已经停用；需要再用的，请另外登记一个。", name=client.name)]


def _new_key() -> str:
    return BEGINS + secrets.token_urlsafe(32)


def _hash(key: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(key.encode()).hexdigest()
