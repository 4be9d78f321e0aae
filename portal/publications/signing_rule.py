"""From when on corrections, withdrawals and restorations must be signed: one entry of the ledger, for good."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import clock
from portal.codes.models import Department
from portal.errors import refuse_if
from portal.ledger import book
from portal.ledger.entry import EntryDraft
from portal.ledger.models import Entry
from portal.ledger.officer_signatures import HEAD
from portal.people import roles, signing_keys
from portal.people.models import Person, SigningKey
from portal.publications import signing
from portal.publications.models import Publication
from portal.publications.signed import SignatureRule
from portal.words import Sentence, label_of, say


@dataclass(frozen=True)
class Readiness:
    """Whether a department could correct if signatures were required: who of it has a key that can sign."""

    department: Department
    heads: Sequence[Person]
    officers: Sequence[Person]

    @property
    def ready(self) -> bool:
        """A head, and somebody besides."""
        return bool(self.heads) and len(self.heads) + len(self.officers) > 1


def rule(session: Session) -> SignatureRule | None:
    """Who decided it, when; None while it is not decided."""
    return session.scalar(sa.select(SignatureRule).limit(1))


def readiness(session: Session) -> list[Readiness]:
    """Every department at work: one that has published and is not closed, or has people who draft or sign."""
    published = set(session.scalars(sa.select(Publication.department_code).distinct()))
    keys = list(session.scalars(sa.select(SigningKey).where(SigningKey.ended_at.is_(None))))
    able = [each for each in keys if _signs(each)]
    manned = {each.department_code for each in _people(session)}
    open_still = sa.or_(Department.valid_to.is_(None), Department.valid_to >= clock.today())
    at_work = sa.or_(Department.code.in_(manned), sa.and_(Department.code.in_(published), open_still))
    wanted = sa.select(Department).where(at_work).order_by(Department.code)
    return [
        Readiness(
            department,
            [key.person for key in able if (key.department_code, key.role) == (department.code, HEAD)],
            [key.person for key in able if key.department_code == department.code and key.role != HEAD],
        )
        for department in session.scalars(wanted)
    ]


def _people(session: Session) -> list[Person]:
    everybody = session.scalars(sa.select(Person).where(Person.active))
    return [each for each in everybody if not roles.why_not(each, "keep_signing_key")]


def _signs(key: SigningKey) -> bool:
    return not roles.why_not(key.person, "keep_signing_key") and not signing_keys.is_outdated(key)


def why_not_require(session: Session, by: Person) -> list[Sentence]:
    """Why it can not be decided yet: no department may be left that could correct nothing."""
    reasons = list(roles.why_not(by, "require_signatures"))
    if signing.is_required(session):
        return [*reasons, say("已经决定须有签名，这项决定不能撤销。")]
    return reasons + [
        say("{department}还不能更正：要有主要负责人和另一名经办人的签名密钥，请先请他们生成。", department=label_of(each.department))
        for each in readiness(session)
        if not each.ready
    ]  # fmt: skip


def require(session: Session, *, by: Person) -> Entry:
    """Decide it, for every department and for good."""
    book.lock(session)  # of two who decide at once the second sees that it is decided
    refuse_if(why_not_require(session, by))
    entry = book.write(session, EntryDraft(type="signatures_required"))
    session.add(SignatureRule(entry_index=entry.index, by_id=by.id, at=clock.now()))
    session.flush()
    return entry
