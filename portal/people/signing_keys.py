"""An officer's signing key, in the order of its life: made or registered, announced, opened, announced again, ended.

The public half is announced by an entry of the ledger that names neither the person nor an account: the key, its
role (the head's or an officer's), the department. The private half is wrapped under the officer's signing
passphrase and opened only at the act; or it is elsewhere (a token, another program), and the portal knows the
public half alone. Nobody has two keys at a time: a new one ends the earlier.

A key opened on the server does not bind a dishonest administrator, who could change this program; see decision 0030.
"""

import json
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Refused, refuse_if
from portal.ledger import book, schemes
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import HEAD, OFFICER, PURPOSE
from portal.people import hashing, roles, wrapping
from portal.people.locking import FAILURES_BEFORE_LOCK, LOCK, count_failure, minutes
from portal.people.models import Person, SigningKey
from portal.people.wrapping import Opened
from portal.words import Sentence, say

SHORTEST = 10  # characters of a signing passphrase
LONGEST = 200


class Signer(Protocol):
    """Whoever can sign now: an opened key, or a signature that was made elsewhere."""

    def sign(self, statement: bytes) -> str:
        """The signature over a statement, in base64."""


@dataclass(frozen=True)
class Elsewhere:
    """A signature that came from a token or another program."""

    signature: str

    def sign(self, statement: bytes) -> str:
        return "".join(self.signature.split())


@dataclass(frozen=True)
class Offered:
    """A key before it is announced.

    :param wrapped: the private half as kept; empty when it is elsewhere.
    :param signer: proves that whoever offers the key has its private half.
    :param nonce: of :func:`possession`, given out before, so that a proof is not used twice.
    """

    key: str
    signer: Signer
    wrapped: str = ""
    scheme: str = schemes.ED25519
    nonce: str = ""


def key_of(session: Session, person: Person) -> SigningKey | None:
    """The person's key in force, if any."""
    mine = sa.select(SigningKey).where(SigningKey.person_id == person.id, SigningKey.ended_at.is_(None))
    return session.scalar(mine)


def role_of(person: Person, at: datetime | None = None) -> str:
    """As whom a person signs: the head's signature is the head's, and an acting head's."""
    return HEAD if person.has("head", at or clock.now()) else OFFICER


# ── making ───────────────────────────────────────────────────


def passphrase_problems(passphrase: str, person: Person) -> list[Sentence]:
    """Why a signing passphrase is not good enough. Slow: it is compared with the password."""
    problems = []
    if not SHORTEST <= len(passphrase) <= LONGEST:
        problems.append(say("签名口令至少{n}个字符，最多{most}个，可以用几个词连成一句话。", n=SHORTEST, most=LONGEST))  # fmt: skip
    if passphrase and len(set(passphrase)) < 5:
        problems.append(say("签名口令中不同的字符太少，请另选一个。"))
    if person.username.lower() in passphrase.lower():
        problems.append(say("签名口令不能包含登录名，请另选一个。"))
    if not problems and hashing.opens(person.password_hash, passphrase):
        problems.append(say("签名口令不能和登录密码相同，请另选一个。"))
    return problems


def generated(passphrase: str) -> tuple[Opened, Offered]:
    """A new key under a passphrase: opened, and as it is offered. Slow: never while the write lock is held."""
    opened, wrapped = wrapping.generated(passphrase)
    return opened, Offered(opened.key, opened, wrapped)


def public_key(text: str) -> str:
    """A public key made elsewhere, as base64 of its 32 bytes: from that, or from what ``openssl pkey -pubout`` writes.

    :raises Refused: when it is none.
    """
    plain = "".join(line.strip() for line in text.splitlines() if not line.startswith("-----"))
    try:
        data = b64decode(plain, validate=True)
        found = data if len(data) == 32 else _raw(data)
    except (Error, ValueError, UnsupportedAlgorithm):
        found = b""
    key = schemes.to_text(found)
    if not schemes.is_key(schemes.ED25519, key):
        raise Refused(say("这不是Ed25519公钥。请粘贴openssl pkey -pubout写出的文字，或者32个字节的base64。"))
    return key


def _raw(der: bytes) -> bytes:
    found = load_der_public_key(der)
    return found.public_bytes_raw() if isinstance(found, Ed25519PublicKey) else b""


def possession(person: Person, nonce: str) -> bytes:
    """What is signed to prove that one has the private half of the key one registers."""
    said = {"department": person.department_code, "nonce": nonce, "purpose": "officer-key", "role": role_of(person)}  # fmt: skip
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def why_not_keep(person: Person, by: Person) -> list[Sentence]:
    """Why this person may not make, register or announce a key."""
    reasons = [] if by is person else [say("签名密钥只能由本人办理，请本人登录后办理。")]
    return reasons + roles.why_not(person, "keep_signing_key")


def announce(session: Session, person: Person, offered: Offered, *, by: Person) -> SigningKey:
    """Make a key known to everybody by an entry. The earlier key of the person ends by the same entry."""
    book.lock(session)  # of two keys made at once by one person the second ends the first
    refuse_if(why_not_keep(person, by) + _unfit(session, person, offered))
    before, role = key_of(session, person), role_of(person)
    entry = _write(session, person, key=offered.key, role=role, ends=before.key if before else None)
    if before is not None:
        before.ended_at, before.ended_by_id = entry.at, by.id
    made = SigningKey(
        person_id=person.id, department_code=person.department_code, key=offered.key, scheme=offered.scheme,
        role=role, wrapped=offered.wrapped, announced_at=entry.at, entry_index=entry.index,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _unfit(session: Session, person: Person, offered: Offered) -> list[Sentence]:
    if session.scalar(sa.select(SigningKey.id).where(SigningKey.key == offered.key)):
        return [say("这把公钥已经登记过，停用的也不能再用；请换一把新的密钥。")]
    said = possession(person, offered.nonce)
    if schemes.verifies(offered.scheme, offered.key, said, offered.signer.sign(said)):
        return []
    return [say("签名和公钥对不上，不能证明私钥在您手里；请用这把私钥对页面给出的文字重新签名。")]


# ── opening ──────────────────────────────────────────────────


def opened(session: Session, person_id: int, passphrase: str) -> Opened | None:
    """The private half of a person's key, if the passphrase is right.

    Slow on purpose: call it with a session that only reads, never while the write lock is held.
    """
    mine = sa.select(SigningKey.wrapped, SigningKey.key).where(SigningKey.person_id == person_id)
    found = session.execute(mine.where(SigningKey.ended_at.is_(None))).one_or_none()
    session.rollback()  # the connection is given back before the slow part
    if found is None or not found.wrapped or len(passphrase) > LONGEST:
        return None
    return wrapping.unwrap(found.wrapped, found.key, passphrase)


def given(session: Session, person: Person, found: Opened | None) -> Opened:
    """The opened key, given what :func:`opened` found; a wrong passphrase counts, five lock for fifteen minutes.

    **The door commits the counter although the act is refused**; otherwise guessing would be free.
    """
    mine = sa.select(SigningKey).where(SigningKey.person_id == person.id, SigningKey.ended_at.is_(None))
    key, at = session.scalar(mine.with_for_update().execution_options(populate_existing=True)), clock.now()
    if key is None or not key.wrapped:
        raise Refused(say("您还没有可以用口令打开的签名密钥，请先在“我的签名密钥”里生成。"))
    if key.locked_until and at < key.locked_until:
        raise Refused(say("签名口令连续输错次数过多，密钥已锁定。请在{n}分钟后再试。", n=minutes(key.locked_until - at)))  # fmt: skip
    if found is None or found.key != key.key:
        count_failure(key, at)
        session.flush()
        raise Refused(say("签名口令不正确。连续输错{n}次，密钥将锁定{minutes}分钟；忘记口令的，请停用这把密钥，另生成一把。", n=FAILURES_BEFORE_LOCK, minutes=minutes(LOCK)))  # fmt: skip
    key.failures, key.locked_until = 0, None
    return found


# ── changing and ending ──────────────────────────────────────


def is_outdated(key: SigningKey) -> bool:
    """Whether the key's announced role is no longer its owner's."""
    return key.ended_at is None and key.role != role_of(key.person)


def announce_again(
    session: Session, key: SigningKey, signer: Signer, nonce: str = "", *, by: Person
) -> Entry:
    """Announce a key for the role its owner has now: who became head, for a while or for good, signs as such."""
    reasons = why_not_keep(key.person, by)
    if not is_outdated(key):
        reasons.append(say("这把密钥公布的角色就是您现在的角色，不需要重新公布。"))
    said = possession(key.person, nonce)
    if not schemes.verifies(key.scheme, key.key, said, signer.sign(said)):
        reasons.append(say("签名和公钥对不上，不能证明私钥在您手里；请重新签名。"))
    refuse_if(reasons)
    return _announced_as(session, key, role_of(key.person))


def end(session: Session, key: SigningKey, *, by: Person | None) -> Entry:
    """End a key for good: its passphrase was lost, it may be known to others, its owner left.

    :param by: the owner, a security administrator, or None for the command line.
    """
    reasons = [] if by is None or by is key.person else list(roles.why_not(by, "manage_people"))
    if key.ended_at is not None:
        reasons.append(say("这把密钥已经停用。"))
    refuse_if(reasons)
    return _ended(session, key, by)


def follow_roles(session: Session, person: Person, *, by: Person | None, at: datetime | None = None) -> None:
    """What the ledger says of a key follows its owner's roles: a head no more, or nobody who signs any more."""
    key, at = key_of(session, person), at or clock.now()
    if key is None:
        return
    if roles.why_not(person, "keep_signing_key", at):
        _ended(session, key, by)
    elif key.role == HEAD and role_of(person, at) != HEAD:
        _announced_as(session, key, OFFICER)


def outdated_heads(session: Session) -> list[SigningKey]:
    """Keys announced as a head's whose owner is head no more: an acting head's days are over."""
    heads = sa.select(SigningKey).where(SigningKey.role == HEAD, SigningKey.ended_at.is_(None))
    return [key for key in session.scalars(heads.order_by(SigningKey.id)) if is_outdated(key)]


def follow_all(session: Session) -> int:
    """Let the ledger follow every head whose role ended by time alone; the number of keys."""
    lapsed = outdated_heads(session)
    for key in lapsed:
        follow_roles(session, key.person, by=None)
    return len(lapsed)


def _announced_as(session: Session, key: SigningKey, role: str) -> Entry:
    entry = _write(session, key.person, key=key.key, role=role)
    key.role, key.entry_index = role, entry.index
    session.flush()
    return entry


def _ended(session: Session, key: SigningKey, by: Person | None) -> Entry:
    entry = _write(session, key.person, ends=key.key)
    key.ended_at, key.ended_by_id = entry.at, by.id if by else None
    session.flush()
    return entry


def _write(
    session: Session, person: Person, *, key: str | None = None, role: str = "", ends: str | None = None
) -> Entry:
    department = person.department_code
    said: dict[str, Any] = {"purpose": PURPOSE}
    said |= {"key": key, "role": role, "department": department} if key else {}
    said |= {"ends": ends} if ends else {}
    return book.write(session, EntryDraft(type="key_rotate", extra=said, department_code=department))
